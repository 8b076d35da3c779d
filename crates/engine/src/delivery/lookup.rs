//! The look-up of a round: everything that decisions need, in one call as a rule.

use crate::delivery::job::DeliveryJob;
use crate::delivery::lookup_queries::{LookupQuery, Purpose, queries, store};
use crate::delivery::read_back;
use crate::delivery::read_back::OwnRecord;
use crate::org::connected::Org;
use crate::org::description::{hidden, translate};
use domain::delivery::{Candidate, Need, OrgUser};
use domain::org::ObjectDescription;
use domain::value::{Timestamp, WorkspaceId};
use salesforce::{ApiUsage, CompositeRequest, Described, Error, Response, Subrequest};
use std::collections::{BTreeSet, HashMap};
use storage::org::descriptions;
use storage::org::descriptions::Described as Stored;
use storage::{Database, StorageError};

/// What was found. Whatever could not be found out is an error instead: nothing is decided on "don't know".
#[derive(Debug, Default)]
pub struct LookupResult {
    candidates: HashMap<String, Vec<Candidate>>,
    users: Vec<OrgUser>,
    records: HashMap<(String, String, String), Vec<String>>,
    own: Vec<OwnRecord>,
    descriptions: HashMap<String, ObjectDescription>,
    fresh: Vec<Stored>,
    /// When the org began to answer, by its own clock.
    pub(crate) org_time: Option<Timestamp>,
    pub(crate) api_usage: Option<ApiUsage>,
    pub(crate) calls: u32,
}

/// Why a look-up has no result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LookupError {
    #[error(transparent)]
    Org(#[from] Error),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl LookupResult {
    /// Leads and Contacts with an e-mail.
    pub fn candidates(&self, email_key: &str) -> &[Candidate] {
        self.candidates.get(email_key).map_or(&[], Vec::as_slice)
    }

    /// The active Users that were needed.
    pub fn users(&self) -> &[OrgUser] {
        &self.users
    }

    /// IDs of the records of an object whose field has a value.
    pub fn records(&self, object: &str, field: &str, value: &str) -> &[String] {
        let key = (object.to_owned(), field.to_owned(), value.to_lowercase());
        self.records.get(&key).map_or(&[], Vec::as_slice)
    }

    /// An object as the connected user sees it; one that was not needed counts as hidden.
    pub fn description(&self, object: &str) -> ObjectDescription {
        self.descriptions.get(object).cloned().unwrap_or_else(|| hidden(object))
    }

    /// Records that lost attempts made.
    pub(crate) fn own(&self) -> &[OwnRecord] {
        &self.own
    }

    /// Describes that are newer than the stored ones.
    pub(crate) fn fresh_descriptions(&self) -> &[Stored] {
        &self.fresh
    }

    pub(crate) fn add_candidate(&mut self, email_key: String, candidate: Candidate) {
        self.candidates.entry(email_key).or_default().push(candidate);
    }

    pub(crate) fn add_user(&mut self, user: OrgUser) {
        self.users.push(user);
    }

    /// The org compares texts without case, so values are kept in lower case.
    pub(crate) fn add_record(&mut self, object: &str, field: &str, value: &str, id: String) {
        let key = (object.to_owned(), field.to_owned(), value.to_lowercase());
        self.records.entry(key).or_default().push(id);
    }

    pub(crate) fn add_own(&mut self, record: Option<OwnRecord>) {
        self.own.extend(record);
    }

    fn note<T>(&mut self, answer: &Response<T>) {
        self.calls += 1;
        self.api_usage = answer.api_usage.or(self.api_usage);
        // The earliest answer's time: nothing that this round writes can be older.
        let time = answer.server_time.map(Timestamp::from_jiff);
        self.org_time = self.org_time.or(time);
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
            if let Some(last_modified) = since {
                let description = description.clone();
                found.fresh.push(Stored { description, last_modified, fetched_at: now });
            }
            Some(description)
        }
        // The object is hidden from the connected user: that is known, not unknown.
        Err(error) if error.has_code("NOT_FOUND") => Some(hidden(object)),
        Err(error) => return Err(error),
    };
    if let Some(description) = description {
        found.descriptions.insert(object.to_owned(), description);
    }
    Ok(())
}
