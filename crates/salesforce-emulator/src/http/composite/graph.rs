//! `/composite/graph`: several composite requests, each of them atomic.

use std::collections::{HashMap, HashSet};

use serde_json::{Value as Json, json};

use crate::http::answer::Answer;
use crate::http::call::{Call, segments};
use crate::http::composite::request::{Part, part};
use crate::http::composite::run;
use crate::http::dispatch::Dispatch;
use crate::http::error::{bad_body, error};
use crate::org::store::Org;
use crate::state::EmulatorState;

/// Graphs in one request.
const MAX_GRAPHS: usize = 75;
/// Calls in all graphs together.
const MAX_NODES: usize = 500;
/// Calls that need each other's answers, one after the other.
const MAX_DEPTH: usize = 15;
/// Different kinds of calls, by method and object.
const MAX_KINDS: usize = 15;
/// Failed graphs after which the rest is not tried.
const MAX_FAILED: usize = 14;
/// Characters of a graph's id.
const MAX_ID: usize = 40;

struct Graph {
    id: String,
    parts: Vec<Part>,
}

/// Executes every graph.
pub(in crate::http) fn post(state: &EmulatorState, org: &mut Org, call: &Call, answer: Dispatch) -> Answer {
    let graphs = match read(call) {
        Ok(graphs) => graphs,
        Err(answer) => return *answer,
    };
    let mut failed = 0;
    let shown = graphs.iter().map(|graph| {
        let (responses, successful) = if failed > MAX_FAILED {
            let halted = "The request was halted because too many graphs failed.";
            let halted = |part| run::show(error(400, "PROCESSING_HALTED", halted), part);
            (graph.parts.iter().map(halted).collect(), false)
        } else {
            run::whole(state, org, call, &graph.parts, true, answer)
        };
        failed += usize::from(!successful);
        let response = json!({"compositeResponse": Json::Array(responses)});
        json!({"graphId": graph.id, "graphResponse": response, "isSuccessful": successful})
    });
    let shown: Vec<Json> = shown.collect();
    Answer::json(200, json!({"graphs": shown}))
}

fn read(call: &Call) -> Result<Vec<Graph>, Box<Answer>> {
    let refuse = |message: &str| Err(Box::new(error(400, "INVALID_GRAPH", message)));
    let body = call.object()?;
    let Some(entries) = body.get("graphs").and_then(Json::as_array) else {
        return Err(Box::new(bad_body(
            "request may be missing a required field: graphs at [line:1, column:1]",
        )));
    };
    if call.version < 50 {
        return Err(Box::new(error(404, "NOT_FOUND", "The requested resource does not exist")));
    }
    let graphs = entries.iter().map(graph).collect::<Result<Vec<_>, _>>()?;
    let mut seen = HashSet::new();
    if graphs.is_empty() || graphs.len() > MAX_GRAPHS {
        return refuse(&format!("The request must have from 1 to {MAX_GRAPHS} graphs"));
    }
    if graphs.iter().map(|graph| graph.parts.len()).sum::<usize>() > MAX_NODES {
        return refuse(&format!("The request exceeds the limit of {MAX_NODES} nodes"));
    }
    for graph in &graphs {
        let plain = graph.id.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter));
        let starts = graph.id.starts_with(|letter: char| letter.is_ascii_alphanumeric());
        if !plain || !starts || graph.id.len() >= MAX_ID || !seen.insert(graph.id.as_str()) {
            return refuse(&format!("Provided graphId ('{}') is not valid or not unique", graph.id));
        }
        if let Some(message) = problem(graph) {
            return refuse(&message);
        }
    }
    Ok(graphs)
}

fn graph(entry: &Json) -> Result<Graph, Box<Answer>> {
    let missing = |key: &str| {
        Box::new(bad_body(&format!("request may be missing a required field: {key} at [line:1, column:1]")))
    };
    let id = entry.get("graphId").and_then(Json::as_str).ok_or_else(|| missing("graphId"))?;
    let parts =
        entry.get("compositeRequest").and_then(Json::as_array).ok_or_else(|| missing("compositeRequest"))?;
    Ok(Graph { id: id.to_owned(), parts: parts.iter().map(part).collect::<Result<_, _>>()? })
}

/// What is wrong with a graph, if anything is.
fn problem(graph: &Graph) -> Option<String> {
    let mut kinds = HashSet::new();
    let mut depths: HashMap<&str, usize> = HashMap::new();
    for part in &graph.parts {
        let path = segments(part.url.split('?').next().unwrap_or_default());
        let object = match path.as_slice() {
            [_, _, _, sobjects, object, ..] if sobjects == "sobjects" && path.len() <= 7 => object,
            _ => return Some(format!("The url {} is not supported in a graph", part.url)),
        };
        kinds.insert((part.method.as_str(), object.to_ascii_lowercase()));
        let body = part.body.as_ref().map(Json::to_string).unwrap_or_default();
        let needs = |name: &str| [&part.url, &body].iter().any(|text| text.contains(&format!("@{{{name}.")));
        let above = depths.iter().filter(|(name, _)| needs(name)).map(|(_, depth)| *depth).max().unwrap_or(0);
        if above + 1 > MAX_DEPTH {
            return Some(format!("The graph exceeds the limit of {MAX_DEPTH} levels"));
        }
        if depths.insert(&part.reference, above + 1).is_some() {
            return Some(format!("Provided referenceId ('{}') must be unique", part.reference));
        }
    }
    (kinds.len() > MAX_KINDS).then(|| format!("The graph exceeds the limit of {MAX_KINDS} different nodes"))
}
