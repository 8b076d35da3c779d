//! The form of an address.

use crate::http::page_error::PageError;
use crate::public::brand;
use crate::state::AppState;
use crate::ui::frame::Look;
use domain::form::Form;
use domain::value::{Language, WorkspaceId, is_slug};
use storage::form::forms;
use storage::workspace::workspaces;

/// A form that an address names.
pub(super) struct Opened {
    pub(super) workspace: WorkspaceId,
    pub(super) form: Form,
    /// In whose name the page speaks.
    pub(super) brand: String,
    pub(super) look: Option<Look>,
}

/// Finds the form of an address; closed ones are a fault of their own.
pub(super) async fn open(state: &AppState, slug: &str, language: Language) -> Result<Opened, PageError> {
    let not_found = PageError::not_found().in_language(language);
    if !is_slug(slug) {
        return Err(not_found);
    }
    let read = state.database.read();
    let workspace = forms::find_workspace(&read, slug).await?.ok_or(not_found)?;
    let form = forms::find_by_slug(&read, workspace, slug).await?.ok_or(not_found)?;
    if !form.active {
        return Err(PageError::form_closed().in_language(language));
    }
    of_form(state, workspace, form).await.map_err(|error| error.in_language(language))
}

/// A form with how its pages look.
pub(super) async fn of_form(
    state: &AppState,
    workspace: WorkspaceId,
    form: Form,
) -> Result<Opened, PageError> {
    let read = state.database.read();
    let about = workspaces::find(&read, workspace).await?.ok_or(PageError::not_found())?;
    Ok(Opened { workspace, form, brand: about.name, look: brand::look(&read, workspace).await? })
}
