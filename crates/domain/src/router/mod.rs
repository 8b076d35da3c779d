//! The router (フローチャートルーター): who meets whom, decided by a published chart (G1–G7).

mod chart;
mod check_chart;
mod decide;
mod fact;
mod fact_value;
mod facts;
mod fairness;
mod ledger;
mod needs;
mod operator;
mod router;

pub use chart::{Chart, Exit, FindKey, ListKey, MessageText, Next, Node, Outcome, Test};
pub use check_chart::{ChartContext, ChartList, NodeFault, OWNER, check_chart};
pub use decide::{Decision, Visited, decide};
pub use fact::{Fact, UnknownFact};
pub use fact_value::{FactValue, LookupFailure};
pub use facts::{Assignment, Facts, Known, RecordFacts, find_name, list_name};
pub use fairness::{CREDIT, Candidate, Chosen, choose, entries, simulate, standings};
pub use ledger::{Balance, LedgerEntry, LedgerReason, candidates, credit_entries, reversed};
pub use needs::{RouteNeed, route_needs};
pub use operator::{Compared, Operand, RouteOperator, operand_texts};
pub use router::{
    InsteadOf, NotPossible, Router, RouterVersion, RoutingDecision, RoutingResult, check_router,
};
