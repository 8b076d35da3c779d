//! The faults of a chart, each on the node where it is.

use crate::value::FieldProblem;

/// A fault and the node where it is; no node for those of the whole chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeFault {
    /// The node's ID; empty for the chart.
    pub node: String,
    /// The fault; its field is a part of the node, such as `all[0].value`.
    pub fault: FieldProblem,
}

/// Faults that are being collected.
pub(super) struct Faults {
    pub(super) list: Vec<NodeFault>,
}

impl Faults {
    /// Adds one that names nothing.
    pub(super) fn add(&mut self, node: &str, field: impl Into<String>, code: &str) {
        self.push(node, FieldProblem::new(field, code));
    }

    /// Adds one.
    pub(super) fn push(&mut self, node: &str, fault: FieldProblem) {
        self.list.push(NodeFault { node: node.to_owned(), fault });
    }
}
