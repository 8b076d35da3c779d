//! What a chart's nodes do, in words.

use crate::text::translator::Translator;
use domain::router::{
    Chart, ChartContext, Exit, Fact, Node, Operand, Outcome, Preference, RouteOperator, Test, operand_texts,
};
use domain::synced_fields::SyncedObject;
use domain::value::Step;

/// Characters of a value that a sentence shows.
const MAX_SHOWN: usize = 60;

/// A chart's words in the reader's language.
#[derive(Clone, Copy)]
pub struct ChartWords<'a> {
    /// The reader's language.
    pub t: &'a Translator,
    /// The chart.
    pub chart: &'a Chart,
    /// What its names mean: labels of fields.
    pub context: &'a ChartContext,
}

impl ChartWords<'_> {
    /// What a node is called: its name, else what it does; its ID if it is gone.
    pub fn title(&self, id: &str) -> String {
        match self.chart.nodes.get(id) {
            None => id.to_owned(),
            Some(node) if node.name().is_empty() => self.action(node),
            Some(node) => node.name().to_owned(),
        }
    }

    /// What a node does, in one sentence.
    pub fn action(&self, node: &Node) -> String {
        let t = self.t;
        match node {
            Node::Condition { all, any, .. } if all.is_empty() && any.is_empty() => {
                t.text("route-action-open")
            }
            Node::Condition { all, any, .. } => {
                let joint = t.text(if any.is_empty() { "route-and" } else { "route-or" });
                all.iter().chain(any).map(|test| self.test(test)).collect::<Vec<_>>().join(&joint)
            }
            Node::List { list, by, .. } => {
                let key = t.word("route-key", by.name());
                t.sentence("route-action-list", [("list", list.clone()), ("key", key)])
            }
            Node::Find { object, by, live, filters, prefer, .. } => {
                let key = t.word("route-key", by.name());
                let action = if *live { "route-action-find-live" } else { "route-action-find" };
                let mut told = t.sentence(action, [("on", t.object(object.name())), ("key", key)]);
                if !filters.is_empty() {
                    let filters = filters.iter().map(|test| self.test(test)).collect::<Vec<_>>();
                    let filters = filters.join(&t.text("route-and"));
                    told = t.sentence("route-action-filtered", [("action", told), ("filters", filters)]);
                }
                if !prefer.is_empty() {
                    let prefer = prefer.iter().map(|one| self.preference(*object, one)).collect::<Vec<_>>();
                    let prefer = prefer.join(" → ");
                    told = t.sentence("route-action-preferred", [("action", told), ("prefer", prefer)]);
                }
                told
            }
            Node::Split { weights, .. } => {
                let weights: Vec<String> = weights.iter().map(u32::to_string).collect();
                t.fill("route-action-split", "weights", weights.join(" : "))
            }
            Node::Outcome { outcome, .. } => self.outcome(outcome),
        }
    }

    /// What the visitor gets where the outcome is not possible; empty if nothing is said.
    pub fn fallback(&self, node: &Node) -> String {
        match node {
            Node::Outcome { fallback: Some(fallback), .. } => {
                self.t.fill("route-otherwise-gets", "outcome", self.outcome(fallback))
            }
            _ => String::new(),
        }
    }

    /// What a visitor gets.
    pub fn outcome(&self, outcome: &Outcome) -> String {
        let t = self.t;
        let page = outcome.page().unwrap_or_default().to_owned();
        match outcome {
            Outcome::Page { .. } => t.fill("route-gets-page", "page", page),
            Outcome::Owner { object: None, .. } => t.fill("route-gets-owner-found", "page", page),
            Outcome::Owner { object: Some(object), .. } => {
                t.sentence("route-gets-owner", [("on", t.object(object.name())), ("page", page)])
            }
            Outcome::Member { member, .. } => {
                t.sentence("route-gets-member", [("member", member.clone()), ("page", page)])
            }
            Outcome::Assigned { .. } => t.fill("route-gets-assigned", "page", page),
            Outcome::Message { text } => {
                let said = if t.tag() == "en" && !text.en.is_empty() { &text.en } else { &text.ja };
                t.fill("route-gets-message", "text", short(said))
            }
            Outcome::Redirect { url } => t.fill("route-gets-redirect", "url", short(url)),
            Outcome::Nothing => t.text("route-gets-nothing"),
        }
    }

    /// One comparison.
    pub fn test(&self, test: &Test) -> String {
        let operand = operand_texts(&test.value);
        if test.fact == Fact::EmailFreeMail && matches!(test.operator, RouteOperator::Equals) {
            match operand.first().map(String::as_str) {
                Some("true") => return self.t.text("route-test-free-mail"),
                Some("false") => return self.t.text("route-test-company-mail"),
                _ => {}
            }
        }
        let fact = self.fact(&test.fact);
        match test.operator.operand() {
            Operand::None => self.t.fill(&format!("route-test-{}", test.operator.name()), "fact", fact),
            Operand::One | Operand::Several => {
                let value = short(&self.t.list(operand));
                self.t.sentence(
                    &format!("route-test-{}", test.operator.name()),
                    [("fact", fact), ("value", value)],
                )
            }
        }
    }

    /// One tie-break.
    pub fn preference(&self, object: SyncedObject, Preference { field, order }: &Preference) -> String {
        let order = self.t.word("route-order", order.name());
        if field.is_empty() { order } else { self.t.pair(self.field(object, field), order) }
    }

    /// What a field is called.
    pub fn field(&self, object: SyncedObject, field: &str) -> String {
        let fields = self.context.fields.get(&object);
        let known = fields.and_then(|all| all.iter().find(|one| one.name.eq_ignore_ascii_case(field)));
        known.map_or_else(|| field.to_owned(), |known| known.label.clone())
    }

    /// What is compared.
    pub fn fact(&self, fact: &Fact) -> String {
        let t = self.t;
        match fact {
            Fact::Email => t.word("route-fact", "email"),
            Fact::EmailDomain => t.word("route-fact", "email-domain"),
            Fact::EmailFreeMail => t.word("route-fact", "email-free-mail"),
            Fact::Answer(question) => t.fill("route-fact-answer", "question", question),
            Fact::Url => t.word("route-fact", "url"),
            Fact::UrlPath => t.word("route-fact", "url-path"),
            Fact::UrlQuery(name) => t.fill("route-fact-url-query", "name", name),
            Fact::Referrer => t.word("route-fact", "referrer"),
            Fact::Language => t.word("route-fact", "language"),
            Fact::Record(object, field) => {
                let label = self.field(*object, field);
                t.sentence("route-fact-record", [("on", t.object(object.name())), ("field", label)])
            }
        }
    }

    /// An exit of a node.
    pub fn exit(&self, node: &Node, exit: Exit) -> String {
        match (node, exit) {
            (Node::Split { weights, .. }, Exit::Way(way)) => {
                let weight = weights.get(way).copied().unwrap_or_default();
                self.t.sentence(
                    "route-way",
                    [("number", (way + 1).to_string()), ("weight", weight.to_string())],
                )
            }
            (Node::List { .. } | Node::Find { .. }, Exit::Match | Exit::Otherwise) => {
                self.t.word("route-exit", &format!("{}-{}", node.kind(), exit.name()))
            }
            (_, exit) => self.t.word("route-exit", &exit.name()),
        }
    }

    /// What a node saw, its facts as people call them.
    pub fn step(&self, step: &Step) -> String {
        let mut told = step.clone();
        if let Some(fact) = told.data.get("fact").and_then(|name| Fact::parse(name)) {
            told.data.insert("fact".to_owned(), self.fact(&fact));
        }
        self.t.step(&told)
    }
}

fn short(text: &str) -> String {
    let line = text.replace(['\n', '\r'], " ");
    if line.chars().count() <= MAX_SHOWN {
        return line;
    }
    line.chars().take(MAX_SHOWN - 1).chain(['…']).collect()
}
