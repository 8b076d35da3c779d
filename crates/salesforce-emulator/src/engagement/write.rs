//! Creating, changing and deleting records.

use serde_json::{Map, Value as Json};

use crate::engagement::business_unit::{BusinessUnit, Writer, read};
use crate::engagement::error::{Problem, Refusal};
use crate::engagement::row::{Row, number};
use crate::engagement::schema::{self, EngagementField, EngagementObject, FieldKind};
use crate::org::value::Value;

/// The longest text taken.
const MAX_TEXT: usize = 65_536;

impl BusinessUnit {
    /// Creates a record and tells its number.
    pub(crate) fn create(
        &mut self,
        writer: Writer,
        object: &'static EngagementObject,
        input: &Map<String, Json>,
    ) -> Result<u64, Problem> {
        let mut row = Row::new(0);
        self.apply(object, input, &mut row, |field| field.createable)?;
        let missing = object.fields.iter().enumerate();
        if let Some((_, field)) =
            missing.into_iter().find(|(index, field)| field.required && row.get(*index).is_null())
        {
            return Err(Refusal::InvalidFields.about(&format!("{} is required", field.name)));
        }
        self.check_membership(object, &row, true)?;
        stamp(object, &mut row, "created", writer);
        stamp(object, &mut row, "updated", writer);
        let table = self.table_mut(&object.collection).ok_or(Refusal::UnknownObject)?;
        row.id = table.next_id();
        let id = row.id;
        table.put(row, writer.now);
        Ok(id)
    }

    /// Changes a record.
    pub(crate) fn update(
        &mut self,
        writer: Writer,
        object: &'static EngagementObject,
        id: u64,
        input: &Map<String, Json>,
    ) -> Result<(), Problem> {
        let mut row = Row::clone(self.live(&object.collection, id).ok_or(Refusal::NotFound)?);
        self.apply(object, input, &mut row, |field| field.updateable)?;
        self.check_membership(object, &row, false)?;
        self.store(writer, object, row)
    }

    /// Puts a record into the recycle bin.
    pub(crate) fn delete(
        &mut self,
        writer: Writer,
        object: &'static EngagementObject,
        id: u64,
    ) -> Result<(), Problem> {
        let row = Row::clone(self.live(&object.collection, id).ok_or(Refusal::NotFound)?);
        self.check_membership(object, &row, false)?;
        self.mark(writer, object, row, true)
    }

    /// Takes a record out of the recycle bin.
    pub(crate) fn undelete(
        &mut self,
        writer: Writer,
        object: &'static EngagementObject,
        id: u64,
    ) -> Result<(), Problem> {
        let found = self.table(&object.collection).and_then(|table| table.get(id));
        let row = Row::clone(found.ok_or(Refusal::NotFound)?);
        self.mark(writer, object, row, false)
    }

    fn mark(
        &mut self,
        writer: Writer,
        object: &'static EngagementObject,
        mut row: Row,
        deleted: bool,
    ) -> Result<(), Problem> {
        if let Some(index) = object.index_of("isDeleted") {
            row.set(index, Value::Boolean(deleted));
        }
        self.store(writer, object, row)
    }

    fn store(
        &mut self,
        writer: Writer,
        object: &'static EngagementObject,
        mut row: Row,
    ) -> Result<(), Problem> {
        stamp(object, &mut row, "updated", writer);
        let table = self.table_mut(&object.collection).ok_or(Refusal::UnknownObject)?;
        table.put(row, writer.now);
        Ok(())
    }

    /// Reads field values into a row.
    fn apply(
        &self,
        object: &EngagementObject,
        input: &Map<String, Json>,
        row: &mut Row,
        allowed: impl Fn(&EngagementField) -> bool,
    ) -> Result<(), Problem> {
        for (name, json) in input {
            let refuse = |why: &str| Refusal::InvalidFields.about(&format!("{name} {why}"));
            let index = object.index_of(name).ok_or_else(|| refuse("does not exist"))?;
            let field = &object.fields[index];
            if !allowed(field) {
                return Err(refuse("cannot be set"));
            }
            let value = read(&field.kind, json).ok_or_else(|| refuse("has a value of the wrong type"))?;
            if value.as_text().is_some_and(|text| text.len() > MAX_TEXT) {
                return Err(refuse("is too long"));
            }
            match (&field.kind, value.as_text(), value.as_number()) {
                (FieldKind::Email, Some(text), _) if !is_email(text) => {
                    return Err(refuse("is not an email address"));
                }
                (FieldKind::Reference(target), _, Some(id))
                    if !is_membership(object) && self.live(target, id as u64).is_none() =>
                {
                    return Err(refuse("leads nowhere"));
                }
                _ => {}
            }
            row.set(index, value);
        }
        Ok(())
    }

    /// Memberships of a dynamic list belong to its rules; a prospect is on a list once.
    fn check_membership(&self, object: &EngagementObject, row: &Row, new: bool) -> Result<(), Problem> {
        if !is_membership(object) {
            return Ok(());
        }
        let lookup = |name: &str| self.value("list-memberships", row, name);
        let (list_id, prospect_id) = (lookup("listId"), lookup("prospectId"));
        let id = |value: &Value| value.as_number().unwrap_or(0.0) as u64;
        let list = self.live("lists", id(&list_id)).ok_or(Refusal::InvalidList)?;
        // Which refusal a dynamic list gives is not documented.
        if self.value("lists", list, "isDynamic").is_true() {
            return Err(Refusal::InvalidList.about("the members of a dynamic list come from its rules"));
        }
        if !new {
            return Ok(());
        }
        self.live("prospects", id(&prospect_id)).ok_or(Refusal::NotFound.about("prospectId"))?;
        let joined = self.with("list-memberships", "prospectId", &prospect_id);
        if joined.iter().any(|other| self.value("list-memberships", other, "listId") == list_id) {
            return Err(Refusal::AlreadyMember.into());
        }
        Ok(())
    }
}

fn is_membership(object: &EngagementObject) -> bool {
    object.collection == "list-memberships"
}

fn stamp(object: &EngagementObject, row: &mut Row, what: &str, writer: Writer) {
    let user = writer.user.map_or(Value::Null, number);
    for (name, value) in [(format!("{what}At"), Value::DateTime(writer.now)), (format!("{what}ById"), user)] {
        if let Some(index) = object.index_of(&name) {
            row.set(index, value);
        }
    }
}

fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !text.contains(char::is_whitespace)
            && !domain.contains('@')
    })
}

/// The number in a body, given as a number or as digits.
pub(super) fn number_in(input: &Map<String, Json>, name: &str) -> Option<u64> {
    let value = input.get(name)?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// An object that is part of the program.
pub(super) fn known(collection: &str) -> Result<&'static EngagementObject, Problem> {
    schema::object(collection).ok_or_else(|| Refusal::UnknownObject.into())
}
