//! What differs between two charts, node by node.

use crate::router::{Chart, Next, Node, Outcome};

/// What differs between two charts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChartDifference {
    /// Another node is asked first.
    pub starts_elsewhere: bool,
    /// The nodes that only the later one has.
    pub added: Vec<String>,
    /// The nodes that only the earlier one has.
    pub removed: Vec<String>,
    /// The nodes that both have, but not alike.
    pub changed: Vec<NodeChange>,
}

/// A node that both charts have, but not alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeChange {
    /// Its ID.
    pub node: String,
    /// What is not alike.
    pub parts: Vec<NodePart>,
}

/// A part of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodePart {
    /// Its name.
    Name,
    /// What it does.
    Action,
    /// Where its exits lead.
    Exits,
    /// What the visitor gets where its outcome is not possible.
    Fallback,
}

impl NodePart {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Name, Self::Action, Self::Exits, Self::Fallback];

    /// The word for the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Action => "action",
            Self::Exits => "exits",
            Self::Fallback => "fallback",
        }
    }
}

impl ChartDifference {
    /// The two are alike.
    pub const fn is_empty(&self) -> bool {
        !self.starts_elsewhere && self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// Compares an earlier chart with a later one.
pub fn compare_charts(before: &Chart, after: &Chart) -> ChartDifference {
    let only = |one: &Chart, other: &Chart| {
        one.nodes.keys().filter(|id| !other.nodes.contains_key(*id)).cloned().collect::<Vec<_>>()
    };
    let changed = before.nodes.iter().filter_map(|(id, node)| {
        let parts = differing_parts(node, after.nodes.get(id)?);
        (!parts.is_empty()).then(|| NodeChange { node: id.clone(), parts })
    });
    ChartDifference {
        starts_elsewhere: before.start != after.start,
        added: only(after, before),
        removed: only(before, after),
        changed: changed.collect(),
    }
}

fn differing_parts(before: &Node, after: &Node) -> Vec<NodePart> {
    let mut parts = Vec::new();
    if before.name() != after.name() {
        parts.push(NodePart::Name);
    }
    if bare(before) != bare(after) {
        parts.push(NodePart::Action);
    }
    if before.exits() != after.exits() {
        parts.push(NodePart::Exits);
    }
    if fallback(before) != fallback(after) {
        parts.push(NodePart::Fallback);
    }
    parts
}

/// The node without name, targets and fallback.
fn bare(node: &Node) -> Node {
    let mut bare = node.clone();
    match &mut bare {
        Node::Condition { name, next, .. }
        | Node::List { name, next, .. }
        | Node::Find { name, next, .. } => {
            name.clear();
            *next = Next::default();
        }
        Node::Split { name, next, .. } => {
            name.clear();
            next.iter_mut().for_each(String::clear);
        }
        Node::Outcome { name, fallback, .. } => {
            name.clear();
            *fallback = None;
        }
    }
    bare
}

const fn fallback(node: &Node) -> Option<&Outcome> {
    match node {
        Node::Outcome { fallback, .. } => fallback.as_ref(),
        _ => None,
    }
}
