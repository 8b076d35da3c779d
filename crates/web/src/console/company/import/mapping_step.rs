//! Step 3 of the company import: which fields come with the companies (項目のマッピング; Y1–Y3).

use crate::actions::company::descriptions::{Known, known};
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::company::import::field_picker::{Chooser, View, known_with, path_of, probe};
use crate::console::company::import::mapping_rows::MappingRow;
use crate::console::company::import::summary::undescribed;
use crate::console::company::import::wizard::{FormAction, OVERVIEW, StepLink, TIMEOUT, WizardStep};
use crate::console::company::import::{mapping_rows, wizard};
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::company::{
    CompanyField, CompanyImport, CompanyMapping, check_company_fields, check_mappings, find_mappable,
};
use domain::org::Descriptions;
use domain::value::FieldProblem;
use storage::workspace::settings;
use storage::workspace::settings::RemovedImportRow;

#[derive(Template)]
#[template(path = "console/company/import/mapping_step.html")]
struct MappingPage {
    frame: ConsoleFrame,
    steps: Vec<StepLink>,
    problems: Problems,
    failure: String,
    object: String,
    rows: Vec<MappingRow>,
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
    let used = used_fields(&state, session).await?;
    mapping_rows::read(&posted.form, &mut draft, &used);
    let here = WizardStep::Mapping.address();
    let mut view = View { typed: posted.form.text("add"), ..View::default() };
    let (next, known) = match FormAction::read(&posted.form, WizardStep::Mapping) {
        FormAction::Add(path) => {
            let known = known_with(&state, session, &draft, &path).await?;
            if let Err(problem) = add(&mut draft, &path, &known.descriptions) {
                view.problems = vec![problem];
            }
            (wizard::to(&format!("{here}#mapping-{}", draft.mappings.len())), known)
        }
        FormAction::Next => {
            let known = known(&state, session.account.workspace, &draft, TIMEOUT).await?;
            let mappings = check_mappings(&draft, &known.descriptions);
            view.problems = check_company_fields(&draft.fields, &used);
            match mappings {
                Ok(mappings) => draft.mappings = mappings,
                Err(more) => view.problems.extend(more),
            }
            (wizard::to_next(WizardStep::Mapping), known)
        }
        FormAction::Remove(row) => {
            let back = match draft.mappings.get(row).cloned() {
                Some(mapping) => {
                    draft.mappings.remove(row);
                    let field = draft.field(&mapping.field).cloned();
                    mapping_rows::forget_unused(&mut draft, &used);
                    let removed = RemovedImportRow::Mapping(row, mapping, field);
                    wizard::keep_removed(&state, session, removed).await?
                }
                None => here,
            };
            (wizard::to(&format!("{back}#main")), Known::default())
        }
        other => (wizard::to_elsewhere(other, WizardStep::Mapping), Known::default()),
    };
    wizard::save_draft(&state, session, &draft).await?;
    if view.problems.is_empty() {
        return Ok(next);
    }
    let page = page(&state, session, &draft, &known, view).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Maps a field to a company field that is made for it.
fn add(draft: &mut CompanyImport, typed: &str, known: &Descriptions) -> Result<(), FieldProblem> {
    let path = path_of(WizardStep::Mapping, draft, typed, known)?;
    let source = find_mappable(draft.object, &path, known, "add")?;
    let path = source.path.to_string();
    let field = draft.add_field(&source, None);
    let field = field.ok_or_else(|| FieldProblem::new("add", "unsupported-type").with("value", &path))?;
    draft.mappings.push(CompanyMapping { field, path });
    Ok(())
}

async fn used_fields(state: &AppState, session: &SignedIn) -> Result<Vec<CompanyField>, PageError> {
    Ok(settings::find::<CompanyImport>(&state.database.read(), session.account.workspace).await?.fields)
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    draft: &CompanyImport,
    known: &Known,
    view: View<'_>,
) -> Result<Response, PageError> {
    let t = &session.words;
    let used = used_fields(state, session).await?;
    let mut rows = mapping_rows::rows(t, draft, &known.descriptions, &used);
    let mut chooser = Chooser::new(t, WizardStep::Mapping, draft.object, &known.descriptions, &view);
    let problems: Vec<FieldProblem> =
        view.problems.into_iter().map(|problem| mapping_rows::to_input_name(draft, problem)).collect();
    let inputs = rows.iter_mut().flat_map(|row| &mut row.inputs);
    let problems = Problems::add(t, &problems, inputs.chain([&mut chooser.input]));
    render(&MappingPage {
        steps: wizard::line(t, WizardStep::Mapping),
        problems,
        failure: undescribed(t, known),
        object: t.word("object", draft.object.name()),
        rows,
        chooser,
        frame: ConsoleFrame::new(state, session, "companies", "import-mapping-title").await?,
    })
}
