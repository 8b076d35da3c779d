//! Step 1 of the company import: the object whose records become companies (対象オブジェクト; Y1).

use crate::console::company_import::steps::{self, FormAction, OVERVIEW, StepLink, WizardStep};
use crate::extract::form::{Form, SignedForm};
use crate::extract::session::SignedIn;
use crate::pages::fault::PageError;
use crate::pages::input::{Control, Input};
use crate::pages::layout::{ConsoleFrame, render};
use crate::pages::problems::Problems;
use crate::state::AppState;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::company_import::{CompanyImport, CompanyObject};
use domain::problem::FieldProblem;

#[derive(Template)]
#[template(path = "console/company_import/object.html")]
struct ObjectPage {
    frame: ConsoleFrame,
    steps: Vec<StepLink>,
    problems: Problems,
    inputs: Vec<Input>,
}

/// Shows it.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let Some(draft) = steps::draft(&state, &session).await? else { return Ok(steps::to(OVERVIEW)) };
    let form = Form::of([("object", draft.object.name().to_owned())]);
    page(&state, &session, &draft, &form, &[]).await
}

/// Keeps the object. Another one than before drops what belonged to that, once somebody has said so.
pub async fn save(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let Some(draft) = steps::draft(&state, session).await? else { return Ok(steps::to(OVERVIEW)) };
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
    steps::save_draft(&state, session, &draft).await?;
    Ok(match FormAction::read(&posted.form, WizardStep::Object) {
        FormAction::Go(step) => steps::to(&step.address()),
        _ => steps::to_next(WizardStep::Object),
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
        steps: steps::line(t, WizardStep::Object),
        problems,
        inputs,
        frame: ConsoleFrame::new(state, session, "companies", "import-object-title").await?,
    })
}
