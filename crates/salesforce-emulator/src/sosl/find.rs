//! Finding the records that a search means.

use std::sync::Arc;

use jiff::SignedDuration;

use crate::org::records::Record;
use crate::org::schema::{Field, FieldType, ObjectType};
use crate::soql::error::QueryError;
use crate::soql::eval::Reader;
use crate::soql::parser::parse;
use crate::soql::prepare;
use crate::soql::prepared::Prepared;
use crate::soql::project;
use crate::sosl::parse::{Scope, Search, Target};
use crate::sosl::terms::Terms;

/// Records shown at most, unless fewer are requested.
const MAX: usize = 2000;

/// Records of one object, with the query that shows them.
#[derive(Debug)]
pub(crate) struct Found {
    /// The query for their columns.
    pub(crate) prepared: Prepared,
    /// The records.
    pub(crate) records: Vec<Arc<Record>>,
}

/// Carries a search out.
pub(crate) fn search(reader: &Reader<'_>, search: &Search) -> Result<Vec<Found>, QueryError> {
    let refuse = |message: &str| QueryError::new("MALFORMED_SEARCH", message.to_owned());
    let terms = Terms::read(&search.text).ok_or_else(|| refuse("No search term found."))?;
    if search.text.trim().len() == 1 {
        let message = format!("search term must be longer than one character: {}", search.text.trim());
        return Err(refuse(&message));
    }
    let all: Vec<Target>;
    let targets = if search.targets.is_empty() {
        let objects =
            reader.org.schema.objects().filter(|object| object.access.read && object.has("searchable"));
        all = objects.map(|object| Target { object: object.name.clone(), ..Target::default() }).collect();
        &all
    } else {
        &search.targets
    };
    let mut left = search.limit.unwrap_or(MAX).min(MAX);
    let mut found = Vec::new();
    for target in targets {
        let fields = if target.fields.is_empty() { "Id" } else { &target.fields };
        let soql = format!("SELECT {fields} FROM {} {}", target.object, target.rest);
        let prepared = prepare::query(reader, &soql, &parse(&soql)?)?;
        if !prepared.object.has("searchable") {
            let message = format!("entity type {} does not support search", prepared.object.name);
            return Err(QueryError::new("INVALID_TYPE_FOR_OPERATION", message));
        }
        let mut meant = project::matching(reader, &prepared);
        meant.retain(|record| {
            is_indexed(reader, &prepared.object, record)
                && terms.hold(&texts(&prepared.object, record, search.scope))
        });
        let mut records = prepared.arrange(reader, meant);
        records.truncate(left);
        left -= records.len();
        found.push(Found { prepared, records });
    }
    Ok(found)
}

/// Whether the search index knows a record already; it may lag behind.
fn is_indexed(reader: &Reader<'_>, object: &ObjectType, record: &Record) -> bool {
    let lag = reader.org.settings.limits.search_lag_seconds;
    if lag == 0 {
        return true;
    }
    let now = reader.org.now();
    let horizon = now.checked_sub(SignedDuration::from_secs(lag)).unwrap_or(now);
    record.value(object, "SystemModstamp").as_datetime().is_none_or(|changed| changed <= horizon)
}

fn texts(object: &ObjectType, record: &Record, scope: Scope) -> Vec<String> {
    let fields = object.visible_fields().filter(|(_, field)| searches(field, scope));
    let values = fields.filter_map(|(index, _)| record.get(index).as_text());
    values.map(str::to_lowercase).collect()
}

fn searches(field: &Field, scope: Scope) -> bool {
    let name = field.name_field || field.compound.as_deref() == Some("Name");
    let (email, phone) = (field.kind == FieldType::Email, field.kind == FieldType::Phone);
    match scope {
        Scope::All => field.kind.is_text() && field.kind != FieldType::Encryptedstring,
        Scope::Name => name,
        Scope::Email => email,
        Scope::Phone => phone,
        Scope::Sidebar => name || email || phone,
    }
}
