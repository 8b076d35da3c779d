//! What is known of the objects that the company import leads through, for choosing fields (Y1, Y3).

use crate::state::AppState;
use domain::company_import::CompanyImport;
use domain::company_import_check::objects_to_describe;
use domain::id::WorkspaceId;
use domain::path_in_org::Descriptions;
use std::collections::BTreeSet;
use storage::{StorageError, object_descriptions};

/// What was described before, as far as the settings lead; the org is not asked.
pub(crate) async fn stored(
    state: &AppState,
    workspace: WorkspaceId,
    import: &CompanyImport,
) -> Result<Descriptions, StorageError> {
    let mut known = Descriptions::new();
    let mut tried = BTreeSet::new();
    loop {
        let wanted = objects_to_describe(import, &known);
        let wanted: Vec<String> = wanted.into_iter().filter(|object| tried.insert(object.clone())).collect();
        if wanted.is_empty() {
            return Ok(known);
        }
        for object in wanted {
            let found = object_descriptions::find(&state.database.read(), workspace, &object).await?;
            if let Some(found) = found {
                // An object that the user can't see is kept without fields.
                let seen = Some(found.description).filter(|description| !description.fields.is_empty());
                known.insert(object, seen);
            }
        }
    }
}
