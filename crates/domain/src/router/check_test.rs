//! What keeps one comparison of a chart from being published.

use crate::org::FieldType;
use crate::router::chart_faults::Faults;
use crate::router::{ChartContext, EMAIL_KEY, Fact, Operand, Test, operand_texts};
use crate::synced_fields::SyncedObject;
use crate::value::{Decimal, FieldProblem, NumberUnit, read_day};
use std::collections::BTreeSet;

/// Tests of a condition.
pub const MAX_TESTS: usize = 50;
/// Characters of a text.
pub(super) const MAX_TEXT: usize = 2_000;

/// Checks one comparison; a live one reads its field from the org itself, so that no copy is needed.
pub(super) fn check_test(
    id: &str,
    at: &str,
    test: &Test,
    is_live: bool,
    context: &ChartContext,
    found: &mut Faults,
) {
    let operand = operand_texts(&test.value);
    let is_given = operand.iter().any(|text| !text.trim().is_empty());
    let value = format!("{at}.value");
    match test.operator.operand() {
        Operand::None => {}
        _ if !is_given => found.add(id, &value, "required"),
        Operand::One if operand.len() > 1 => found.add(id, &value, "one-value"),
        Operand::One | Operand::Several => {}
    }
    if operand.iter().any(|text| text.chars().count() > MAX_TEXT) {
        found.push(id, FieldProblem::new(&value, "too-long").with("max", MAX_TEXT));
    }
    let is_ordered =
        |text: &String| Decimal::parse(text, NumberUnit::None).is_some() || read_day(text).is_some();
    if test.operator.orders() && is_given && !operand.iter().all(is_ordered) {
        found.add(id, &value, "not-a-number-or-day");
    }
    match &test.fact {
        Fact::Record(object, field) => record_field(id, at, (*object, field, is_live), test, context, found),
        // A question with this key asks for the address, which every visitor gives.
        Fact::Answer(key) if key == EMAIL_KEY => {}
        Fact::Answer(key) => match context.questions.get(key) {
            None => found
                .push(id, FieldProblem::new(format!("{at}.fact"), "question-missing").with("question", key)),
            Some(options) => option(id, &value, &operand, options, test, found),
        },
        Fact::EmailFreeMail => option(id, &value, &operand, &words(["true", "false"]), test, found),
        Fact::Language => option(id, &value, &operand, &words(["ja", "en"]), test, found),
        _ => {}
    }
}

fn words(words: [&str; 2]) -> [String; 2] {
    words.map(str::to_owned)
}

fn record_field(
    id: &str,
    at: &str,
    (object, field, is_live): (SyncedObject, &str, bool),
    test: &Test,
    context: &ChartContext,
    found: &mut Faults,
) {
    let fact = format!("{at}.fact");
    let told = |code: &str| FieldProblem::new(&fact, code).with("field", field).with("on", object.name());
    let fields = context.fields.get(&object);
    let known = fields.and_then(|all| all.iter().find(|one| one.name.eq_ignore_ascii_case(field)));
    // A path through a parent is no field of the object itself.
    if known.is_none() && fields.is_some() && !field.contains('.') {
        found.push(id, told("field-missing"));
        return;
    }
    let is_kept = |kept: &BTreeSet<String>| kept.iter().any(|one| one.eq_ignore_ascii_case(field));
    if !is_live && context.copies.get(&object).is_some_and(|kept| !is_kept(kept)) {
        found.push(id, told("field-not-synced"));
    }
    let Some(known) = known else { return };
    if matches!(known.kind, FieldType::Picklist | FieldType::MultiPicklist) {
        let options: Vec<String> = known.options.iter().map(|option| option.value.clone()).collect();
        option(id, &format!("{at}.value"), &operand_texts(&test.value), &options, test, found);
    }
}

/// A value that none of the options is can never be answered.
fn option(id: &str, at: &str, operand: &[String], options: &[String], test: &Test, found: &mut Faults) {
    use crate::router::RouteOperator::{Equals, In, NotEquals, NotIn};
    if options.is_empty() || !matches!(test.operator, Equals | NotEquals | In | NotIn) {
        return;
    }
    for value in operand.iter().filter(|value| !value.trim().is_empty() && !options.contains(value)) {
        found.push(id, FieldProblem::new(at, "option-missing").with("option", value));
    }
}
