//! The router (フローチャートルーター): who meets whom, decided by a published chart (G1–G7).

mod chart;
mod chart_context;
mod chart_faults;
mod check_chart;
mod check_find;
mod check_node_ids;
mod check_test;
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
mod ledger;
mod list;
mod needs;
mod operator;
mod preference;
mod record_search;
mod router;

pub use chart::{Chart, Exit, FindKey, ListKey, MessageText, Next, Node, Outcome, Test};
pub use chart_context::{ChartContext, ChartList, ChartNames, OWNER};
pub use chart_faults::NodeFault;
pub use check_chart::{MAX_NODES, MAX_WAYS, check_chart};
pub use check_find::MAX_PREFERENCES;
pub use check_node_ids::check_node_ids;
pub use check_test::MAX_TESTS;
pub use compare_charts::{ChartDifference, NodeChange, NodePart, compare_charts};
pub use decide::{Decision, Visited, decide};
pub use edit::{ChartEditError, EdgeFrom};
pub use fact::{EMAIL_KEY, Fact, UnknownFact};
pub use fact_value::{FactValue, LookupFailure};
pub use facts::{Assignment, Facts, Known, RecordFacts, find_name, list_name};
pub use fairness::{CREDIT, Candidate, Chosen, choose, entries, simulate, standings};
pub use layout::{ChartLayout, EXITS_HEIGHT, EdgeEnd, EdgeLine, NodeBox, Point, lay_out};
pub use layout_graph::EXIT_WIDTH;
pub use ledger::{Balance, LedgerEntry, LedgerReason, candidates, credit_entries, restored, reversed};
pub use list::{
    CORPORATE_NUMBER, Column, EntryBody, ListColumns, ListEntry, ListKind, ListReader, ListTargets,
    LookupList, MAX_LIST_ROWS, MAX_TABLE_ROWS, TableRow, assign, check_list, fact_of, facts_of, operator_of,
    visitor_keys, wanted_keys,
};
pub use needs::{RouteNeed, depends_on_untold, route_needs, with_facts};
pub use operator::{Compared, Operand, RouteOperator, operand_texts};
pub use preference::{Preference, PreferredOrder, RecordSearch, TieBreak};
pub use record_search::{MatchedRecord, RecordSelection, SelectedRecord, record_name};
pub use router::{
    InsteadOf, NotPossible, Router, RouterLink, RouterVersion, RoutingDecision, RoutingResult, check_router,
};
