//! JSON read strictly: objects only where objects are meant, and the path of whatever is at fault.
//!
//! Serde's derived types also accept arrays in place of objects, with the fields in order. An empty array would then
//! be an object of which everything is absent, and would set every setting back to its default.

use domain::value::{FieldProblem, clean_text};
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, Visitor};
use serde_json::{Error, Map, Value};

/// Reads a body. Invisible characters are left out of every text in it (B7).
///
/// # Errors
/// The field at fault, by its path: `attendee.email`; empty for the body as a whole.
pub fn read<T: DeserializeOwned>(mut body: Value) -> Result<T, FieldProblem> {
    clean(&mut body, "")?;
    serde_path_to_error::deserialize(Strict(body)).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { String::new() } else { path };
        FieldProblem::new(field, "bad-body").with("reason", error.inner())
    })
}

/// Leaves out what nobody sees, and refuses what no database keeps.
fn clean(value: &mut Value, path: &str) -> Result<(), FieldProblem> {
    match value {
        Value::String(text) if text.contains('\0') => Err(FieldProblem::new(path, "nul-character")),
        Value::String(text) => {
            *text = clean_text(text);
            Ok(())
        }
        Value::Array(items) => items
            .iter_mut()
            .enumerate()
            .try_for_each(|(index, item)| clean(item, &format!("{path}[{index}]"))),
        Value::Object(fields) if fields.keys().any(|name| name.contains('\0')) => {
            Err(FieldProblem::new(path, "nul-character"))
        }
        Value::Object(fields) => fields.iter_mut().try_for_each(|(name, field)| {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            clean(field, &path)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

/// A value of which structs are read from objects only, at every depth.
struct Strict(Value);

impl<'de> IntoDeserializer<'de, Error> for Strict {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

fn items(items: Vec<Value>) -> SeqDeserializer<impl Iterator<Item = Strict>, Error> {
    SeqDeserializer::new(items.into_iter().map(Strict))
}

fn fields(
    fields: Map<String, Value>,
) -> MapDeserializer<'static, impl Iterator<Item = (String, Strict)>, Error> {
    MapDeserializer::new(fields.into_iter().map(|(name, value)| (name, Strict(value))))
}

impl<'de> Deserializer<'de> for Strict {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(list) => visitor.visit_seq(items(list)),
            Value::Object(object) => visitor.visit_map(fields(object)),
            scalar => scalar.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::Object(object) => visitor.visit_map(fields(object)),
            Value::Array(_) => Err(Error::custom("expected an object, found an array")),
            Value::Null => Err(Error::custom("expected an object, found null")),
            _ => Err(Error::custom("expected an object")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map identifier ignored_any
    }
}
