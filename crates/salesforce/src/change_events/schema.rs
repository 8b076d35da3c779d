//! The part of an Avro schema that is needed to read an event's header.

use serde_json::Value as Json;

/// Levels of types within types.
const MAX_DEPTH: usize = 8;

/// A type of Avro.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum AvroType {
    Null,
    Boolean,
    /// `int` and `long`, which are written alike.
    Long,
    Float,
    Double,
    /// `bytes` and `string`, which are written alike.
    Text,
    Enum(Vec<String>),
    Array(Box<AvroType>),
    Union(Vec<AvroType>),
    Record(Vec<(String, AvroType)>),
}

/// Why a schema is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum SchemaError {
    #[error("the schema is not JSON")]
    Json,
    #[error("the schema does not begin with ChangeEventHeader")]
    NoHeader,
    #[error("the schema has a type that is not known")]
    Type,
    #[error("the schema has types within types without end")]
    Depth,
}

/// The fields of the header, which is the first field of every change event.
pub(super) fn header_type(schema: &str) -> Result<AvroType, SchemaError> {
    let schema: Json = serde_json::from_str(schema).map_err(|_| SchemaError::Json)?;
    let first = schema.get("fields").and_then(|fields| fields.get(0)).ok_or(SchemaError::NoHeader)?;
    if first.get("name").and_then(Json::as_str) != Some("ChangeEventHeader") {
        return Err(SchemaError::NoHeader);
    }
    read(first.get("type").ok_or(SchemaError::NoHeader)?, 0)
}

fn read(json: &Json, depth: usize) -> Result<AvroType, SchemaError> {
    if depth > MAX_DEPTH {
        return Err(SchemaError::Depth);
    }
    match json {
        Json::String(name) => primitive(name),
        Json::Array(branches) => {
            let branches = branches.iter().map(|branch| read(branch, depth + 1));
            Ok(AvroType::Union(branches.collect::<Result<_, _>>()?))
        }
        Json::Object(_) => complex(json, depth),
        Json::Null | Json::Bool(_) | Json::Number(_) => Err(SchemaError::Type),
    }
}

fn primitive(name: &str) -> Result<AvroType, SchemaError> {
    Ok(match name {
        "null" => AvroType::Null,
        "boolean" => AvroType::Boolean,
        "int" | "long" => AvroType::Long,
        "float" => AvroType::Float,
        "double" => AvroType::Double,
        "bytes" | "string" => AvroType::Text,
        _ => return Err(SchemaError::Type),
    })
}

fn complex(json: &Json, depth: usize) -> Result<AvroType, SchemaError> {
    let items = |key: &str| json.get(key).and_then(Json::as_array).ok_or(SchemaError::Type);
    match json.get("type").ok_or(SchemaError::Type)? {
        Json::String(kind) => match kind.as_str() {
            "record" => {
                let field = |field: &Json| {
                    let name = field.get("name").and_then(Json::as_str).ok_or(SchemaError::Type)?;
                    Ok((name.to_owned(), read(field.get("type").ok_or(SchemaError::Type)?, depth + 1)?))
                };
                Ok(AvroType::Record(items("fields")?.iter().map(field).collect::<Result<_, _>>()?))
            }
            "enum" => {
                let symbols = items("symbols")?.iter().map(|symbol| symbol.as_str().map(str::to_owned));
                Ok(AvroType::Enum(symbols.collect::<Option<_>>().ok_or(SchemaError::Type)?))
            }
            "array" => {
                let items = json.get("items").ok_or(SchemaError::Type)?;
                Ok(AvroType::Array(Box::new(read(items, depth + 1)?)))
            }
            name => primitive(name),
        },
        inner => read(inner, depth + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_header_are_read() {
        let schema = r#"{"type":"record","name":"LeadChangeEvent","fields":[
            {"name":"ChangeEventHeader","type":{"type":"record","name":"ChangeEventHeader","fields":[
                {"name":"entityName","type":"string"},
                {"name":"recordIds","type":{"type":"array","items":"string"}},
                {"name":"changeType","type":{"type":"enum","name":"ChangeType","symbols":["CREATE","UPDATE"]}},
                {"name":"commitNumber","type":["null",{"type":"long"}]}]}},
            {"name":"Name","type":["null","PersonName"]}]}"#;
        let Ok(AvroType::Record(fields)) = header_type(schema) else { panic!("{:?}", header_type(schema)) };
        assert_eq!(fields[0], ("entityName".to_owned(), AvroType::Text));
        assert_eq!(fields[1].1, AvroType::Array(Box::new(AvroType::Text)));
        assert_eq!(fields[2].1, AvroType::Enum(vec!["CREATE".to_owned(), "UPDATE".to_owned()]));
        assert_eq!(fields[3].1, AvroType::Union(vec![AvroType::Null, AvroType::Long]));
    }

    #[test]
    fn useless_schemas_are_refused() {
        for (schema, error) in [
            ("", SchemaError::Json),
            ("{}", SchemaError::NoHeader),
            (r#"{"fields":[{"name":"Name","type":"string"}]}"#, SchemaError::NoHeader),
            (r#"{"fields":[{"name":"ChangeEventHeader","type":"decimal"}]}"#, SchemaError::Type),
        ] {
            assert_eq!(header_type(schema), Err(error), "{schema}");
        }
        let deep = format!("{}\"int\"{}", "[".repeat(40), "]".repeat(40));
        let schema = format!(r#"{{"fields":[{{"name":"ChangeEventHeader","type":{deep}}}]}}"#);
        assert_eq!(header_type(&schema), Err(SchemaError::Depth));
    }
}
