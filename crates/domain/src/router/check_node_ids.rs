//! IDs of nodes that forms and addresses can carry.

use crate::router::Chart;
use crate::value::{FieldProblem, clean_line};

/// Characters of a node's ID.
const MAX_NODE_ID: usize = 100;

/// What is wrong with the IDs of nodes: by others, no form and no address could name the node.
pub fn check_node_ids(chart: &Chart) -> Vec<FieldProblem> {
    let fault = |id: &String| {
        if id.trim().is_empty() {
            return Some(FieldProblem::new("nodes", "node-id-empty"));
        }
        let is_usable = id.chars().count() <= MAX_NODE_ID && clean_line(id) == *id;
        let problem = || FieldProblem::new("nodes", "node-id-unusable").with("node", shown(id));
        (!is_usable).then(|| problem().with("max", MAX_NODE_ID))
    };
    chart.nodes.keys().filter_map(fault).collect()
}

/// An ID so that what nobody sees in it is seen.
fn shown(id: &str) -> String {
    id.escape_debug().take(MAX_NODE_ID).collect()
}
