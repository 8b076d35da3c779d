//! Which of several matching records is taken: the tie-breaks of a chart, and what came of them (G2).

use serde::{Deserialize, Serialize};

/// One tie-break of a node that finds a record. Records without a value come last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preference {
    /// The field that is compared; empty where the order compares none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field: String,
    /// Which record comes first.
    pub order: PreferredOrder,
}

/// Which of two records comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PreferredOrder {
    /// The latest day or moment.
    Newest,
    /// The earliest day or moment.
    Oldest,
    /// The largest number.
    Highest,
    /// The smallest number.
    Lowest,
    /// A record whose owner is an active member here.
    OwnerIsMember,
}

impl PreferredOrder {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Newest, Self::Oldest, Self::Highest, Self::Lowest, Self::OwnerIsMember];

    /// The word in the API and for the catalogues (`route-order-{name}`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Highest => "highest",
            Self::Lowest => "lowest",
            Self::OwnerIsMember => "owner_is_member",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.name() == name)
    }

    /// Whether it compares a field of the chart's choice.
    pub const fn has_field(self) -> bool {
        !matches!(self, Self::OwnerIsMember)
    }

    /// Whether it compares days and moments.
    pub const fn compares_time(self) -> bool {
        matches!(self, Self::Newest | Self::Oldest)
    }

    /// Whether the least value comes first.
    pub const fn takes_least(self) -> bool {
        matches!(self, Self::Oldest | Self::Lowest)
    }
}

/// What decided between the last records that were left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieBreak {
    /// A tie-break of the chart.
    Preferred(Preference),
    /// The record that was changed last.
    LastChanged,
    /// The lowest record ID, as they were changed in the same instant.
    RecordId,
}

/// How a record was chosen among those that match; it is kept with the decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordSearch {
    /// Records that the address or the domain matches.
    pub matched: u32,
    /// Those of them that the filters left out.
    pub left_out: u32,
    /// What decided; `None` if one record at most was left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<TieBreak>,
    /// There are more records than were read, and those could not have changed the result.
    #[serde(skip_serializing_if = "is_false")]
    pub has_more: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}
