//! The inspector on the customer's page: who opened it, for an hour, and the mapping that is saved from there.

use crate::actions::tag::settings::change;
use crate::state::AppState;
use domain::tag::{OtherFormsInput, TagFormInput, TagInput};
use domain::value::{AccountId, FieldProblem, Timestamp, WorkspaceId};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use storage::StorageError;
use storage::workspace::accounts;
use storage::workspace::accounts::Account;

const PLACE: &str = "tag-inspector";
/// Minutes for which a link is good.
const MINUTES: i64 = 60;
/// The longest token that is read.
const MAX_TOKEN: usize = 1_000;

#[derive(Serialize, Deserialize)]
struct Token {
    workspace: WorkspaceId,
    account: AccountId,
    at: Timestamp,
}

/// A token for someone of a workspace.
pub(crate) fn make(
    state: &AppState,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<String, StorageError> {
    let token = Token { workspace, account, at: state.clock.now() };
    let text = serde_json::to_string(&token).map_err(|_| StorageError::Secret)?;
    state.database.vault().seal(PLACE, &text)
}

/// Who opened it; `None` if the token is none of this workspace, too old, or its owner may no longer configure.
pub(crate) async fn read(
    state: &AppState,
    workspace: WorkspaceId,
    token: &str,
) -> Result<Option<Account>, StorageError> {
    if token.len() > MAX_TOKEN {
        return Ok(None);
    }
    let Ok(text) = state.database.vault().open(PLACE, token) else { return Ok(None) };
    let Ok(token) = serde_json::from_str::<Token>(text.expose_secret()) else { return Ok(None) };
    if token.workspace != workspace || state.clock.now() > token.at.plus_minutes(MINUTES) {
        return Ok(None);
    }
    let account = accounts::find(&state.database.read(), workspace, token.account).await?;
    Ok(account.filter(|account| account.role.may_configure()))
}

/// Saves the mapping of one form: over the one with its ID, else as a new one. What follows it, and whether it counts,
/// stays.
pub(crate) async fn save_mapping(
    state: &AppState,
    account: &Account,
    mapping: TagFormInput,
) -> Result<Result<(), Vec<FieldProblem>>, StorageError> {
    let put = |mut input: TagInput| {
        match input.forms.iter_mut().find(|form| !mapping.id.is_empty() && form.id == mapping.id) {
            Some(form) => {
                let kept = (form.then.clone(), form.grade.clone(), form.on);
                *form = mapping;
                (form.then, form.grade, form.on) = kept;
            }
            // What followed while it had no mapping goes on.
            None => {
                let OtherFormsInput { grade, then, .. } = input.other_forms.clone();
                input.forms.push(TagFormInput { id: String::new(), on: true, grade, then, ..mapping });
            }
        }
        input
    };
    Ok(change(state, account.workspace, account.email.as_str(), put).await?.map(drop))
}
