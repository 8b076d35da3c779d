//! Account Engagement's lists as the API shows them.

use crate::api::value::{Clock, Time};
use domain::engagement::{ListVerdict, ListsInput, RuleInput};
use serde::Serialize;
use storage::engagement::members::{EngagementSnapshot, SnapshotList};
use utoipa::ToSchema;

/// The settings of the lists. A part that is left out of a request gets its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(default)]
#[schema(as = EngagementLists)]
pub struct EngagementListsResponse {
    /// The lists are on.
    enabled: bool,
    /// The business unit; empty if it was never set.
    #[schema(example = "0Uv000000000001AAA")]
    business_unit_id: String,
    /// The rules; the first that matches counts.
    rules: Vec<RuleResponse>,
    /// When the nightly sync starts.
    refresh_at: Clock,
}

/// Who is on the list gets this team's meeting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(default)]
#[schema(as = ListRule)]
pub struct RuleResponse {
    /// The name of the list.
    #[schema(example = "セミナー案内")]
    list: String,
    /// The team's part of addresses.
    #[schema(example = "sales")]
    team: String,
    /// The booking page's part of addresses.
    #[schema(example = "demo")]
    meeting_type: String,
}

/// The settings, the tag and what is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EngagementListsDetails {
    /// The settings.
    #[serde(flatten)]
    pub settings: EngagementListsResponse,
    /// The tag to paste; null before the settings were saved.
    #[schema(example = "<script async src=\"https://tsugite.example/tag.js\" data-key=\"tsp_…\"></script>")]
    pub tag: Option<String>,
    /// The publishable key of the tag.
    #[schema(example = "tsp_…")]
    pub api_key: Option<String>,
    /// The imported lists; null before the first sync.
    pub kept: Option<StoredLists>,
    /// When the next manual sync is possible; null if it is possible now.
    pub sync_allowed_at: Option<Time>,
}

/// The lists that are stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StoredLists {
    /// Their business unit.
    #[schema(example = "0Uv000000000001AAA")]
    business_unit_id: String,
    /// The lists.
    lists: Vec<StoredList>,
    /// When they were last synced.
    refreshed_at: Time,
}

/// A list that is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StoredList {
    /// Its number.
    #[schema(example = 7)]
    id: u64,
    /// Its name when it was synced.
    #[schema(example = "セミナー案内")]
    name: String,
    /// Email addresses on it.
    #[schema(example = 340)]
    members: u64,
}

/// The rule for a visitor; which rule it is stands only in matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RuleMatch {
    /// Whether a rule matches.
    verdict: RuleVerdict,
    /// The index of the rule, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 0)]
    rule: Option<usize>,
    /// The lists are on.
    enabled: bool,
    /// The name of the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "セミナー案内")]
    list: Option<String>,
    /// The team's part of addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "sales")]
    team: Option<String>,
    /// The booking page's part of addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "demo")]
    meeting_type: Option<String>,
}

/// Whether a rule matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleVerdict {
    /// A rule matches.
    Matches,
    /// None of the lists holds the visitor.
    NotListed,
    /// A list that could match was never synced.
    Unknown,
}

impl RuleMatch {
    /// Shows which of the rules matches.
    pub fn of(verdict: ListVerdict, enabled: bool, settings: &ListsInput) -> Self {
        let (verdict, index) = match verdict {
            ListVerdict::Matches { rule } => (RuleVerdict::Matches, Some(rule)),
            ListVerdict::NotListed => (RuleVerdict::NotListed, None),
            ListVerdict::Unknown => (RuleVerdict::Unknown, None),
        };
        let rule = index.and_then(|index| settings.rules.get(index));
        Self {
            verdict,
            rule: index,
            enabled,
            list: rule.map(|rule| rule.list.clone()),
            team: rule.map(|rule| rule.team.clone()),
            meeting_type: rule.map(|rule| rule.meeting_type.clone()),
        }
    }
}

impl From<ListsInput> for EngagementListsResponse {
    fn from(lists: ListsInput) -> Self {
        Self {
            enabled: lists.enabled,
            business_unit_id: lists.business_unit_id,
            rules: lists.rules.into_iter().map(RuleResponse::from).collect(),
            refresh_at: lists.refresh_at.into(),
        }
    }
}

impl From<RuleInput> for RuleResponse {
    fn from(rule: RuleInput) -> Self {
        let RuleInput { list, team, meeting_type } = rule;
        Self { list, team, meeting_type }
    }
}

impl Default for EngagementListsResponse {
    fn default() -> Self {
        ListsInput::default().into()
    }
}

impl From<EngagementSnapshot> for StoredLists {
    fn from(snapshot: EngagementSnapshot) -> Self {
        Self {
            business_unit_id: snapshot.body.business_unit_id,
            lists: snapshot.body.lists.into_iter().map(StoredList::from).collect(),
            refreshed_at: snapshot.refreshed_at.into(),
        }
    }
}

impl From<SnapshotList> for StoredList {
    fn from(list: SnapshotList) -> Self {
        let SnapshotList { id, name, members } = list;
        Self { id, name, members }
    }
}
