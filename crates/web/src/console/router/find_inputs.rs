//! The inputs of a node that searches records: what it looks for, its filters and its tie-breaks.

use crate::console::router::node_rows::{PreferenceRow, TestRow};
use crate::console::router::test_inputs::{choose_one, select, test};
use crate::http::form::Form as Typed;
use crate::text::translator::Translator;
use crate::ui::flowchart::words::ChartWords;
use crate::ui::input::{Control, Input};
use domain::org::FieldType;
use domain::router::{Fact, FindKey, PreferredOrder};
use domain::synced_fields::SyncedObject;
use std::collections::BTreeSet;

/// What a node looks for, and where.
pub(super) fn find(t: &Translator, typed: &Typed) -> Vec<Input> {
    let line = |name: &str, label: &str| Input::line(t, name, t.text(label), typed.text(name));
    let object = |object: SyncedObject| {
        let key = t.word("route-key", FindKey::usual(object).name());
        let values = [("on", t.object(object.name())), ("key", key)];
        (object.key().to_owned(), t.sentence("node-find-object", values))
    };
    let objects = SyncedObject::ALL.map(object).to_vec();
    let chosen = typed.all("object");
    vec![
        line("object", "node-object")
            .choices(Control::Radio, objects, &chosen)
            .hint(t.text("node-find-hint")),
        line("live", "node-live").switch(typed.is_on("live")).hint(t.text("node-live-hint")),
    ]
}

/// One filter: it compares the found record's own fields only.
pub(super) fn filter(words: &ChartWords<'_>, typed: &Typed, at: usize, row: &TestRow) -> Vec<Input> {
    let mut facts = choose_one(words.t);
    if let Some(object) = object(typed) {
        let paths = paths(words, typed, object);
        let all = paths.into_iter().map(|path| Fact::Record(object, path));
        facts.extend(all.map(|fact| (fact.to_string(), words.fact(&fact))));
    }
    // The name of a parameter has no place here.
    test(words, at, row, facts).into_iter().filter(|input| !input.name.ends_with(".parameter")).collect()
}

/// One tie-break.
pub(super) fn preference(
    words: &ChartWords<'_>,
    typed: &Typed,
    at: usize,
    row: &PreferenceRow,
) -> Vec<Input> {
    let t = words.t;
    let line = |name: &str, label: &str| Input::line(t, &format!("prefer[{at}].{name}"), t.text(label), "");
    let mut orders = choose_one(t);
    orders.extend(
        PreferredOrder::ALL.map(|order| (order.name().to_owned(), t.word("route-order", order.name()))),
    );
    let mut fields = vec![(String::new(), t.text("node-preference-no-field"))];
    if let Some(object) = object(typed) {
        let paths = paths(words, typed, object).into_iter().filter(|path| is_ordered(words, object, path));
        fields.extend(paths.map(|path| {
            let label = words.field(object, &path);
            (path, label)
        }));
    }
    vec![
        select(line("order", "node-preference-order"), orders, &row.order),
        select(line("field", "node-preference-field"), fields, &row.field)
            .hint(t.text("node-preference-field-hint")),
    ]
}

fn object(typed: &Typed) -> Option<SyncedObject> {
    SyncedObject::ALL.into_iter().find(|one| one.key() == typed.text("object"))
}

/// The fields that are kept here; those of the org, too, where it is asked at once.
fn paths(words: &ChartWords<'_>, typed: &Typed, object: SyncedObject) -> BTreeSet<String> {
    let mut paths = words.context.copies.get(&object).cloned().unwrap_or_default();
    if typed.is_on("live") {
        let described = words.context.fields.get(&object).into_iter().flatten();
        paths.extend(described.map(|field| field.name.clone()));
    }
    paths
}

/// Whether values of a field come in an order; what is not described may.
fn is_ordered(words: &ChartWords<'_>, object: SyncedObject, path: &str) -> bool {
    use FieldType::{Currency, Date, DateTime, Integer, Number, Percent};
    let fields = words.context.fields.get(&object);
    let known = fields.and_then(|all| all.iter().find(|one| one.name.eq_ignore_ascii_case(path)));
    known.is_none_or(|known| matches!(known.kind, Number | Integer | Currency | Percent | Date | DateTime))
}
