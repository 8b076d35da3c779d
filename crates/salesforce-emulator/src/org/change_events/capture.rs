//! What a transaction changed, as events: one for each record.

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::Arc;

use ring::digest::{SHA256, digest};

use crate::org::change_events::bitmap::FieldSet;
use crate::org::change_events::change_type::ChangeType;
use crate::org::change_events::event::{Cell, ChangeEvent, Header};
use crate::org::change_events::field::Shape;
use crate::org::change_events::schema::EventSchema;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

/// A record as it was before a transaction touched it; `None` if there was none.
pub(in crate::org) type Former = (String, RecordId, Option<Arc<Record>>);

/// What an event says of one record.
struct Difference {
    change_type: ChangeType,
    nulled: FieldSet,
    changed: FieldSet,
    body: Vec<Cell>,
}

impl Org {
    /// Does something that comes from outside: events of what it changes tell from where.
    pub(crate) fn coming_from<T>(&mut self, origin: String, work: impl FnOnce(&mut Self) -> T) -> T {
        self.events.origin = origin;
        let done = work(self);
        self.events.origin.clear();
        done
    }

    /// Does something in one transaction that nothing takes back.
    pub(crate) fn in_one_transaction<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let Ok(done) = self.atomically(|org| Ok::<T, Infallible>(work(org)));
        done
    }

    /// Adds the events of a transaction that has just succeeded.
    ///
    /// `touched` are the records in the order in which they were changed, the state before the first change first.
    /// Several changes of a record are one event with the final values. `history_mark` is where the transaction began.
    pub(in crate::org) fn publish_changes(&mut self, touched: Vec<Former>, history_mark: usize) {
        // The date alone does not tell that a record was saved: it has no fractions of a second.
        let noted: HashSet<RecordId> =
            self.history.since(history_mark).iter().map(|change| change.id).collect();
        let mut seen = HashSet::new();
        let mut events = Vec::new();
        for (name, id, before) in touched {
            if !self.events.captures(&name) || !seen.insert((name.clone(), id)) {
                continue;
            }
            let Some(object) = self.whole_schema().object(&name).cloned() else { continue };
            let after = self.row(&name, id).cloned();
            let schema = self.events.schema_of(&object);
            let is_noted = noted.contains(&id);
            if let Some(difference) =
                difference(&object, &schema, before.as_deref(), after.as_deref(), is_noted)
            {
                events.push((name, id, schema, difference));
            }
        }
        if events.is_empty() {
            return;
        }
        let user = self.history.since(history_mark).first().map_or(self.settings.admin, |change| change.user);
        let base = self.header(user);
        for (place, (entity, id, schema, told)) in events.into_iter().enumerate() {
            let header = Header {
                entity,
                record_ids: vec![id.to_string()],
                change_type: told.change_type,
                sequence_number: place + 1,
                nulled: told.nulled.to_bitmaps(),
                changed: told.changed.to_bitmaps(),
                ..base.clone()
            };
            self.events.push(ChangeEvent { header, body: told.body, schema }, base.committed);
        }
    }

    /// Adds an event that tells nothing but that these records changed, or that too much did.
    pub(crate) fn publish_gap(
        &mut self,
        object: &Arc<ObjectType>,
        record_ids: Vec<String>,
        change_type: ChangeType,
    ) {
        let schema = self.events.schema_of(object);
        let base = self.header(self.settings.admin);
        let now = base.committed;
        let header = Header { entity: object.name.clone(), record_ids, change_type, ..base };
        self.events.push(ChangeEvent { header, body: Vec::new(), schema }, now);
    }

    /// The header of a new transaction.
    fn header(&mut self, user: RecordId) -> Header {
        let commit_number = self.events.next_commit();
        Header {
            entity: String::new(),
            record_ids: Vec::new(),
            change_type: ChangeType::Update,
            origin: self.events.origin.clone(),
            transaction_key: transaction_key(self.settings.organization, commit_number),
            sequence_number: 1,
            committed: self.clock.now(),
            commit_number,
            user: user.to_string(),
            nulled: Vec::new(),
            changed: Vec::new(),
        }
    }
}

