//! Lookups given as a nested object with an external id instead of an id.

use serde_json::Value as Json;

use crate::org::error::{SaveError, SaveResult};
use crate::org::ids::RecordId;
use crate::org::schema::{ObjectType, Schema};
use crate::org::store::Org;
use crate::org::value::Value;

use crate::org::save::convert::convert;

const ATTRIBUTES_FIRST: &str =
    "Nested object for polymorphic foreign key must have an attributes field before any other fields.";

impl Org {
    /// Finds the record a nested object such as `{"ExtId__c": "A1"}` names.
    pub(super) fn nested_reference(
        &self,
        object: &ObjectType,
        index: usize,
        name: &str,
        nested: &Json,
    ) -> SaveResult<Value> {
        let lookup = &object.fields()[index];
        let Some(entries) = nested.as_object() else {
            if nested.is_null() {
                return Ok(Value::Null);
            }
            return Err(SaveError::new(
                "JSON_PARSER_ERROR",
                format!("Cannot deserialize instance of {name}"),
            )
            .into());
        };
        let stated = nested.pointer("/attributes/type").and_then(Json::as_str);
        if lookup.is_polymorphic() && entries.keys().next().map(String::as_str) != Some("attributes") {
            return Err(SaveError::new("JSON_PARSER_ERROR", ATTRIBUTES_FIRST).into());
        }
        let target = target(&self.schema, &lookup.reference_to, stated)?;
        let mut keys = entries.iter().filter(|(key, _)| key.as_str() != "attributes");
        let (Some((key, value)), None) = (keys.next(), keys.next()) else {
            return Err(SaveError::on(
                name,
                "INVALID_FIELD",
                "The relationship must be given by exactly one external id field",
            )
            .into());
        };
        let field =
            target.visible_index(key).map(|at| &target.fields()[at]).filter(|field| field.is_upsert_key());
        let Some(field) = field else {
            let message = format!(
                "Field name provided, {key} does not match an External ID, Salesforce Id, or indexed field for {}",
                target.name
            );
            return Err(SaveError::on(key, "INVALID_FIELD", message).into());
        };
        let wanted = convert(field, value)?;
        let found = self.find(&target.name, &field.name, &wanted);
        match found.as_slice() {
            [record] => Ok(Value::Id(record.id)),
            [] => Err(SaveError::new(
                "INVALID_FIELD",
                format!(
                    "Foreign key external ID: {} not found for field {key} in entity {}",
                    wanted.to_text(),
                    target.name
                ),
            )
            .into()),
            several => {
                let ids: Vec<RecordId> = several.iter().map(|record| record.id).collect();
                Err(SaveError::ambiguous(key, &ids).into())
            }
        }
    }
}

fn target<'a>(schema: &'a Schema, targets: &[String], stated: Option<&str>) -> SaveResult<&'a ObjectType> {
    let name = match stated {
        Some(stated) => targets.iter().find(|target| target.eq_ignore_ascii_case(stated)),
        None => targets.first(),
    };
    let object = name.and_then(|name| schema.visible(name));
    object
        .map(|object| &**object)
        .ok_or_else(|| SaveError::new("INVALID_FIELD", "unknown type of the nested object").into())
}
