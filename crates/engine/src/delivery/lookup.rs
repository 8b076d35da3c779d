//! The look-up of a round: everything that decisions need, in one call as a rule.

use crate::delivery::job::DeliveryJob;
use crate::delivery::lookup_queries::{LookupQuery, Purpose, queries, store};
use crate::delivery::lookup_result::LookupResult;
use crate::delivery::read_back::{ReadBackQuery, RecognisedBy};
use crate::delivery::{own_records, read_back};
use crate::org::connected::Org;
use crate::org::description::{hidden, translate};
use domain::delivery::Need;
use domain::value::{Timestamp, WorkspaceId};
use salesforce::{CompositeRequest, Described, Error, Subrequest};
use std::collections::BTreeSet;
use storage::delivery::deliveries;
use storage::org::descriptions;
use storage::org::descriptions::Described as Stored;
use storage::{Database, StorageError};

/// Why a look-up has no result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LookupError {
    #[error(transparent)]
    Org(#[from] Error),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl LookupError {
    /// Whether a new token can help.
    pub(crate) fn is_session_ended(&self) -> bool {
        matches!(self, Self::Org(Error::SessionExpired))
    }
}

/// Looks up everything that the jobs need and what their lost attempts made.
pub(crate) async fn look_up(
    database: &Database,
    workspace: WorkspaceId,
    org: &Org,
    jobs: &[DeliveryJob],
    now: Timestamp,
) -> Result<LookupResult, LookupError> {
    let described = known_descriptions(database, workspace, jobs).await?;
    let known: own_records::Described = described
        .iter()
        .filter_map(|(object, stored)| Some((object.clone(), stored.as_ref()?.description.clone())))
        .collect();
    let needs = || jobs.iter().flat_map(|job| &job.needs);
    let mut queries = queries(needs(), own_records::key_of(&known, "Lead"));
    let attempts = jobs.iter().filter_map(|job| job.delivery.open_attempt.as_ref());
    let user = &org.connection.user_id;
    let own = own_records::queries(user, forgotten(jobs), &known);
    queries.extend(read_back::queries(user, attempts).into_iter().chain(own).map(read_back_query));
    let mut found = LookupResult::default();
    let mut groups: Vec<&[LookupQuery]> = queries.chunks(CompositeRequest::MAX_QUERIES).collect();
    if groups.is_empty() && !described.is_empty() {
        groups.push(&[]);
    }
    for (index, group) in groups.into_iter().enumerate() {
        let described = if index == 0 { described.as_slice() } else { &[] };
        ask_and_keep(database, workspace, org, (group, described), &mut found, now).await?;
    }
    // Of objects that were described just now it is known only now how records of ours are found among theirs.
    let new = described.iter().filter(|(_, stored)| stored.is_none());
    let new = new.map(|(object, _)| (object.clone(), found.description(object))).collect();
    let own: Vec<LookupQuery> =
        own_records::queries(user, forgotten(jobs), &new).into_iter().map(read_back_query).collect();
    for group in own.chunks(CompositeRequest::MAX_QUERIES) {
        ask_and_keep(database, workspace, org, (group, &[]), &mut found, now).await?;
    }
    // What carries no mark could be another delivery's.
    let unmarked = found.own().iter().filter(|own| matches!(own.by, RecognisedBy::Values(_)));
    let unmarked: Vec<String> = unmarked.map(|own| own.id.clone()).collect();
    let claimed = deliveries::with_records(&database.read(), workspace, &unmarked).await?;
    found.forget_own(&claimed);
    Ok(found)
}

/// What was begun is read back; of what was not begun, an attempt may be forgotten.
fn forgotten(jobs: &[DeliveryJob]) -> impl Iterator<Item = &Need> {
    jobs.iter().filter(|job| job.delivery.open_attempt.is_none()).flat_map(|job| &job.needs)
}

