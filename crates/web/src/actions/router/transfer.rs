//! A router's draft as JSON, in the shape in which the API takes it, and back.

use domain::router::{Chart, Node, Router};
use domain::value::FieldProblem;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What a router says beyond what its draft is made from; an import passes over it.
const NOT_READ: [&str; 6] = ["id", "slug", "name", "published", "updated_at", "archived_at"];

/// The draft as a file.
pub(crate) fn export(router: &Router) -> Result<String, serde_json::Error> {
    let body = json!({
        "slug": router.slug,
        "name": router.name,
        "start": router.draft.start,
        "nodes": serde_json::to_value(&router.draft.nodes)?,
    });
    serde_json::to_string_pretty(&body)
}

/// Reads a chart from such a file; every node that can't be read is named.
pub(crate) fn import(text: &str) -> Result<Chart, Vec<FieldProblem>> {
    let wrong = |reason: String| vec![FieldProblem::new("json", "not-a-chart").with("reason", reason)];
    let body: Map<String, Value> = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
    let mut chart = Chart::default();
    let mut problems = Vec::new();
    for (name, value) in body {
        match (name.as_str(), value) {
            ("start", Value::String(start)) => chart.start = start,
            ("nodes", Value::Object(nodes)) => chart.nodes = read_nodes(nodes, &mut problems),
            (name, _) if NOT_READ.contains(&name) => {}
            (name, _) => problems.extend(wrong(name.to_owned())),
        }
    }
    if problems.is_empty() { Ok(chart) } else { Err(problems) }
}

fn read_nodes(nodes: Map<String, Value>, problems: &mut Vec<FieldProblem>) -> BTreeMap<String, Node> {
    let mut read = BTreeMap::new();
    for (id, node) in nodes {
        match serde_json::from_value::<Node>(node) {
            Ok(node) => drop(read.insert(id, node)),
            Err(error) => {
                let fault = FieldProblem::new(format!("nodes.{id}"), "not-a-node");
                problems.push(fault.with("reason", error));
            }
        }
    }
    read
}
