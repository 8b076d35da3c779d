//! One refresh of the synced fields: all records come beside the old ones, and become visible together (D3, D4).

use super::asking::{AskError, Asking};
use super::{field_check, rows};
use crate::engine::Engine;
use domain::explanation::Step;
use domain::field_path::FieldPath;
use domain::run::{Receipt, RunState};
use domain::synced_fields::{SyncedFields, SyncedObject};
use domain::timestamp::Timestamp;
use salesforce::QueryPage;
use salesforce::soql::Select;
use std::collections::BTreeMap;
use storage::runs::{self, RunClaim};
use storage::synced_records::{self, SyncedTable};
use storage::{StorageError, Write, api_usage, notices, settings};

/// Why a refresh brought nothing.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Asking(#[from] AskError),
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The org said how many records there are, and other many came.
    #[error("{object}: {received} records came instead of {expected}")]
    Incomplete { object: &'static str, expected: u64, received: u64 },
    #[error("the query could not be written: {0}")]
    Query(String),
}

impl Failure {
    fn step(&self) -> Step {
        match self {
            Self::Asking(error) => error.step(),
            Self::Storage(_) => Step::new("run-storage"),
            Self::Incomplete { object, expected, received } => Step::new("run-incomplete")
                .with("object", object)
                .with("expected", expected)
                .with("received", received),
            Self::Query(reason) => Step::new("run-org-refused").with("detail", reason),
        }
    }
}

/// Works on a claimed run to its end.
///
/// # Errors
/// [`StorageError::LaneLost`] when somebody else has the run now, or any other failure of the database; the run
/// is then taken up again when its lease has run out.
pub(crate) async fn run(engine: &Engine, claim: RunClaim) -> Result<(), StorageError> {
    // What an earlier worker had brought before it was gone.
    discard(engine, claim).await?;
    let mut receipt = Receipt::default();
    let fields = settings::synced_fields(&engine.database.read(), claim.workspace).await?;
    match bring(engine, claim, &fields, &mut receipt).await {
        Ok(tables) => publish(engine, claim, &fields, &receipt, &tables).await,
        Err(Failure::Storage(error) | Failure::Asking(AskError::Storage(error))) => Err(error),
        Err(failure) => {
            tracing::warn!(workspace = %claim.workspace, run = %claim.run, %failure, "a refresh brought nothing");
            give_up(engine, claim, &receipt, &failure).await?;
            discard(engine, claim).await
        }
    }
}

async fn bring(
    engine: &Engine,
    claim: RunClaim,
    fields: &SyncedFields,
    receipt: &mut Receipt,
) -> Result<BTreeMap<SyncedObject, u64>, Failure> {
    let mut asking = Asking::begin(engine, claim.workspace).await?;
    let brought = bring_all(engine, claim, fields, receipt, &mut asking).await;
    receipt.calls = asking.calls;
    brought
}

async fn bring_all(
    engine: &Engine,
    claim: RunClaim,
    fields: &SyncedFields,
    receipt: &mut Receipt,
    asking: &mut Asking<'_>,
) -> Result<BTreeMap<SyncedObject, u64>, Failure> {
    let verdicts = field_check::check(asking, fields).await?;
    let mut tables = BTreeMap::new();
    for object in fields.objects() {
        let of_object = verdicts.iter().filter(|verdict| verdict.object == object);
        let (usable, unusable): (Vec<_>, Vec<_>) = of_object.partition(|verdict| verdict.finding.is_usable());
        receipt.left_out.extend(unusable.iter().map(|verdict| format!("{}.{}", object.name(), verdict.path)));
        let paths: Vec<FieldPath> =
            usable.iter().filter_map(|verdict| FieldPath::parse(&verdict.path, object.key()).ok()).collect();
        tables.insert(object, bring_object(engine, claim, object, &paths, receipt, asking).await?);
    }
    Ok(tables)
}

