//! What an org holds when it starts.

mod base;
mod dates;
mod demo;
mod people;
mod rows;

use std::str::FromStr;
use std::sync::Arc;

use crate::org::clock::Clock;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::store::Org;
use crate::org::value::Value;

/// What an org holds when it starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seed {
    /// One administrator, the standard picklists and nothing else.
    #[default]
    Empty,
    /// A small Japanese company with customers, leads, campaigns and custom fields.
    Demo,
    /// So many accounts, contacts and leads, and a tenth as many opportunities.
    Rows(u64),
}

/// An unknown seed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no seed: use empty, demo or rows:N")]
pub struct UnknownSeed(String);

impl FromStr for Seed {
    type Err = UnknownSeed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            None if text == "empty" => Ok(Seed::Empty),
            None if text == "demo" => Ok(Seed::Demo),
            Some(("rows", number)) => {
                number.parse().map(Seed::Rows).map_err(|_| UnknownSeed(text.to_owned()))
            }
            _ => Err(UnknownSeed(text.to_owned())),
        }
    }
}

impl Seed {
    /// A new org with this content.
    pub(crate) fn create_org(self, clock: Arc<Clock>) -> Org {
        let mut org = Org::new(clock);
        base::seed(&mut org, self == Seed::Demo);
        match self {
            Seed::Empty | Seed::Rows(_) => {}
            Seed::Demo => demo::seed(&mut org),
        }
        dates::spread(&mut org);
        if let Seed::Rows(number) = self {
            rows::seed(&mut org, number);
        }
        org
    }
}

/// Stores a row as it is, without the checks that a request's row goes through.
pub(crate) fn row(org: &mut Org, object: &str, values: &[(&str, Value)]) -> RecordId {
    let Some(kind) = org.schema.object(object).cloned() else { return RecordId::LOWEST };
    let id = org.next_id(&kind);
    row_with_id(org, object, id, values);
    id
}

/// Stores a row under an id of its own.
pub(crate) fn row_with_id(org: &mut Org, object: &str, id: RecordId, values: &[(&str, Value)]) {
    let Some(object) = org.schema.object(object).cloned() else { return };
    let (now, admin) = (org.now(), org.settings.admin);
    let mut record = Record::new(id);
    record.put(&object, "Id", Value::Id(id));
    for (index, field) in object.fields().iter().enumerate() {
        record.set(index, field.default.clone());
    }
    for name in ["CreatedDate", "LastModifiedDate", "SystemModstamp"] {
        record.put(&object, name, Value::DateTime(now));
    }
    for name in ["CreatedById", "LastModifiedById", "OwnerId"] {
        record.put(&object, name, Value::Id(admin));
    }
    record.put(&object, "Id", Value::Id(id));
    for (name, value) in values {
        record.put(&object, name, value.clone());
    }
    org.store(&object, record);
}

fn text(text: &str) -> Value {
    Value::text(text)
}

fn yes() -> Value {
    Value::Boolean(true)
}
