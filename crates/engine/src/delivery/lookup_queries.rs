//! The queries of a look-up, made of what the deliveries need, and what their records say.

use crate::delivery::lookup_result::LookupResult;
use crate::delivery::read_back::{OwnRecord, ReadBackQuery, RecognisedBy, recognise};
use domain::delivery::{Candidate, EXTERNAL_ID_FIELD, FoundRecord, Need, OrgUser, Owner, PersonObject};
use domain::value::Timestamp;
use salesforce::soql::{Condition, Select};
use salesforce::{Error, Record};
use std::collections::{BTreeMap, BTreeSet};

/// Longest list of values in one query: far below any limit on a statement or a URL.
const MAX_LIST: usize = 10_000;

/// One query of a look-up, and what its records mean.
#[derive(Clone, Debug)]
pub(crate) struct LookupQuery {
    pub(crate) purpose: Purpose,
    pub(crate) select: Select,
}

/// What the records of a query are.
#[derive(Clone, Debug)]
pub(crate) enum Purpose {
    People {
        object: PersonObject,
        /// The external ID field by which records of ours are recognised among them.
        key: Option<String>,
    },
    Users,
    Records {
        object: String,
        field: String,
    },
    ReadBack(ReadBackQuery),
}

/// The queries that answer all the needs: those of one kind together. `lead_key` is Lead's external ID field, if it has
/// one: the query for people finds by it what an earlier attempt of ours made.
pub(crate) fn queries<'a>(needs: impl Iterator<Item = &'a Need>, lead_key: Option<&str>) -> Vec<LookupQuery> {
    let mut people = BTreeSet::new();
    let mut own_leads = BTreeSet::new();
    let mut users = BTreeSet::new();
    let mut records: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
    for need in needs {
        match need {
            Need::People { email } => drop(people.insert(email.key())),
            Need::Users { email } => drop(users.insert(email.key())),
            Need::Records { object, field, value } => {
                records.entry((object, field)).or_default().insert(value.clone());
            }
            Need::OwnRecords { object, delivery, .. } if object == "Lead" => {
                own_leads.insert(delivery.to_string());
            }
            Need::OwnRecords { .. } | Need::Describe { .. } => {}
        }
    }
    let mut queries = Vec::new();
    let person = ["Id", "Email", "LastModifiedDate", "OwnerId", "Owner.IsActive"];
    let mut own_lists = lists(if lead_key.is_some() { own_leads } else { BTreeSet::new() });
    for list in lists(people) {
        let with_email = one_of("Email", &list);
        let mut leads = Select::from("Lead").fields(person).field("IsConverted");
        leads = match (lead_key, own_lists.pop()) {
            (Some(key), Some(ids)) => {
                leads.field(key).filter(Condition::Any(vec![with_email.clone(), one_of(key, &ids)]))
            }
            _ => leads.filter(with_email.clone()),
        };
        let contacts = Select::from("Contact").fields(person).filter(with_email);
        let key = lead_key.map(str::to_owned);
        let leads_are = Purpose::People { object: PersonObject::Lead, key };
        queries.push(LookupQuery { purpose: leads_are, select: leads });
        let contacts_are = Purpose::People { object: PersonObject::Contact, key: None };
        queries.push(LookupQuery { purpose: contacts_are, select: contacts });
    }
    for list in lists(users) {
        let active = Condition::equals("IsActive", true);
        let condition = Condition::All(vec![active, one_of("Email", &list)]);
        let select = Select::from("User").fields(["Id", "Email"]).filter(condition);
        queries.push(LookupQuery { purpose: Purpose::Users, select });
    }
    for ((object, field), values) in records {
        for list in lists(values) {
            let purpose = Purpose::Records { object: object.to_owned(), field: field.to_owned() };
            let mut select = Select::from(object).fields(["Id", field, "LastModifiedDate"]);
            if object == "Lead" {
                select = select.field("IsConverted");
            }
            let select = select.filter(one_of(field, &list));
            queries.push(LookupQuery { purpose, select });
        }
    }
    queries
}

fn one_of(field: &str, values: &[String]) -> Condition {
    Condition::is_in(field, values.iter().map(String::as_str))
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

/// Adds a record of a query to what was found.
pub(crate) fn store(found: &mut LookupResult, purpose: &Purpose, record: &Record) -> Result<(), Error> {
    match purpose {
        Purpose::People { object, key } => {
            if let Some(value) = key.as_deref().and_then(|key| record.text(key)) {
                let by =
                    RecognisedBy::ExternalId { field: EXTERNAL_ID_FIELD.to_owned(), value: value.to_owned() };
                found.add_own(Some(OwnRecord { object: object.name().to_owned(), id: id(record)?, by }));
            }
            match record.text("Email") {
                Some(email) => found.add_candidate(email.to_lowercase(), candidate(*object, record)?),
                // A Lead that was found by its ID may have lost its e-mail.
                None if key.is_some() => {}
                None => return Err(unreadable("Email")),
            }
        }
        Purpose::Users => {
            let email_key = text(record, "Email")?.to_lowercase();
            found.add_user(OrgUser { id: id(record)?, email_key });
        }
        Purpose::Records { object, field } => {
            let modified = text(record, "LastModifiedDate")?;
            let same = FoundRecord {
                id: id(record)?,
                last_modified: salesforce_time(modified).ok_or_else(|| unreadable("LastModifiedDate"))?,
                is_converted: record.boolean("IsConverted").unwrap_or(false),
            };
            found.add_record(object, field, text(record, field)?, same);
        }
        Purpose::ReadBack(query) => found.add_own(recognise(query, record)),
    }
    Ok(())
}

fn candidate(object: PersonObject, record: &Record) -> Result<Candidate, Error> {
    let modified = text(record, "LastModifiedDate")?;
    Ok(Candidate {
        object,
        id: id(record)?,
        last_modified: salesforce_time(modified).ok_or_else(|| unreadable("LastModifiedDate"))?,
        owner: owner(record),
        is_converted: record.boolean("IsConverted").unwrap_or(false),
        is_deleted: false,
    })
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

#[cfg(test)]
#[path = "lookup_queries_tests.rs"]
mod tests;
