//! The inputs of a node's form, by its kind.

use crate::console::router::find_inputs::{filter, find, preference};
use crate::console::router::node_rows::{NodeRows, TestRow, WayRow};
use crate::console::router::test_inputs::{choose_one, facts, select, test};
use crate::http::form::Form as Typed;
use crate::ui::flowchart::words::ChartWords;
use crate::ui::input::{Control, Input};
use domain::router::ListKey;
use domain::segment::Segment;
use domain::synced_fields::SyncedObject;

/// Every kind of outcome, in the order in which they are offered.
pub(super) const OUTCOMES: [&str; 7] =
    ["page", "owner", "member", "assigned", "message", "redirect", "nothing"];

/// Every input of a node's form, by section.
pub(super) struct NodeInputs {
    pub(super) basics: Vec<Input>,
    /// The tests of a condition, or the filters of a search.
    pub(super) tests: Vec<Vec<Input>>,
    pub(super) preferences: Vec<Vec<Input>>,
    pub(super) ways: Vec<Vec<Input>>,
    pub(super) fallback: Vec<Input>,
    pub(super) exits: Vec<Input>,
}

/// What a form offers: the chart in words, and the node itself, which can't follow itself.
#[derive(Clone, Copy)]
pub(super) struct Offered<'a> {
    pub(super) words: ChartWords<'a>,
    pub(super) own: &'a str,
}

impl NodeInputs {
    /// Builds them from what was typed.
    pub(super) fn new(offered: Offered<'_>, typed: &Typed, rows: &NodeRows) -> Self {
        let t = offered.words.t;
        let kind = typed.text("kind");
        let line = |name: &str, label: &str| Input::line(t, name, t.text(label), typed.text(name));
        let mut basics = vec![line("name", "node-name").hint(t.text("node-name-hint"))];
        let mut fallback = Vec::new();
        match kind {
            "condition" => {
                let joins = ["all", "any"].map(|join| (join.to_owned(), t.word("node-join", join))).to_vec();
                basics.push(line("join", "node-join").choices(Control::Radio, joins, &typed.all("join")));
            }
            "list" => basics.extend(list(offered, typed)),
            "find" => basics.extend(find(t, typed)),
            "outcome" => {
                basics.extend(outcome(offered, typed, "outcome"));
                fallback = outcome(offered, typed, "fallback");
            }
            _ => {}
        }
        let has_three = matches!(kind, "condition" | "list" | "find");
        let exits = ["match", "otherwise", "error"].into_iter().filter(|_| has_three).map(|exit| {
            let name = format!("next.{exit}");
            let label = match kind {
                "list" | "find" if exit != "error" => t.word("route-exit", &format!("{kind}-{exit}")),
                _ => t.word("route-exit", exit),
            };
            let input = target(offered, &name, label, typed.text(&name));
            if exit == "error" { input.hint(t.text("node-error-hint")) } else { input }
        });
        let test_or_filter = |(at, row): (usize, &TestRow)| match kind {
            "find" => filter(&offered.words, typed, at, row),
            _ => test(&offered.words, at, row, facts(&offered.words)),
        };
        let preferences = rows.preferences.iter().enumerate();
        Self {
            basics,
            tests: rows.tests.iter().enumerate().map(test_or_filter).collect(),
            preferences: preferences.map(|(at, row)| preference(&offered.words, typed, at, row)).collect(),
            ways: rows.ways.iter().enumerate().map(|(at, row)| way(offered, at, row)).collect(),
            fallback,
            exits: exits.collect(),
        }
    }

    /// All inputs, for placing faults.
    pub(super) fn all(&mut self) -> Vec<&mut Input> {
        let rows = self.tests.iter_mut().chain(&mut self.preferences).chain(&mut self.ways).flatten();
        self.basics.iter_mut().chain(rows).chain(&mut self.fallback).chain(&mut self.exits).collect()
    }
}

