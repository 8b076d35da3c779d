//! Refusing further mails by the link of a mail, and taking that back.

use crate::actions::people::person;
use crate::actions::people::person::Editor;
use crate::state::AppState;
use domain::mailing::SuppressionReason;
use domain::people::{ChangeOrigin, Values};
use domain::value::WorkspaceId;
use storage::StorageError;
use storage::mailing::links::{NamedRecipient, read_unsubscribe_token};
use storage::mailing::recipients::Recipient;
use storage::mailing::{recipients, suppressions};

/// The recipient whom a link names; `None` if it names nobody.
pub(crate) async fn find(
    state: &AppState,
    token: &str,
) -> Result<Option<(NamedRecipient, Recipient)>, StorageError> {
    let Some(named) = read_unsubscribe_token(state.database.vault(), token) else { return Ok(None) };
    let NamedRecipient { workspace, mailing, recipient } = named;
    let found = recipients::find(&state.database.read(), workspace, mailing, recipient).await?;
    Ok(found.map(|found| (named, found)))
}

/// Whether mails to a recipient are refused now.
pub(crate) async fn is_refused(
    state: &AppState,
    workspace: WorkspaceId,
    recipient: &Recipient,
) -> Result<bool, StorageError> {
    let read = state.database.read();
    if let Some(person) = storage::people::person::find(&read, workspace, recipient.person).await? {
        return Ok(person.opted_out);
    }
    let key = std::slice::from_ref(&recipient.email_key);
    let found = suppressions::of_keys(&read, workspace, key).await?;
    Ok(found.get(&recipient.email_key) == Some(&SuppressionReason::Unsubscribed))
}

/// Sets whether mails are refused: for the person, from where it goes to the org, and for the address itself, which counts
/// even when the person is gone.
pub(crate) async fn set(
    state: &AppState,
    (named, recipient): (NamedRecipient, &Recipient),
    refuses: bool,
) -> Result<(), StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let origin_id = storage::mailing::links::message_name(named.mailing, named.recipient);
    let editor = Editor { origin: ChangeOrigin::Mail, actor: &origin_id };
    let change = (&Values::new(), Some(refuses));
    // A person who is gone is no fault: the address is left alone all the same.
    let _ = person::apply(state, &write, named.workspace, recipient.person, change, editor).await?;
    let reason = SuppressionReason::Unsubscribed;
    if refuses {
        suppressions::add(&write, named.workspace, &recipient.email_key, reason, now).await?;
    } else {
        suppressions::remove(&write, named.workspace, &recipient.email_key, reason).await?;
    }
    write.commit().await
}
