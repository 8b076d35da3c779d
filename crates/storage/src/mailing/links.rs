//! Signed names of recipients, in the links of mails and in their `Message-ID`.

use crate::secret::vault::Vault;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::value::{MailingId, MailingRecipientId, WorkspaceId};
use uuid::Uuid;

const UNSUBSCRIBE: &str = "mailing-unsubscribe";
const REPORTS: &str = "mailing-reports";

/// The recipient that a link names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedRecipient {
    /// Whose mailing.
    pub workspace: WorkspaceId,
    /// The mailing.
    pub mailing: MailingId,
    /// The recipient.
    pub recipient: MailingRecipientId,
}

/// The token of the link by which a person refuses mails. It tells nothing to those who can't read the database.
pub fn unsubscribe_token(vault: &Vault, named: NamedRecipient) -> String {
    let parts = [named.workspace.0, named.mailing.0, named.recipient.0];
    let name = BASE64.encode(parts.map(Uuid::into_bytes).concat());
    let tag = vault.sign(UNSUBSCRIBE, &name);
    format!("{name}.{tag}")
}

/// The recipient that a link names; `None` when a character of it was changed.
pub fn read_unsubscribe_token(vault: &Vault, token: &str) -> Option<NamedRecipient> {
    let name = verified(vault, UNSUBSCRIBE, token)?;
    let [workspace, mailing, recipient] = ids(&name)?;
    Some(NamedRecipient { workspace: workspace.into(), mailing: mailing.into(), recipient: recipient.into() })
}

/// The token of the address to which a mail service reports what came back to a workspace.
pub fn report_token(vault: &Vault, workspace: WorkspaceId) -> String {
    let name = BASE64.encode(workspace.0.into_bytes());
    let tag = vault.sign(REPORTS, &name);
    format!("{name}.{tag}")
}

/// The workspace that an address for reports names; `None` when a character of it was changed.
pub fn read_report_token(vault: &Vault, token: &str) -> Option<WorkspaceId> {
    let name = verified(vault, REPORTS, token)?;
    let [workspace] = ids(&name)?;
    Some(workspace.into())
}

/// The part of a `Message-ID` before its `@`.
pub fn message_name(mailing: MailingId, recipient: MailingRecipientId) -> String {
    format!("{}.{}", mailing.0.simple(), recipient.0.simple())
}

/// The mailing and the recipient of a `Message-ID`, with or without brackets; `None` if it is not one of ours.
pub fn read_message_id(id: &str) -> Option<(MailingId, MailingRecipientId)> {
    let name = id.trim().trim_start_matches('<').split('@').next()?;
    let (mailing, recipient) = name.split_once('.')?;
    Some((mailing.parse().ok()?, recipient.parse().ok()?))
}

fn verified(vault: &Vault, purpose: &str, token: &str) -> Option<Vec<u8>> {
    let (name, tag) = token.split_once('.')?;
    if !vault.verify(purpose, name, tag) {
        return None;
    }
    BASE64.decode(name).ok()
}

fn ids<const N: usize>(bytes: &[u8]) -> Option<[Uuid; N]> {
    let ids: Vec<Uuid> = bytes.chunks(16).map(Uuid::from_slice).collect::<Result<_, _>>().ok()?;
    ids.try_into().ok()
}
