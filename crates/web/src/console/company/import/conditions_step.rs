//! Step 2 of the company import: which records become companies (条件; Y1).

use crate::actions::company::descriptions::{Known, known};
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::company::import::condition_rows::ConditionRow;
use crate::console::company::import::field_picker::{Chooser, View, known_with, path_of, probe};
use crate::console::company::import::summary::undescribed;
use crate::console::company::import::wizard::{FormAction, OVERVIEW, StepLink, TIMEOUT, WizardStep};
use crate::console::company::import::{condition_rows, wizard};
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::company::{CompanyImport, check_conditions};
use domain::condition::find_source;
use domain::value::FieldProblem;
use jiff::tz::TimeZone;
use storage::workspace::settings::RemovedImportRow;

#[derive(Template)]
#[template(path = "console/company/import/conditions_step.html")]
struct ConditionsPage {
    frame: ConsoleFrame,
    steps: Vec<StepLink>,
    problems: Problems,
    failure: String,
    object: String,
    rows: Vec<ConditionRow>,
    chooser: Chooser,
}

/// Shows it.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let Some(draft) = wizard::draft(&state, &session).await? else { return Ok(wizard::to(OVERVIEW)) };
    let through = visitor.query.text("through");
    let known = known_with(&state, &session, &draft, &probe(through)).await?;
    page(&state, &session, &draft, &known, View { through, ..View::default() }).await
}

/// Keeps what was typed and does what the button asks for.
pub async fn save(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let Some(mut draft) = wizard::draft(&state, session).await? else { return Ok(wizard::to(OVERVIEW)) };
    draft.conditions = condition_rows::read(&posted.form);
    let wish = FormAction::read(&posted.form, WizardStep::Conditions);
    let here = WizardStep::Conditions.address();
    let mut view = View { typed: posted.form.text("add"), ..View::default() };
    let (next, known) = match wish {
        FormAction::Add(path) => {
            let known = known_with(&state, session, &draft, &path).await?;
            let named = path_of(WizardStep::Conditions, &draft, &path, &known.descriptions);
            let begun = named.and_then(|path| {
                let source = find_source(draft.object.name(), &path, &known.descriptions, "add")?;
                condition_rows::begin(&source)
            });
            match begun {
                Ok(condition) => draft.conditions.push(condition),
                Err(problem) => view.problems = vec![problem],
            }
            (wizard::to(&format!("{here}#condition-{}", draft.conditions.len())), known)
        }
        FormAction::Next => {
            let known = known(&state, session.account.workspace, &draft, TIMEOUT).await?;
            let zone = TimeZone::get(&session.workspace.time_zone).unwrap_or(TimeZone::UTC);
            match check_conditions(&draft, &known.descriptions, &zone) {
                Ok(checked) => draft.conditions = checked.into_iter().map(|(one, _)| one).collect(),
                Err(problems) => view.problems = problems,
            }
            (wizard::to_next(WizardStep::Conditions), known)
        }
        FormAction::Remove(row) => {
            let back = match draft.conditions.get(row).cloned() {
                Some(condition) => {
                    draft.conditions.remove(row);
                    let removed = RemovedImportRow::Condition(row, condition);
                    wizard::keep_removed(&state, session, removed).await?
                }
                None => here,
            };
            (wizard::to(&format!("{back}#main")), Known::default())
        }
        other => (wizard::to_elsewhere(other, WizardStep::Conditions), Known::default()),
    };
    wizard::save_draft(&state, session, &draft).await?;
    if view.problems.is_empty() {
        return Ok(next);
    }
    let page = page(&state, session, &draft, &known, view).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    draft: &CompanyImport,
    known: &Known,
    view: View<'_>,
) -> Result<Response, PageError> {
    let t = &session.words;
    let mut rows = condition_rows::rows(t, draft, &known.descriptions);
    let mut chooser = Chooser::new(t, WizardStep::Conditions, draft.object, &known.descriptions, &view);
    let problems = view.problems.into_iter().map(to_input_name).collect::<Vec<_>>();
    let inputs = rows.iter_mut().flat_map(|row| row.inputs.iter_mut().map(|(_, input)| input));
    let problems = Problems::add(t, &problems, inputs.chain([&mut chooser.input]));
    render(&ConditionsPage {
        steps: wizard::line(t, WizardStep::Conditions),
        problems,
        failure: undescribed(t, known),
        object: t.word("object", draft.object.name()),
        rows,
        chooser,
        frame: ConsoleFrame::new(state, session, "companies", "import-conditions-title").await?,
    })
}

/// A row's field can't be changed, so what is wrong with it stands at the row's first input.
fn to_input_name(mut problem: FieldProblem) -> FieldProblem {
    if let Some(row) = problem.field.strip_suffix("].field") {
        problem.field = format!("{row}].operator");
    }
    problem
}
