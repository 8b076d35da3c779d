//! Records of the org as the sync reads them.

use crate::org::cell_type::cell_type;
use crate::people::failure::PeopleFailure;
use crate::people::mapping::{MappedField, Mapping};
use domain::org::FieldType;
use domain::people::{PersonObject, RecordState, RemoteRecord, email_key, remote_text};
use domain::value::Timestamp;
use salesforce::Record;
use salesforce::cells::{CellType, Column, Columns};
use salesforce::soql::{Compare, Condition, Select};
use serde_json::Value;

const EMAIL_FIELD: &str = "Email";
/// What is asked of every record.
const SYSTEM_FIELDS: [(&str, CellType); 9] = [
    ("Id", CellType::Id),
    ("IsDeleted", CellType::Boolean),
    ("MasterRecordId", CellType::Id),
    ("CreatedById", CellType::Id),
    ("CreatedDate", CellType::DateTime),
    ("LastModifiedById", CellType::Id),
    ("LastModifiedDate", CellType::DateTime),
    ("SystemModstamp", CellType::DateTime),
    (EMAIL_FIELD, CellType::Text),
];

/// How records of an object are asked for and read.
pub(crate) struct Reader<'a> {
    /// Its mapping.
    pub(crate) mapping: &'a Mapping,
    /// The connected user's ID.
    pub(crate) user: &'a str,
    /// The revision of the mapping.
    pub(crate) revision: u64,
}

impl Reader<'_> {
    fn select(&self) -> Select {
        let system = self.system_fields().into_iter().map(|(field, _)| field);
        let select = Select::from(self.mapping.object.name()).fields(system);
        select.fields(self.mapping.fields.iter().map(|field| field.path.as_str()))
    }

    /// The fields that are asked for besides those that are tied.
    fn system_fields(&self) -> Vec<(&'static str, CellType)> {
        let mut fields = SYSTEM_FIELDS.to_vec();
        if self.mapping.object == PersonObject::Lead {
            fields.extend([("IsConverted", CellType::Boolean), ("ConvertedContactId", CellType::Id)]);
        }
        if self.mapping.reads_opt_out {
            fields.push(("HasOptedOutOfEmail", CellType::Boolean));
        }
        fields
    }

    /// What is asked for, as the columns of a job's result; a field that is tied and asked for anyway comes once.
    pub(crate) fn columns(&self) -> Columns {
        let mut columns: Vec<Column> =
            self.system_fields().into_iter().map(|(field, kind)| Column::new(field, kind)).collect();
        for field in &self.mapping.fields {
            if !columns.iter().any(|column| column.path().eq_ignore_ascii_case(&field.path)) {
                columns.push(Column::new(&field.path, cell_type(field.target.kind)));
            }
        }
        Columns::new(columns)
    }

    /// What changed since a moment, the oldest first; everything without one.
    pub(crate) fn changes(&self, since: Option<Timestamp>) -> Result<String, PeopleFailure> {
        let select = match since {
            None => self.select(),
            Some(since) => self.select().filter(Condition::compare(
                "SystemModstamp",
                Compare::GreaterOrEqual,
                since.to_jiff(),
            )),
        };
        Ok(select.order_by("SystemModstamp").order_by("Id").build()?)
    }

    /// Records by their IDs.
    pub(crate) fn by_id(&self, ids: &[String]) -> Result<String, PeopleFailure> {
        let ids = ids.iter().map(String::as_str);
        Ok(self.select().filter(Condition::is_in("Id", ids)).build()?)
    }

    /// Records that are there, by their addresses.
    pub(crate) fn by_email(&self, addresses: &[String]) -> Result<String, PeopleFailure> {
        let addresses = addresses.iter().map(String::as_str);
        Ok(self.select().filter(Condition::is_in(EMAIL_FIELD, addresses)).build()?)
    }

    /// Reads a record; `None` for one that doesn't say what every record says.
    pub(crate) fn read(&self, row: &Record, read_at: Timestamp) -> Option<RemoteRecord> {
        let time = |field: &str| row.text(field).and_then(Timestamp::parse);
        let reference = |field: &str| row.reference(field).map(|id| id.to_string());
        let id = row.id()?.to_string();
        let modified_at = time("LastModifiedDate")?;
        let by_us = reference("LastModifiedById").as_deref() == Some(self.user);
        let made_by_us = reference("CreatedById").as_deref() == Some(self.user);
        let edited_at = match (by_us, made_by_us) {
            (false, _) => modified_at,
            (true, false) => time("CreatedDate")?,
            // Nobody but us ever touched it: it elects nothing.
            (true, true) => Timestamp::from_seconds(0),
        };
        let (state, follows) = if row.boolean("IsDeleted") == Some(true) {
            (RecordState::Deleted, reference("MasterRecordId"))
        } else if row.boolean("IsConverted") == Some(true) {
            (RecordState::Converted, reference("ConvertedContactId"))
        } else {
            (RecordState::Live, None)
        };
        let value = |field: &MappedField| {
            let text = remote_text(row.get(&field.path).unwrap_or(&Value::Null));
            match field.target.kind {
                // Pages and jobs spell moments in two ways.
                FieldType::DateTime => Timestamp::parse(&text).map_or(text, |moment| moment.to_string()),
                _ => text,
            }
        };
        let values = self.mapping.fields.iter();
        Some(RemoteRecord {
            id,
            object: self.mapping.object,
            state,
            follows: follows.filter(|next| !next.is_empty()),
            email_key: email_key(row.text(EMAIL_FIELD).unwrap_or_default()),
            stamp: time("SystemModstamp")?,
            modified_at,
            edited_at,
            by_us,
            opted_out: row.boolean("HasOptedOutOfEmail") == Some(true),
            values: values.map(|one| (one.field.name.clone(), value(one))).collect(),
            revision: self.revision,
            read_at,
        })
    }
}
