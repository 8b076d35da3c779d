//! What keeps a node that finds a record from being published: its key, its filters and its tie-breaks.

use crate::org::{FieldType, OrgField};
use crate::router::chart_faults::Faults;
use crate::router::check_test::{MAX_TESTS, check_test};
use crate::router::{ChartContext, Fact, FindKey, OWNER, Preference, Test, operand_texts};
use crate::synced_fields::SyncedObject;
use crate::value::{Decimal, FieldProblem, NumberUnit, read_day};

/// Tie-breaks of a node.
pub const MAX_PREFERENCES: usize = 10;

/// Checks what a node looks for, which records it leaves out, and which of several it takes.
pub(super) fn check_find(
    id: &str,
    (object, by, live): (SyncedObject, FindKey, bool),
    filters: &[Test],
    prefer: &[Preference],
    context: &ChartContext,
    found: &mut Faults,
) {
    // The org itself finds people by either key.
    let finds_by = by == FindKey::usual(object) || (live && object != SyncedObject::Account);
    if !finds_by {
        let fault = FieldProblem::new("by", "find-key-unfit").with("on", object.name());
        found.push(id, fault.with("key", FindKey::usual(object).name()));
    } else if !live && !context.copies.contains_key(&object) {
        found.push(id, FieldProblem::new("object", "no-local-copy").with("on", object.name()));
    }
    if filters.len() > MAX_TESTS {
        found.push(id, FieldProblem::new("filters", "too-many").with("max", MAX_TESTS));
    }
    for (place, filter) in filters.iter().enumerate() {
        check_filter(id, &format!("filters[{place}]"), (object, live), filter, context, found);
    }
    if prefer.len() > MAX_PREFERENCES {
        found.push(id, FieldProblem::new("prefer", "too-many").with("max", MAX_PREFERENCES));
    }
    for (place, preference) in prefer.iter().enumerate() {
        check_preference(id, &format!("prefer[{place}]"), (object, live), preference, context, found);
    }
}

fn check_filter(
    id: &str,
    at: &str,
    (object, live): (SyncedObject, bool),
    filter: &Test,
    context: &ChartContext,
    found: &mut Faults,
) {
    let field = match &filter.fact {
        Fact::Record(of, field) if *of == object => field,
        _ => {
            let fault = FieldProblem::new(format!("{at}.fact"), "filter-of-other-record");
            found.push(id, fault.with("on", object.name()));
            return;
        }
    };
    check_test(id, at, filter, live, context, found);
    let Some(known) = described(context, object, field) else { return };
    if !filter.operator.orders() {
        return;
    }
    let is_number = compares_numbers(known.kind);
    if !is_number && !compares_time(known.kind) {
        let fault =
            FieldProblem::new(format!("{at}.operator"), "filter-operator-unfit").with("field", &known.label);
        found.push(id, fault);
        return;
    }
    let fits = |text: &String| match is_number {
        true => Decimal::parse(text, NumberUnit::None).is_some(),
        false => read_day(text).is_some(),
    };
    let is_ordered =
        |text: &String| Decimal::parse(text, NumberUnit::None).is_some() || read_day(text).is_some();
    // What is neither a number nor a day is told already.
    for text in operand_texts(&filter.value).iter().filter(|text| is_ordered(text) && !fits(text)) {
        let code = if is_number { "not-a-number" } else { "not-a-day" };
        found.push(id, FieldProblem::new(format!("{at}.value"), code).with("value", text));
    }
}

fn check_preference(
    id: &str,
    at: &str,
    (object, live): (SyncedObject, bool),
    preference: &Preference,
    context: &ChartContext,
    found: &mut Faults,
) {
    let Preference { field, order } = preference;
    let is_kept = |path: &str| {
        let kept = context.copies.get(&object);
        live || kept.is_none_or(|kept| kept.iter().any(|one| one.eq_ignore_ascii_case(path)))
    };
    if !order.has_field() {
        if !field.is_empty() {
            found.add(id, format!("{at}.field"), "preference-without-field");
        } else if !is_kept(OWNER) {
            let fault = FieldProblem::new(format!("{at}.order"), "owner-not-synced");
            found.push(id, fault.with("on", object.name()));
        }
        return;
    }
    let at = format!("{at}.field");
    if field.trim().is_empty() {
        found.add(id, at, "required");
        return;
    }
    let told = |code: &str| FieldProblem::new(&at, code).with("field", field).with("on", object.name());
    match described(context, object, field) {
        None if !is_described(context, object, field) => {}
        None => {
            found.push(id, told("field-missing"));
            return;
        }
        Some(known) => {
            let fits =
                if order.compares_time() { compares_time(known.kind) } else { compares_numbers(known.kind) };
            if !fits {
                let code =
                    if order.compares_time() { "preference-needs-time" } else { "preference-needs-number" };
                found.push(id, FieldProblem::new(&at, code).with("field", &known.label));
            }
        }
    }
    if !is_kept(field) {
        found.push(id, told("field-not-synced"));
    }
}

fn described<'a>(context: &'a ChartContext, object: SyncedObject, field: &str) -> Option<&'a OrgField> {
    context.fields.get(&object)?.iter().find(|one| one.name.eq_ignore_ascii_case(field))
}

/// Whether the object's description would name such a field; a path through a parent is no field of the object.
fn is_described(context: &ChartContext, object: SyncedObject, field: &str) -> bool {
    context.fields.contains_key(&object) && !field.contains('.')
}

const fn compares_numbers(kind: FieldType) -> bool {
    matches!(kind, FieldType::Number | FieldType::Integer | FieldType::Currency | FieldType::Percent)
}

const fn compares_time(kind: FieldType) -> bool {
    matches!(kind, FieldType::Date | FieldType::DateTime)
}
