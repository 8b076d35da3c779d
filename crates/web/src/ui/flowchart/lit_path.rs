//! The way of one visitor through a chart, to be lit up in picture and outline.

use crate::ui::flowchart::words::ChartWords;
use domain::router::Visited;
use std::collections::BTreeMap;

/// The nodes on the way with the exit that was taken and what each of them saw; or how many visitors took each exit.
#[derive(Clone, Debug, Default)]
pub struct LitPath {
    nodes: BTreeMap<String, (String, Vec<String>)>,
    counts: BTreeMap<(String, String), String>,
}

impl LitPath {
    /// A path in words.
    pub fn of(path: &[Visited], words: &ChartWords<'_>) -> Self {
        let told = |at: &Visited| {
            let why = at.why.iter().map(|step| words.step(step)).collect();
            (at.node.clone(), (at.exit.clone(), why))
        };
        Self { nodes: path.iter().map(told).collect(), counts: BTreeMap::new() }
    }

    /// Texts for exits, by the node and the exit's name; no path is lit.
    pub fn counted(counts: BTreeMap<(String, String), String>) -> Self {
        Self { nodes: BTreeMap::new(), counts }
    }

    /// What stands beside an exit; empty for nothing.
    pub fn count(&self, node: &str, exit: &str) -> &str {
        self.counts.get(&(node.to_owned(), exit.to_owned())).map(String::as_str).unwrap_or_default()
    }

    /// There is no path to show.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The path comes by a node.
    pub fn has(&self, node: &str) -> bool {
        self.nodes.contains_key(node)
    }

    /// The path leaves a node by an exit.
    pub fn leaves_by(&self, node: &str, exit: &str) -> bool {
        self.nodes.get(node).is_some_and(|(taken, _)| taken == exit)
    }

    /// What a node saw.
    pub fn saw(&self, node: &str) -> &[String] {
        self.nodes.get(node).map(|(_, why)| why.as_slice()).unwrap_or_default()
    }
}
