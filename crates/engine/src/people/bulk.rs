//! Reading very many records as a query job, when that costs fewer calls than pages do. It goes on where it was after a kill.

use crate::org::client::OrgCallError;
use crate::org::retry::RetryState;
use crate::people::context::PeopleRun;
use crate::people::failure::PeopleFailure;
use crate::people::keep::{keep, save_cursors};
use domain::people::{PeopleCursors, PersonObject, ReadJob, RemoteRecord};
use domain::value::Timestamp;
use salesforce::bulk_query::{BulkPosition, BulkQueryError, BulkRows, QueryOperation, poll_pause};
use salesforce::cells::{Cell, Columns};
use salesforce::{Error, Record, SalesforceId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};
use storage::run::runs;

/// Rows that are kept together.
const BATCH: usize = 2_000;
/// How often a job is asked for whether it is done: a matter of hours, at the longest pause.
const POLLS: u32 = 1_000;

/// Where reading a job is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum JobPosition {
    /// The org works on it.
    Made(SalesforceId),
    /// Its rows are being read.
    Rows(BulkPosition),
}

/// Has the org make a job of a query. `safe` is where the next read begins when all of it was read.
pub(crate) async fn begin(
    run: &mut PeopleRun<'_>,
    soql: &str,
    (read_at, safe): (Timestamp, Timestamp),
) -> Result<ReadJob, PeopleFailure> {
    let operation = QueryOperation::QueryAll;
    let made = run.org.call(|client| async move { client.create_query_job(soql, operation).await }).await?;
    let position = write_position(&JobPosition::Made(made.value.id))?;
    Ok(ReadJob { position, read_at, safe })
}

/// Reads an object's job to its end. One that can't be read any more is forgotten, so that the next run begins anew.
pub(crate) async fn read(
    run: &mut PeopleRun<'_>,
    object: PersonObject,
    cursors: &mut PeopleCursors,
) -> Result<(), PeopleFailure> {
    let failure = match read_job(run, object, cursors).await {
        Ok(()) => return Ok(()),
        Err(failure) => failure,
    };
    let is_passing = match &failure {
        PeopleFailure::Storage(_) | PeopleFailure::Call(OrgCallError::Storage(_)) => true,
        PeopleFailure::Call(OrgCallError::Org(error)) => error.is_transient(),
        PeopleFailure::Call(_) => true,
        _ => false,
    };
    if !is_passing {
        cursors.jobs.remove(object.name());
        save_cursors(run, cursors).await?;
    }
    Err(failure)
}

async fn read_job(
    run: &mut PeopleRun<'_>,
    object: PersonObject,
    cursors: &mut PeopleCursors,
) -> Result<(), PeopleFailure> {
    let Some(job) = cursors.jobs.get(object.name()).cloned() else { return Ok(()) };
    let columns = match run.reader(object) {
        Some(reader) => reader.columns(),
        None => return Err(PeopleFailure::NothingVisible),
    };
    let mut rows = match read_position(&job.position)? {
        JobPosition::Rows(position) => run.org.client().resume_query_job_rows(position, columns.clone()),
        JobPosition::Made(id) => wait(run, id, &columns).await?,
    };
    loop {
        let (read, is_last) = next(run, object, &mut rows, &columns, job.read_at).await?;
        *run.receipt.received.entry(object.name().to_owned()).or_default() += read.len() as u64;
        let name = object.name().to_owned();
        if is_last {
            cursors.jobs.remove(&name);
            cursors.read_from.insert(name, job.safe);
        } else {
            let position = write_position(&JobPosition::Rows(rows.position().clone()))?;
            cursors.jobs.insert(name, ReadJob { position, ..job.clone() });
        }
        keep(run, read, Some(&*cursors)).await?;
        if is_last {
            let id = rows.position().job;
            // Its result would be kept for a week; that it could not be deleted changes nothing.
            let _ = run.org.call(|client| async move { client.delete_query_job(&id).await }).await;
            return Ok(());
        }
    }
}

/// Waits until the org has made the result.
async fn wait(
    run: &mut PeopleRun<'_>,
    id: SalesforceId,
    columns: &Columns,
) -> Result<BulkRows, PeopleFailure> {
    for poll in 0..POLLS {
        tokio::time::sleep(poll_pause(poll).min(run.org.longest_pause())).await;
        let seen = run.org.call(|client| async move { client.query_job(&id).await }).await?.value;
        if seen.is_complete()? {
            return Ok(run.org.client().query_job_rows(&seen, columns.clone())?);
        }
        let write = run.engine.database.write().await?;
        runs::renew(&write, run.claim, run.engine.lease()).await?;
        write.commit().await?;
    }
    let reason = "the query job took too long".to_owned();
    Err(Error::Unreadable { status: 200, reason }.into())
}

/// The next rows, and whether they are the last.
async fn next(
    run: &mut PeopleRun<'_>,
    object: PersonObject,
    rows: &mut BulkRows,
    columns: &Columns,
    read_at: Timestamp,
) -> Result<(Vec<RemoteRecord>, bool), PeopleFailure> {
    let mut trouble = RetryState::default();
    let mut read = Vec::with_capacity(BATCH);
    while read.len() < BATCH {
        match rows.advance().await {
            Ok(true) => {}
            Ok(false) => return Ok((read, true)),
            Err(BulkQueryError::Call(error)) => {
                run.org.recover_or_fail(error, &mut trouble).await?;
                rows.use_client(run.org.client());
                continue;
            }
            Err(error) => return Err(error.into()),
        }
        let record = record(columns, rows.cells());
        let Some(reader) = run.reader(object) else { return Err(PeopleFailure::NothingVisible) };
        match record.ok().and_then(|record| reader.read(&record, read_at)) {
            Some(record) => read.push(record),
            None => run.receipt.failed += 1,
        }
    }
    Ok((read, false))
}

/// A row of the result as a query would have brought it.
fn record<'a, E>(columns: &Columns, cells: impl Iterator<Item = Result<Cell<'a>, E>>) -> Result<Record, E> {
    let mut row = Map::new();
    for (column, cell) in columns.iter().zip(cells) {
        put(&mut row, column.path(), value(cell?));
    }
    Ok(serde_json::from_value(Value::Object(row)).unwrap_or_default())
}

fn put(row: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => drop(row.insert(path.to_owned(), value)),
        Some((parent, rest)) => {
            let parent = row.entry(parent.to_owned()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(parent) = parent {
                put(parent, rest, value);
            }
        }
    }
}

fn value(cell: Cell<'_>) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Text(text) => Value::from(text),
        Cell::Boolean(flag) => Value::Bool(flag),
        Cell::Integer(number) => Value::from(number),
        Cell::Decimal(number) => Number::from_f64(number).map_or(Value::Null, Value::Number),
        Cell::Date(day) => Value::from(day.to_string()),
        Cell::DateTime(moment) => Value::from(moment.to_string()),
        Cell::Time(time) => Value::from(time.to_string()),
        Cell::Id(id) => Value::from(id.as_str()),
    }
}

fn write_position(position: &JobPosition) -> Result<String, PeopleFailure> {
    serde_json::to_string(position).map_err(|error| unreadable(&error))
}

fn read_position(text: &str) -> Result<JobPosition, PeopleFailure> {
    serde_json::from_str(text).map_err(|error| unreadable(&error))
}

fn unreadable(error: &serde_json::Error) -> PeopleFailure {
    Error::Unreadable { status: 200, reason: error.to_string() }.into()
}
