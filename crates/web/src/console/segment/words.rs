//! A term of a condition as a sentence.

use crate::console::segment::names::Names;
use crate::text::translator::Translator;
use domain::condition::{Condition, RelativeDay};
use domain::segment::{FactTerm, SegmentTerm};

/// The term in words.
pub(super) fn term(t: &Translator, term: &SegmentTerm, names: &Names) -> String {
    match term {
        SegmentTerm::Field(condition) => of_field(t, condition, names),
        SegmentTerm::Fact(fact) => of_fact(t, fact, names),
    }
}

fn of_field(t: &Translator, condition: &Condition, names: &Names) -> String {
    let values: Vec<String> = condition.values.iter().map(|value| told(t, value)).collect();
    let parts = [
        ("field", names.field_label(t, &condition.field)),
        ("operator", t.word("operator", condition.operator.name())),
        ("value", t.list(&values)),
    ];
    t.sentence(if values.is_empty() { "condition-told" } else { "condition-told-with" }, parts)
}

fn told(t: &Translator, value: &str) -> String {
    match RelativeDay::parse(value) {
        Some(relative) => match relative.days() {
            Some(days) => t.fill(&format!("relative-{}-told", relative.word()), "days", days),
            None => t.word("relative", relative.word()),
        },
        None => value.to_owned(),
    }
}

fn of_fact(t: &Translator, fact: &FactTerm, names: &Names) -> String {
    let title = t.word("segment-fact", fact.kind.name());
    let mut parts = Vec::new();
    if !fact.name.is_empty() {
        parts.push(names.of(fact.kind, &fact.name));
    }
    if let Some(days) = fact.days {
        parts.push(t.fill("relative-last_n_days-told", "days", days));
    }
    parts.push(t.text(if fact.is_not { "segment-fact-no" } else { "segment-fact-yes" }));
    t.pair(title, t.list(&parts))
}
