//! Examples of the API's answers, put together from the examples of their fields.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::Modify;
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, Object, Schema, SchemaType, Type};
use utoipa::openapi::{OpenApi, RefOr, Response};

/// Gives every JSON answer an example.
pub(crate) struct WithExamples;

type Schemas = BTreeMap<String, RefOr<Schema>>;

impl Modify for WithExamples {
    fn modify(&self, description: &mut OpenApi) {
        let schemas: Schemas = match &description.components {
            Some(components) => components.schemas.clone().into_iter().collect(),
            None => return,
        };
        for path in description.paths.paths.values_mut() {
            let operations =
                [&mut path.get, &mut path.post, &mut path.put, &mut path.patch, &mut path.delete];
            for operation in operations.into_iter().flatten() {
                for response in operation.responses.responses.values_mut() {
                    if let RefOr::T(response) = response {
                        add_example(response, &schemas);
                    }
                }
            }
        }
    }
}

fn add_example(response: &mut Response, schemas: &Schemas) {
    for content in response.content.values_mut() {
        if let RefOr::T(content) = content
            && content.examples.is_empty()
            && content.example.is_none()
        {
            content.example = content.schema.as_ref().and_then(|schema| example(schema, schemas));
        }
    }
}

/// An example for a schema; `None` if a part of it has neither example nor fixed words.
fn example(schema: &RefOr<Schema>, schemas: &Schemas) -> Option<Value> {
    match schema {
        RefOr::Ref(reference) => {
            let name = reference.ref_location.rsplit('/').next()?;
            example(schemas.get(name)?, schemas)
        }
        RefOr::T(Schema::Object(object)) => object_example(object, schemas),
        RefOr::T(Schema::Array(array)) => {
            let given = array.example.clone().or_else(|| array.examples.first().cloned());
            given.or_else(|| match &array.items {
                ArrayItems::RefOrSchema(items) => Some(Value::Array(vec![example(items, schemas)?])),
                ArrayItems::False => None,
            })
        }
        RefOr::T(Schema::AllOf(parts)) => {
            let mut whole = Map::new();
            for part in &parts.items {
                let Value::Object(members) = example(part, schemas)? else { return None };
                whole.extend(members);
            }
            Some(Value::Object(whole))
        }
        // The most telling of several shapes stands first; a nullable one begins with null.
        RefOr::T(Schema::OneOf(several)) => {
            several.items.iter().filter_map(|one| example(one, schemas)).next()
        }
        RefOr::T(_) => None,
    }
}

fn object_example(object: &Object, schemas: &Schemas) -> Option<Value> {
    let given = object.example.clone().or_else(|| object.examples.first().cloned());
    let given = given.or_else(|| object.enum_values.as_ref()?.first().cloned());
    if given.is_some() {
        return given;
    }
    match &object.schema_type {
        SchemaType::Type(Type::Boolean) => Some(Value::Bool(true)),
        SchemaType::Type(Type::Object) => {
            let members = object
                .properties
                .iter()
                .map(|(name, schema)| Some((name.clone(), example(schema, schemas)?)));
            let mut members: Map<String, Value> = members.collect::<Option<_>>()?;
            match object.additional_properties.as_deref() {
                Some(AdditionalProperties::RefOr(schema)) => {
                    drop(members.insert("name".to_owned(), example(schema, schemas)?));
                }
                _ if members.is_empty() => return None,
                _ => {}
            }
            Some(Value::Object(members))
        }
        _ => None,
    }
}
