//! What only prospects can do.

use serde_json::{Map, Value as Json};

use crate::engagement::business_unit::{BusinessUnit, Writer};
use crate::engagement::error::{Problem, Refusal};
use crate::engagement::write::known;
use crate::org::value::Value;

impl BusinessUnit {
    /// Changes the prospect with this e-mail that was active last, or creates one.
    ///
    /// Several prospects may share an e-mail. Tells the number, and whether it is new.
    pub(crate) fn upsert_latest_by_email(
        &mut self,
        writer: Writer,
        input: &Map<String, Json>,
    ) -> Result<(u64, bool), Problem> {
        let object = known("prospects")?;
        let email = input.get("matchEmail").and_then(Json::as_str).map(str::trim).unwrap_or_default();
        if email.is_empty() {
            return Err(Refusal::InvalidFields.about("matchEmail is required"));
        }
        let given = match input.get("prospect") {
            None | Some(Json::Null) => Map::new(),
            Some(Json::Object(given)) => given.clone(),
            Some(_) => return Err(Refusal::InvalidFields.about("prospect must be an object")),
        };
        let latest =
            self.with("prospects", "email", &Value::text(email)).into_iter().max_by(|left, right| {
                let active = |row| self.value("prospects", row, "lastActivityAt");
                active(left).compare(&active(right)).then(left.id.cmp(&right.id))
            });
        match latest {
            Some(row) => self.update(writer, object, row.id, &given).map(|()| (row.id, false)),
            None => {
                let mut given = given;
                given.entry("email").or_insert_with(|| Json::String(email.to_owned()));
                self.create(writer, object, &given).map(|id| (id, true))
            }
        }
    }
}
