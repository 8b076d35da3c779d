//! The condition of a segment as it is kept: groups of terms, of which any group has to hold as a whole.

use crate::condition::{Condition, Operator, read_values, write_values};
use serde::{Deserialize, Serialize};

/// Which people a segment has: those for whom any group holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentCondition {
    /// The groups; one is enough.
    #[serde(rename = "any")]
    pub groups: Vec<SegmentGroup>,
}

/// Terms that all have to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentGroup {
    /// The terms.
    #[serde(rename = "all")]
    pub terms: Vec<SegmentTerm>,
}

/// One term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "TermBody", into = "TermBody")]
pub enum SegmentTerm {
    /// A person field compared with values.
    Field(Condition),
    /// Something that the person did, or how it stands.
    Fact(FactTerm),
}

/// Something that a person did, or how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactTerm {
    /// What.
    pub kind: FactKind,
    /// Which: a form's slug, a page as `team/page`, a campaign's ID, a list's slug, a segment's ID, a state of the sync.
    /// Empty for any form or page.
    pub name: String,
    /// In so many days before today, and today; at any time if `None`.
    pub days: Option<u32>,
    /// It holds for those of whom this is not so.
    pub is_not: bool,
}

/// What a fact term is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactKind {
    /// Sent a form.
    Form,
    /// Booked a page.
    Page,
    /// Visited the website.
    Visit,
    /// Sent a form of a campaign, or booked for it.
    Campaign,
    /// Is in a list of addresses.
    List,
    /// Is in another segment.
    Segment,
    /// How the sync with Salesforce stands.
    Sync,
}

impl FactKind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 7] =
        [Self::Form, Self::Page, Self::Visit, Self::Campaign, Self::List, Self::Segment, Self::Sync];

    /// The word in the API and for the catalogues (`segment-fact-{name}`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Page => "page",
            Self::Visit => "visit",
            Self::Campaign => "campaign",
            Self::List => "list",
            Self::Segment => "segment",
            Self::Sync => "sync",
        }
    }

    /// The kind with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it happened at a time.
    pub const fn has_days(self) -> bool {
        matches!(self, Self::Form | Self::Page | Self::Visit | Self::Campaign)
    }

    /// Whether it may leave open which one.
    pub const fn may_be_any(self) -> bool {
        matches!(self, Self::Form | Self::Page | Self::Visit)
    }
}

/// A term as JSON has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TermBody {
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operator: Option<Operator>,
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        serialize_with = "write_values",
        deserialize_with = "read_values"
    )]
    value: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    days: Option<u32>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    not: bool,
}

/// The word for a term on a field.
const FIELD: &str = "field";

impl TryFrom<TermBody> for SegmentTerm {
    type Error = String;

    fn try_from(body: TermBody) -> Result<Self, String> {
        if body.kind == FIELD {
            if !body.name.is_empty() || body.days.is_some() || body.not {
                return Err("a term on a field has field, operator and value".to_owned());
            }
            let field = body.field.ok_or("a term on a field names it in `field`")?;
            let operator = body.operator.ok_or("a term on a field has an `operator`")?;
            return Ok(Self::Field(Condition { field, operator, values: body.value }));
        }
        let kind = FactKind::parse(&body.kind).ok_or_else(|| {
            let names: Vec<&str> = FactKind::ALL.into_iter().map(FactKind::name).collect();
            format!("a term's kind is field, {}", names.join(", "))
        })?;
        if body.field.is_some() || body.operator.is_some() || !body.value.is_empty() {
            return Err("only a term on a field has field, operator and value".to_owned());
        }
        Ok(Self::Fact(FactTerm { kind, name: body.name, days: body.days, is_not: body.not }))
    }
}

impl From<SegmentTerm> for TermBody {
    fn from(term: SegmentTerm) -> Self {
        let empty = Self {
            kind: FIELD.to_owned(),
            field: None,
            operator: None,
            value: Vec::new(),
            name: String::new(),
            days: None,
            not: false,
        };
        match term {
            SegmentTerm::Field(condition) => Self {
                field: Some(condition.field),
                operator: Some(condition.operator),
                value: condition.values,
                ..empty
            },
            SegmentTerm::Fact(fact) => Self {
                kind: fact.kind.name().to_owned(),
                name: fact.name,
                days: fact.days,
                not: fact.is_not,
                ..empty
            },
        }
    }
}
