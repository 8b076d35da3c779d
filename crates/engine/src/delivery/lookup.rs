//! The look-up of a round: everything that decisions need, in one call as a rule.

use crate::delivery::job::DeliveryJob;
use crate::delivery::lookup_queries::{LookupQuery, Purpose, queries, store};
use crate::delivery::lookup_result::LookupResult;
use crate::delivery::read_back;
use crate::org::connected::Org;
use crate::org::description::{hidden, translate};
use domain::delivery::Need;
use domain::value::{Timestamp, WorkspaceId};
use salesforce::{CompositeRequest, Described, Error, Subrequest};
use std::collections::BTreeSet;
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
    let mut queries = queries(jobs.iter().flat_map(|job| &job.needs));
    let attempts = jobs.iter().filter_map(|job| job.delivery.open_attempt.as_ref());
    let own = read_back::queries(&org.connection.user_id, attempts).into_iter();
    queries.extend(
        own.map(|query| LookupQuery { select: query.select.clone(), purpose: Purpose::ReadBack(query) }),
    );
    let described = known_descriptions(database, workspace, jobs).await?;
    let mut found = LookupResult::default();
    let mut groups: Vec<&[LookupQuery]> = queries.chunks(CompositeRequest::MAX_QUERIES).collect();
    if groups.is_empty() && !described.is_empty() {
        groups.push(&[]);
    }
    for (index, group) in groups.into_iter().enumerate() {
        let described = if index == 0 { described.as_slice() } else { &[] };
        ask(org, group, described, &mut found, now).await?;
    }
    Ok(found)
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
    for (index, (object, stored)) in described.iter().enumerate() {
        let described = answer.value.get(&format!("d{index}"))?.describe();
        let since = described.as_ref().ok().and_then(|described| described.since(answer.server_time));
        store_description(found, object, stored.as_ref(), (described, since), now)?;
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
