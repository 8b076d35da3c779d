//! Routers and decisions as the API shows them.

use crate::actions::router::backtest::{Backtest, ChangedDecision};
use crate::api::value::{Id, Time};
use crate::text::catalogue;
use domain::router::{Router, RouterVersion, RoutingDecision, RoutingResult, Visited};
use domain::value::Language;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// All routers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RouterList {
    /// Routers, by name.
    pub routers: Vec<RouterResponse>,
}

/// A router with the draft that is edited.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Router)]
pub struct RouterResponse {
    /// Its ID.
    id: Id,
    /// Its part of the address.
    #[schema(example = "inbound")]
    slug: String,
    /// What it is called.
    #[schema(example = "お問い合わせの振り分け")]
    name: String,
    /// The ID of the node that is asked first.
    #[schema(example = "free")]
    start: String,
    /// The nodes by ID.
    #[schema(value_type = BTreeMap<String, Value>, example = json!({ "end": { "kind": "outcome", "outcome": { "kind": "nothing" } } }))]
    nodes: Value,
    /// The version that decides; null as long as none was published.
    #[schema(example = 3)]
    published: Option<u32>,
    /// When it was last changed.
    updated_at: Time,
    /// Since when it is archived, so that it decides nothing; null while it is in use.
    archived_at: Option<Time>,
}

impl From<Router> for RouterResponse {
    fn from(router: Router) -> Self {
        Self {
            id: router.id.into(),
            slug: router.slug,
            name: router.name,
            start: router.draft.start,
            nodes: serde_json::to_value(&router.draft.nodes).unwrap_or_else(|_| Value::Object(Map::new())),
            published: Some(router.published).filter(|version| *version > 0),
            updated_at: router.updated_at.into(),
            archived_at: router.archived_at.map(Time::from),
        }
    }
}

/// The faults of a draft.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChartCheck {
    /// What keeps the chart from being published; nothing if it can be.
    pub faults: Vec<ChartFault>,
}

/// A fault and the node where it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChartFault {
    /// The node's ID; empty for the chart as a whole.
    #[schema(example = "free")]
    pub node: String,
    /// The part of the node.
    #[schema(example = "next.match")]
    pub field: String,
    /// A code for programs.
    #[schema(example = "dead-end")]
    pub code: String,
    /// What is wrong, in the caller's language.
    #[schema(example = "This exit leads nowhere.")]
    pub message: String,
}

/// Published versions of a router.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VersionList {
    /// The latest first.
    pub versions: Vec<VersionResponse>,
}

/// A published version.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RouterVersion)]
pub struct VersionResponse {
    /// Its number.
    #[schema(example = 3)]
    version: u32,
    /// When it was published.
    published_at: Time,
    /// By whom.
    #[schema(example = "hanako@example.co.jp")]
    published_by: String,
}

impl From<RouterVersion> for VersionResponse {
    fn from(version: RouterVersion) -> Self {
        Self {
            version: version.version,
            published_at: version.published_at.into(),
            published_by: version.published_by,
        }
    }
}

/// What was published.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Published {
    /// The new version.
    #[schema(example = 3)]
    pub version: u32,
}

/// A node on the way.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VisitedNode {
    /// The node's ID.
    #[schema(example = "free")]
    node: String,
    /// The exit: `match`, `otherwise`, `error`, `way-1` or `end`.
    #[schema(example = "otherwise")]
    exit: String,
    /// What the node saw, in the caller's language.
    #[schema(example = json!(["email.free_mail equals true does not hold; it is false."]))]
    why: Vec<String>,
}

/// What a chart decides.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RoutingResult)]
pub struct RoutingResultResponse {
    /// The nodes on the way.
    path: Vec<VisitedNode>,
    /// What the visitor gets: `kind`, and `page` with `hosts`, `text` or `url`.
    #[schema(value_type = BTreeMap<String, Value>, example = json!({ "kind": "page", "page": "sales/demo", "hosts": [] }))]
    outcome: Value,
    /// What the visitor was to get, if that was not possible, with the reason.
    #[schema(value_type = Option<BTreeMap<String, Value>>, example = json!({ "outcome": { "kind": "owner", "page": "sales/demo" }, "reason": "no_owner" }))]
    instead_of: Option<Value>,
}