async fn bring_object(
    engine: &Engine,
    claim: RunClaim,
    object: SyncedObject,
    paths: &[FieldPath],
    receipt: &mut Receipt,
    asking: &mut Asking<'_>,
) -> Result<u64, Failure> {
    let mut select = Select::from(object.name()).field("Id");
    let matched_by = object.matched_by();
    let others = paths
        .iter()
        .map(FieldPath::to_string)
        .filter(|path| !path.eq_ignore_ascii_case("Id") && !path.eq_ignore_ascii_case(matched_by));
    select = select.field(matched_by).fields(others);
    let soql = select.build().map_err(|error| Failure::Query(error.to_string()))?;
    let soql = soql.as_str();
    let mut page: QueryPage = asking.ask(|client| async move { client.query(soql).await }).await?;
    let expected = page.total_size;
    receipt.expected.insert(object.name().to_owned(), expected);
    loop {
        let brought: Vec<_> =
            page.records.iter().filter_map(|record| rows::row(object, record, paths)).collect();
        *receipt.received.entry(object.name().to_owned()).or_default() += brought.len() as u64;
        receipt.calls = asking.calls;
        let write = engine.database.write().await?;
        runs::progress(&write, claim, receipt, engine.lease_until()).await?;
        synced_records::stage(&write, claim.workspace, object, claim.run, &brought).await?;
        write.commit().await?;
        let Some(next) = page.next_records_url else { break };
        let next = next.as_str();
        page = asking.ask(|client| async move { client.query_more(next).await }).await?;
    }
    // The rows that are there are counted, not those that came: a record on two pages is one record.
    let read = engine.database.read();
    let there = synced_records::count(&read, claim.workspace, object, claim.run).await?;
    let received = u64::try_from(there).unwrap_or(0);
    if received == expected {
        Ok(received)
    } else {
        Err(Failure::Incomplete { object: object.name(), expected, received })
    }
}

async fn publish(
    engine: &Engine,
    claim: RunClaim,
    fields: &SyncedFields,
    receipt: &Receipt,
    tables: &BTreeMap<SyncedObject, u64>,
) -> Result<(), StorageError> {
    let now = engine.clock.now();
    let write = engine.database.write().await?;
    runs::finish(&write, claim, RunState::Done, receipt, None, now).await?;
    for object in SyncedObject::ALL {
        match tables.get(&object) {
            Some(rows) => {
                let rows = i64::try_from(*rows).unwrap_or(i64::MAX);
                let table = SyncedTable { object, generation: claim.run, refreshed_at: now, rows };
                synced_records::publish(&write, claim.workspace, &table).await?;
            }
            None => synced_records::withdraw(&write, claim.workspace, object).await?,
        }
    }
    if !receipt.left_out.is_empty() && !fields.is_empty() {
        let step = Step::new("sync-left-out").with("fields", receipt.left_out.join(", "));
        notices::post(&write, claim.workspace, &step, now).await?;
    }
    note_calls(&write, claim, receipt, now).await?;
    write.commit().await?;
    for object in SyncedObject::ALL {
        loop {
            let write = engine.database.write().await?;
            let more = synced_records::sweep(&write, claim.workspace, object, None).await?;
            write.commit().await?;
            if !more {
                break;
            }
        }
    }
    Ok(())
}

async fn give_up(
    engine: &Engine,
    claim: RunClaim,
    receipt: &Receipt,
    failure: &Failure,
) -> Result<(), StorageError> {
    let now = engine.clock.now();
    let reason = failure.step();
    let stopped = matches!(failure, Failure::Asking(AskError::NotConnected));
    let state = if stopped { RunState::Stopped } else { RunState::Failed };
    let write = engine.database.write().await?;
    runs::finish(&write, claim, state, receipt, Some(&reason), now).await?;
    let mut notice = reason.clone();
    notice.code = format!("sync-{}", state.name());
    notice = notice.with("reason", &reason.code);
    notices::post(&write, claim.workspace, &notice, now).await?;
    note_calls(&write, claim, receipt, now).await?;
    write.commit().await
}

async fn note_calls(
    write: &Write,
    claim: RunClaim,
    receipt: &Receipt,
    now: Timestamp,
) -> Result<(), StorageError> {
    let day = now.to_jiff().strftime("%Y-%m-%d").to_string();
    let calls = u32::try_from(receipt.calls).unwrap_or(u32::MAX);
    api_usage::count(write, claim.workspace, &day, "synced_fields", calls).await
}

async fn discard(engine: &Engine, claim: RunClaim) -> Result<(), StorageError> {
    loop {
        let write = engine.database.write().await?;
        let more = synced_records::discard(&write, claim.workspace, claim.run).await?;
        write.commit().await?;
        if !more {
            return Ok(());
        }
    }
}