/// What became of a record; `None` if nothing that events tell of.
fn difference(
    object: &ObjectType,
    schema: &EventSchema,
    before: Option<&Record>,
    after: Option<&Record>,
    is_noted: bool,
) -> Option<Difference> {
    let is_live = |record: &&Record| !record.is_deleted(object);
    let whole = |change_type, body| {
        Some(Difference { change_type, nulled: FieldSet::default(), changed: FieldSet::default(), body })
    };
    match (before, before.filter(is_live), after.filter(is_live)) {
        (None, _, Some(created)) => whole(ChangeType::Create, cells(schema, created)),
        (Some(_), None, Some(restored)) => whole(ChangeType::Undelete, cells(schema, restored)),
        (_, Some(before), Some(after)) => update(schema, before, after, is_noted),
        // What is erased past the recycle bin has no event.
        (_, Some(_), None) => after.and_then(|_| whole(ChangeType::Delete, Vec::new())),
        (_, None, None) => None,
    }
}

fn update(schema: &EventSchema, before: &Record, after: &Record, is_noted: bool) -> Option<Difference> {
    let (mut changed, mut nulled) = (FieldSet::default(), FieldSet::default());
    let mut body = Vec::with_capacity(schema.fields.len());
    let mut modified = None;
    for (place, field) in schema.fields.iter().enumerate() {
        // The header is the first field.
        let number = place + 1;
        let differs = |index: Option<usize>| index.is_some_and(|index| before.get(index) != after.get(index));
        let is_gone =
            |index: Option<usize>| differs(index) && index.is_some_and(|index| after.get(index).is_null());
        body.push(Cell::Null);
        if field.name == "LastModifiedDate" {
            modified = Some((place, field.index));
            continue;
        }
        match &field.shape {
            Shape::Plain(_) | Shape::SwitchableName(_) if differs(Some(field.index)) => {
                changed.add(number);
                if is_gone(Some(field.index)) {
                    nulled.add(number);
                }
                body[place] = cell(after, field.index);
            }
            Shape::Plain(_) | Shape::SwitchableName(_) => {}
            Shape::Parts(_, parts) => {
                let places = |wanted: &dyn Fn(Option<usize>) -> bool| -> Vec<usize> {
                    let those = parts.iter().enumerate().filter(|(_, part)| wanted(part.index));
                    those.map(|(place, _)| place).collect()
                };
                changed.add_parts(number, places(&differs), parts.len());
                nulled.add_parts(number, places(&is_gone), parts.len());
                let value = |index: Option<usize>| match index {
                    Some(index) if differs(Some(index)) => after.get(index).clone(),
                    _ => Value::Null,
                };
                body[place] = Cell::Parts(parts.iter().map(|part| value(part.index)).collect());
            }
        }
    }
    if let Some((place, index)) = modified {
        if changed.is_empty() && !is_noted {
            return None;
        }
        changed.add(place + 1);
        body[place] = cell(after, index);
    }
    (!changed.is_empty()).then_some(Difference { change_type: ChangeType::Update, nulled, changed, body })
}

fn cells(schema: &EventSchema, record: &Record) -> Vec<Cell> {
    let value = |index: Option<usize>| index.map_or(Value::Null, |index| record.get(index).clone());
    let told = schema.fields.iter().map(|field| match &field.shape {
        Shape::Plain(_) | Shape::SwitchableName(_) => cell(record, field.index),
        Shape::Parts(_, parts) => Cell::Parts(parts.iter().map(|part| value(part.index)).collect()),
    });
    told.collect()
}

fn cell(record: &Record, index: usize) -> Cell {
    match record.get(index) {
        Value::Null => Cell::Null,
        value => Cell::Plain(value.clone()),
    }
}

/// Looks like a UUID, and is the same again for the same commit.
fn transaction_key(organization: RecordId, commit: u64) -> String {
    let fingerprint = digest(&SHA256, format!("{organization} {commit}").as_bytes());
    let digits: String = fingerprint.as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}
