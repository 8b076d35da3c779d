//! The look-up of a round: everything that decisions need, in one call as a rule.

use crate::delivery::batch::DeliveryJob;
use crate::delivery::read_back;
use crate::delivery::read_back::MarkedRecord;
use crate::org::connected::Org;
use crate::org::description::{hidden, translate};
use domain::delivery::{Candidate, DeliveryKind, OrgUser, Owner, PersonObject};
use domain::org::ObjectDescription;
use domain::value::{Timestamp, WorkspaceId};
use salesforce::soql::{Condition, Select};
use salesforce::{ApiUsage, CompositeRequest, Described, Error, Record, Response, Subrequest};
use std::collections::{BTreeSet, HashMap};
use storage::org::descriptions;
use storage::org::descriptions::Described as Stored;
use storage::{Database, StorageError};

/// What was found. Whatever could not be found out is an error instead: nothing is decided on "don't know".
#[derive(Debug, Default)]
pub(crate) struct LookupResult {
    candidates: HashMap<String, Vec<Candidate>>,
    pub(crate) users: Vec<OrgUser>,
    pub(crate) own: Vec<MarkedRecord>,
    descriptions: HashMap<&'static str, ObjectDescription>,
    fresh: Vec<Stored>,
    pub(crate) org_time: Option<Timestamp>,
    pub(crate) api_usage: Option<ApiUsage>,
    pub(crate) calls: u32,
}

/// Why a look-up has no findings.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LookupError {
    #[error(transparent)]
    Org(#[from] Error),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl LookupResult {
    /// Leads and Contacts with an e-mail.
    pub(crate) fn candidates(&self, email_key: &str) -> &[Candidate] {
        self.candidates.get(email_key).map_or(&[], Vec::as_slice)
    }

    /// An object as the connected user sees it.
    pub(crate) fn description(&self, object: &'static str) -> ObjectDescription {
        self.descriptions.get(object).cloned().unwrap_or_else(|| hidden(object))
    }

    /// Describes that are newer than the stored ones.
    pub(crate) fn fresh_descriptions(&self) -> &[Stored] {
        &self.fresh
    }
}

/// Longest list of addresses in one query: far below any limit on a statement or a URL.
const MAX_LIST: usize = 10_000;
/// The objects whose describe a page's decision needs.
const DESCRIBED: [&str; 2] = ["Lead", "Event"];

