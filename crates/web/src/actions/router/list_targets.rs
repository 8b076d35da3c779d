//! Whom and what the rows of a workspace's lists may name.

use crate::actions::router::context;
use crate::state::AppState;
use domain::router::ListTargets;
use domain::value::{WorkspaceId, clean_line};
use std::collections::{BTreeMap, BTreeSet};
use storage::StorageError;
use storage::booking::pages;
use storage::form::forms;
use storage::workspace::teams;

/// Reads it.
pub(crate) async fn find(state: &AppState, workspace: WorkspaceId) -> Result<ListTargets, StorageError> {
    let read = state.database.read();
    let known = context::find(state, workspace).await?;
    let mut by_team: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for team in teams::list(&read, workspace).await? {
        by_team.entry(team.name).or_default().insert(team.slug.clone());
        by_team.entry(team.slug.clone()).or_default().insert(team.slug);
    }
    let mut questions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let booking_pages = pages::list(&read, workspace).await?;
    let all_forms = forms::list(&read, workspace).await?;
    let of_pages = booking_pages.iter().flat_map(|page| &page.fields);
    for field in of_pages.chain(all_forms.iter().flat_map(|form| &form.fields)) {
        for wording in [Some(&field.label), field.label_en.as_ref()].into_iter().flatten() {
            questions.entry(clean_line(wording)).or_default().insert(field.key.clone());
        }
    }
    Ok(ListTargets {
        members: known.members,
        pages: known.pages,
        teams: by_team,
        questions,
        fields: known.copies,
    })
}
