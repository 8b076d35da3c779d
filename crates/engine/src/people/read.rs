//! Reading what changed in the org: one call when nothing did (contract 3.3).

use crate::org::describe_cache::DescribeCache;
use crate::org::retry::RetryState;
use crate::people::bulk;
use crate::people::context::PeopleRun;
use crate::people::failure::PeopleFailure;
use crate::people::keep::{keep, save_cursors};
use crate::people::mapping::Mapping;
use domain::mirror::{Transport, transport};
use domain::people::{PeopleCursors, PersonObject, RemoteRecord};
use domain::value::Timestamp;
use salesforce::{CompositeRequest, QueryOptions, QueryPages, QueryPagesError, Record, Response, Subrequest};
use std::collections::BTreeMap;
use storage::queue::lease::database_time;
use storage::workspace::settings;

/// Times that the call is made again because the org's fields changed under it.
const TRIES: u32 = 4;
/// Changes carry the time at which their transaction began; so far back they are read once more.
const LAG_MINUTES: i64 = 15;
const OPTIONS: QueryOptions = QueryOptions { all_rows: true, batch_size: None };

/// Reads what changed since the last run, and keeps it to be merged.
pub(crate) async fn read_changes(run: &mut PeopleRun<'_>) -> Result<(), PeopleFailure> {
    let (engine, workspace) = (run.engine, run.claim.workspace);
    let mut cursors = settings::find::<PeopleCursors>(&engine.database.read(), workspace).await?;
    if cursors.revision != run.fields.revision {
        // Values of fields that were not asked for so far.
        let (read_from, jobs) = (BTreeMap::new(), BTreeMap::new());
        cursors = PeopleCursors { read_from, jobs, revision: run.fields.revision, ..cursors };
    }
    let mut known = DescribeCache::default();
    for object in PersonObject::ALL {
        known.find(engine, workspace, &mut run.org, object.name()).await?;
    }
    for attempt in 1..=TRIES {
        run.mappings = mappings(run, &mut known).await?;
        let read_at = database_time(&engine.database.read()).await?;
        let mut request = CompositeRequest::new();
        known.check_in(&mut request)?;
        let mut queries = Vec::new();
        for object in run.mappings.keys().copied().collect::<Vec<_>>() {
            if cursors.jobs.contains_key(object.name()) {
                continue;
            }
            let since = cursors.read_from.get(object.name()).copied().max(cursors.not_before);
            let Some(reader) = run.reader(object) else { continue };
            let soql = reader.changes(since)?;
            request.push(object.name(), Subrequest::query_with(&soql, OPTIONS))?;
            queries.push((object, soql));
        }
        if run.mappings.is_empty() && request.is_empty() {
            return Err(PeopleFailure::NothingVisible);
        }
        let answer = run.ask(&request).await?;
        let changed = known.read(engine, workspace, &answer).await?;
        if changed && attempt < TRIES {
            continue;
        }
        if run.mappings.is_empty() {
            return Err(PeopleFailure::NothingVisible);
        }
        let org_now = answer.server_time.map_or_else(|| engine.clock.now(), Timestamp::from_jiff);
        let safe = org_now.plus_minutes(-LAG_MINUTES);
        for (object, soql) in queries {
            let value = answer.value.get(object.name())?.query_page()?;
            let (name, total) = (object.name().to_owned(), value.total_size);
            let first = Response { value, api_usage: answer.api_usage, server_time: answer.server_time };
            let pages = run.org.client().query_pages(&soql, OPTIONS).holding(first);
            match transport(total, run.org.remaining_budget()) {
                None => return Err(run.org.budget_error().into()),
                Some(Transport::Pages) => {
                    read_pages(run, object, pages, read_at, &mut cursors).await?;
                    cursors.read_from.insert(name, safe);
                }
                Some(Transport::Job) => {
                    let job = bulk::begin(run, &soql, (read_at, safe)).await?;
                    cursors.jobs.insert(name, job);
                }
            }
        }
        save_cursors(run, &cursors).await?;
        for object in run.mappings.keys().copied().collect::<Vec<_>>() {
            bulk::read(run, object, &mut cursors).await?;
        }
        return Ok(());
    }
    Ok(())
}

/// The mapping of each object, with as many objects described as paths lead through.
async fn mappings(
    run: &mut PeopleRun<'_>,
    known: &mut DescribeCache,
) -> Result<BTreeMap<PersonObject, Mapping>, PeopleFailure> {
    let mut mappings = BTreeMap::new();
    for object in PersonObject::ALL {
        let mapping = loop {
            match Mapping::of(object, &run.fields, &known.descriptions) {
                Ok(mapping) => break mapping,
                Err(missing) => known.find(run.engine, run.claim.workspace, &mut run.org, &missing).await?,
            }
        };
        mappings.extend(mapping.map(|mapping| (object, mapping)));
    }
    Ok(mappings)
}

async fn read_pages(
    run: &mut PeopleRun<'_>,
    object: PersonObject,
    mut pages: QueryPages,
    read_at: Timestamp,
    cursors: &mut PeopleCursors,
) -> Result<(), PeopleFailure> {
    let mut trouble = RetryState::default();
    loop {
        let page = match pages.next().await {
            Ok(Some(page)) => page,
            Ok(None) => return Ok(()),
            Err(QueryPagesError::Call(error)) => {
                run.org.recover_or_fail(error, &mut trouble).await?;
                pages.use_client(run.org.client());
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        trouble = RetryState::default();
        run.org.note(&page);
        let rows = &page.value.records;
        let Some(reader) = run.reader(object) else { return Ok(()) };
        let read: Vec<RemoteRecord> = rows.iter().filter_map(|row| reader.read(row, read_at)).collect();
        run.receipt.failed += (rows.len() - read.len()) as u64;
        *run.receipt.received.entry(object.name().to_owned()).or_default() += rows.len() as u64;
        // Rows come by their stamps: after a kill, reading goes on here.
        if let Some(last) = last_stamp(rows) {
            cursors.read_from.insert(object.name().to_owned(), last);
        }
        keep(run, read, Some(&*cursors)).await?;
    }
}

fn last_stamp(rows: &[Record]) -> Option<Timestamp> {
    rows.last()?.text("SystemModstamp").and_then(Timestamp::parse)
}