/// Looks up everybody and everything that the jobs are about.
pub(crate) async fn look_up(
    database: &Database,
    workspace: WorkspaceId,
    org: &Org,
    jobs: &[DeliveryJob],
    now: Timestamp,
) -> Result<LookupResult, LookupError> {
    let mut queries = people_queries(jobs);
    let own = read_back::queries(&org.connection.user_id, jobs);
    queries.extend(own.into_iter().map(|(object, select)| (Purpose::Own(object), select)));
    let known = known_descriptions(database, workspace, jobs).await?;
    let mut findings = LookupResult::default();
    for (index, group) in queries.chunks(CompositeRequest::MAX_QUERIES).enumerate() {
        let mut request = CompositeRequest::new();
        for (place, (_, select)) in group.iter().enumerate() {
            let soql = select.build().map_err(Error::from)?;
            request.push(&format!("q{place}"), Subrequest::query(&soql)).map_err(Error::from)?;
        }
        if index == 0 {
            for (object, stored) in &known {
                let since = stored.as_ref().map(|stored| stored.last_modified.as_str());
                request.push(object, Subrequest::describe(object, since)).map_err(Error::from)?;
            }
        }
        let answer = org.client.composite(&request).await?;
        findings.calls += 1;
        note(&mut findings, &answer);
        for (place, (purpose, _)) in group.iter().enumerate() {
            let page = answer.value.get(&format!("q{place}"))?.query_page()?;
            let first = answer.clone().map(|_| page);
            if !first.value.done {
                findings.calls += 1;
            }
            let all = org.client.query_rest(first).await?;
            for record in &all.value.records {
                store(&mut findings, *purpose, record)?;
            }
        }
        if index == 0 {
            for (object, stored) in known.iter() {
                let described = answer.value.get(object)?.describe();
                let since = described.as_ref().ok().and_then(|described| described.since(answer.server_time));
                store_description(&mut findings, object, stored.as_ref(), (described, since), now)?;
            }
        }
    }
    Ok(findings)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Leads,
    Contacts,
    Users,
    Own(&'static str),
}

fn people_queries(jobs: &[DeliveryJob]) -> Vec<(Purpose, Select)> {
    let emails: BTreeSet<String> = jobs.iter().map(|job| job.booking.attendee.email.key()).collect();
    let hosts: BTreeSet<String> =
        jobs.iter().flat_map(|job| job.booking.hosts.iter().map(|host| host.email.key())).collect();
    let mut queries = Vec::new();
    let person = ["Id", "Email", "LastModifiedDate", "OwnerId", "Owner.IsActive"];
    for list in lists(emails) {
        let with_email = Condition::is_in("Email", list.iter().map(String::as_str));
        let leads = Select::from("Lead").fields(person).field("IsConverted").filter(with_email.clone());
        queries.push((Purpose::Leads, leads));
        queries.push((Purpose::Contacts, Select::from("Contact").fields(person).filter(with_email)));
    }
    for list in lists(hosts) {
        let active = Condition::equals("IsActive", true);
        let with_email = Condition::is_in("Email", list.iter().map(String::as_str));
        let users =
            Select::from("User").fields(["Id", "Email"]).filter(Condition::All(vec![active, with_email]));
        queries.push((Purpose::Users, users));
    }
    queries
}

fn lists(texts: BTreeSet<String>) -> Vec<Vec<String>> {
    let mut lists: Vec<Vec<String>> = Vec::new();
    let mut length = usize::MAX;
    for text in texts {
        // Quotes, comma and percent-encoding of a few characters.
        let needed = text.len() + 24;
        if length.saturating_add(needed) > MAX_LIST {
            lists.push(Vec::new());
            length = 0;
        }
        length += needed;
        if let Some(list) = lists.last_mut() {
            list.push(text);
        }
    }
    lists
}

async fn known_descriptions(
    database: &Database,
    workspace: WorkspaceId,
    jobs: &[DeliveryJob],
) -> Result<Vec<(&'static str, Option<Stored>)>, StorageError> {
    if !jobs.iter().any(|job| job.delivery.kind == DeliveryKind::Page) {
        return Ok(Vec::new());
    }
    let read = database.read();
    let mut known = Vec::new();
    for object in DESCRIBED {
        known.push((object, descriptions::find(&read, workspace, object).await?));
    }
    Ok(known)
}

fn store(findings: &mut LookupResult, purpose: Purpose, record: &Record) -> Result<(), Error> {
    match purpose {
        Purpose::Leads => store_candidate(findings, PersonObject::Lead, record),
        Purpose::Contacts => store_candidate(findings, PersonObject::Contact, record),
        Purpose::Users => {
            let user = OrgUser { id: id(record)?, email_key: text(record, "Email")?.to_lowercase() };
            findings.users.push(user);
            Ok(())
        }
        Purpose::Own(object) => {
            findings.own.extend(read_back::marked_record(object, record));
            Ok(())
        }
    }
}

fn store_candidate(findings: &mut LookupResult, object: PersonObject, record: &Record) -> Result<(), Error> {
    let modified = text(record, "LastModifiedDate")?;
    let last_modified = salesforce_time(modified).ok_or_else(|| unreadable("LastModifiedDate"))?;
    let candidate = Candidate {
        object,
        id: id(record)?,
        last_modified,
        owner: owner(record),
        is_converted: record.boolean("IsConverted").unwrap_or(false),
        is_deleted: false,
    };
    let email_key = text(record, "Email")?.to_lowercase();
    findings.candidates.entry(email_key).or_default().push(candidate);
    Ok(())
}

/// A queue's id begins with 00G, a user's with 005 (contract 6.1).
fn owner(record: &Record) -> Owner {
    let Some(owner) = record.reference("OwnerId") else { return Owner::None };
    match (owner.prefix(), record.boolean("Owner.IsActive")) {
        ("00G", _) => Owner::Queue(owner.to_string()),
        ("005", Some(false)) => Owner::InactiveUser(owner.to_string()),
        ("005", _) => Owner::User(owner.to_string()),
        _ => Owner::None,
    }
}

fn store_description(
    findings: &mut LookupResult,
    object: &'static str,
    stored: Option<&Stored>,
    (described, since): (Result<Described, Error>, Option<String>),
    now: Timestamp,
) -> Result<(), Error> {
    let description = match described {
        Ok(Described::NotModified) => stored.map(|stored| stored.description.clone()),
        Ok(Described::Fresh { describe, .. }) => {
            let description = translate(&describe);
            if let Some(last_modified) = since {
                findings.fresh.push(Stored {
                    description: description.clone(),
                    last_modified,
                    fetched_at: now,
                });
            }
            Some(description)
        }
        // The object is hidden from the connected user: that is known, not unknown.
        Err(error) if error.has_code("NOT_FOUND") => Some(hidden(object)),
        Err(error) => return Err(error),
    };
    if let Some(description) = description {
        findings.descriptions.insert(object, description);
    }
    Ok(())
}

fn note<T>(findings: &mut LookupResult, answer: &Response<T>) {
    findings.api_usage = answer.api_usage.or(findings.api_usage);
    // The earliest answer's time: nothing that this round writes can be older.
    let time = answer.server_time.map(Timestamp::from_jiff);
    findings.org_time = findings.org_time.or(time);
}

fn id(record: &Record) -> Result<String, Error> {
    record.id().map(|id| id.to_string()).ok_or_else(|| unreadable("Id"))
}

fn text<'a>(record: &'a Record, field: &str) -> Result<&'a str, Error> {
    record.text(field).ok_or_else(|| unreadable(field))
}

fn unreadable(field: &str) -> Error {
    Error::Unreadable { status: 200, reason: format!("a row without {field}") }
}

/// Reads `2026-05-01T07:25:37.000+0000`, as REST writes times (contract 2.5).
pub(crate) fn salesforce_time(text: &str) -> Option<Timestamp> {
    let (local, offset) = text.split_at_checked(text.len().checked_sub(5)?)?;
    match offset.split_at_checked(3) {
        Some((hours, minutes)) if hours.starts_with(['+', '-']) => {
            Timestamp::parse(&format!("{local}{hours}:{minutes}"))
        }
        _ => Timestamp::parse(text),
    }
}
