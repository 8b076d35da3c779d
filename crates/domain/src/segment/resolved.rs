//! A condition in which every name is resolved and every day is a date: what a query and the pure evaluation both follow.

use crate::people::{LinkState, PersonFieldKind};
use crate::value::{FormId, PageId, Timestamp};
use std::collections::BTreeMap;

/// Groups of terms, of which any has to hold as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedCondition {
    /// The groups; never none.
    pub groups: Vec<Vec<ResolvedTerm>>,
}

/// A term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedTerm {
    /// What is asked.
    pub test: Test,
    /// The answer has to be no.
    pub is_not: bool,
}

/// A question about a person that is answered by yes or no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// Of a field's value.
    Value {
        /// The field.
        field: String,
        /// What it holds.
        kind: PersonFieldKind,
        /// The question.
        test: ValueTest,
    },
    /// Whether one of the forms was sent, or any if `None`.
    Submission {
        /// The forms.
        forms: Option<Vec<FormId>>,
        /// From then on.
        since: Option<Timestamp>,
    },
    /// Whether one of the pages was booked and not cancelled, or any if `None`.
    Booking {
        /// The pages.
        pages: Option<Vec<PageId>>,
        /// From then on.
        since: Option<Timestamp>,
    },
    /// Whether the website was visited.
    Visit {
        /// From then on.
        since: Option<Timestamp>,
    },
    /// Whether the address is in a list.
    Listed {
        /// The list's slug.
        list: String,
    },
    /// Whether the sync stands so.
    Sync(LinkState),
    /// Whether one of these holds.
    Any(Vec<Test>),
    /// Whether another segment has the person.
    Condition(ResolvedCondition),
}

/// A question about a value, by its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueTest {
    /// It is blank.
    Blank,
    /// It is one of these.
    OneOf(Vec<String>),
    /// It holds this text.
    Contains(String),
    /// It begins with this text.
    StartsWith(String),
    /// One of these options is chosen.
    Includes(Vec<String>),
    /// It is a number or day between these.
    Range {
        /// The lower end.
        from: Option<Bound>,
        /// The upper end.
        to: Option<Bound>,
    },
}

/// An end of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The key.
    pub key: String,
    /// The end itself belongs to the range.
    pub is_included: bool,
}

impl ResolvedCondition {
    /// The fields whose values are looked at.
    pub fn fields(&self) -> BTreeMap<String, PersonFieldKind> {
        let mut fields = BTreeMap::new();
        for term in self.groups.iter().flatten() {
            term.test.add_fields(&mut fields);
        }
        fields
    }
}

impl Test {
    fn add_fields(&self, fields: &mut BTreeMap<String, PersonFieldKind>) {
        match self {
            Self::Value { field, kind, .. } => {
                fields.insert(field.clone(), *kind);
            }
            Self::Any(tests) => tests.iter().for_each(|test| test.add_fields(fields)),
            Self::Condition(condition) => fields.extend(condition.fields()),
            Self::Submission { .. }
            | Self::Booking { .. }
            | Self::Visit { .. }
            | Self::Listed { .. }
            | Self::Sync(_) => {}
        }
    }
}
