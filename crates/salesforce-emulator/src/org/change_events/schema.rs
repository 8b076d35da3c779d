//! The schema of an object's events.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde_json::{Value as Json, json};

use crate::org::change_events::change_type::ChangeType;
use crate::org::change_events::field::{EventField, Part, Shape, event_fields};
use crate::org::change_events::topic::event_name;
use crate::org::schema::ObjectType;

/// Bytes of the digest that a schema's id is made of: 22 characters.
const ID_BYTES: usize = 16;

/// The schema of an object's events, which changes with the object's fields.
#[derive(Debug)]
pub(crate) struct EventSchema {
    /// What the schema is asked for by.
    pub(crate) id: String,
    /// The schema itself.
    pub(crate) json: String,
    pub(super) fields: Vec<EventField>,
}

impl EventSchema {
    /// The schema of this object's events.
    pub(super) fn of(object: &ObjectType) -> Self {
        let fields = event_fields(object);
        let mut written = Vec::new();
        let mut told = vec![header()];
        told.extend(fields.iter().map(|field| field_json(field, &mut written)));
        let mut schema = json!({
            "name": event_name(&object.name), "namespace": "com.sforce.eventbus", "type": "record", "fields": told,
        });
        let fingerprint = digest(&SHA256, schema.to_string().as_bytes());
        let id = URL_SAFE_NO_PAD.encode(&fingerprint.as_ref()[..ID_BYTES]);
        schema["uuid"] = json!(id);
        EventSchema { id, json: schema.to_string(), fields }
    }
}

fn header() -> Json {
    let symbols: Vec<&str> = ChangeType::ALL.iter().map(|kind| kind.name()).collect();
    let texts = json!({"type": "array", "items": "string"});
    let field = |name: &str, kind: Json| json!({"name": name, "type": kind});
    json!({"name": "ChangeEventHeader", "type": {
        "type": "record",
        "name": "ChangeEventHeader",
        "namespace": "com.sforce.eventbus",
        "fields": [
            field("entityName", json!("string")),
            field("recordIds", texts.clone()),
            field("changeType", json!({"type": "enum", "name": "ChangeType", "symbols": symbols})),
            field("changeOrigin", json!("string")),
            field("transactionKey", json!("string")),
            field("sequenceNumber", json!("int")),
            field("commitTimestamp", json!("long")),
            field("commitNumber", json!("long")),
            field("commitUser", json!("string")),
            field("nulledFields", texts.clone()),
            field("diffFields", texts.clone()),
            field("changedFields", texts),
        ],
    }})
}

/// `written` are the records that stand in the schema already: a second one is only named.
fn field_json(field: &EventField, written: &mut Vec<&'static str>) -> Json {
    let kind = match &field.shape {
        Shape::Plain(kind) => json!(["null", kind.name()]),
        Shape::SwitchableName(parts) => {
            json!(["null", "string", record("Switchable_PersonName", parts, written)])
        }
        Shape::Parts(name, parts) => json!(["null", record(name, parts, written)]),
    };
    json!({"name": field.name, "type": kind, "doc": field.doc, "default": null})
}

fn record(name: &'static str, parts: &[Part], written: &mut Vec<&'static str>) -> Json {
    if written.contains(&name) {
        return json!(name);
    }
    written.push(name);
    let part = |part: &Part| json!({"name": part.name, "type": ["null", part.kind.name()], "default": null});
    json!({"type": "record", "name": name, "fields": parts.iter().map(part).collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::schema::{Schema, TABLES, test_field};

    #[test]
    fn added_field_gives_schema_of_another_id() {
        let schema = Schema::of(TABLES);
        let mut lead = ObjectType::clone(schema.object("Lead").unwrap());
        let before = EventSchema::of(&lead);
        assert_eq!(before.id.len(), 22);
        assert_eq!(EventSchema::of(&lead).id, before.id);
        lead.put_field(test_field("Score__c | double 5,0 | CUN | Score"));
        let after = EventSchema::of(&lead);
        assert_ne!(after.id, before.id);
        assert!(after.json.contains("Data:Double:00N"), "{}", after.json);
    }

    #[test]
    fn record_types_are_written_once() {
        let schema = Schema::of(TABLES);
        let account = EventSchema::of(schema.object("Account").unwrap());
        assert_eq!(account.json.matches("\"name\":\"Address\"").count(), 1);
        assert!(account.json.contains(r#"["null","Address"]"#));
        assert!(account.json.contains(r#"["null","string",{"type":"record","name":"Switchable_PersonName""#));
    }
}