/// To which node an exit leads.
pub(super) fn target(offered: Offered<'_>, name: &str, label: String, chosen: &str) -> Input {
    let words = offered.words;
    let mut nodes = vec![(String::new(), words.t.text("route-leads-nowhere"))];
    let others = words.chart.nodes.keys().filter(|id| *id != offered.own);
    nodes.extend(others.map(|id| (id.clone(), words.title(id))));
    select(Input::line(words.t, name, label, chosen), nodes, chosen)
}

fn list(offered: Offered<'_>, typed: &Typed) -> [Input; 2] {
    let t = offered.words.t;
    let mut lists = choose_one(t);
    let words = offered.words;
    lists.extend(words.context.lists.keys().map(|slug| {
        let told = match Segment::of_list_name(slug) {
            Some(_) => t.pair(t.text("segment-title"), words.list(slug)),
            None => words.choice(words.list(slug), slug),
        };
        (slug.clone(), told)
    }));
    let keys = ListKey::ALL.map(|key| (key.name().to_owned(), t.word("route-key", key.name()))).to_vec();
    let line = |name: &str, label: &str| Input::line(t, name, t.text(label), typed.text(name));
    [
        select(line("list", "node-list").required(true), lists, typed.text("list")),
        line("by", "node-by").choices(Control::Radio, keys, &typed.all("by")),
    ]
}

fn way(offered: Offered<'_>, at: usize, row: &WayRow) -> Vec<Input> {
    let t = offered.words.t;
    let next = target(offered, &format!("ways[{at}].next"), t.text("node-way-next"), &row.next);
    vec![Input::line(t, &format!("ways[{at}].weight"), t.text("node-way-weight"), &row.weight).number(), next]
}

/// What the visitor gets; only the inputs that the chosen kind needs.
fn outcome(offered: Offered<'_>, typed: &Typed, at: &str) -> Vec<Input> {
    let words = offered.words;
    let (t, context) = (words.t, words.context);
    let line = |name: &str, label: &str| {
        let name = format!("{at}.{name}");
        Input::line(t, &name, t.text(label), typed.text(&name))
    };
    let value = |name: &str| typed.text(&format!("{at}.{name}")).to_owned();
    let mut kinds = Vec::new();
    if at == "fallback" {
        kinds.push((String::new(), t.text("node-fallback-none")));
    }
    kinds.extend(OUTCOMES.map(|kind| (kind.to_owned(), t.word("node-outcome", kind))));
    let kind = value("kind");
    let label = if at == "fallback" { "node-fallback" } else { "node-outcome-kind" };
    let mut inputs = vec![line("kind", label).choices(Control::Select, kinds, std::slice::from_ref(&kind))];
    match kind.as_str() {
        "owner" => {
            let mut objects = vec![(String::new(), t.text("node-owner-found"))];
            objects
                .extend(SyncedObject::ALL.map(|object| (object.key().to_owned(), t.object(object.name()))));
            inputs.push(line("object", "node-owner-of").choices(
                Control::Select,
                objects,
                &[value("object")],
            ));
        }
        "member" => {
            let mut members = choose_one(t);
            let choice = |email: &String| (email.clone(), words.choice(words.member(email), email));
            members.extend(context.members.iter().map(choice));
            inputs.push(select(line("member", "node-member").required(true), members, &value("member")));
        }
        "message" => {
            inputs.push(line("text.ja", "node-message").of(Control::Area).required(true));
            inputs.push(line("text.en", "node-message-en").of(Control::Area));
        }
        "redirect" => inputs.push(line("url", "node-url").required(true)),
        _ => {}
    }
    if matches!(kind.as_str(), "page" | "owner" | "member" | "assigned") {
        let mut pages = choose_one(t);
        pages.extend(context.pages.iter().map(|page| (page.clone(), words.choice(words.page(page), page))));
        inputs.push(select(line("page", "node-page").required(true), pages, &value("page")));
    }
    inputs
}
