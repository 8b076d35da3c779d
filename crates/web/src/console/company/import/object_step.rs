//! Step 1 of the company import: the object whose records become companies (対象オブジェクト; Y1).

use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::company::import::wizard;
use crate::console::company::import::wizard::{FormAction, OVERVIEW, StepLink, WizardStep};
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::company::{CompanyImport, CompanyObject};
use domain::value::FieldProblem;

#[derive(Template)]
#[template(path = "console/company/import/object_step.html")]
struct ObjectPage {
    frame: ConsoleFrame,
    steps: Vec<StepLink>,
    problems: Problems,
    inputs: Vec<Input>,
}

/// Shows it.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let Some(draft) = wizard::draft(&state, &session).await? else { return Ok(wizard::to(OVERVIEW)) };
    let form = Form::of([("object", draft.object.name().to_owned())]);
    page(&state, &session, &draft, &form, &[]).await
}

/// Keeps the object. Another one than before drops what belonged to that, once someone has said so.
pub async fn save(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let Some(draft) = wizard::draft(&state, session).await? else { return Ok(wizard::to(OVERVIEW)) };
    let chosen = CompanyObject::from_name(posted.form.text("object"));
    let problem = match chosen {
        None => Some(FieldProblem::new("object", "required")),
        Some(object) if object != draft.object && has_rows(&draft) && !posted.form.is_on("drop") => {
            Some(FieldProblem::new("drop", "drop-unconfirmed"))
        }
        Some(_) => None,
    };
    if let Some(problem) = problem {
        let page = page(&state, session, &draft, &posted.form, &[problem]).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let draft = draft.with_object(chosen.unwrap_or_default());
    wizard::save_draft(&state, session, &draft).await?;
    Ok(match FormAction::read(&posted.form, WizardStep::Object) {
        FormAction::Go(step) => wizard::to(&step.address()),
        _ => wizard::to_next(WizardStep::Object),
    })
}

fn has_rows(draft: &CompanyImport) -> bool {
    !draft.conditions.is_empty() || !draft.mappings.is_empty()
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    draft: &CompanyImport,
    form: &Form,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let t = &session.words;
    let objects =
        CompanyObject::ALL.map(|object| (object.name().to_owned(), t.word("object", object.name())));
    let object = Input::line(t, "object", t.text("import-object"), "").required(true);
    let object = object.choices(Control::Radio, objects.to_vec(), &form.all("object"));
    let mut inputs = vec![object.hint(t.text("import-object-hint"))];
    if has_rows(draft) {
        let drop = Input::line(t, "drop", t.text("import-drop"), "").switch(form.is_on("drop"));
        inputs.push(drop.hint(t.text("import-drop-hint")));
    }
    let problems = Problems::add(t, problems, &mut inputs);
    render(&ObjectPage {
        steps: wizard::line(t, WizardStep::Object),
        problems,
        inputs,
        frame: ConsoleFrame::new(state, session, "companies", "import-object-title").await?,
    })
}
