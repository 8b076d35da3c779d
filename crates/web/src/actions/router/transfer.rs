//! A router's draft as JSON, in the shape in which the API takes it, and back.

use crate::actions::router::json_place::Place;
use crate::actions::router::unreadable_node::unreadable_node;
use domain::router::{Chart, Node, Router};
use domain::value::FieldProblem;
use serde_json::error::Category;
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

/// Reads a chart from such a file; every part that can't be read is named with its place.
pub(crate) fn import(text: &str) -> Result<Chart, Vec<FieldProblem>> {
    let body: Map<String, Value> =
        serde_json::from_str(text).map_err(|error| vec![not_json(text, &error)])?;
    let mut chart = Chart::default();
    let mut problems = Vec::new();
    for (name, value) in body {
        match (name.as_str(), value) {
            ("start", Value::String(start)) => chart.start = start,
            ("nodes", Value::Object(nodes)) => chart.nodes = read_nodes(text, nodes, &mut problems),
            (name, _) if NOT_READ.contains(&name) => {}
            (name, _) => problems.push(FieldProblem::new("json", "not-a-chart").with("reason", name)),
        }
    }
    if problems.is_empty() && chart.nodes.is_empty() {
        // An empty chart is a file of something else rather than a wish to begin anew.
        problems.push(FieldProblem::new("json", "import-without-nodes"));
    }
    if problems.is_empty() { Ok(chart) } else { Err(problems) }
}

fn not_json(text: &str, error: &serde_json::Error) -> FieldProblem {
    let code = match error.classify() {
        Category::Eof => "json-cut-short",
        Category::Data => "json-not-an-object",
        Category::Io | Category::Syntax => "json-syntax",
    };
    let place = Place::of_error(text, error);
    let problem = FieldProblem::new("json", code).with("line", place.line).with("column", place.column);
    problem.with("detail", error)
}

fn read_nodes(
    text: &str,
    nodes: Map<String, Value>,
    problems: &mut Vec<FieldProblem>,
) -> BTreeMap<String, Node> {
    let mut read = BTreeMap::new();
    for (id, node) in nodes {
        match serde_json::from_value::<Node>(node) {
            Ok(node) => drop(read.insert(id, node)),
            Err(error) => {
                let line = Place::of_name(text, "nodes", &id).map_or(1, |place| place.line);
                problems.push(unreadable_node(&id, &error).with("line", line));
            }
        }
    }
    read
}
