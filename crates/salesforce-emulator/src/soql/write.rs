//! Rows as JSON text, written as they are read: a page has thousands of values, and none needs an allocation.

use std::sync::Arc;

use crate::org::ids::RecordId;
use crate::org::print;
use crate::org::records::Record;
use crate::org::schema::{FieldType, ObjectType};
use crate::org::value::Value;
use crate::soql::eval::Reader;
use crate::soql::prepared::{Column, Prepared};
use crate::soql::resolve::parent;

/// Writes the records as a JSON list.
pub(crate) fn rows(out: &mut Vec<u8>, reader: &Reader<'_>, prepared: &Prepared, records: &[Arc<Record>]) {
    out.push(b'[');
    for (place, record) in records.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        row(out, reader, &prepared.columns, &prepared.object, record);
    }
    out.push(b']');
}

fn row(
    out: &mut Vec<u8>,
    reader: &Reader<'_>,
    columns: &[Column],
    object: &Arc<ObjectType>,
    record: &Arc<Record>,
) {
    out.extend_from_slice(b"{\"attributes\":{\"type\":\"");
    out.extend_from_slice(object.name.as_bytes());
    out.extend_from_slice(b"\",\"url\":\"");
    out.extend_from_slice(reader.base_path.as_bytes());
    out.extend_from_slice(b"/sobjects/");
    out.extend_from_slice(object.name.as_bytes());
    out.push(b'/');
    out.extend_from_slice(&record.id.long());
    out.extend_from_slice(b"\"}");
    for column in columns {
        out.push(b',');
        text(out, column.key());
        out.push(b':');
        match column {
            Column::Field(index, ..) => field(out, object, record, *index),
            Column::Parent(step, columns) => match parent(reader.org, object, record, step) {
                Some((object, record)) => row(out, reader, columns, &object, &record),
                None => out.extend_from_slice(b"null"),
            },
            other => json(out, &other.value(reader, object, record)),
        }
    }
    out.push(b'}');
}

fn field(out: &mut Vec<u8>, object: &ObjectType, record: &Record, index: usize) {
    match record.get(index) {
        Value::Null => {
            // A checkbox never is without a value.
            let checkbox = object.fields().get(index).is_some_and(|field| field.kind == FieldType::Boolean);
            out.extend_from_slice(if checkbox { b"false" } else { b"null" });
        }
        Value::Text(value) => text(out, value),
        Value::Boolean(flag) => out.extend_from_slice(if *flag { b"true" } else { b"false" }),
        Value::Id(id) => id_text(out, *id),
        Value::DateTime(moment) => {
            out.push(b'"');
            print::datetime(out, *moment, "+0000");
            out.push(b'"');
        }
        number @ (Value::Integer(_) | Value::Decimal(_) | Value::Date(_)) => json(out, &number.to_json()),
    }
}

fn id_text(out: &mut Vec<u8>, id: RecordId) {
    out.push(b'"');
    out.extend_from_slice(&id.long());
    out.push(b'"');
}

fn text(out: &mut Vec<u8>, text: &str) {
    // Writing to memory cannot fail.
    let _ = serde_json::to_writer(out, text);
}

fn json(out: &mut Vec<u8>, value: &serde_json::Value) {
    let _ = serde_json::to_writer(out, value);
}
