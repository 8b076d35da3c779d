//! Taking in what came back: bounces and complaints.

use crate::state::AppState;
use domain::mailing::BounceKind;
use domain::value::WorkspaceId;
use storage::StorageError;
use storage::mailing::links::read_message_id;
use storage::mailing::results;

/// What came back of one mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MailReport {
    /// The `Message-ID` of the mail.
    pub(crate) message_id: String,
    /// What came back.
    pub(crate) kind: BounceKind,
    /// The enhanced status code; empty if it is not known.
    pub(crate) status: String,
}

/// Keeps reports; gives how many were new. Those about mails that are not ours are left aside.
pub(crate) async fn keep(
    state: &AppState,
    workspace: WorkspaceId,
    reports: &[MailReport],
) -> Result<usize, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let mut kept = 0;
    for report in reports {
        let Some(named) = read_message_id(&report.message_id) else { continue };
        if results::report(&write, workspace, named, (report.kind, &report.status), now).await? {
            kept += 1;
        }
    }
    write.commit().await?;
    Ok(kept)
}
