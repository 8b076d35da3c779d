//! What is known of the objects that the company import leads through, for choosing fields (Y1, Y3).

use crate::actions::org_request::request_and_wait;
use crate::state::AppState;
use domain::company::{CompanyImport, objects_to_describe};
use domain::org::Descriptions;
use domain::value::WorkspaceId;
use std::collections::BTreeSet;
use std::time::Duration;
use storage::StorageError;
use storage::org::descriptions;
use storage::org_request::{OrgRequest, OrgResponse};

/// Describes older than this are asked for again while someone sets an import up.
const FRESH_MINUTES: i64 = 30;

/// What is known, and why it may be less than wished.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// By object; objects without a describe are absent.
    pub(crate) descriptions: Descriptions,
    /// What the org answered instead of a describe, if it did; `Some(None)` for no answer in time.
    pub(crate) failure: Option<Option<OrgResponse>>,
}

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
            let found = descriptions::find(&state.database.read(), workspace, &object).await?;
            if let Some(found) = found {
                // An object that the user can't see is kept without fields.
                let seen = Some(found.description).filter(|description| !description.fields.is_empty());
                known.insert(object, seen);
            }
        }
    }
}

/// What is known and fresh, the org being asked for the rest: what the settings and `also` lead through.
pub(crate) async fn known(
    state: &AppState,
    workspace: WorkspaceId,
    import: &CompanyImport,
    patience: Duration,
) -> Result<Known, StorageError> {
    let mut known = Known::default();
    loop {
        let wanted = objects_to_describe(import, &known.descriptions);
        if wanted.is_empty() {
            return Ok(known);
        }
        let mut missing = Vec::new();
        for object in wanted {
            match fresh(state, workspace, &object).await? {
                Some(description) => drop(known.descriptions.insert(object, description)),
                None => missing.push(object),
            }
        }
        if missing.is_empty() {
            continue;
        }
        let question = OrgRequest::DescribeObjects { objects: missing.clone() };
        match request_and_wait(state, workspace, &question, patience).await? {
            Some(OrgResponse::Described) => {}
            failure => {
                // Old knowledge is better than none.
                let descriptions = stored(state, workspace, import).await?;
                return Ok(Known { descriptions, failure: Some(failure) });
            }
        }
        for object in missing {
            let found = descriptions::find(&state.database.read(), workspace, &object).await?;
            let seen = found.map(|one| one.description).filter(|one| !one.fields.is_empty());
            known.descriptions.insert(object, seen);
        }
    }
}

async fn fresh(
    state: &AppState,
    workspace: WorkspaceId,
    object: &str,
) -> Result<Option<Option<domain::org::ObjectDescription>>, StorageError> {
    let found = descriptions::find(&state.database.read(), workspace, object).await?;
    let oldest = state.clock.now().plus_minutes(-FRESH_MINUTES);
    let fresh = found.filter(|one| one.fetched_at >= oldest);
    Ok(fresh.map(|one| Some(one.description).filter(|one| !one.fields.is_empty())))
}