impl RoutingResultResponse {
    /// In a language.
    pub fn of(result: &RoutingResult, language: Language) -> Self {
        let visited = |at: &Visited| VisitedNode {
            node: at.node.clone(),
            exit: at.exit.clone(),
            why: at.why.iter().map(|step| catalogue::step(language, step)).collect(),
        };
        let mut outcome = serde_json::to_value(&result.outcome).unwrap_or(Value::Null);
        if result.outcome.page().is_some() {
            outcome["hosts"] = json!(result.hosts);
        }
        Self {
            path: result.path.iter().map(visited).collect(),
            outcome,
            instead_of: result.instead_of.as_ref().and_then(|instead| serde_json::to_value(instead).ok()),
        }
    }
}

/// A real decision.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RoutingDecision)]
pub struct DecisionResponse {
    /// Its ID.
    decision: Id,
    /// The router's ID.
    router: Id,
    /// The version that decided.
    #[schema(example = 3)]
    version: u32,
    /// When.
    at: Time,
    /// What was decided.
    #[serde(flatten)]
    result: RoutingResultResponse,
    /// What was known of the visitor.
    #[schema(value_type = BTreeMap<String, Value>, example = json!({ "email": "taro@example.co.jp", "language": "ja", "visitor": "taro@example.co.jp" }))]
    facts: Value,
    /// The booking that came of it.
    booking: Option<Id>,
}

impl DecisionResponse {
    /// In a language.
    pub fn of(decision: &RoutingDecision, language: Language) -> Self {
        Self {
            decision: decision.id.into(),
            router: decision.router.into(),
            version: decision.version,
            at: decision.at.into(),
            result: RoutingResultResponse::of(&decision.result, language),
            facts: serde_json::to_value(&decision.facts).unwrap_or(Value::Null),
            booking: decision.booking.map(Id::from),
        }
    }
}

/// Decisions, the latest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DecisionList {
    /// Decisions.
    pub decisions: Vec<DecisionResponse>,
    /// The cursor of the next page; null on the last one.
    #[schema(example = "01975b7c-0000-7000-8000-000000000000")]
    pub next_cursor: Option<String>,
}

/// What a draft would have decided about the visitors of the last 90 days.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Backtest)]
pub struct BacktestResponse {
    /// Decisions that were run again, the latest 10,000 at most.
    #[schema(example = 340)]
    decisions: usize,
    /// Those that would have gone elsewhere.
    #[schema(example = 12)]
    changed: usize,
    /// Those of them that can't be told for certain, as the draft asks what nobody looked up then.
    #[schema(example = 0)]
    unsure: usize,
    /// The latest changed ones, 200 at most.
    listed: Vec<ChangedDecisionResponse>,
}

/// A decision that would have gone elsewhere.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ChangedDecision)]
pub struct ChangedDecisionResponse {
    /// Its ID.
    decision: Id,
    /// When.
    at: Time,
    /// The visitor.
    #[schema(example = "taro@example.co.jp")]
    email: String,
    /// What was decided.
    #[schema(value_type = BTreeMap<String, Value>, example = json!({ "kind": "page", "page": "sales/demo" }))]
    was: Value,
    /// What the draft decides.
    #[schema(value_type = BTreeMap<String, Value>, example = json!({ "kind": "nothing" }))]
    would_be: Value,
    /// The draft asks what nobody looked up then.
    unsure: bool,
}

impl From<Backtest> for BacktestResponse {
    fn from(backtest: Backtest) -> Self {
        let value = |outcome| serde_json::to_value(outcome).unwrap_or(Value::Null);
        let changed = |one: ChangedDecision| ChangedDecisionResponse {
            decision: one.decision.into(),
            at: one.at.into(),
            email: one.email,
            was: value(one.was),
            would_be: value(one.would_be),
            unsure: one.is_unsure,
        };
        Self {
            decisions: backtest.decisions,
            changed: backtest.changed,
            unsure: backtest.unsure,
            listed: backtest.listed.into_iter().map(changed).collect(),
        }
    }
}
