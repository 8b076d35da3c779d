//! What a chart's nodes do, in words.

use crate::text::translator::Translator;
use domain::router::{
    Chart, ChartContext, Exit, Fact, MessageText, Node, Operand, Outcome, Preference, RouteOperator, Test,
    operand_texts,
};
use domain::synced_fields::SyncedObject;
use domain::value::{FieldProblem, Step};

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
                t.sentence("route-action-list", [("list", self.list(list)), ("key", key)])
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
        let page = outcome.page().map(|page| self.page(page)).unwrap_or_default();
        match outcome {
            Outcome::Page { .. } => t.fill("route-gets-page", "page", page),
            Outcome::Owner { object: None, .. } => t.fill("route-gets-owner-found", "page", page),
            Outcome::Owner { object: Some(object), .. } => {
                t.sentence("route-gets-owner", [("on", t.object(object.name())), ("page", page)])
            }
            Outcome::Member { member, .. } => {
                t.sentence("route-gets-member", [("member", self.member(member)), ("page", page)])
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
            Fact::Answer(key) => t.fill("route-fact-answer", "question", self.question(key)),
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
                let values = [("number", (way + 1).to_string()), ("weight", weight.to_string())];
                match percent(weights, weight) {
                    Some(percent) => {
                        let [number, weight] = values;
                        self.t.sentence("route-way-percent", [number, weight, ("percent", percent)])
                    }
                    None => self.t.sentence("route-way", values),
                }
            }
            (Node::List { .. } | Node::Find { .. }, Exit::Match | Exit::Otherwise) => {
                self.t.word("route-exit", &format!("{}-{}", node.kind(), exit.name()))
            }
            (_, exit) => self.t.word("route-exit", &exit.name()),
        }
    }

    /// A booking page's title; its address if it is gone.
    pub fn page(&self, path: &str) -> String {
        self.wording(self.context.names.pages.get(path), path)
    }

    /// A list's name; its ID if it is gone.
    pub fn list(&self, slug: &str) -> String {
        named(self.context.names.lists.get(slug), slug)
    }

    /// A member's name; the address if nobody has it.
    pub fn member(&self, email: &str) -> String {
        named(self.context.names.members.get(&email.to_lowercase()), email)
    }

    /// What a question asks; its key if nobody asks it.
    pub fn question(&self, key: &str) -> String {
        self.wording(self.context.names.questions.get(key), key)
    }

    /// What a choice is called: its name, with what a chart writes in brackets.
    pub fn choice(&self, name: String, written: &str) -> String {
        if name == written {
            return name;
        }
        self.t.sentence("route-choice", [("name", name), ("written", written.to_owned())])
    }

    fn wording(&self, text: Option<&MessageText>, written: &str) -> String {
        named(text.map(|text| text.text_in(self.t.language).to_owned()).as_ref(), written)
    }

    /// A fault in words.
    pub fn fault(&self, fault: &FieldProblem) -> String {
        self.t.problem(&self.named_fault(fault))
    }

    /// A fault, its nodes, lists and pages as people call them.
    pub fn named_fault(&self, fault: &FieldProblem) -> FieldProblem {
        let mut told = fault.clone();
        for (name, value) in &mut told.data {
            *value = match name.as_str() {
                "node" => self.title(value),
                "list" => self.list(value),
                "page" => self.page(value),
                "question" => self.question(value),
                _ => continue,
            };
        }
        told
    }

    /// What a node saw, its facts as people call them.
    pub fn step(&self, step: &Step) -> String {
        let mut told = step.clone();
        if let Some(list) = told.data.get_mut("list") {
            *list = self.list(list);
        }
        if let Some(fact) = told.data.get("fact").and_then(|name| Fact::parse(name)) {
            told.data.insert("fact".to_owned(), self.fact(&fact));
        }
        self.t.step(&told)
    }
}

fn named(name: Option<&String>, written: &str) -> String {
    name.filter(|name| !name.trim().is_empty()).cloned().unwrap_or_else(|| written.to_owned())
}

/// A weight's part of all, with one digit behind the point where it has one; `None` if all are 0.
fn percent(weights: &[u32], weight: u32) -> Option<String> {
    let total: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
    let tenths = (u64::from(weight) * 1_000 + total / 2).checked_div(total)?;
    let (whole, tenth) = (tenths / 10, tenths % 10);
    Some(if tenth == 0 { whole.to_string() } else { format!("{whole}.{tenth}") })
}

fn short(text: &str) -> String {
    let line = text.replace(['\n', '\r'], " ");
    if line.chars().count() <= MAX_SHOWN {
        return line;
    }
    line.chars().take(MAX_SHOWN - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_has_one_digit_behind_the_point_at_most() {
        for (weights, expected) in [
            (&[3, 1][..], Some("75")),
            (&[1, 1, 1], Some("33.3")),
            (&[2, 1], Some("66.7")),
            (&[0, 5], Some("0")),
            (&[u32::MAX, u32::MAX], Some("50")),
            (&[0, 0], None),
        ] {
            assert_eq!(percent(weights, weights[0]).as_deref(), expected, "{weights:?}");
        }
    }
}
