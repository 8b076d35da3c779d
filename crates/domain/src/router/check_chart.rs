//! What keeps a chart from being published, on the node where it is (G3).

use crate::router::chart_faults::Faults;
use crate::router::check_find::check_find;
use crate::router::check_test::{MAX_TESTS, MAX_TEXT, check_test};
use crate::router::{
    CORPORATE_NUMBER, Chart, ChartContext, Exit, Fact, ListKey, ListKind, Node, NodeFault, OWNER, Outcome,
    Test,
};
use crate::value::FieldProblem;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// Nodes of a chart.
pub const MAX_NODES: usize = 500;
/// Ways of a split.
pub const MAX_WAYS: usize = 20;

/// Everything that keeps a chart from being published. Without faults each visitor gets an outcome.
pub fn check_chart(chart: &Chart, context: &ChartContext) -> Vec<NodeFault> {
    let mut found = Faults { list: Vec::new() };
    if chart.nodes.is_empty() {
        found.add("", "nodes", "chart-empty");
        return found.list;
    }
    if chart.nodes.len() > MAX_NODES {
        found.push("", FieldProblem::new("nodes", "too-many").with("max", MAX_NODES));
    }
    if !chart.nodes.contains_key(&chart.start) {
        found.add("", "start", "node-missing");
    }
    let live = |node: &Node| match node {
        Node::Find { object, live: true, .. } => Some(*object),
        _ => None,
    };
    let context = &ChartContext { live: chart.nodes.values().filter_map(live).collect(), ..context.clone() };
    for (id, node) in &chart.nodes {
        exits(id, node, chart, &mut found);
        node_itself(id, node, context, &mut found);
    }
    loops(chart, &mut found);
    unreachable(chart, &mut found);
    found.list
}

fn exits(id: &str, node: &Node, chart: &Chart, found: &mut Faults) {
    for (exit, next) in node.exits() {
        let field = match exit {
            Exit::Way(way) => format!("next[{way}]"),
            other => format!("next.{}", other.name()),
        };
        if next.is_empty() {
            found.push(id, FieldProblem::new(field, "dead-end").with("exit", exit_word(node, exit)));
        } else if !chart.nodes.contains_key(next) {
            found.push(id, FieldProblem::new(field, "node-missing").with("node", next));
        }
    }
}

/// The word under which people know an exit of a node.
fn exit_word(node: &Node, exit: Exit) -> String {
    match (node, exit) {
        (Node::List { .. } | Node::Find { .. }, Exit::Match | Exit::Otherwise) => {
            format!("{}-{}", node.kind(), exit.name())
        }
        _ => exit.name(),
    }
}

fn node_itself(id: &str, node: &Node, context: &ChartContext, found: &mut Faults) {
    match node {
        Node::Condition { all, any, .. } => condition(id, all, any, context, found),
        Node::List { list, by, .. } => list_node(id, list, *by, context, found),
        Node::Find { object, by, live, filters, prefer, .. } => {
            check_find(id, (*object, *by, *live), filters, prefer, context, found);
        }
        Node::Split { weights, next, .. } => {
            if weights.len() < 2 || weights.len() > MAX_WAYS || weights.len() != next.len() {
                found.push(id, FieldProblem::new("weights", "split-ways").with("max", MAX_WAYS));
            }
            if weights.iter().all(|weight| *weight == 0) {
                found.add(id, "weights", "split-weights");
            }
        }
        Node::Outcome { outcome: wanted, fallback, .. } => {
            outcome(id, "outcome", wanted, context, found);
            match fallback {
                Some(fallback) => outcome(id, "fallback", fallback, context, found),
                None if wanted.needs_fallback() => found.add(id, "fallback", "fallback-missing"),
                None => {}
            }
        }
    }
}

fn list_node(id: &str, list: &str, by: ListKey, context: &ChartContext, found: &mut Faults) {
    let Some(known) = context.lists.get(list) else {
        found.push(id, FieldProblem::new("list", "list-missing").with("list", list));
        return;
    };
    if known.kind == ListKind::Aliases {
        found.push(id, FieldProblem::new("list", "list-of-aliases").with("list", list));
    } else if known.rows == 0 {
        found.add(id, "list", "list-empty");
    }
    if let Some(own) = known.by.filter(|own| *own != by) {
        found.push(id, FieldProblem::new("by", "list-key-unfit").with("list", list).with("key", own.name()));
    }
    let is_asked = context.questions.contains_key(CORPORATE_NUMBER);
    if known.by == Some(ListKey::CorporateNumber) && !is_asked {
        found.push(id, FieldProblem::new("by", "question-missing").with("question", CORPORATE_NUMBER));
    }
}

