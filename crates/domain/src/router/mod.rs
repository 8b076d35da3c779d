//! The router (フローチャートルーター): who meets whom, decided by a published chart (G1–G7).

mod chart;
mod check_chart;
mod decide;
mod fact;
mod facts;
mod fairness;
mod needs;
mod operator;

pub use chart::{Chart, Exit, FindKey, ListKey, MessageText, Next, Node, Outcome, RecordObject, Test};
pub use check_chart::{ChartContext, ChartList, NodeFault, check_chart};
pub use decide::{Decision, Visited, decide};
pub use fact::{Fact, UnknownFact};
pub use facts::{Assignment, FactValue, Facts, Known, LookupFailure, RecordFacts, find_name, list_name};
pub use fairness::{CREDIT, Candidate, Chosen, choose, entries};
pub use needs::{RouteNeed, route_needs};
pub use operator::{Compared, Operand, RouteOperator, operand_texts};
