//! A list as it is kept, and what its rows are.

use crate::form::check_text;
use crate::router::ListKey;
use crate::value::{FieldProblem, Timestamp, is_slug};
use serde::{Deserialize, Serialize};

/// Rows of a list.
pub const MAX_LIST_ROWS: u32 = 500_000;
/// Rows of a routing list, as all of them are read for each visitor.
pub const MAX_TABLE_ROWS: u32 = 2_000;

/// What the rows of a list are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    /// Values only (分岐用リスト).
    Values,
    /// A value and who meets it (個別割当リスト).
    Assignments,
    /// Conditions in an order and who meets whom they fit (ルーティングリスト).
    Table,
    /// A domain of a group company and the group's main domain (グループ会社).
    Aliases,
}

impl ListKind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Values, Self::Assignments, Self::Table, Self::Aliases];

    /// The word in the database, in the API and for the catalogues (`list-kind-{name}`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Values => "values",
            Self::Assignments => "assignments",
            Self::Table => "table",
            Self::Aliases => "aliases",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether somebody has to say by what the list is asked.
    pub const fn needs_key(self) -> bool {
        matches!(self, Self::Values | Self::Assignments)
    }

    /// Whether its rows say who meets the visitor.
    pub const fn assigns(self) -> bool {
        matches!(self, Self::Assignments | Self::Table)
    }

    /// Whether its rows are found by what a visitor is searched by.
    pub const fn is_searched(self) -> bool {
        !matches!(self, Self::Table)
    }

    /// How many rows it has at most.
    pub const fn max_rows(self) -> u32 {
        match self {
            Self::Table => MAX_TABLE_ROWS,
            _ => MAX_LIST_ROWS,
        }
    }
}

/// A list without its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupList {
    /// Its name in charts and addresses.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// What its rows are.
    pub kind: ListKind,
    /// By what it is asked; `None` for routing lists, which ask by themselves, and group companies.
    pub by: Option<ListKey>,
    /// How many rows it has.
    pub rows: u32,
    /// Grows each time it is replaced.
    pub version: u32,
    /// When it was last replaced.
    pub updated_at: Timestamp,
}

impl LookupList {
    /// Whether a node may ask it by this.
    pub fn fits(&self, by: ListKey) -> bool {
        self.kind != ListKind::Aliases && self.by.is_none_or(|own| own == by)
    }
}

/// What is wrong with a list's address, name and key.
pub fn check_list(slug: &str, name: &str, kind: ListKind, by: Option<ListKey>) -> Vec<FieldProblem> {
    let mut problems: Vec<FieldProblem> = check_text("name", name, 1, 200).into_iter().collect();
    if !is_slug(slug) {
        problems.push(FieldProblem::new("slug", "bad-slug"));
    }
    // Under it the console has the page for a new one.
    if slug == "new" {
        problems.push(FieldProblem::new("slug", "reserved").with("value", slug));
    }
    if kind.needs_key() && by.is_none() {
        problems.push(FieldProblem::new("by", "required"));
    }
    problems
}
