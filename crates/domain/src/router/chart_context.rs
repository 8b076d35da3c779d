//! What a chart may name, and what people call it.

use crate::org::OrgField;
use crate::router::{ListKey, ListKind, MessageText};
use crate::synced_fields::SyncedObject;
use std::collections::{BTreeMap, BTreeSet};

/// The path under which a record's owner is kept.
pub const OWNER: &str = "Owner.Email";

/// What a chart may name.
#[derive(Clone, Debug, Default)]
pub struct ChartContext {
    /// The active booking pages, as `team/page`.
    pub pages: BTreeSet<String>,
    /// The active members' addresses, in lower case.
    pub members: BTreeSet<String>,
    /// The lists by name, with their rows.
    pub lists: BTreeMap<String, ChartList>,
    /// The fields of each object whose description is known.
    pub fields: BTreeMap<SyncedObject, Vec<OrgField>>,
    /// The objects of which there is a local copy, with the fields that it has.
    pub copies: BTreeMap<SyncedObject, BTreeSet<String>>,
    /// The objects that the chart finds in the org itself; their fields need no copy. Filled in by [`crate::router::check_chart`].
    pub live: BTreeSet<SyncedObject>,
    /// The keys of questions that forms and pages ask, with their options.
    pub questions: BTreeMap<String, Vec<String>>,
    /// What people call them.
    pub names: ChartNames,
}

/// What people call that which charts name; without a name it is called as it is written there.
#[derive(Clone, Debug, Default)]
pub struct ChartNames {
    /// The pages' titles.
    pub pages: BTreeMap<String, MessageText>,
    /// The members' names.
    pub members: BTreeMap<String, String>,
    /// The lists' names.
    pub lists: BTreeMap<String, String>,
    /// The wording of the questions.
    pub questions: BTreeMap<String, MessageText>,
}

/// A list as a chart sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChartList {
    /// Rows in it.
    pub rows: u32,
    /// What its rows are.
    pub kind: ListKind,
    /// By what it is asked; `None` if it asks by itself.
    pub by: Option<ListKey>,
}
