//! Step 4 of the company import: what it would bring, and the switch (確認; Y1, Y8).

use crate::actions::company::descriptions::stored;
use crate::actions::company::import;
use crate::actions::company::import::{CheckOptions as Judging, judge};
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::company::import::summary::{CompanyLine, MappingLine};
use crate::console::company::import::wizard::{FormAction, OVERVIEW, StepLink, WizardStep};
use crate::console::company::import::{summary, wizard};
use crate::console::delivery::preflight::TIMEOUT;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use crate::ui::org_unavailable::org_error_text;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::company::{CompanyImport, CompanyPreview, OnRemoval, check_every_hours};
use domain::value::FieldProblem;
use storage::org_request::OrgResponse;
use storage::workspace::settings;

#[derive(Template)]
#[template(path = "console/company/import/confirm_step.html")]
struct ConfirmPage {
    frame: ConsoleFrame,
    steps: Vec<StepLink>,
    problems: Problems,
    failure: String,
    unfit: Vec<String>,
    object: String,
    conditions: Vec<String>,
    mappings: Vec<MappingLine>,
    count: String,
    nothing: bool,
    sample: Vec<CompanyLine>,
    inputs: Vec<Input>,
    is_used: bool,
}

/// Shows it. The org is asked each time, so that the count is today's.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let Some(draft) = wizard::draft(&state, &session).await? else { return Ok(wizard::to(OVERVIEW)) };
    page(&state, &session, &draft, &of_draft(&draft), &[]).await
}

/// Keeps the settings of this step; the button of the last step puts the draft into use.
pub async fn save(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let Some(mut draft) = wizard::draft(&state, session).await? else { return Ok(wizard::to(OVERVIEW)) };
    let problems = read(&posted.form, &mut draft);
    wizard::save_draft(&state, session, &draft).await?;
    if let FormAction::Go(step) = FormAction::read(&posted.form, WizardStep::Confirm) {
        return Ok(wizard::to(&step.address()));
    }
    if !problems.is_empty() {
        let page = page(&state, session, &draft, &posted.form, &problems).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    draft.enabled = true;
    let workspace = session.account.workspace;
    match judge(&state, workspace, draft.clone(), Judging::default(), TIMEOUT).await? {
        Some(OrgResponse::CompanyImport { import, .. }) => {
            import::save(&state, workspace, &import, session.account.email.as_str()).await?;
            Ok(wizard::to("/console/companies?done=company-import-saved"))
        }
        // The page asks again and says what is in the way.
        _ => {
            let page = page(&state, session, &draft, &posted.form, &[]).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

fn of_draft(draft: &CompanyImport) -> Form {
    Form::of([
        ("when_gone", draft.when_gone.name().to_owned()),
        ("every_hours", draft.every_hours.to_string()),
    ])
}

fn read(form: &Form, draft: &mut CompanyImport) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    match OnRemoval::from_name(form.text("when_gone")) {
        Some(when_gone) => draft.when_gone = when_gone,
        None => problems.push(FieldProblem::new("when_gone", "required")),
    }
    match form.number("every_hours").map(check_every_hours) {
        Some(Ok(hours)) => draft.every_hours = hours,
        Some(Err(problem)) => problems.push(problem),
        None => problems.push(FieldProblem::new("every_hours", "not-a-number")),
    }
    problems
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    draft: &CompanyImport,
    form: &Form,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let t = &session.words;
    let workspace = session.account.workspace;
    let wish = Judging { preview: true, ..Judging::default() };
    let answer = judge(state, workspace, draft.clone(), wish, TIMEOUT).await?;
    // The org was described for the preview a moment ago.
    let known = stored(state, workspace, draft).await?;
    let (preview, unfit, slot_problem) = match answer {
        Some(OrgResponse::CompanyImport { preview, .. }) => (preview, Vec::new(), String::new()),
        Some(OrgResponse::CompanyImportInvalid { problems }) => (None, unfit(t, &problems), String::new()),
        answer => (None, Vec::new(), org_error_text(t, answer.as_ref())),
    };
    let CompanyPreview { count, sample } = preview.clone().unwrap_or_default();
    let mut inputs = inputs(t, form);
    let problems = Problems::add(t, problems, &mut inputs);
    let counted = t.sentence(
        "import-count",
        [("object", t.word("object", draft.object.name())), ("count", count.to_string())],
    );
    render(&ConfirmPage {
        steps: wizard::line(t, WizardStep::Confirm),
        problems,
        failure: slot_problem,
        unfit,
        object: t.word("object", draft.object.name()),
        conditions: summary::conditions(t, draft, &known),
        mappings: summary::mappings(t, draft, &known, &Default::default()),
        nothing: preview.is_some() && count == 0,
        count: if preview.is_some() { counted } else { String::new() },
        sample: summary::sample(t, draft, &known, &sample),
        inputs,
        is_used: settings::find::<CompanyImport>(&state.database.read(), workspace).await?.enabled,
        frame: ConsoleFrame::new(state, session, "companies", "import-confirm-title").await?,
    })
}

/// What is wrong with the draft, with the number of the condition or mapping.
fn unfit(t: &Translator, problems: &[FieldProblem]) -> Vec<String> {
    let place = |problem: &FieldProblem| {
        let (list, rest) = problem.field.split_once('[')?;
        let number = rest.split(']').next()?.parse::<usize>().ok()? + 1;
        let key = match list {
            "conditions" => "condition-number",
            "mappings" => "mapping-number",
            _ => return None,
        };
        Some(t.fill(key, "number", number))
    };
    let line = |problem: &FieldProblem| match place(problem) {
        Some(label) => t.sentence("problem-line", [("label", label), ("problem", t.problem(problem))]),
        None => t.problem(problem),
    };
    problems.iter().map(line).collect()
}

fn inputs(t: &Translator, form: &Form) -> Vec<Input> {
    let choices = OnRemoval::ALL.map(|one| (one.name().to_owned(), t.word("when-gone", one.name())));
    vec![
        Input::line(t, "when_gone", t.text("import-when-gone"), "")
            .choices(Control::Radio, choices.to_vec(), &form.all("when_gone"))
            .hint(t.text("import-when-gone-hint"))
            .required(true),
        Input::line(t, "every_hours", t.text("import-every-hours"), form.text("every_hours"))
            .number()
            .required(true)
            .hint(t.text("import-every-hours-hint")),
    ]
}
