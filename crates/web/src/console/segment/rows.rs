//! A condition as rows of inputs, and back, and what the buttons beside them do.

use crate::console::segment::names::Names;
use crate::http::form::Form;
use crate::text::translator::Translator;
use crate::ui::input::{Control, Input};
use domain::condition::{Arity, Condition, Operator, RelativeDay};
use domain::people::PersonFieldKind;
use domain::segment::{
    FactKind, FactTerm, MAX_SEGMENT_GROUPS, MAX_SEGMENT_TERMS, SegmentCondition, SegmentGroup, SegmentTerm,
    segment_operators,
};
use domain::value::{SegmentId, tidy_line};

const USUAL_DAYS: &str = "30";
/// The word for "a day of the calendar" among the relative ones.
const A_DAY: &str = "day";
/// The word for a term on a field.
const FIELD: &str = "field";

/// A group with its inputs.
pub(super) struct GroupRow {
    /// Its place, for the buttons.
    pub(super) index: usize,
    /// Its terms.
    pub(super) terms: Vec<TermRow>,
    /// What can be added.
    pub(super) add: Input,
}

/// A term with its inputs.
pub(super) struct TermRow {
    /// Its place, for the buttons.
    pub(super) index: usize,
    /// What it is about.
    pub(super) title: String,
    /// What is sent along: names and values.
    pub(super) kept: Vec<(String, String)>,
    /// Its inputs, each with the class that says when the style sheet shows it.
    pub(super) inputs: Vec<(&'static str, Input)>,
}

/// The condition that a form holds, right or wrong.
pub(super) fn read(form: &Form) -> SegmentCondition {
    let groups = (0..MAX_SEGMENT_GROUPS + 1).map_while(|group| {
        form.find(&format!("any[{group}]"))?;
        let terms = (0..MAX_SEGMENT_TERMS + 1).map_while(|term| {
            let name = |part: &str| format!("any[{group}].all[{term}].{part}");
            read_term(form, &name)
        });
        Some(SegmentGroup { terms: terms.collect() })
    });
    SegmentCondition { groups: groups.collect() }
}

fn read_term(form: &Form, name: &dyn Fn(&str) -> String) -> Option<SegmentTerm> {
    let kind = form.find(&name("kind"))?;
    if kind == FIELD {
        let field = form.text(&name("field")).to_owned();
        let operator = Operator::from_name(form.text(&name("operator"))).unwrap_or(Operator::IsNotBlank);
        return Some(SegmentTerm::Field(Condition { field, operator, values: values(form, operator, name) }));
    }
    Some(SegmentTerm::Fact(FactTerm {
        kind: FactKind::parse(kind)?,
        name: form.text(&name("name")).trim().to_owned(),
        // A number that can't be read is out of every range, so that it is named as a fault.
        days: match tidy_line(form.text(&name("days"))).as_str() {
            "" => None,
            days => Some(days.parse().unwrap_or(0)),
        },
        is_not: form.text(&name("answer")) == "no",
    }))
}

fn values(form: &Form, operator: Operator, name: &dyn Fn(&str) -> String) -> Vec<String> {
    let when = form.text(&name("when"));
    let typed =
        || form.text(&name("value")).lines().map(str::to_owned).filter(|line| !line.trim().is_empty());
    match operator.arity() {
        Arity::None => Vec::new(),
        Arity::Two => vec![form.text(&name("value")).to_owned(), form.text(&name("to")).to_owned()],
        _ if RelativeDay::PLAIN.contains(&when) => vec![when.to_owned()],
        _ if RelativeDay::COUNTED.contains(&when) => {
            let days = tidy_line(form.text(&name("days")));
            vec![format!("{when}:{}", if days.is_empty() { USUAL_DAYS } else { &days })]
        }
        _ => typed().collect(),
    }
}

/// Does what a button asks for; `false` if it asks to save.
pub(super) fn change(condition: &mut SegmentCondition, form: &Form, names: &Names) -> bool {
    let wish = form.text("do");
    let (verb, place) = wish.split_once(':').unwrap_or((wish, ""));
    let places: Vec<usize> = place.split(':').filter_map(|place| place.parse().ok()).collect();
    match (verb, places.as_slice()) {
        ("group", _) if condition.groups.len() < MAX_SEGMENT_GROUPS => {
            condition.groups.push(SegmentGroup::default());
        }
        ("add", [group]) => {
            let chosen = form.text(&format!("add[{group}]"));
            if let (Some(group), Some(term)) = (condition.groups.get_mut(*group), begin(chosen, names)) {
                group.terms.push(term);
            }
        }
        ("remove", [group, term]) => {
            if let Some(group) = condition.groups.get_mut(*group).filter(|group| *term < group.terms.len()) {
                group.terms.remove(*term);
            }
        }
        ("remove-group", [group]) if *group < condition.groups.len() => {
            condition.groups.remove(*group);
        }
        ("save", _) => return false,
        _ => {}
    }
    true
}

/// A new term, with the first of the operators that fit its field.
fn begin(chosen: &str, names: &Names) -> Option<SegmentTerm> {
    match chosen.split_once(':')? {
        (FIELD, name) => {
            let field = names.field(name)?;
            let operator = *segment_operators(field.kind).first()?;
            Some(SegmentTerm::Field(Condition { field: name.to_owned(), operator, values: Vec::new() }))
        }
        (_, kind) => Some(SegmentTerm::Fact(FactTerm {
            kind: FactKind::parse(kind)?,
            name: String::new(),
            days: None,
            is_not: false,
        })),
    }
}

/// The rows of a condition.
pub(super) fn rows(
    t: &Translator,
    condition: &SegmentCondition,
    names: &Names,
    own: Option<SegmentId>,
) -> Vec<GroupRow> {
    let group = |(index, group): (usize, &SegmentGroup)| GroupRow {
        index,
        terms: group
            .terms
            .iter()
            .enumerate()
            .map(|(number, term)| term_row(t, (index, number), term, names, own))
            .collect(),
        add: add(t, index, names),
    };
    condition.groups.iter().enumerate().map(group).collect()
}

fn add(t: &Translator, group: usize, names: &Names) -> Input {
    let fields = names
        .context
        .fields
        .fields
        .iter()
        .map(|field| (format!("{FIELD}:{}", field.name), names.field_label(t, &field.name)));
    let facts =
        FactKind::ALL.map(|kind| (format!("fact:{}", kind.name()), t.word("segment-fact", kind.name())));
    let choices = fields.chain(facts).collect();
    Input::line(t, &format!("add[{group}]"), t.text("segment-add-what"), "").choices(
        Control::Select,
        choices,
        &[],
    )
}

fn term_row(
    t: &Translator,
    (group, index): (usize, usize),
    term: &SegmentTerm,
    names: &Names,
    own: Option<SegmentId>,
) -> TermRow {
    let name = |part: &str| format!("any[{group}].all[{index}].{part}");
    match term {
        SegmentTerm::Field(condition) => TermRow {
            index,
            title: names.field_label(t, &condition.field),
            kept: vec![(name("kind"), FIELD.to_owned()), (name("field"), condition.field.clone())],
            inputs: field_inputs(t, &name, condition, names.field(&condition.field).map(|field| field.kind)),
        },
        SegmentTerm::Fact(fact) => TermRow {
            index,
            title: t.word("segment-fact", fact.kind.name()),
            kept: vec![(name("kind"), fact.kind.name().to_owned())],
            inputs: fact_inputs(t, &name, fact, names, own),
        },
    }
}

fn field_inputs(
    t: &Translator,
    name: &dyn Fn(&str) -> String,
    condition: &Condition,
    kind: Option<PersonFieldKind>,
) -> Vec<(&'static str, Input)> {
    let line = |part: &str, label: &str, value: &str| Input::line(t, &name(part), t.text(label), value);
    let first = condition.values.first().map_or("", String::as_str);
    let second = condition.values.get(1).map_or("", String::as_str);
    let mut inputs = vec![("", operator(t, &name("operator"), condition.operator, kind))];
    match kind {
        Some(PersonFieldKind::Number) => {
            let number = |input: Input| Input { keyboard: "decimal", width: "short", ..input };
            inputs.push(("valued", number(line("value", "condition-value", first))));
            inputs.push(("between", number(line("to", "condition-to", second))));
        }
        Some(PersonFieldKind::Date) => {
            let relative = RelativeDay::parse(first);
            let day = if relative.is_some() { "" } else { first };
            let days =
                relative.and_then(RelativeDay::days).map_or(USUAL_DAYS.to_owned(), |days| days.to_string());
            let date = Control::Line("date");
            inputs.push(("valued when", when(t, &name("when"), relative)));
            inputs.push(("valued dayed", line("value", "condition-day", day).of(date)));
            inputs.push(("between", line("to", "condition-to", second).of(date)));
            inputs.push(("valued counted", line("days", "condition-days", &days).number()));
        }
        _ => {
            let text = line("value", "condition-value", &condition.values.join("\n"));
            inputs.push(("valued", text.of(Control::Area).hint(t.text("condition-lines-hint"))));
        }
    }
    inputs
}

fn operator(t: &Translator, name: &str, chosen: Operator, kind: Option<PersonFieldKind>) -> Input {
    let mut offered = kind.map_or_else(Vec::new, |kind| segment_operators(kind).to_vec());
    if !offered.contains(&chosen) {
        offered.insert(0, chosen);
    }
    let choices = offered.iter().map(|one| (one.name().to_owned(), t.word("operator", one.name()))).collect();
    let chosen = [chosen.name().to_owned()];
    Input::line(t, name, t.text("condition-operator"), "").choices(Control::Select, choices, &chosen)
}

fn when(t: &Translator, name: &str, relative: Option<RelativeDay>) -> Input {
    let words = std::iter::once(A_DAY).chain(RelativeDay::PLAIN).chain(RelativeDay::COUNTED);
    let choices = words.map(|word| (word.to_owned(), t.word("relative", word))).collect();
    let chosen = [relative.map_or(A_DAY, RelativeDay::word).to_owned()];
    Input::line(t, name, t.text("condition-when"), "").choices(Control::Select, choices, &chosen)
}

fn fact_inputs(
    t: &Translator,
    name: &dyn Fn(&str) -> String,
    fact: &FactTerm,
    names: &Names,
    own: Option<SegmentId>,
) -> Vec<(&'static str, Input)> {
    let answers = ["yes", "no"].map(|word| (word.to_owned(), t.word("segment-fact", word))).to_vec();
    let answer = [if fact.is_not { "no" } else { "yes" }.to_owned()];
    let mut inputs = Vec::new();
    if fact.kind != FactKind::Visit {
        let mut choices = names.choices(fact.kind, own);
        // What is not there any more stays as it is until somebody chooses anew.
        if !fact.name.is_empty() && choices.iter().all(|(one, _)| *one != fact.name) {
            choices.insert(0, (fact.name.clone(), fact.name.clone()));
        }
        let none = if fact.kind.may_be_any() { "segment-any" } else { "segment-choose" };
        choices.insert(0, (String::new(), t.text(none)));
        let which = Input::line(t, &name("name"), t.word("segment-which", fact.kind.name()), "");
        inputs.push(("", which.choices(Control::Select, choices, std::slice::from_ref(&fact.name))));
    }
    if fact.kind.has_days() {
        let days = fact.days.map(|days| days.to_string()).unwrap_or_default();
        let input = Input::line(t, &name("days"), t.text("segment-days"), &days).number();
        inputs.push(("", input.hint(t.text("segment-days-hint"))));
    }
    let input = Input::line(t, &name("answer"), t.text("segment-answer"), "");
    inputs.push(("", input.choices(Control::Select, answers, &answer)));
    inputs
}
