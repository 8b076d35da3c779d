//! The company import as it is set up now, for everybody to read, and where admins begin to change it (Y1).

use crate::actions::company::descriptions::stored;
use crate::actions::company::import;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::company::import::summary::MappingLine;
use crate::console::company::import::wizard::{OVERVIEW, WizardStep};
use crate::console::company::import::{summary, wizard};
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::company::{CompanyImport, CompanyOptions};
use storage::org::connections;
use storage::workspace::settings;
use storage::workspace::settings::CompanyImportDraft;

#[derive(Template)]
#[template(path = "console/company/import/overview.html")]
struct OverviewPage {
    frame: ConsoleFrame,
    connected: bool,
    enabled: bool,
    is_set_up: bool,
    has_draft: bool,
    object: String,
    conditions: Vec<String>,
    mappings: Vec<MappingLine>,
    every_hours: u8,
    when_gone: String,
}

/// Shows it.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let t = &session.words;
    let read = state.database.read();
    let workspace = session.account.workspace;
    let import = settings::find::<CompanyImport>(&read, workspace).await?;
    let known = stored(&state, workspace, &import).await?;
    let options = settings::find::<CompanyOptions>(&read, workspace).await?;
    render(&OverviewPage {
        connected: connections::find(&read, workspace).await?.is_some(),
        enabled: import.enabled,
        is_set_up: import != Default::default(),
        has_draft: settings::find::<CompanyImportDraft>(&read, workspace).await?.0.is_some(),
        object: t.word("object", import.object.name()),
        conditions: summary::conditions(t, &import, &known),
        mappings: summary::mappings(t, &import, &known, &options),
        every_hours: import.every_hours,
        when_gone: t.word("when-gone", import.when_gone.name()),
        frame: ConsoleFrame::new(&state, &session, "companies", "import-overview-title").await?,
    })
}

/// Begins a draft with the settings as they are.
pub async fn begin(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let import = settings::find::<CompanyImport>(&state.database.read(), session.account.workspace).await?;
    wizard::save_draft(&state, session, &import).await?;
    Ok(wizard::to(&WizardStep::Object.address()))
}

/// Forgets the draft.
pub async fn discard(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let write = state.database.write().await?;
    settings::forget::<CompanyImportDraft>(&write, session.account.workspace).await?;
    write.commit().await?;
    Ok(wizard::to(&format!("{OVERVIEW}?done=draft-discarded")))
}

/// Switches the import off; what was imported stays.
pub async fn stop(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let workspace = session.account.workspace;
    let mut import = settings::find::<CompanyImport>(&state.database.read(), workspace).await?;
    import.enabled = false;
    import::save(&state, workspace, &import, session.account.email.as_str()).await?;
    Ok(wizard::to(&format!("{OVERVIEW}?done=company-import-stopped")))
}
