//! What has to be looked up before a chart can decide.

use crate::router::{
    CORPORATE_NUMBER, Chart, Fact, Facts, FindKey, ListKey, Node, Outcome, RecordSelection, Test, Visited,
    list_name,
};
use crate::synced_fields::SyncedObject;
use std::collections::{BTreeMap, BTreeSet};

/// Something to look up about a visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouteNeed {
    /// Whether a list has the visitor.
    List {
        /// The list.
        list: String,
        /// By what.
        by: ListKey,
    },
    /// A record of the org.
    Record {
        /// Of which object.
        object: SyncedObject,
        /// By what.
        by: FindKey,
        /// The org is asked at once.
        live: bool,
        /// Which of several is taken.
        selection: RecordSelection,
        /// The fields that some condition, filter or tie-break reads.
        fields: BTreeSet<String>,
    },
}

impl RouteNeed {
    /// Under which name the facts keep its answer.
    pub fn name(&self) -> String {
        match self {
            Self::List { list, by } => list_name(list, *by),
            Self::Record { object, by, live, selection, .. } => selection.name(*object, *by, *live),
        }
    }

    /// A record that is found where no node finds one.
    fn usual(object: SyncedObject, fields: BTreeSet<String>) -> Self {
        let by = FindKey::usual(object);
        Self::Record { object, by, live: false, selection: RecordSelection::default(), fields }
    }
}

/// Everything that a chart may ask, each once.
pub fn route_needs(chart: &Chart) -> Vec<RouteNeed> {
    let mut read: BTreeMap<SyncedObject, BTreeSet<String>> = BTreeMap::new();
    let mut records: BTreeMap<String, RouteNeed> = BTreeMap::new();
    let mut lists = BTreeSet::new();
    for node in chart.nodes.values() {
        match node {
            Node::Condition { all, any, .. } => {
                for test in all.iter().chain(any) {
                    if let Fact::Record(object, field) = &test.fact {
                        read.entry(*object).or_default().insert(field.clone());
                    }
                }
            }
            Node::List { list, by, .. } => {
                lists.insert((list.clone(), *by));
            }
            Node::Find { object, by, live, filters, prefer, .. } => {
                let selection = RecordSelection { filters: filters.clone(), prefer: prefer.clone() };
                let (object, by, live, fields) = (*object, *by, *live, selection.fields());
                let need = RouteNeed::Record { object, by, live, selection, fields };
                records.insert(need.name(), need);
            }
            Node::Outcome { outcome, fallback, .. } => {
                for outcome in std::iter::once(outcome).chain(fallback) {
                    if let Outcome::Owner { object: Some(object), .. } = outcome {
                        read.entry(*object).or_default();
                    }
                }
            }
            Node::Split { .. } => {}
        }
    }
    for object in read.keys() {
        let usual = RouteNeed::usual(*object, BTreeSet::new());
        records.entry(usual.name()).or_insert(usual);
    }
    let mut needs: Vec<RouteNeed> = records.into_values().collect();
    for need in &mut needs {
        if let RouteNeed::Record { object, fields, .. } = need {
            fields.extend(read.get(object).into_iter().flatten().cloned());
        }
    }
    needs.extend(lists.into_iter().map(|(list, by)| RouteNeed::List { list, by }));
    needs
}

/// The needs with those of further facts, such as a routing list asks for: fields of records, found as usual.
pub fn with_facts(mut needs: Vec<RouteNeed>, further: &BTreeSet<Fact>) -> Vec<RouteNeed> {
    let mut wanted: BTreeMap<SyncedObject, BTreeSet<String>> = BTreeMap::new();
    for fact in further {
        if let Fact::Record(object, field) = fact {
            wanted.entry(*object).or_default().insert(field.clone());
        }
    }
    for (wanted_of, wanted) in wanted {
        let usual = RouteNeed::usual(wanted_of, wanted.clone());
        let is_found = needs.iter().any(|need| need.name() == usual.name());
        for need in &mut needs {
            if let RouteNeed::Record { object, fields, .. } = need
                && *object == wanted_of
            {
                fields.extend(wanted.iter().cloned());
            }
        }
        if !is_found {
            needs.push(usual);
        }
    }
    needs
}

/// Whether the way that was taken depends on what the visitor has not told: the address, or an answer.
///
/// `listed` is what the chart's routing lists ask.
pub fn depends_on_untold(chart: &Chart, facts: &Facts, path: &[Visited], listed: &BTreeSet<Fact>) -> bool {
    let lacks_email = facts.lacks(&Fact::Email);
    path.iter().filter_map(|at| chart.nodes.get(&at.node).map(|node| (at, node))).any(|(at, node)| match node
    {
        Node::Condition { all, any, .. } => is_left_open(facts, all, any, at),
        Node::List { by: ListKey::CorporateNumber, .. } => {
            facts.lacks(&Fact::Answer(CORPORATE_NUMBER.to_owned()))
        }
        Node::List { .. } => lacks_email || listed.iter().any(|fact| facts.lacks(fact)),
        Node::Find { .. } | Node::Outcome { outcome: Outcome::Owner { .. }, .. } => lacks_email,
        Node::Split { .. } | Node::Outcome { .. } => false,
    })
}

/// Whether a condition would need an untold fact: not if what is known has decided it.
fn is_left_open(facts: &Facts, all: &[Test], any: &[Test], at: &Visited) -> bool {
    let (mut lacks, mut is_settled) = (false, false);
    for (place, test) in all.iter().chain(any).enumerate() {
        let seen = at.why.get(place).map_or("", |step| step.code.as_str());
        if facts.lacks(&test.fact) {
            lacks = true;
        } else {
            is_settled |= seen == if any.is_empty() { "route-test-fails" } else { "route-test-holds" };
        }
    }
    lacks && !is_settled
}
