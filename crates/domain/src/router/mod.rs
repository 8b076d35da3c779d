//! The router (フローチャートルーター): who meets whom, decided by a published chart (G1–G7).

mod chart;
mod check_chart;
mod compare_charts;
mod decide;
mod edit;
mod fact;
mod fact_value;
mod facts;
mod fairness;
mod layout;
mod layout_graph;
mod layout_tree;
mod needs;
mod operator;
mod router;

pub use chart::{Chart, Exit, FindKey, ListKey, MessageText, Next, Node, Outcome, Test};
pub use check_chart::{
    ChartContext, ChartList, MAX_NODES, MAX_TESTS, MAX_WAYS, NodeFault, OWNER, check_chart,
};
pub use compare_charts::{ChartDifference, NodeChange, NodePart, compare_charts};
pub use decide::{Decision, Visited, decide};
pub use edit::{ChartEditError, EdgeFrom};
pub use fact::{Fact, UnknownFact};
pub use fact_value::{FactValue, LookupFailure};
pub use facts::{Assignment, Facts, Known, RecordFacts, find_name, list_name};
pub use fairness::{CREDIT, Candidate, Chosen, choose, entries};
pub use layout::{ChartLayout, EXITS_HEIGHT, EdgeEnd, EdgeLine, NodeBox, Point, lay_out};
pub use layout_graph::EXIT_WIDTH;
pub use needs::{RouteNeed, route_needs};
pub use operator::{Compared, Operand, RouteOperator, operand_texts};
pub use router::{
    InsteadOf, NotPossible, Router, RouterLink, RouterVersion, RoutingDecision, RoutingResult, check_router,
};
