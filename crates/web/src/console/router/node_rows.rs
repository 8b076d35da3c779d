//! The rows of a node's form, its comparisons and ways, and what the buttons do with them.

use crate::http::form::Form as Typed;
use domain::router::{MAX_PREFERENCES, MAX_TESTS, MAX_WAYS, Node, Preference, Test, operand_texts};

/// The word for a parameter of the address, whose name stands in an input of its own.
pub(super) const URL_QUERY: &str = "url.query";
/// The start of such a fact's name.
pub(super) const URL_QUERY_START: &str = "url.query.";

/// One comparison as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TestRow {
    pub(super) fact: String,
    /// The name of the parameter.
    pub(super) parameter: String,
    pub(super) operator: String,
    /// One a line.
    pub(super) values: String,
}

/// One way of a split as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct WayRow {
    pub(super) weight: String,
    pub(super) next: String,
}

/// One tie-break as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PreferenceRow {
    pub(super) order: String,
    pub(super) field: String,
}

/// The rows of a node's form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct NodeRows {
    /// The tests of a condition, or the filters of a search.
    pub(super) tests: Vec<TestRow>,
    pub(super) preferences: Vec<PreferenceRow>,
    pub(super) ways: Vec<WayRow>,
}

impl NodeRows {
    /// Reads the rows; a removed one is simply missing from then on.
    pub(super) fn read(typed: &Typed) -> Self {
        let text = |name: String| typed.text(&name).to_owned();
        let test = |at: usize| {
            typed.find(&format!("tests[{at}].fact"))?;
            Some(TestRow {
                fact: text(format!("tests[{at}].fact")),
                parameter: text(format!("tests[{at}].parameter")),
                operator: text(format!("tests[{at}].operator")),
                values: text(format!("tests[{at}].values")),
            })
        };
        let way = |at: usize| {
            typed.find(&format!("ways[{at}].weight"))?;
            Some(WayRow {
                weight: text(format!("ways[{at}].weight")),
                next: text(format!("ways[{at}].next")),
            })
        };
        let preference = |at: usize| {
            typed.find(&format!("prefer[{at}].order"))?;
            Some(PreferenceRow {
                order: text(format!("prefer[{at}].order")),
                field: text(format!("prefer[{at}].field")),
            })
        };
        Self {
            tests: (0..MAX_TESTS).map_while(test).collect(),
            preferences: (0..MAX_PREFERENCES).map_while(preference).collect(),
            ways: (0..MAX_WAYS).map_while(way).collect(),
        }
    }

    /// Does what a button of the rows asks for; `false` when the node is to be saved.
    pub(super) fn change(&mut self, wish: &str) -> bool {
        let at = |prefix: &str| wish.strip_prefix(prefix).and_then(|place| place.parse::<usize>().ok());
        match wish {
            "add-test" if self.tests.len() < MAX_TESTS => self.tests.push(TestRow::default()),
            "add-way" if self.ways.len() < MAX_WAYS => {
                self.ways.push(WayRow { weight: "1".to_owned(), next: String::new() });
            }
            "add-preference" if self.preferences.len() < MAX_PREFERENCES => {
                self.preferences.push(PreferenceRow::default());
            }
            "add-test" | "add-way" | "add-preference" | "follow" => {}
            _ => {
                if let Some(place) = at("remove-test-") {
                    if place < self.tests.len() {
                        self.tests.remove(place);
                    }
                } else if let Some(place) = at("remove-preference-") {
                    if place < self.preferences.len() {
                        self.preferences.remove(place);
                    }
                } else if let Some(place) = at("remove-way-") {
                    if place < self.ways.len() {
                        self.ways.remove(place);
                    }
                } else {
                    return false;
                }
            }
        }
        true
    }

    /// The rows of a node.
    pub(super) fn of_node(node: &Node) -> Self {
        match node {
            Node::Condition { all, any, .. } => {
                Self { tests: all.iter().chain(any).map(test_row).collect(), ..Self::default() }
            }
            Node::Find { filters, prefer, .. } => Self {
                tests: filters.iter().map(test_row).collect(),
                preferences: prefer.iter().map(preference_row).collect(),
                ..Self::default()
            },
            Node::Split { weights, next, .. } => {
                let way = |(weight, next): (&u32, &String)| WayRow {
                    weight: weight.to_string(),
                    next: next.clone(),
                };
                Self { ways: weights.iter().zip(next).map(way).collect(), ..Self::default() }
            }
            _ => Self::default(),
        }
    }
}

fn preference_row(preference: &Preference) -> PreferenceRow {
    PreferenceRow { order: preference.order.name().to_owned(), field: preference.field.clone() }
}

fn test_row(test: &Test) -> TestRow {
    let name = test.fact.to_string();
    let (fact, parameter) = match name.strip_prefix(URL_QUERY_START) {
        Some(parameter) => (URL_QUERY.to_owned(), parameter.to_owned()),
        None => (name, String::new()),
    };
    let values = operand_texts(&test.value).join("\n");
    TestRow { fact, parameter, operator: test.operator.name().to_owned(), values }
}
