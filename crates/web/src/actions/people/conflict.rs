//! Putting back a value that lost in a conflict (S12).

use crate::actions::people::person::{Editor, PersonRefusal, apply};
use crate::state::AppState;
use domain::people::{ChangeOrigin, Side, Values};
use domain::value::{PersonConflictId, Step, WorkspaceId};
use storage::StorageError;
use storage::people::conflicts;
use storage::people::conflicts::StoredConflict;
use storage::workspace::audit;

/// Why a value could not be put back.
#[derive(Debug)]
pub(crate) enum UndoRefusal {
    /// There is no such conflict, or its person is gone.
    NotFound,
    /// It was put back already.
    Undone,
    /// The value can't be any more: another person has the address.
    Taken,
}

/// Puts the value that lost back into the person, as an edit that is synced next.
pub(crate) async fn undo(
    state: &AppState,
    workspace: WorkspaceId,
    id: PersonConflictId,
    actor: &str,
) -> Result<Result<StoredConflict, UndoRefusal>, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let Some(found) = conflicts::find(&write, workspace, id).await? else {
        return Ok(Err(UndoRefusal::NotFound));
    };
    if !conflicts::set_undone(&write, workspace, id, now).await? {
        return Ok(Err(UndoRefusal::Undone));
    }
    let lost = match found.conflict.winner {
        Side::Local => found.conflict.remote.clone(),
        Side::Salesforce => found.conflict.local.clone(),
    };
    let values = Values::from([(found.conflict.field.clone(), lost)]);
    let editor = Editor { origin: ChangeOrigin::Undo, actor };
    match apply(state, &write, workspace, found.person, (&values, None), editor).await? {
        Ok(_) => {}
        Err(PersonRefusal::NotFound) => return Ok(Err(UndoRefusal::NotFound)),
        Err(PersonRefusal::Fields(_)) => return Ok(Err(UndoRefusal::Taken)),
    }
    let step =
        Step::new("person-conflict-undone").with("person", found.person).with("field", &found.conflict.field);
    audit::record(&write, workspace, actor, &step, now).await?;
    write.commit().await?;
    Ok(Ok(StoredConflict { undone_at: Some(now), ..found }))
}
