//! The company import as it is set up now, for everybody to read, and where admins begin to change it (Y1).

use crate::company_descriptions::stored;
use crate::company_importing;
use crate::console::company_import::steps::{self, OVERVIEW, WizardStep};
use crate::console::company_import::telling::{self, MappingLine};
use crate::extract::form::SignedForm;
use crate::extract::session::SignedIn;
use crate::pages::fault::PageError;
use crate::pages::layout::{ConsoleFrame, render};
use crate::state::AppState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use storage::{connections, settings};

#[derive(Template)]
#[template(path = "console/company_import/overview.html")]
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
    let import = settings::company_import(&read, workspace).await?;
    let known = stored(&state, workspace, &import).await?;
    let options = settings::company_options(&read, workspace).await?;
    render(&OverviewPage {
        connected: connections::find(&read, workspace).await?.is_some(),
        enabled: import.enabled,
        is_set_up: import != Default::default(),
        has_draft: settings::company_import_draft(&read, workspace).await?.is_some(),
        object: t.word("object", import.object.name()),
        conditions: telling::conditions(t, &import, &known),
        mappings: telling::mappings(t, &import, &known, &options),
        every_hours: import.every_hours,
        when_gone: t.word("when-gone", import.when_gone.name()),
        frame: ConsoleFrame::new(&state, &session, "companies", "import-overview-title").await?,
    })
}

/// Begins a draft with the settings as they are.
pub async fn begin(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let import = settings::company_import(&state.database.read(), session.account.workspace).await?;
    steps::save_draft(&state, session, &import).await?;
    Ok(steps::to(&WizardStep::Object.address()))
}

/// Forgets the draft.
pub async fn discard(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let write = state.database.write().await?;
    settings::forget_company_import_draft(&write, session.account.workspace).await?;
    write.commit().await?;
    Ok(steps::to(&format!("{OVERVIEW}?done=draft-discarded")))
}

/// Switches the import off; what was imported stays.
pub async fn stop(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let workspace = session.account.workspace;
    let mut import = settings::company_import(&state.database.read(), workspace).await?;
    import.enabled = false;
    company_importing::save(&state, workspace, &import, session.account.email.as_str()).await?;
    Ok(steps::to(&format!("{OVERVIEW}?done=company-import-stopped")))
}
