//! The form of one node, as it is shown for a new node and for one of the chart.

use crate::auth::session::SignedIn;
use crate::console::router::loaded::{address, frame};
use crate::console::router::node_inputs::{NodeInputs, Offered};
use crate::console::router::node_rows::NodeRows;
use crate::http::form::Form as Typed;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::flowchart::links::encode;
use crate::ui::flowchart::words::ChartWords;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use askama::Template;
use axum::response::Response;
use domain::router::{ChartContext, EdgeFrom, Exit, Router, check_chart};
use domain::value::FieldProblem;

#[derive(Template)]
#[template(path = "console/router/node.html")]
struct NodePage {
    frame: ConsoleFrame,
    base: String,
    action: String,
    version: String,
    problems: Problems,
    /// What else the form carries: the kind, and the edge of a new node.
    hidden: Vec<(&'static str, String)>,
    kind: String,
    about: String,
    inputs: NodeInputs,
    /// For a node of the chart: what takes its place, and where it can move.
    placing: Option<Placing>,
}

/// Taking a node out, or moving it.
struct Placing {
    heir: Option<Input>,
    place: Input,
}

/// A node's form.
pub(super) struct NodeForm<'a> {
    pub(super) router: &'a Router,
    pub(super) context: &'a ChartContext,
    /// The node of the chart; `None` for a new one.
    pub(super) id: Option<&'a str>,
    /// The edge of a new one.
    pub(super) from: Option<&'a EdgeFrom>,
    pub(super) typed: &'a Typed,
    pub(super) rows: &'a NodeRows,
    pub(super) problems: &'a [FieldProblem],
}

impl NodeForm<'_> {
    /// Shows it.
    pub(super) async fn page(self, state: &AppState, session: &SignedIn) -> Result<Response, PageError> {
        let t = &session.words;
        let chart = &self.router.draft;
        let words = ChartWords { t, chart, context: self.context };
        let own = self.id.unwrap_or_default();
        let kind = self.typed.text("kind").to_owned();
        let mut inputs = NodeInputs::new(Offered { words, own }, self.typed, self.rows);
        let is_told = self.problems.iter().any(|problem| problem.code == "changed-meanwhile");
        let mut problems = self.problems.to_vec();
        if problems.is_empty() && self.id.is_some() {
            problems = own_faults(&words, own);
        }
        let summary = Problems::add(t, &problems, inputs.all());
        let base = address(self.router);
        let mut hidden = vec![("kind", kind.clone())];
        if let Some(from) = self.from {
            let (node, exit) = from.names();
            hidden.extend([("from", node.to_owned()), ("exit", exit)]);
        }
        let current = self.router.draft_version.to_string();
        let frame = frame(state, session, self.router, "node-new-title").await?;
        render(&NodePage {
            action: match self.id {
                Some(id) => format!("{base}/nodes/{}", encode(id)),
                None => format!("{base}/insert"),
            },
            // Who was told of a newer draft goes on from that.
            version: match self.typed.find("version") {
                Some(seen) if !is_told => seen.to_owned(),
                _ => current,
            },
            problems: summary,
            hidden,
            about: t.word("node-about", &kind),
            inputs,
            placing: self.id.and_then(|id| placing(&words, id)),
            frame: match self.id {
                Some(id) => frame.named(words.title(id)),
                None => frame.named(t.word("node-new", &kind)),
            },
            kind,
            base,
        })
    }
}

/// The faults of a node, each at the input where it is mended.
fn own_faults(words: &ChartWords<'_>, id: &str) -> Vec<FieldProblem> {
    let own = check_chart(words.chart, words.context).into_iter().filter(|found| found.node == id);
    own.map(|found| FieldProblem { field: at_input(&found.fault.field), ..words.named_fault(&found.fault) })
        .collect()
}

/// The input that holds a part of a node.
fn at_input(part: &str) -> String {
    for tests in ["all[", "any[", "filters["] {
        if let Some(rest) = part.strip_prefix(tests) {
            return format!("tests[{}", rest.replace(".value", ".values"));
        }
    }
    match part.strip_prefix("next[") {
        Some(rest) => format!("ways[{rest}.next"),
        None => part.to_owned(),
    }
}

fn placing(words: &ChartWords<'_>, id: &str) -> Option<Placing> {
    let t = words.t;
    let node = words.chart.nodes.get(id)?;
    let exits: Vec<(String, String)> = (node.exits().into_iter())
        .map(|(exit, to)| {
            let target = if to.is_empty() { t.text("route-leads-nowhere") } else { words.title(to) };
            (exit.name(), t.pair(words.exit(node, exit), target))
        })
        .collect();
    let usual = node.usual_exit().map(Exit::name).unwrap_or_default();
    let heir = Input::line(t, "heir", t.text("node-heir"), "").choices(Control::Radio, exits, &[usual]);
    let mut places = vec![(String::new(), t.text("route-insert-before-all"))];
    for (other, at) in words.chart.nodes.iter().filter(|(other, _)| *other != id) {
        places.extend(at.exits().into_iter().map(|(exit, _)| {
            (format!("{} {other}", exit.name()), t.pair(words.title(other), words.exit(at, exit)))
        }));
    }
    let place =
        Input::line(t, "place", t.text("node-place"), "").choices(Control::Select, places, &[String::new()]);
    Some(Placing { heir: (!node.exits().is_empty()).then_some(heir), place })
}

/// Reads an edge from one value of that list: the exit's word and the node's ID. `None` if it is none.
pub(super) fn read_edge(value: &str) -> Option<EdgeFrom> {
    match value.split_once(' ') {
        None if value.is_empty() => Some(EdgeFrom::Start),
        None => None,
        Some((exit, id)) => EdgeFrom::parse(id, exit),
    }
}