fn condition(id: &str, all: &[Test], any: &[Test], context: &ChartContext, found: &mut Faults) {
    if all.is_empty() == any.is_empty() {
        found.add(id, "all", if all.is_empty() { "tests-missing" } else { "tests-mixed" });
    }
    if all.len() + any.len() > MAX_TESTS {
        found.push(id, FieldProblem::new("all", "too-many").with("max", MAX_TESTS));
    }
    for (name, tests) in [("all", all), ("any", any)] {
        for (place, one) in tests.iter().enumerate() {
            let is_live = matches!(&one.fact, Fact::Record(object, _) if context.live.contains(object));
            check_test(id, &format!("{name}[{place}]"), one, is_live, context, found);
        }
    }
}

fn outcome(id: &str, at: &str, outcome: &Outcome, context: &ChartContext, found: &mut Faults) {
    if let Some(page) = outcome.page().filter(|page| !context.pages.contains(*page)) {
        found.push(id, FieldProblem::new(format!("{at}.page"), "page-missing").with("page", page));
    }
    match outcome {
        Outcome::Owner { object: Some(object), .. } => {
            let has_owner =
                |kept: &BTreeSet<String>| kept.iter().any(|path| path.eq_ignore_ascii_case(OWNER));
            if !context.copies.get(object).is_some_and(has_owner) {
                let fault = FieldProblem::new(format!("{at}.object"), "owner-not-synced");
                found.push(id, fault.with("on", object.name()));
            }
        }
        Outcome::Member { member, .. } if !context.members.contains(&member.to_lowercase()) => {
            found
                .push(id, FieldProblem::new(format!("{at}.member"), "member-missing").with("member", member));
        }
        Outcome::Message { text } => {
            if text.ja.trim().is_empty() {
                found.add(id, format!("{at}.text.ja"), "required");
            }
            for (language, said) in [("ja", &text.ja), ("en", &text.en)] {
                if said.chars().count() > MAX_TEXT {
                    let fault = FieldProblem::new(format!("{at}.text.{language}"), "too-long");
                    found.push(id, fault.with("max", MAX_TEXT));
                }
            }
        }
        Outcome::Redirect { url } => {
            let is_good = Url::parse(url).is_ok_and(|url| {
                matches!(url.scheme(), "https" | "http") && url.has_host() && url.username().is_empty()
            });
            if !is_good {
                found.add(id, format!("{at}.url"), "not-a-url");
            }
        }
        _ => {}
    }
}

/// Marks each node that leads back to one before it.
fn loops(chart: &Chart, found: &mut Faults) {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        Open,
        Done,
    }
    let mut marks: BTreeMap<&str, Mark> = BTreeMap::new();
    // Without recursion: a chart from a file may be deep.
    for start in chart.nodes.keys() {
        let mut way: Vec<(&str, Vec<&str>)> = Vec::new();
        if !marks.contains_key(start.as_str()) {
            marks.insert(start, Mark::Open);
            way.push((start, followers(chart, start)));
        }
        while let Some((at, rest)) = way.last_mut() {
            let at = *at;
            let Some(next) = rest.pop() else {
                marks.insert(at, Mark::Done);
                way.pop();
                continue;
            };
            match marks.get(next) {
                Some(Mark::Open) => {
                    found.push(at, FieldProblem::new("next", "loop").with("node", next));
                }
                Some(Mark::Done) => {}
                None => {
                    marks.insert(next, Mark::Open);
                    way.push((next, followers(chart, next)));
                }
            }
        }
    }
}

fn followers<'a>(chart: &'a Chart, id: &str) -> Vec<&'a str> {
    let exits = chart.nodes.get(id).map(Node::exits).unwrap_or_default();
    exits
        .into_iter()
        .filter_map(|(_, next)| chart.nodes.get_key_value(next))
        .map(|(id, _)| id.as_str())
        .collect()
}

fn unreachable(chart: &Chart, found: &mut Faults) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut waiting: Vec<&str> =
        chart.nodes.get_key_value(&chart.start).map(|(id, _)| id.as_str()).into_iter().collect();
    while let Some(id) = waiting.pop() {
        if seen.insert(id) {
            waiting.extend(followers(chart, id));
        }
    }
    if seen.is_empty() {
        return;
    }
    for id in chart.nodes.keys().filter(|id| !seen.contains(id.as_str())) {
        found.add(id, "", "unreachable");
    }
}
