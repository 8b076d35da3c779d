//! The way of one visitor through a chart: total and deterministic, so that replaying the facts gives the same way.

use crate::router::{
    Assignment, Chart, Compared, Exit, FactValue, Facts, FindKey, Known, LookupFailure, Node, Outcome, Test,
    find_name, list_name, operand_texts,
};
use crate::synced_fields::SyncedObject;
use crate::value::Step;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a chart decided about a visitor.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The nodes on the way, in order.
    pub path: Vec<Visited>,
    /// What the visitor gets.
    pub outcome: Outcome,
    /// What the visitor gets where that is not possible.
    pub fallback: Option<Outcome>,
    /// What the list's row said that matched last.
    pub assignment: Option<Assignment>,
    /// The name of the record that was found last, in the facts.
    pub record: Option<String>,
}

/// A node on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visited {
    /// The node's ID.
    pub node: String,
    /// The exit that was taken.
    pub exit: String,
    /// What the node saw, in steps that the catalogues tell.
    pub why: Vec<Step>,
}

/// Follows a chart. A chart that could not have been published still gives an outcome: nothing.
pub fn decide(chart: &Chart, facts: &Facts) -> Decision {
    let mut way = Way { facts, records: BTreeMap::new(), last: None, assignment: None };
    let mut path = Vec::new();
    let mut at = chart.start.as_str();
    // A way without a loop visits each node once at most.
    for _ in 0..chart.nodes.len() {
        let Some(node) = chart.nodes.get(at) else { break };
        let (exit, why) = way.ask(node, at);
        path.push(Visited { node: at.to_owned(), exit: exit.name(), why });
        if let Node::Outcome { outcome, fallback, .. } = node {
            let (outcome, fallback) = (outcome.clone(), fallback.clone());
            return Decision { path, outcome, fallback, assignment: way.assignment, record: way.last };
        }
        at = node.exits().into_iter().find(|(one, _)| *one == exit).map_or("", |(_, next)| next);
    }
    let why = vec![Step::new("route-chart-broken").with("node", at)];
    path.push(Visited { node: at.to_owned(), exit: Exit::End.name(), why });
    Decision { path, outcome: Outcome::Nothing, fallback: None, assignment: way.assignment, record: way.last }
}

struct Way<'a> {
    facts: &'a Facts,
    /// The record from which each object's fields are read, by its name in the facts.
    records: BTreeMap<SyncedObject, String>,
    last: Option<String>,
    assignment: Option<Assignment>,
}

impl Way<'_> {
    fn ask(&mut self, node: &Node, id: &str) -> (Exit, Vec<Step>) {
        match node {
            Node::Condition { all, any, .. } => self.compare(all, any),
            Node::List { list, by, .. } => {
                let found = self.facts.lists.get(&list_name(list, *by));
                let said = |code: &str| Step::new(code).with("list", list).with("key", by.name());
                match found.unwrap_or(&Known::Unknown(LookupFailure::NotLookedUp)) {
                    Known::Found(row) => {
                        if row.assigns {
                            self.assignment = Some(row.clone());
                        }
                        (Exit::Match, vec![said("route-listed").with("line", row.line)])
                    }
                    Known::NotFound => (Exit::Otherwise, vec![said("route-not-listed")]),
                    Known::Unknown(failure) => {
                        (Exit::Error, vec![said("route-list-unknown"), reason(*failure)])
                    }
                }
            }
            Node::Find { object, by, live, .. } => {
                let name = find_name(*object, *by, *live);
                let said = |code: &str| Step::new(code).with("on", object.name()).with("key", by.name());
                match self.facts.records.get(&name).unwrap_or(&Known::Unknown(LookupFailure::NotLookedUp)) {
                    Known::Found(record) => {
                        let step = said("route-found").with("id", &record.id).with("name", &record.name);
                        let step = step.with("candidates", record.candidates);
                        self.records.insert(*object, name.clone());
                        self.last = Some(name);
                        (Exit::Match, vec![step])
                    }
                    Known::NotFound => (Exit::Otherwise, vec![said("route-not-found")]),
                    Known::Unknown(failure) => {
                        (Exit::Error, vec![said("route-find-unknown"), reason(*failure)])
                    }
                }
            }
            Node::Split { weights, .. } => {
                let way = split(weights, id, &self.facts.visitor);
                (Exit::Way(way), vec![Step::new("route-split").with("way", way + 1)])
            }
            Node::Outcome { outcome, .. } => {
                (Exit::End, vec![Step::new("route-outcome").with("outcome", outcome.kind())])
            }
        }
    }

    /// What is unknown decides only where the known tests leave it open.
    fn compare(&self, all: &[Test], any: &[Test]) -> (Exit, Vec<Step>) {
        let results: Vec<(Option<bool>, Step)> = all.iter().chain(any).map(|test| self.test(test)).collect();
        let held = |wanted: bool| results.iter().any(|(result, _)| *result == Some(wanted));
        let is_open = results.iter().any(|(result, _)| result.is_none());
        let exit = match (any.is_empty(), is_open) {
            (true, _) if held(false) => Exit::Otherwise,
            (false, _) if held(true) => Exit::Match,
            (_, true) => Exit::Error,
            (true, false) => Exit::Match,
            (false, false) => Exit::Otherwise,
        };
        (exit, results.into_iter().map(|(_, step)| step).collect())
    }

    /// Whether a test holds; `None` if nobody could tell.
    fn test(&self, test: &Test) -> (Option<bool>, Step) {
        let record = match &test.fact {
            crate::router::Fact::Record(object, _) => self
                .records
                .get(object)
                .cloned()
                .unwrap_or_else(|| find_name(*object, FindKey::usual(*object), false)),
            _ => String::new(),
        };
        let value = self.facts.value(&test.fact, &record);
        let operand = operand_texts(&test.value);
        let said = |code: &str| {
            let saw = match &value {
                FactValue::One(text) => short(text),
                FactValue::Many(several) => short(&several.join(" / ")),
                FactValue::Absent | FactValue::Unknown(_) => "–".to_owned(),
            };
            let step = Step::new(code).with("fact", &test.fact).with("operator", test.operator.name());
            step.with("value", short(&operand.join(" / "))).with("saw", saw)
        };
        if let FactValue::Unknown(failure) = value {
            return (None, said("route-test-unknown").with("reason", failure.name()));
        }
        match test.operator.compare(&value, &operand) {
            Compared::Holds => (Some(true), said("route-test-holds")),
            Compared::Fails => (Some(false), said("route-test-fails")),
            Compared::NotComparable => (None, said("route-not-comparable")),
        }
    }
}

fn reason(failure: LookupFailure) -> Step {
    Step::new("route-unknown").with("reason", failure.name())
}

/// Characters of a value that are kept with a decision.
const MAX_SEEN: usize = 200;

fn short(text: &str) -> String {
    text.chars().take(MAX_SEEN).collect()
}

/// The way of a visitor at a split. The same visitor goes the same way as long as the weights stay.
fn split(weights: &[u32], node: &str, visitor: &str) -> usize {
    let total: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
    if total == 0 {
        return 0;
    }
    let mut rest = spread(&format!("{node} {visitor}")) % total;
    for (way, weight) in weights.iter().enumerate() {
        let weight = u64::from(*weight);
        if rest < weight {
            return way;
        }
        rest -= weight;
    }
    0
}

/// A number that depends on each character and stays the same on every machine (FNV-1a, with the end mixed once more).
fn spread(text: &str) -> u64 {
    let sum = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mixed = (sum ^ (sum >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^ (mixed >> 33)
}
