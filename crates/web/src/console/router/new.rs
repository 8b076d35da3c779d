//! Making a router.

use crate::actions::router::routers as actions;
use crate::actions::router::routers::RouterInput;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::router::loaded::{address, refused};
use crate::console::router::template::ChartTemplate;
use crate::http::form::Form as Typed;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::value::FieldProblem;
use storage::booking::pages;

#[derive(Template)]
#[template(path = "console/router/new.html")]
struct NewPage {
    frame: ConsoleFrame,
    problems: Problems,
    inputs: Vec<Input>,
}

/// Asks for its name and with which chart it begins.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    session.may_edit()?;
    let typed = Typed::of([("template", ChartTemplate::Usual.name().to_owned())]);
    page(&state, &session, &typed, &[]).await
}

/// Makes it and opens its chart.
pub async fn create(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let (session, typed) = (&posted.session, &posted.form);
    session.may_edit()?;
    let Some(template) = ChartTemplate::from_name(typed.text("template")) else {
        let problem = FieldProblem::new("template", "required");
        return Ok(refused(page(&state, session, typed, &[problem]).await?));
    };
    let input = RouterInput {
        slug: typed.text("slug").to_owned(),
        name: typed.text("name").to_owned(),
        chart: template.chart(&session.words, typed.text("page")),
    };
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    match actions::save(&state, workspace, None, input, actor).await? {
        Ok(made) => Ok(Redirect::to(&format!("{}?done=created", address(&made))).into_response()),
        Err(problems) => Ok(refused(page(&state, session, typed, &problems).await?)),
    }
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    typed: &Typed,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let t = &session.words;
    let line = |name: &str, label: &str| Input::line(t, name, t.text(label), typed.text(name));
    let templates =
        ChartTemplate::ALL.map(|one| (one.name().to_owned(), t.word("router-template", one.name()))).to_vec();
    let pages = pages::list(&state.database.read(), session.account.workspace).await?;
    let usable = pages.iter().filter(|page| page.active);
    let offered = usable.map(|page| (page.path(), page.title_in(t.language).to_owned())).collect();
    let mut inputs = vec![
        line("name", "router-name").required(true),
        line("slug", "router-slug").medium().required(true).hint(t.text("router-slug-hint")),
        line("template", "router-begins-with").required(true).choices(
            Control::Radio,
            templates,
            &typed.all("template"),
        ),
        line("page", "router-template-page")
            .choices(Control::Select, offered, &typed.all("page"))
            .hint(t.text("router-template-page-hint")),
    ];
    let problems = Problems::add(t, problems, &mut inputs);
    render(&NewPage {
        problems,
        inputs,
        frame: ConsoleFrame::new(state, session, "routers", "router-new-title").await?,
    })
}
