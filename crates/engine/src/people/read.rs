//! Reading what changed in the org: one call when nothing did (contract 3.3).

use crate::org::describe_cache::DescribeCache;
use crate::org::retry::RetryState;
use crate::people::context::PeopleRun;
use crate::people::failure::PeopleFailure;
use crate::people::mapping::Mapping;
use domain::people::{ChangeOrigin, PeopleCursors, PersonObject, RemoteRecord, SETTLE_SECONDS};
use domain::value::Timestamp;
use salesforce::{CompositeRequest, QueryOptions, QueryPages, QueryPagesError, Record, Response, Subrequest};
use std::collections::BTreeMap;
use storage::people::changes::PersonChange;
use storage::people::{changes, person, records};
use storage::queue::lease::database_time;
use storage::run::runs;
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
        cursors = PeopleCursors { read_from: BTreeMap::new(), revision: run.fields.revision, ..cursors };
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
            let since = cursors.read_from.get(object.name()).copied().max(cursors.not_before);
            let Some(reader) = run.reader(object) else { continue };
            let soql = reader.changes(since)?;
            request.push(object.name(), Subrequest::query_with(&soql, OPTIONS))?;
            queries.push((object, soql));
        }
        if request.is_empty() {
            return Err(PeopleFailure::NothingVisible);
        }
        let answer = run.ask(&request).await?;
        let changed = known.read(engine, workspace, &answer).await?;
        if changed && attempt < TRIES {
            continue;
        }
        if queries.is_empty() {
            return Err(PeopleFailure::NothingVisible);
        }
        for (object, soql) in queries {
            let value = answer.value.get(object.name())?.query_page()?;
            let first = Response { value, api_usage: answer.api_usage, server_time: answer.server_time };
            let pages = run.org.client().query_pages(&soql, OPTIONS).holding(first);
            read_pages(run, object, pages, read_at, &mut cursors).await?;
        }
        let org_now = answer.server_time.map_or_else(|| engine.clock.now(), Timestamp::from_jiff);
        let safe = org_now.plus_minutes(-LAG_MINUTES);
        for object in run.mappings.keys() {
            cursors.read_from.insert(object.name().to_owned(), safe);
        }
        run.update_receipt();
        let write = engine.database.write().await?;
        runs::progress(&write, run.claim, &run.receipt, engine.lease()).await?;
        settings::save(&write, workspace, &cursors, engine.clock.now()).await?;
        return Ok(write.commit().await?);
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

/// Keeps what is new among records that were read, to be merged, and takes over who refuses mail.
pub(crate) async fn keep(
    run: &mut PeopleRun<'_>,
    read: Vec<RemoteRecord>,
    cursors: Option<&PeopleCursors>,
) -> Result<(), PeopleFailure> {
    let (engine, workspace, now) = (run.engine, run.claim.workspace, run.engine.clock.now());
    let ids: Vec<String> = read.iter().map(|record| record.id.clone()).collect();
    let known = records::find_many(&engine.database.read(), workspace, &ids).await?;
    let known: BTreeMap<&str, &RemoteRecord> =
        known.iter().map(|record| (record.id.as_str(), record)).collect();
    let all = read.len();
    let read_at = read.iter().map(|record| record.read_at).min();
    let (mut fresh, mut refusing, mut read_again) = (Vec::new(), Vec::new(), Vec::new());
    for record in read {
        let earlier = known.get(record.id.as_str()).copied();
        // An older stamp comes from a replica that lags behind.
        if earlier.is_some_and(|earlier| record.stamp < earlier.stamp) {
            continue;
        }
        if let Some(earlier) = earlier.filter(|earlier| record.says_the_same_as(earlier)) {
            // Nothing of that second can have come later: whoever waited for that can go on.
            let is_over = |one: &RemoteRecord| one.read_at >= one.stamp.plus_seconds(SETTLE_SECONDS);
            if is_over(&record) && !is_over(earlier) {
                read_again.push(record.id);
            }
            continue;
        }
        if record.opted_out && !earlier.is_some_and(|earlier| earlier.opted_out) {
            refusing.push(record.clone());
        }
        fresh.push(record.after(earlier));
    }
    run.receipt.changed += fresh.len() as u64;
    run.receipt.unchanged += (all - fresh.len()) as u64;
    run.update_receipt();
    let write = engine.database.write().await?;
    runs::progress(&write, run.claim, &run.receipt, engine.lease()).await?;
    records::save(&write, workspace, &fresh, true).await?;
    if let Some(read_at) = read_at.filter(|_| !read_again.is_empty()) {
        records::set_read_again(&write, workspace, &read_again, read_at).await?;
    }
    let keys: Vec<String> = refusing.iter().map(|record| record.email_key.clone()).collect();
    for person in person::refuse_mail(&write, workspace, &keys, now).await? {
        let change = PersonChange {
            id: storage::ids::new(now),
            person,
            at: now,
            field: "opted_out".to_owned(),
            old_value: "false".to_owned(),
            new_value: "true".to_owned(),
            origin: ChangeOrigin::Salesforce,
            origin_id: refusing.first().map(|record| record.id.clone()).unwrap_or_default(),
        };
        changes::add(&write, workspace, &change).await?;
    }
    if let Some(cursors) = cursors {
        settings::save(&write, workspace, cursors, now).await?;
    }
    Ok(write.commit().await?)
}
