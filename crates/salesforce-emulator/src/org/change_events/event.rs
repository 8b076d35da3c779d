//! One event: its header, and what the record holds.

use std::sync::Arc;

use jiff::Timestamp;

use crate::org::change_events::avro::Encoder;
use crate::org::change_events::change_type::ChangeType;
use crate::org::change_events::field::{Part, Primitive, Shape};
use crate::org::change_events::schema::EventSchema;
use crate::org::value::Value;

/// A value in an event's body.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// No value, or one that did not change.
    Null,
    /// One value.
    Plain(Value),
    /// The values of the parts.
    Parts(Vec<Value>),
}

/// The header of an event.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub(super) entity: String,
    pub(super) record_ids: Vec<String>,
    pub(super) change_type: ChangeType,
    pub(super) origin: String,
    pub(super) transaction_key: String,
    pub(super) sequence_number: usize,
    pub(super) committed: Timestamp,
    pub(super) commit_number: u64,
    pub(super) user: String,
    pub(super) nulled: Vec<String>,
    pub(super) changed: Vec<String>,
}

/// One event.
#[derive(Clone, Debug)]
pub(crate) struct ChangeEvent {
    pub(super) header: Header,
    /// A cell for each field of the schema; nothing when every field is null.
    pub(super) body: Vec<Cell>,
    /// The schema in which it is written.
    pub(crate) schema: Arc<EventSchema>,
}

impl ChangeEvent {
    /// The object it is about.
    pub(crate) fn object(&self) -> &str {
        &self.header.entity
    }

    /// The event as bytes, with the fields that its reader may see.
    pub(crate) fn encode(&self, shows: impl Fn(&str) -> bool) -> Vec<u8> {
        let mut encoder = Encoder::default();
        self.header.write(&mut encoder);
        for (place, field) in self.schema.fields.iter().enumerate() {
            let cell = self.body.get(place).filter(|_| shows(&field.name)).unwrap_or(&Cell::Null);
            write_field(&mut encoder, &field.shape, cell);
        }
        encoder.into_bytes()
    }
}

impl Header {
    fn write(&self, encoder: &mut Encoder) {
        encoder.string(&self.entity);
        encoder.strings(&self.record_ids);
        let symbol = ChangeType::ALL.iter().position(|kind| *kind == self.change_type);
        encoder.index(symbol.unwrap_or_default());
        encoder.string(&self.origin);
        encoder.string(&self.transaction_key);
        encoder.index(self.sequence_number);
        encoder.long(self.committed.as_millisecond());
        encoder.long(i64::try_from(self.commit_number).unwrap_or(i64::MAX));
        encoder.string(&self.user);
        encoder.strings(&self.nulled);
        // Long texts are sent whole, so that no field carries a difference.
        encoder.strings(&[]);
        encoder.strings(&self.changed);
    }
}

fn write_field(encoder: &mut Encoder, shape: &Shape, cell: &Cell) {
    match (shape, cell) {
        (Shape::Plain(kind), Cell::Plain(value)) => write_nullable(encoder, *kind, value),
        (Shape::SwitchableName(_), Cell::Plain(value)) => write_nullable(encoder, Primitive::String, value),
        (Shape::Parts(_, parts), Cell::Parts(values)) => write_parts(encoder, parts, values),
        _ => encoder.index(0),
    }
}

fn write_parts(encoder: &mut Encoder, parts: &[Part], values: &[Value]) {
    if values.iter().all(Value::is_null) {
        encoder.index(0);
        return;
    }
    encoder.index(1);
    for (part, value) in parts.iter().zip(values) {
        write_nullable(encoder, part.kind, value);
    }
}

fn write_nullable(encoder: &mut Encoder, kind: Primitive, value: &Value) {
    if value.is_null() {
        encoder.index(0);
        return;
    }
    encoder.index(1);
    match kind {
        Primitive::String => encoder.string(&value.to_text()),
        Primitive::Boolean => encoder.boolean(value.is_true()),
        Primitive::Int => encoder.long(value.as_number().unwrap_or_default() as i64),
        Primitive::Double => encoder.double(value.as_number().unwrap_or_default()),
        Primitive::Long => encoder.long(milliseconds(value)),
    }
}

/// Milliseconds since 1970; a day begins at midnight in UTC.
fn milliseconds(value: &Value) -> i64 {
    let day =
        value.as_date().and_then(|day| day.at(0, 0, 0, 0).to_zoned_datetime(jiff::tz::TimeZone::UTC).ok());
    let moment = value.as_datetime().or(day.map(|midnight| midnight.timestamp()));
    moment.map_or(0, Timestamp::as_millisecond)
}
