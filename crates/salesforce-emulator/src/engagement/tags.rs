//! Tags on prospects.

use serde_json::{Map, Value as Json};

use crate::engagement::business_unit::{BusinessUnit, Writer};
use crate::engagement::error::{Problem, Refusal};
use crate::engagement::row::{Row, number};
use crate::engagement::write::{known, number_in};
use crate::org::value::Value;

impl BusinessUnit {
    /// Puts a tag on a prospect; the tag is made when it is new. Tells the number of the tagged object.
    pub(crate) fn add_tag(
        &mut self,
        writer: Writer,
        prospect: u64,
        input: &Map<String, Json>,
    ) -> Result<u64, Problem> {
        self.live("prospects", prospect).ok_or(Refusal::NotFound)?;
        let tag = match self.tag(input)? {
            Some(tag) => tag,
            None => self.insert(
                writer,
                "tags",
                &[("name", input["tagName"].as_str().map_or(Value::Null, Value::text))],
            )?,
        };
        if let Some(tagged) = self.tagged(prospect, tag) {
            return Ok(tagged);
        }
        let values =
            [("tagId", number(tag)), ("objectType", Value::text("Prospect")), ("objectId", number(prospect))];
        self.insert(writer, "tagged-objects", &values)
    }

    /// Takes a tag off a prospect.
    pub(crate) fn remove_tag(&mut self, prospect: u64, input: &Map<String, Json>) -> Result<(), Problem> {
        self.live("prospects", prospect).ok_or(Refusal::NotFound)?;
        let tag = self.tag(input)?.ok_or(Refusal::NotFound.about("tag"))?;
        let tagged = self.tagged(prospect, tag).ok_or(Refusal::NotFound.about("tag"))?;
        if let Some(table) = self.table_mut("tagged-objects") {
            table.remove(tagged);
        }
        Ok(())
    }

    /// The tag a body names by `tagId` or `tagName`; nothing when the name is new.
    fn tag(&self, input: &Map<String, Json>) -> Result<Option<u64>, Problem> {
        if let Some(id) = number_in(input, "tagId") {
            return Ok(Some(self.live("tags", id).ok_or(Refusal::NotFound.about("tag"))?.id));
        }
        let name = input.get("tagName").and_then(Json::as_str).map(str::trim).filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| Refusal::InvalidFields.about("tagId or tagName is required"))?;
        let mut tags = self.table("tags").into_iter().flat_map(crate::engagement::table::Table::rows);
        let same = |row: &Row| self.value("tags", row, "name").index_key() == Value::text(name).index_key();
        Ok(tags.find(|row| same(row)).map(|row| row.id))
    }

    fn tagged(&self, prospect: u64, tag: u64) -> Option<u64> {
        let found = self.with("tagged-objects", "objectId", &number(prospect));
        let same = |row: &Row| self.value("tagged-objects", row, "tagId") == number(tag);
        found.iter().find(|row| same(row)).map(|row| row.id)
    }

    fn insert(&mut self, writer: Writer, collection: &str, values: &[(&str, Value)]) -> Result<u64, Problem> {
        let object = known(collection)?;
        let table = self.table_mut(collection).ok_or(Refusal::UnknownObject)?;
        let mut row = Row::new(table.next_id());
        let user = writer.user.map_or(Value::Null, number);
        let now = Value::DateTime(writer.now);
        let audit = [("createdAt", now.clone()), ("updatedAt", now), ("createdById", user)];
        for (name, value) in audit.iter().chain(values) {
            if let Some(index) = object.index_of(name) {
                row.set(index, value.clone());
            }
        }
        let id = row.id;
        table.put(row, writer.now);
        Ok(id)
    }
}