fn read_back_query(query: ReadBackQuery) -> LookupQuery {
    LookupQuery { select: query.select.clone(), purpose: Purpose::ReadBack(query) }
}

/// Asks, and keeps new describes though the rest has failed: a field that was there before may be hidden or gone, and the
/// next look-up must not ask for it again.
async fn ask_and_keep(
    database: &Database,
    workspace: WorkspaceId,
    org: &Org,
    (group, described): (&[LookupQuery], &[(String, Option<Stored>)]),
    found: &mut LookupResult,
    now: Timestamp,
) -> Result<(), LookupError> {
    let Err(error) = ask(org, group, described, found, now).await else { return Ok(()) };
    if error.has_code("INVALID_FIELD") && !found.fresh_descriptions().is_empty() {
        let write = database.write().await?;
        descriptions::save_all(&write, workspace, found.fresh_descriptions()).await?;
        write.commit().await?;
    }
    Err(error.into())
}

/// One composite, and the further pages of its queries.
async fn ask(
    org: &Org,
    group: &[LookupQuery],
    described: &[(String, Option<Stored>)],
    found: &mut LookupResult,
    now: Timestamp,
) -> Result<(), Error> {
    let mut request = CompositeRequest::new();
    for (index, LookupQuery { select, .. }) in group.iter().enumerate() {
        request.push(&format!("q{index}"), Subrequest::query(&select.build()?))?;
    }
    for (index, (object, stored)) in described.iter().enumerate() {
        let since = stored.as_ref().map(|stored| stored.last_modified.as_str());
        request.push(&format!("d{index}"), Subrequest::describe(object, since))?;
    }
    let answer = org.client.composite(&request).await?;
    found.note(&answer);
    for (index, (object, stored)) in described.iter().enumerate() {
        let described = answer.value.get(&format!("d{index}"))?.describe();
        let since = described.as_ref().ok().and_then(|described| described.since(answer.server_time));
        store_description(found, object, stored.as_ref(), (described, since), now)?;
    }
    for (index, LookupQuery { purpose, .. }) in group.iter().enumerate() {
        let page = answer.value.get(&format!("q{index}"))?.query_page()?;
        let first = answer.clone().map(|_| page);
        if !first.value.done {
            found.calls += 1;
        }
        let all = org.client.query_rest(first).await?;
        for record in &all.value.records {
            store(found, purpose, record)?;
        }
    }
    Ok(())
}

async fn known_descriptions(
    database: &Database,
    workspace: WorkspaceId,
    jobs: &[DeliveryJob],
) -> Result<Vec<(String, Option<Stored>)>, StorageError> {
    let needed = jobs.iter().flat_map(|job| &job.needs).filter_map(|need| match need {
        Need::Describe { object } => Some(object.as_str()),
        _ => None,
    });
    let objects: BTreeSet<&str> = needed.collect();
    let read = database.read();
    let mut known = Vec::new();
    for object in objects {
        known.push((object.to_owned(), descriptions::find(&read, workspace, object).await?));
    }
    Ok(known)
}

fn store_description(
    found: &mut LookupResult,
    object: &str,
    stored: Option<&Stored>,
    (described, since): (Result<Described, Error>, Option<String>),
    now: Timestamp,
) -> Result<(), Error> {
    let description = match described {
        Ok(Described::NotModified) => stored.map(|stored| stored.description.clone()),
        Ok(Described::Fresh { describe, .. }) => {
            let description = translate(&describe);
            let stored = since.map(|last_modified| Stored {
                description: description.clone(),
                last_modified,
                fetched_at: now,
            });
            found.add_description(object, description, stored);
            None
        }
        // The object is hidden from the connected user: that is known, not unknown.
        Err(error) if error.has_code("NOT_FOUND") => Some(hidden(object)),
        Err(error) => return Err(error),
    };
    if let Some(description) = description {
        found.add_description(object, description, None);
    }
    Ok(())
}
