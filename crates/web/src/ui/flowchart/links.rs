//! Where the parts of a chart lead.

use domain::router::EdgeFrom;

/// Where the parts of a chart lead; nowhere but to each other on pages that only show it.
#[derive(Clone, Debug, Default)]
pub struct ChartLinks {
    /// The router's address; empty if nodes open nothing.
    base: String,
    may_edit: bool,
}

impl ChartLinks {
    /// Nodes open their forms; who may edit can insert nodes, too.
    pub fn editing(base: &str, may_edit: bool) -> Self {
        Self { base: base.to_owned(), may_edit }
    }

    /// The chart is only shown.
    pub fn none() -> Self {
        Self::default()
    }

    /// The page of a node; its place in the outline where nodes open nothing.
    pub fn node(&self, id: &str) -> String {
        if self.base.is_empty() { step_link(id) } else { format!("{}/nodes/{}", self.base, encode(id)) }
    }

    /// The page that inserts a node on an edge; empty if this person may not.
    pub fn insert(&self, from: &EdgeFrom) -> String {
        if !self.may_edit {
            return String::new();
        }
        let (node, exit) = from.names();
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("from", node).append_pair("exit", &exit);
        format!("{}/insert?{}", self.base, query.finish())
    }
}

/// A text as a part of an address.
pub fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// The ID of a node's place in the outline.
pub fn step_anchor(id: &str) -> String {
    format!("step-{}", id.replace(char::is_whitespace, "_"))
}

/// The link to a node's place in the outline.
pub fn step_link(id: &str) -> String {
    format!("#{}", encode(&step_anchor(id)))
}
