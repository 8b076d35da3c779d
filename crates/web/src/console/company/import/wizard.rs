//! The four steps, the draft that goes through them, and what their buttons ask for.

use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::company::CompanyImport;
use std::time::Duration;
use storage::workspace::settings;
use storage::workspace::settings::{CompanyImportDraft, LastRemovedImportRow, RemovedImportRow};

/// Where the settings are shown, and where everybody goes who has no step to do.
pub const OVERVIEW: &str = "/console/companies/import";
/// How long a page waits for a describe.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(10);

/// A step of the set-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WizardStep {
    /// 対象オブジェクト
    Object,
    /// 条件
    Conditions,
    /// 項目のマッピング
    Mapping,
    /// 確認
    Confirm,
}

impl WizardStep {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Object, Self::Conditions, Self::Mapping, Self::Confirm];

    /// The last part of its address, and the word for the catalogues (`import-step-{name}`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Conditions => "conditions",
            Self::Mapping => "mapping",
            Self::Confirm => "confirm",
        }
    }

    /// Its address.
    pub fn address(self) -> String {
        format!("{OVERVIEW}/{}", self.name())
    }

    fn beside(self, away: isize) -> Option<Self> {
        let place = Self::ALL.iter().position(|step| *step == self)?.checked_add_signed(away)?;
        Self::ALL.get(place).copied()
    }
}

/// One step in the line of all four.
pub struct StepLink {
    /// The step's name.
    pub name: &'static str,
    /// What people read, with its number.
    pub label: String,
    /// It is the page that is shown.
    pub current: bool,
}

/// The line of all four steps on the page of one.
pub fn line(t: &Translator, current: WizardStep) -> Vec<StepLink> {
    let link = |(place, step): (usize, WizardStep)| StepLink {
        name: step.name(),
        label: format!("{} {}", place + 1, t.word("import-step", step.name())),
        current: step == current,
    };
    WizardStep::ALL.into_iter().enumerate().map(link).collect()
}

/// What a button of a step's form asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormAction {
    /// To the next step, if this one is right.
    Next,
    /// To another step; what was typed is kept as it is.
    Go(WizardStep),
    /// Take this field.
    Add(String),
    /// Show the fields of the record that this lookup leads to.
    Browse(String),
    /// Take that row away.
    Remove(usize),
    /// What the step itself knows.
    Other(String),
}

impl FormAction {
    /// Reads the pressed button. Enter adds the field that was typed, if one was, and else goes on.
    pub fn read(form: &Form, step: WizardStep) -> Self {
        let typed = form.text("add").trim();
        let wish = form.text("do");
        match wish.split_once(':').unwrap_or((wish, "")) {
            ("add", "") => Self::Add(typed.to_owned()),
            ("add", path) => Self::Add(path.to_owned()),
            ("browse", path) => Self::Browse(path.to_owned()),
            ("remove", row) => row.parse().map_or(Self::Other(String::new()), Self::Remove),
            ("go", name) => {
                WizardStep::ALL.into_iter().find(|one| one.name() == name).map_or(Self::Next, Self::Go)
            }
            ("back", _) => step.beside(-1).map_or(Self::Next, Self::Go),
            ("enter", _) if !typed.is_empty() => Self::Add(typed.to_owned()),
            ("next" | "enter" | "", _) => Self::Next,
            (other, _) => Self::Other(other.to_owned()),
        }
    }
}

/// To an address of this set-up.
pub fn to(address: &str) -> Response {
    Redirect::to(address).into_response()
}

/// To the step after this one.
pub fn to_next(step: WizardStep) -> Response {
    to(&step.beside(1).map_or_else(|| OVERVIEW.to_owned(), WizardStep::address))
}

/// Where a button of a step leads that changes nothing of the draft but what was typed.
pub fn to_elsewhere(action: FormAction, here: WizardStep) -> Response {
    match action {
        FormAction::Go(step) => to(&step.address()),
        FormAction::Browse(path) => {
            let path: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
            to(&format!("{}?through={path}#fields", here.address()))
        }
        _ => to(&here.address()),
    }
}

/// The draft, for those who may configure; no one else has a step to do.
pub async fn draft(state: &AppState, session: &SignedIn) -> Result<Option<CompanyImport>, PageError> {
    if !session.account.role.may_configure() {
        return Ok(None);
    }
    let workspace = session.account.workspace;
    Ok(settings::find::<CompanyImportDraft>(&state.database.read(), workspace).await?.0)
}

/// Keeps the draft.
pub async fn save_draft(
    state: &AppState,
    session: &SignedIn,
    draft: &CompanyImport,
) -> Result<(), PageError> {
    let write = state.database.write().await?;
    let workspace = session.account.workspace;
    settings::save(&write, workspace, &CompanyImportDraft(Some(draft.clone())), state.clock.now()).await?;
    Ok(write.commit().await?)
}

/// Keeps a row that was taken out, and gives the address of its step with a way to bring it back.
pub(crate) async fn keep_removed(
    state: &AppState,
    session: &SignedIn,
    removed: RemovedImportRow,
) -> Result<String, PageError> {
    let step = step_of(&removed);
    let write = state.database.write().await?;
    let kept = LastRemovedImportRow(Some(removed));
    settings::save(&write, session.account.workspace, &kept, state.clock.now()).await?;
    write.commit().await?;
    Ok(format!("{}?done=import-row-removed&undo=row", step.address()))
}

/// Brings back the row that was taken out last.
pub async fn restore(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let Some(mut draft) = draft(&state, session).await? else { return Ok(to(OVERVIEW)) };
    let workspace = session.account.workspace;
    let kept = settings::find::<LastRemovedImportRow>(&state.database.read(), workspace).await?;
    let Some(removed) = kept.0 else { return Ok(to(OVERVIEW)) };
    let step = step_of(&removed);
    match removed {
        RemovedImportRow::Condition(place, condition) => {
            draft.conditions.insert(place.min(draft.conditions.len()), condition);
        }
        RemovedImportRow::Mapping(place, mapping, field) => {
            draft.fields.extend(field.filter(|field| draft.field(&field.key).is_none()));
            draft.mappings.insert(place.min(draft.mappings.len()), mapping);
        }
    }
    save_draft(&state, session, &draft).await?;
    let write = state.database.write().await?;
    settings::forget::<LastRemovedImportRow>(&write, workspace).await?;
    write.commit().await?;
    Ok(to(&format!("{}?done=undone", step.address())))
}

const fn step_of(removed: &RemovedImportRow) -> WizardStep {
    match removed {
        RemovedImportRow::Condition(..) => WizardStep::Conditions,
        RemovedImportRow::Mapping(..) => WizardStep::Mapping,
    }
}
