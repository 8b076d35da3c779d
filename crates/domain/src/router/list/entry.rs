//! A row of a list as it is kept, and the keys by which rows are found.

use crate::form::{Answer, Answers};
use crate::router::list::{ListKind, TableRow};
use crate::router::{Assignment, Facts, ListKey};
use crate::value::{EmailAddress, corporate_number, domain_keys, host_name};
use serde::{Deserialize, Serialize};

/// The key of the question that asks for the 法人番号.
pub const CORPORATE_NUMBER: &str = "corporate_number";

/// A row of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListEntry {
    /// What it is found by; unique in its list.
    pub key: String,
    /// Its line in the file, from 1.
    pub line: u32,
    /// What it says.
    pub body: EntryBody,
}

/// What a row says besides its key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EntryBody {
    /// Nothing: the key is listed.
    Listed,
    /// Who meets the visitor.
    Assigned {
        /// Members' addresses, the host first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        members: Vec<String>,
        /// The page, as `team/page`; empty if none.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        page: String,
    },
    /// One condition of a routing list.
    Condition(TableRow),
    /// The group's main domain.
    Alias {
        /// The domain.
        main: String,
    },
}

impl ListEntry {
    /// Who is to meet a visitor with this key.
    pub fn assignment(&self) -> Assignment {
        match &self.body {
            EntryBody::Assigned { members, page } => {
                Assignment { line: self.line, members: members.clone(), page: page.clone(), assigns: true }
            }
            EntryBody::Listed | EntryBody::Condition(_) | EntryBody::Alias { .. } => {
                Assignment { line: self.line, ..Assignment::default() }
            }
        }
    }
}

/// The key of a listed value; the code of its fault if it is none.
pub(crate) fn list_key(by: ListKey, value: &str) -> Result<String, &'static str> {
    match by {
        ListKey::Email => EmailAddress::parse(value).map(EmailAddress::into_key).map_err(|_| "not-an-email"),
        ListKey::Domain => host_name(value).ok_or("not-a-domain-name"),
        ListKey::CorporateNumber => corporate_number(value).ok_or("not-a-corporate-number"),
    }
}

/// The keys under which a list may have a visitor, the closest first; none if nobody can be on it.
///
/// A listed domain means that host, or every host of the domain that a company has registered.
pub fn visitor_keys(by: ListKey, facts: &Facts) -> Vec<String> {
    match by {
        ListKey::Email => facts.email.iter().map(EmailAddress::key).collect(),
        ListKey::Domain => facts.email.as_ref().map(domain_keys).unwrap_or_default(),
        ListKey::CorporateNumber => number_of(&facts.answers).into_iter().collect(),
    }
}

fn number_of(answers: &Answers) -> Option<String> {
    match answers.get(CORPORATE_NUMBER)? {
        Answer::One(text) => corporate_number(text),
        Answer::Many(_) => None,
    }
}

/// The keys under which a list has what somebody looks for in it; none for what can't be on it.
pub fn wanted_keys(kind: ListKind, by: Option<ListKey>, wanted: &str) -> Vec<String> {
    let address = EmailAddress::parse(wanted);
    match (kind, by) {
        (ListKind::Table, _) => Vec::new(),
        (ListKind::Aliases, _) | (_, Some(ListKey::Domain)) => match address {
            Ok(address) => domain_keys(&address),
            Err(_) => host_name(wanted).into_iter().collect(),
        },
        (_, Some(by)) => list_key(by, wanted).into_iter().collect(),
        (_, None) => Vec::new(),
    }
}
