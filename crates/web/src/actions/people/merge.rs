//! Two people who are one, and separating them again; taking people out.

use crate::actions::people::person::Editor;
use crate::actions::people::write_values::write_values;
use crate::state::AppState;
use domain::people::{ChangeOrigin, KeptLoser, Person, PersonMerge, PersonSnapshot, Values, filled_by_merge};
use domain::value::{PersonId, PersonMergeId, Step, WorkspaceId};
use storage::StorageError;
use storage::people::{erasures, links, merges, person};
use storage::workspace::audit;

/// Why two people can't be merged, or separated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MergeRefusal {
    /// There is no such person, or no such merge any more.
    NotFound,
    /// It is the same person.
    Same,
    /// Somebody has the address of the one who would come back.
    AddressTaken,
}

/// Merges `loser` into `winner`: its records, and its values where the winner's are blank. A refusal of mail stays one.
pub(crate) async fn merge(
    state: &AppState,
    workspace: WorkspaceId,
    (winner, loser): (PersonId, PersonId),
    reason: &str,
    editor: Editor<'_>,
) -> Result<Result<PersonMerge, MergeRefusal>, StorageError> {
    if winner == loser {
        return Ok(Err(MergeRefusal::Same));
    }
    let now = state.clock.now();
    let write = state.database.write().await?;
    // Always in the same order, so that two merges at once don't wait for each other.
    let mut found = Vec::new();
    for id in [winner.min(loser), winner.max(loser)] {
        found.extend(person::find_to_edit(&write, workspace, id).await?);
    }
    found.sort_by_key(|person| person.id != winner);
    let Ok([winner, loser]) = <[Person; 2]>::try_from(found) else {
        return Ok(Err(MergeRefusal::NotFound));
    };
    let tied = links::of_people(&write, workspace, &[winner.id, loser.id]).await?;
    let partner_of = |id: PersonId| tied.iter().find(|link| link.person == id && link.is_partner);
    let records: Vec<String> =
        tied.iter().filter(|link| link.person == loser.id).map(|link| link.record_id.clone()).collect();
    let filled = filled_by_merge(&winner, &loser);
    let merged = PersonMerge {
        id: storage::ids::new(now),
        winner: winner.id,
        loser: loser.id,
        at: now,
        actor: editor.actor.to_owned(),
        reason: reason.to_owned(),
        kept: KeptLoser {
            values: loser.snapshot.values.clone(),
            edited_at: loser.snapshot.edited_at.clone(),
            opted_out: loser.opted_out,
            created_at: Some(loser.created_at),
            partner: partner_of(loser.id).map(|link| link.record_id.clone()),
            records: records.clone(),
            filled: filled.clone(),
        },
    };
    merges::add(&write, workspace, &merged).await?;
    merges::take_out(&write, workspace, loser.id).await?;
    let partner = partner_of(winner.id).map_or(merged.kept.partner.as_deref(), |_| None);
    merges::move_links(&write, workspace, winner.id, &records, partner).await?;
    write_values(&write, workspace, &winner, &filled, (ChangeOrigin::Merge, editor.actor), now).await?;
    if loser.opted_out && !winner.opted_out {
        person::set_opted_out(&write, workspace, winner.id, true, now).await?;
    }
    person::set_pending(&write, workspace, &[winner.id]).await?;
    let step = Step::new("people-merged").with("person", winner.id).with("other", loser.id);
    audit::record(&write, workspace, editor.actor, &step, now).await?;
    write.commit().await?;
    Ok(Ok(merged))
}

/// Separates two people again: the one comes back with its records; what the other took over and still has becomes blank.
pub(crate) async fn unmerge(
    state: &AppState,
    workspace: WorkspaceId,
    id: PersonMergeId,
    editor: Editor<'_>,
) -> Result<Result<PersonId, MergeRefusal>, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let Some(merged) = merges::find(&write, workspace, id).await? else {
        return Ok(Err(MergeRefusal::NotFound));
    };
    let Some(winner) = person::find_to_edit(&write, workspace, merged.winner).await? else {
        return Ok(Err(MergeRefusal::NotFound));
    };
    let kept = &merged.kept;
    let snapshot =
        PersonSnapshot { version: 1, values: kept.values.clone(), edited_at: kept.edited_at.clone() };
    let back = Person {
        id: merged.loser,
        snapshot,
        opted_out: kept.opted_out,
        opt_out_pending: false,
        is_pending: true,
        create_over_at: None,
        created_at: kept.created_at.unwrap_or(now),
        updated_at: now,
    };
    if !person::add(&write, workspace, &back).await? {
        return Ok(Err(MergeRefusal::AddressTaken));
    }
    // Records that have become somebody else's meanwhile stay there.
    let tied = links::of_people(&write, workspace, &[winner.id]).await?;
    let records: Vec<String> = kept
        .records
        .iter()
        .filter(|record| tied.iter().any(|link| link.record_id == **record))
        .cloned()
        .collect();
    merges::move_links(&write, workspace, back.id, &records, kept.partner.as_deref()).await?;
    let still = |name: &String, value: &String| winner.snapshot.values.get(name) == Some(value);
    let cleared: Values = kept
        .filled
        .iter()
        .filter(|(name, value)| still(name, value))
        .map(|(name, _)| (name.clone(), String::new()))
        .collect();
    write_values(&write, workspace, &winner, &cleared, (ChangeOrigin::Merge, editor.actor), now).await?;
    merges::set_undone(&write, workspace, id, now).await?;
    person::set_pending(&write, workspace, &[winner.id]).await?;
    let step = Step::new("people-unmerged").with("person", winner.id).with("other", back.id);
    audit::record(&write, workspace, editor.actor, &step, now).await?;
    write.commit().await?;
    Ok(Ok(back.id))
}

/// Takes a person out. The org's records stay as they are; erased for good, no sync brings the person back.
pub(crate) async fn delete(
    state: &AppState,
    workspace: WorkspaceId,
    id: PersonId,
    is_erased: bool,
    actor: &str,
) -> Result<bool, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let Some(found) = person::find_to_edit(&write, workspace, id).await? else { return Ok(false) };
    let key = found.email_key();
    if is_erased && !key.is_empty() {
        erasures::block(&write, workspace, &key, now).await?;
    }
    erasures::delete(&write, workspace, id).await?;
    let code = if is_erased { "person-erased" } else { "person-deleted" };
    audit::record(&write, workspace, actor, &Step::new(code).with("person", id), now).await?;
    write.commit().await?;
    Ok(true)
}
