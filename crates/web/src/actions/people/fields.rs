//! Saving the person fields (S2).

use crate::actions::seen_version::Author;
use crate::state::AppState;
use domain::people::{PersonField, PersonFields, check_person_fields};
use domain::value::{FieldProblem, Step, WorkspaceId};
use storage::StorageError;
use storage::people::person;
use storage::workspace::{audit, settings};

/// Checks the fields and saves them. A mapping that changed is synced anew.
pub(crate) async fn save(
    state: &AppState,
    workspace: WorkspaceId,
    fields: Vec<PersonField>,
    author: Author<'_>,
) -> Result<Result<PersonFields, Vec<FieldProblem>>, StorageError> {
    let problems = check_person_fields(&fields);
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    let write = state.database.write().await?;
    if let Some(problem) = author.conflict::<PersonFields>(&write, workspace).await? {
        return Ok(Err(vec![problem]));
    }
    let before = settings::find::<PersonFields>(&write, workspace).await?;
    let after = before.changed_to(fields);
    let now = state.clock.now();
    if after != before {
        settings::save(&write, workspace, &after, now).await?;
        if after.revision != before.revision {
            person::set_all_pending(&write, workspace).await?;
        }
        audit::record(&write, workspace, author.actor, &Step::new("person-fields-changed"), now).await?;
        write.commit().await?;
    }
    Ok(Ok(after))
}
