//! The way of one visitor through a chart: total and deterministic, so that replaying the facts gives the same way.

use crate::router::{
    Assignment, Chart, Compared, Exit, FactValue, Facts, FindKey, Known, LookupFailure, Node, Outcome,
    RecordFacts, RecordSearch, Test, TieBreak, find_name, list_name, operand_texts, record_name,
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
    /// The names of the records from which each object's fields were read last.
    pub records: BTreeMap<SyncedObject, String>,
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
            return way.end(path, outcome.clone(), fallback.clone());
        }
        at = node.exits().into_iter().find(|(one, _)| *one == exit).map_or("", |(_, next)| next);
    }
    let why = vec![Step::new("route-chart-broken").with("node", at)];
    path.push(Visited { node: at.to_owned(), exit: Exit::End.name(), why });
    way.end(path, Outcome::Nothing, None)
}

struct Way<'a> {
    facts: &'a Facts,
    /// The record from which each object's fields are read, by its name in the facts.
    records: BTreeMap<SyncedObject, String>,
    last: Option<String>,
    assignment: Option<Assignment>,
}

impl Way<'_> {
    fn end(self, path: Vec<Visited>, outcome: Outcome, fallback: Option<Outcome>) -> Decision {
        let Self { assignment, last: record, records, .. } = self;
        Decision { path, outcome, fallback, assignment, record, records }
    }

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
                        // A segment has no lines.
                        let step = match row.line {
                            0 => said("route-in-segment"),
                            line => said("route-listed").with("line", line),
                        };
                        (Exit::Match, vec![step])
                    }
                    Known::NotFound => (Exit::Otherwise, vec![said("route-not-listed")]),
                    Known::Unknown(failure) => {
                        (Exit::Error, vec![said("route-list-unknown"), reason(*failure)])
                    }
                }
            }
            Node::Find { object, by, live, filters, prefer, .. } => {
                let name = record_name(*object, *by, *live, filters, prefer);
                let search = self.facts.searches.get(&name);
                let said = |code: &str| Step::new(code).with("on", object.name()).with("key", by.name());
                match self.facts.records.get(&name).unwrap_or(&Known::Unknown(LookupFailure::NotLookedUp)) {
                    Known::Found(record) => {
                        let told = |code: &str| said(code).with("id", &record.id).with("name", &record.name);
                        let why = match search {
                            None => vec![told("route-found").with("candidates", record.candidates)],
                            Some(search) => {
                                let chosen = choice(search, *object, record);
                                std::iter::once(told("route-record-found")).chain(chosen).collect()
                            }
                        };
                        self.records.insert(*object, name.clone());
                        self.last = Some(name);
                        (Exit::Match, why)
                    }
                    Known::NotFound => {
                        let left_out = search.filter(|search| search.left_out > 0);
                        let counted = left_out.map(|search| counts(search, 0));
                        let why = std::iter::once(said("route-not-found")).chain(counted).collect();
                        (Exit::Otherwise, why)
                    }
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

/// How many records matched, and what decided between those that were left.
fn choice(search: &RecordSearch, object: SyncedObject, record: &RecordFacts) -> Vec<Step> {
    let mut told = Vec::new();
    if search.matched > 1 || search.left_out > 0 {
        told.push(counts(search, record.candidates));
    }
    told.extend(search.decided_by.as_ref().map(|tie_break| match tie_break {
        TieBreak::Preferred(preference) => {
            let step = Step::new(&format!("route-preferred-{}", preference.order.name()));
            let step = step.with("candidates", record.candidates);
            match preference.field.as_str() {
                "" => step,
                field => step.with("fact", format!("{}.{field}", object.key())),
            }
        }
        TieBreak::LastChanged => {
            Step::new("route-preferred-last_changed").with("candidates", record.candidates)
        }
        TieBreak::RecordId => Step::new("route-preferred-record_id").with("candidates", record.candidates),
    }));
    told
}

fn counts(search: &RecordSearch, left: u32) -> Step {
    let code = match (search.has_more, search.left_out) {
        (true, _) => "route-records-more",
        (false, 0) => "route-records-matched",
        (false, _) => "route-records-filtered",
    };
    Step::new(code).with("matched", search.matched).with("left_out", search.left_out).with("left", left)
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
