//! Changes of a chart as people make them in the editor. A draft may be unfinished, so that every step can be kept.

use crate::router::{Chart, Exit, MAX_NODES, Node};

/// What leads to a node: the beginning of the chart, or an exit of another node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EdgeFrom {
    /// The beginning.
    Start,
    /// An exit.
    Exit {
        /// Of this node.
        node: String,
        /// Which one.
        exit: Exit,
    },
}

/// Why a chart can't be changed so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChartEditError {
    /// It has no such node, or no longer.
    #[error("the chart has no node `{0}`")]
    NoSuchNode(String),
    /// The node has no such exit, or no longer.
    #[error("node `{node}` has no exit `{exit}`")]
    NoSuchExit {
        /// The node.
        node: String,
        /// The exit.
        exit: String,
    },
    /// A node can't follow itself.
    #[error("node `{0}` can't follow itself")]
    FollowsItself(String),
    /// It has as many nodes as a chart may have.
    #[error("a chart has at most {MAX_NODES} nodes")]
    TooManyNodes,
}

impl EdgeFrom {
    /// Reads a node's ID and the word of an exit; no node means the beginning. `None` for a word that names no exit.
    pub fn parse(node: &str, exit: &str) -> Option<Self> {
        if node.is_empty() {
            return Some(Self::Start);
        }
        Exit::from_name(exit).map(|exit| Self::Exit { node: node.to_owned(), exit })
    }

    /// The node's ID and the word of the exit, both empty for the beginning.
    pub fn names(&self) -> (&str, String) {
        match self {
            Self::Start => ("", String::new()),
            Self::Exit { node, exit } => (node, exit.name()),
        }
    }
}

impl Chart {
    /// Where an edge leads; empty if nowhere.
    pub fn target(&self, from: &EdgeFrom) -> Result<&str, ChartEditError> {
        let EdgeFrom::Exit { node: id, exit } = from else { return Ok(&self.start) };
        let node = self.nodes.get(id).ok_or_else(|| ChartEditError::NoSuchNode(id.clone()))?;
        let found = node.exits().into_iter().find(|(one, _)| one == exit).map(|(_, to)| to);
        found.ok_or_else(|| ChartEditError::NoSuchExit { node: id.clone(), exit: exit.name() })
    }

    /// Lets an edge lead to another node; an empty one leads nowhere.
    pub fn point(&mut self, from: &EdgeFrom, to: &str) -> Result<(), ChartEditError> {
        if !to.is_empty() && !self.nodes.contains_key(to) {
            return Err(ChartEditError::NoSuchNode(to.to_owned()));
        }
        let EdgeFrom::Exit { node: id, exit } = from else {
            to.clone_into(&mut self.start);
            return Ok(());
        };
        let node = self.nodes.get_mut(id).ok_or_else(|| ChartEditError::NoSuchNode(id.clone()))?;
        let missing = || ChartEditError::NoSuchExit { node: id.clone(), exit: exit.name() };
        to.clone_into(node.exit_mut(*exit).ok_or_else(missing)?);
        Ok(())
    }

    /// Puts a new node onto an edge and gives its ID. Its own exits say what follows it.
    pub fn insert(&mut self, from: &EdgeFrom, node: Node) -> Result<String, ChartEditError> {
        self.target(from)?;
        if self.nodes.len() >= MAX_NODES {
            return Err(ChartEditError::TooManyNodes);
        }
        let id = self.free_id(node.kind());
        self.nodes.insert(id.clone(), node);
        self.point(from, &id)?;
        Ok(id)
    }

    /// Puts another node in a node's place.
    pub fn replace(&mut self, id: &str, node: Node) -> Result<(), ChartEditError> {
        let place = self.nodes.get_mut(id).ok_or_else(|| ChartEditError::NoSuchNode(id.to_owned()))?;
        *place = node;
        Ok(())
    }

    /// Takes a node out. Whatever led to it leads to where this exit of it led; nowhere without one.
    pub fn remove(&mut self, id: &str, heir: Option<Exit>) -> Result<(), ChartEditError> {
        self.detach(id, heir)?;
        self.nodes.remove(id);
        Ok(())
    }

    /// Takes a node out and puts it onto an edge. Its usual exit leads to what followed there, its others stay.
    pub fn relocate(&mut self, id: &str, from: &EdgeFrom) -> Result<(), ChartEditError> {
        if matches!(from, EdgeFrom::Exit { node, .. } if node == id) {
            return Err(ChartEditError::FollowsItself(id.to_owned()));
        }
        self.target(from)?;
        let missing = || ChartEditError::NoSuchNode(id.to_owned());
        let usual = self.nodes.get(id).ok_or_else(missing)?.usual_exit();
        let before = self.detach(id, usual)?;
        let followed = self.target(from)?.to_owned();
        self.point(from, id)?;
        let node = self.nodes.get_mut(id).ok_or_else(missing)?;
        let same: Vec<Exit> =
            node.exits().into_iter().filter(|(_, to)| *to == before).map(|(exit, _)| exit).collect();
        for exit in usual.into_iter().chain(same) {
            if let Some(to) = node.exit_mut(exit) {
                to.clone_from(&followed);
            }
        }
        Ok(())
    }

    /// Leads whatever led to a node past it, and tells where to.
    fn detach(&mut self, id: &str, heir: Option<Exit>) -> Result<String, ChartEditError> {
        if !self.nodes.contains_key(id) {
            return Err(ChartEditError::NoSuchNode(id.to_owned()));
        }
        let heir = match heir {
            None => String::new(),
            Some(exit) => self.target(&EdgeFrom::Exit { node: id.to_owned(), exit })?.to_owned(),
        };
        let heir = if heir == id { String::new() } else { heir };
        if self.start == id {
            self.start.clone_from(&heir);
        }
        for other in self.nodes.values_mut() {
            let leading: Vec<Exit> =
                other.exits().into_iter().filter(|(_, to)| *to == id).map(|(exit, _)| exit).collect();
            for exit in leading {
                if let Some(to) = other.exit_mut(exit) {
                    to.clone_from(&heir);
                }
            }
        }
        Ok(heir)
    }

    /// An ID that no node has: the kind's word with the first free number.
    fn free_id(&self, kind: &str) -> String {
        let mut numbered = (1..).map(|number| format!("{kind}-{number}"));
        numbered.find(|id| !self.nodes.contains_key(id)).unwrap_or_default()
    }
}
