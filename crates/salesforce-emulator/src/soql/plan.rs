//! Which records to look at: by an index where the conditions allow it.

use std::ops::Bound;
use std::sync::Arc;

use crate::org::ids::RecordId;
use crate::org::index::Range;
use crate::org::records::{Record, Table};
use crate::org::schema::{FieldType, ObjectType};
use crate::org::value::{Key, Value};
use crate::soql::ast::Operator;
use crate::soql::eval::{Filter, Reader};
use crate::soql::operand::Operand;
use crate::soql::resolve::End;

/// The records of an object that satisfy a filter, oldest first, and no more of them than `most`.
pub(super) fn matching(
    reader: &Reader<'_>,
    object: &Arc<ObjectType>,
    filter: Option<&Filter>,
    most: usize,
) -> Vec<Arc<Record>> {
    let Some(table) = reader.org.table(&object.name) else { return Vec::new() };
    let wanted = |record: &&Arc<Record>| reader.matches(filter, object, record);
    match filter.and_then(|filter| candidates(table, object, filter)) {
        Some(mut ids) => {
            ids.sort_unstable();
            ids.dedup();
            ids.iter().filter_map(|id| table.get(*id)).filter(wanted).take(most).cloned().collect()
        }
        None => table.rows().filter(wanted).take(most).cloned().collect(),
    }
}

/// The records that satisfy a filter in the order of a field whose index holds every record, no more than `most`.
///
/// `None` when there is no such index, or when another way to the records is shorter.
pub(super) fn in_order(
    reader: &Reader<'_>,
    object: &Arc<ObjectType>,
    filter: Option<&Filter>,
    (index, descending): (usize, bool),
    most: usize,
) -> Option<Vec<Arc<Record>>> {
    let table = reader.org.table(&object.name)?;
    let entries = table.index(object, index)?;
    let everything = (Bound::Unbounded, Bound::Unbounded);
    if entries.count(everything.clone(), usize::MAX) != table.count_all() {
        return None;
    }
    if filter.is_some_and(|filter| candidates(table, object, filter).is_some()) {
        return None;
    }
    let range = filter.and_then(|filter| range(object, filter, Some(index))).map(|(_, range)| range);
    let walk = entries.walk(range.unwrap_or(everything), descending);
    let found = walk.filter_map(|id| table.get(id)).filter(|record| reader.matches(filter, object, record));
    Some(found.take(most).cloned().collect())
}

/// The only ids that can satisfy the filter, if an index tells and they are few.
fn candidates(table: &Table, object: &ObjectType, filter: &Filter) -> Option<Vec<RecordId>> {
    match filter {
        Filter::And(parts) => {
            let exact = parts.iter().find_map(|part| candidates(table, object, part));
            exact.or_else(|| few(table, object, filter))
        }
        Filter::Or(parts) => {
            let found: Option<Vec<_>> = parts.iter().map(|part| candidates(table, object, part)).collect();
            found.map(|lists| lists.concat())
        }
        Filter::Compare(operand, Operator::Equal, value) => lookup(table, object, operand, value),
        Filter::In(operand, set) => {
            let index = own_index(operand)?;
            let mut ids = Vec::new();
            for key in set.iter() {
                match key.as_ref()? {
                    Key::Id(id) if object.fields()[index].kind == FieldType::Id => ids.push(*id),
                    key => ids.extend(table.index(object, index)?.find(key)),
                }
            }
            Some(ids)
        }
        Filter::Compare(..) | Filter::InDays(..) => few(table, object, filter),
        Filter::Not(_) | Filter::Exactly(..) | Filter::Like(..) | Filter::Includes(..) => None,
    }
}

/// The records within a range of an index, unless reading the whole table is as quick.
fn few(table: &Table, object: &ObjectType, filter: &Filter) -> Option<Vec<RecordId>> {
    let (index, range) = range(object, filter, None)?;
    let entries = table.index(object, index)?;
    let enough = table.count_all() / 8 + 1;
    (entries.count(range.clone(), enough) < enough).then(|| entries.walk(range, false).collect())
}

/// The range that a filter's conditions on one indexed field leave: the wanted field, or the first there is.
fn range(object: &ObjectType, filter: &Filter, wanted: Option<usize>) -> Option<(usize, Range)> {
    match filter {
        Filter::And(parts) => {
            let (index, first) = parts.iter().find_map(|part| range(object, part, wanted))?;
            let ranges = parts.iter().filter_map(|part| range(object, part, Some(index)));
            Some((index, ranges.fold(first, |whole, (_, part)| narrowed(whole, part))))
        }
        Filter::Compare(operand, operator, value) => {
            let index = own_index(operand)?;
            let kind = object.fields()[index].kind;
            // The keys of texts do not sort as texts do.
            let sorted = kind.is_number() || matches!(kind, FieldType::Datetime | FieldType::Date);
            if !sorted || !object.indexed().contains(&index) || wanted.is_some_and(|wanted| wanted != index) {
                return None;
            }
            let key = value.index_key()?;
            let range = match operator {
                Operator::Greater => (Bound::Excluded(key), Bound::Unbounded),
                Operator::GreaterOrEqual => (Bound::Included(key), Bound::Unbounded),
                Operator::Less => (Bound::Unbounded, Bound::Excluded(key)),
                Operator::LessOrEqual => (Bound::Unbounded, Bound::Included(key)),
                Operator::Equal => (Bound::Included(key.clone()), Bound::Included(key)),
                Operator::NotEqual | Operator::Like => return None,
            };
            Some((index, range))
        }
        _ => None,
    }
}

fn narrowed((from, until): Range, (other_from, other_until): Range) -> Range {
    let key = |bound: &Bound<Key>| match bound {
        Bound::Included(key) => Some((key.clone(), false)),
        Bound::Excluded(key) => Some((key.clone(), true)),
        Bound::Unbounded => None,
    };
    let from = if key(&other_from) > key(&from) { other_from } else { from };
    let until = match (key(&until), key(&other_until)) {
        (_, None) => until,
        (None, Some(_)) => other_until,
        // Of two bounds at one key the one that leaves it out is narrower.
        (Some((one, out)), Some((other, other_out))) => {
            if (&other, !other_out) < (&one, !out) {
                other_until
            } else {
                until
            }
        }
    };
    (from, until)
}

/// The place of the object's own field that an operand reads as it stands.
pub(super) fn own_index(operand: &Operand) -> Option<usize> {
    let End::Field(_, index) = &operand.path.end else { return None };
    (operand.path.is_own() && operand.function.is_none()).then_some(*index)
}

fn lookup(table: &Table, object: &ObjectType, operand: &Operand, value: &Value) -> Option<Vec<RecordId>> {
    let index = own_index(operand)?;
    if value.is_null() {
        return None;
    }
    match value {
        Value::Id(id) if object.fields()[index].kind == FieldType::Id => Some(vec![*id]),
        value => table.find(object, index, value),
    }
}
