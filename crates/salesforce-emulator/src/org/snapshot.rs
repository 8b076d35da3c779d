//! The org's records as JSON, to keep them from one start to the next.

use serde_json::{Map, Value as Json, json};

use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::schema::{FieldType, ObjectType};
use crate::org::store::Org;
use crate::org::value::{Value, parse_date, parse_datetime, print_datetime};

impl Org {
    /// Every record and how far ids have been given out.
    pub(crate) fn snapshot(&self) -> Json {
        let mut objects = Map::new();
        for object in self.schema.objects() {
            let rows: Vec<Json> = self
                .table(&object.name)
                .into_iter()
                .flat_map(crate::org::records::Table::rows)
                .map(|record| row(object, record))
                .collect();
            if !rows.is_empty() {
                objects.insert(object.name.clone(), Json::Array(rows));
            }
        }
        let selected: Vec<&str> = self.events.selected().collect();
        json!({"version": 1, "time": print_datetime(self.clock.now()), "numbers": self.numbers(),
               "change_events": {"selected": selected, "last": self.events.last()}, "records": objects})
    }

    /// Puts a snapshot's records in the place of those there are.
    ///
    /// Objects and fields that this org does not have are left out.
    pub(crate) fn restore(&mut self, snapshot: &Json) -> Result<(), String> {
        let records = snapshot.get("records").and_then(Json::as_object).ok_or("it holds no records")?;
        self.clear_records();
        for (name, rows) in records {
            let Some(object) = self.schema.object(name).cloned() else { continue };
            for row in rows.as_array().into_iter().flatten().filter_map(Json::as_object) {
                let id = row.get("Id").and_then(Json::as_str).and_then(RecordId::parse);
                let mut record = Record::new(id.ok_or_else(|| format!("a {name} has no id"))?);
                for (index, field) in object.fields().iter().enumerate() {
                    if let Some(value) = row.get(&field.name).and_then(|json| read(field.kind, json)) {
                        record.set(index, value);
                    }
                }
                self.store(&object, record);
            }
        }
        self.refill_bin();
        let numbers = snapshot.get("numbers").and_then(Json::as_object);
        for (prefix, number) in numbers.into_iter().flatten() {
            self.set_number(prefix, number.as_u64().unwrap_or(0));
        }
        if let Some(last) = snapshot["change_events"]["last"].as_u64() {
            let selected = snapshot["change_events"]["selected"].as_array().into_iter().flatten();
            self.events.restore(selected.filter_map(Json::as_str).map(str::to_owned).collect(), last);
        }
        if let Some(then) = snapshot.get("time").and_then(Json::as_str).and_then(parse_datetime) {
            let ahead = then.as_second() - self.clock.now().as_second();
            self.clock.advance(ahead.max(0) as f64);
        }
        Ok(())
    }
}

fn row(object: &ObjectType, record: &Record) -> Json {
    let fields = object.fields().iter().enumerate();
    let filled = fields.filter(|(index, _)| !record.get(*index).is_null());
    Json::Object(filled.map(|(index, field)| (field.name.clone(), record.get(index).to_json())).collect())
}

fn read(kind: FieldType, json: &Json) -> Option<Value> {
    match (kind, json) {
        (FieldType::Boolean, Json::Bool(flag)) => Some(Value::Boolean(*flag)),
        (FieldType::Int, Json::Number(number)) => number.as_f64().map(|number| Value::Integer(number as i64)),
        (kind, Json::Number(number)) if kind.is_number() => number.as_f64().map(Value::Decimal),
        (FieldType::Id | FieldType::Reference, Json::String(text)) => RecordId::parse(text).map(Value::Id),
        (FieldType::Date, Json::String(text)) => parse_date(text).map(Value::Date),
        (FieldType::Datetime, Json::String(text)) => parse_datetime(text).map(Value::DateTime),
        (_, Json::String(text)) => Some(Value::text(text)),
        _ => None,
    }
}
