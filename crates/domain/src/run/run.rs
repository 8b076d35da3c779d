//! One run of a sync or an import, with its receipt.

use crate::value::{RunId, Step, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// Refreshes the synced fields (D3).
    SyncedFields,
    /// Imports companies (Y4, Y5).
    CompanyImport,
    /// Refreshes who is on the lists of Account Engagement (E3).
    EngagementLists,
    /// Holds what the tag recognised against the org's Leads, and deletes what is kept no longer.
    TagReconciliation,
    /// Keeps people and the org's Leads and Contacts equal (S).
    PeopleSync,
}

impl RunKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::SyncedFields,
        Self::CompanyImport,
        Self::EngagementLists,
        Self::TagReconciliation,
        Self::PeopleSync,
    ];

    /// The word in the API, the database and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SyncedFields => "synced_fields",
            Self::CompanyImport => "company_import",
            Self::EngagementLists => "engagement_lists",
            Self::TagReconciliation => "tag_reconciliation",
            Self::PeopleSync => "people_sync",
        }
    }

    /// How the codes of its messages begin: `{prefix}-finished`, `-failed`, `-stopped`, `-left-out`.
    pub const fn message_prefix(self) -> &'static str {
        match self {
            Self::SyncedFields => "sync",
            Self::CompanyImport => "import",
            Self::EngagementLists => "lists",
            Self::TagReconciliation => "reconciliation",
            Self::PeopleSync => "people",
        }
    }

    /// The kind with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Who wanted a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunTrigger {
    /// A user requested it (手動同期).
    Manual,
    /// Daily schedule.
    Nightly,
    /// Periodic schedule (Y5).
    Periodic,
    /// The org told of a change (S13).
    Event,
}

impl RunTrigger {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Manual, Self::Nightly, Self::Periodic, Self::Event];

    /// The word in the API, the database and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Nightly => "nightly",
            Self::Periodic => "periodic",
            Self::Event => "event",
        }
    }

    /// The origin with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.name() == name)
    }
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// A worker will take it up.
    Waiting,
    /// A worker is at it.
    Running,
    /// What it brought can be read.
    Done,
    /// Nothing of it can be read; the previous data stays (D4).
    Failed,
    /// The connection was taken away meanwhile; the previous data stays.
    Stopped,
}

impl RunState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Running, Self::Done, Self::Failed, Self::Stopped];

    /// The word in the API, the database and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
        }
    }

    /// The state with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether nothing more happens to it.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Stopped)
    }
}

/// What a run has cost and brought so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Receipt {
    /// Calls to the org.
    pub calls: u64,
    /// Bytes of the org's answers.
    pub bytes: u64,
    /// Objects of which everything was fetched, and not only what changed.
    pub everything: Vec<String>,
    /// Rows that the org says there are, by object.
    pub expected: BTreeMap<String, u64>,
    /// Rows received, by object.
    pub received: BTreeMap<String, u64>,
    /// Rows among them that were new or other than before.
    pub changed: u64,
    /// Rows that said what was known.
    pub unchanged: u64,
    /// Rows that could not be read; what was known of them stays.
    pub failed: u64,
    /// Rows that are gone from the org, hidden, or don't fit the conditions any more, by state.
    pub gone: BTreeMap<String, u64>,
    /// Every change before this moment of the org's clock is here.
    pub covered_until: Option<Timestamp>,
    /// Fields that were left out because the org does not show them any more, as `Lead.Phone`.
    #[serde(rename = "left_out")]
    pub skipped_fields: Vec<String>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// What it does.
    pub kind: RunKind,
    /// Who wanted it.
    pub origin: RunTrigger,
    /// How far it is.
    pub state: RunState,
    /// When it was wanted.
    pub requested_at: Timestamp,
    /// When a worker took it up.
    pub started_at: Option<Timestamp>,
    /// When it was over.
    pub finished_at: Option<Timestamp>,
    /// What it cost and brought.
    pub receipt: Receipt,
    /// Why it failed or stopped, as a step for people.
    pub reason: Option<Step>,
}
