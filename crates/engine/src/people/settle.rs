//! Looking again at records with a write whose outcome is not known, and at those that could not be seen.

use crate::people::context::PeopleRun;
use crate::people::failure::PeopleFailure;
use crate::people::keep::keep;
use crate::people::org_turn;
use domain::people::{PersonObject, RemoteRecord};
use domain::value::Timestamp;
use salesforce::{CompositeRequest, QueryOptions, Subrequest};
use std::collections::BTreeSet;
use storage::people::links::StoredLink;
use storage::people::{links, records};
use storage::queue::lease::database_time;
use storage::run::runs;

/// Records that are looked at in one call.
const BATCH: u32 = 800;
const OPTIONS: QueryOptions = QueryOptions { all_rows: true, batch_size: None };

/// Reads them by their IDs, and keeps them to be merged.
pub(crate) async fn read_open_attempts(run: &mut PeopleRun<'_>) -> Result<(), PeopleFailure> {
    let (engine, workspace) = (run.engine, run.claim.workspace);
    let mut after = String::new();
    loop {
        let open = links::to_look_at(&engine.database.read(), workspace, &after, BATCH).await?;
        let Some(last) = open.last() else { return Ok(()) };
        after.clone_from(&last.record_id);
        // Whoever had the right to write before us, and stands still, can't send any more from here on.
        let Some(lease) = org_turn::take(engine, run.claim).await? else { return Ok(()) };
        let looked = look(run, &open).await;
        org_turn::release(engine, lease).await?;
        looked?;
    }
}

/// Reads the links' records anew.
async fn look(run: &mut PeopleRun<'_>, open: &[StoredLink]) -> Result<(), PeopleFailure> {
    let (engine, workspace) = (run.engine, run.claim.workspace);
    let ids: Vec<String> = open.iter().map(|link| link.record_id.clone()).collect();
    let (found, asked) = by_id(run, &ids).await?;
    let seen: BTreeSet<&str> = found.iter().map(|record| record.id.as_str()).collect();
    let hidden: Vec<String> = asked.iter().filter(|id| !seen.contains(id.as_str())).cloned().collect();
    let stamps: BTreeSet<(String, Timestamp)> =
        found.iter().map(|record| (record.id.clone(), record.stamp)).collect();
    let read_at = found.iter().map(|record| record.read_at).min();
    keep(run, found, None).await?;
    // What says the same as before was read anew all the same, and settles an attempt; a replica that lags behind doesn't.
    let kept = records::find_many(&engine.database.read(), workspace, &asked).await?;
    let read_anew: Vec<String> = kept
        .into_iter()
        .filter(|record| stamps.contains(&(record.id.clone(), record.stamp)))
        .map(|record| record.id)
        .collect();
    let write = engine.database.write().await?;
    runs::progress(&write, run.claim, &run.receipt, engine.lease()).await?;
    if let Some(read_at) = read_at {
        records::set_read(&write, workspace, &read_anew, read_at).await?;
    }
    records::set_hidden(&write, workspace, &hidden).await?;
    Ok(write.commit().await?)
}

/// Reads records by their IDs in one call. Gives what is there, and which were asked for: those of hidden objects
/// aren't.
pub(crate) async fn by_id(
    run: &mut PeopleRun<'_>,
    ids: &[String],
) -> Result<(Vec<RemoteRecord>, Vec<String>), PeopleFailure> {
    let read_at = database_time(&run.engine.database.read()).await?;
    let mut request = CompositeRequest::new();
    let mut asked = Vec::new();
    for object in PersonObject::ALL {
        let Some(reader) = run.reader(object) else { continue };
        let of_object: Vec<String> = ids.iter().filter(|id| object_of(id) == object).cloned().collect();
        if !of_object.is_empty() {
            request.push(object.name(), Subrequest::query_with(&reader.by_id(&of_object)?, OPTIONS))?;
            asked.push((object, of_object));
        }
    }
    if request.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let answer = run.ask(&request).await?;
    let mut found = Vec::new();
    for (object, _) in &asked {
        let page = answer.value.get(object.name())?.query_page()?;
        let Some(reader) = run.reader(*object) else { continue };
        found.extend(page.records.iter().filter_map(|row| reader.read(row, read_at)));
    }
    Ok((found, asked.into_iter().flat_map(|(_, ids)| ids).collect()))
}

/// The object of a record, by the prefix that is the same in every org.
pub(crate) fn object_of(id: &str) -> PersonObject {
    if id.starts_with("00Q") { PersonObject::Lead } else { PersonObject::Contact }
}
