//! A chart as a numbered list of steps: by keyboard, for screen readers, on a phone and on paper.

use crate::text::translator::Translator;
use crate::ui::flowchart::links::{ChartLinks, step_anchor, step_link};
use crate::ui::flowchart::lit_path::LitPath;
use crate::ui::flowchart::words::ChartWords;
use askama::Template;
use domain::router::{ChartLayout, EdgeFrom, NodeFault};
use std::collections::BTreeMap;

/// A chart as a list of steps.
#[derive(Clone, Debug, Template)]
#[template(path = "widgets/outline.html")]
pub struct Outline {
    t: Translator,
    /// Where the first node is inserted or replaced; empty if nothing can be.
    insert_first: String,
    steps: Vec<OutlineStep>,
    is_lit: bool,
}

/// A node.
#[derive(Clone, Debug)]
struct OutlineStep {
    number: usize,
    anchor: String,
    link: String,
    kind: &'static str,
    title: String,
    /// What it does, if the title does not say it already.
    action: String,
    fallback: String,
    exits: Vec<OutlineExit>,
    faults: Vec<String>,
    is_reached: bool,
    is_lit: bool,
    saw: Vec<String>,
}

/// One of its exits.
#[derive(Clone, Debug)]
struct OutlineExit {
    label: String,
    /// What follows; empty if nothing does.
    target: String,
    link: String,
    insert: String,
    /// How many visitors took it; empty where that is not shown.
    count: String,
    is_lit: bool,
}

impl Outline {
    /// In the order in which the picture is read.
    pub fn new(
        words: &ChartWords<'_>,
        drawn: &ChartLayout,
        links: &ChartLinks,
        faults: &[NodeFault],
        lit: &LitPath,
    ) -> Self {
        let numbers: BTreeMap<&str, usize> =
            drawn.boxes.iter().zip(1..).map(|(one, number)| (one.node.as_str(), number)).collect();
        let step = |(number, id, is_reached): (usize, &str, bool)| {
            let node = words.chart.nodes.get(id)?;
            let exits = node.exits().into_iter().map(|(exit, to)| {
                let name = |number: &usize| {
                    let values = [("number", number.to_string()), ("title", words.title(to))];
                    words.t.sentence("route-step", values)
                };
                OutlineExit {
                    label: words.exit(node, exit),
                    target: numbers.get(to).map(name).unwrap_or_default(),
                    link: step_link(to),
                    insert: links.insert(&EdgeFrom::Exit { node: id.to_owned(), exit }),
                    count: lit.count(id, &exit.name()).to_owned(),
                    is_lit: lit.leaves_by(id, &exit.name()),
                }
            });
            let own = faults.iter().filter(|fault| fault.node == id);
            Some(OutlineStep {
                number,
                anchor: step_anchor(id),
                link: links.node(id),
                kind: node.kind(),
                title: words.title(id),
                action: if node.name().is_empty() { String::new() } else { words.action(node) },
                fallback: words.fallback(node),
                exits: exits.collect(),
                faults: own.map(|fault| words.fault(&fault.fault)).collect(),
                is_reached,
                is_lit: lit.has(id),
                saw: lit.saw(id).to_vec(),
            })
        };
        Self {
            t: words.t.clone(),
            insert_first: links.insert(&EdgeFrom::Start),
            steps: (drawn.boxes.iter().zip(1..))
                .map(|(one, number)| (number, one.node.as_str(), one.is_reached))
                .filter_map(step)
                .collect(),
            is_lit: !lit.is_empty(),
        }
    }
}
