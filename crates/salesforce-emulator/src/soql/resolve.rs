//! From the names in a query to the fields of the org.

use std::sync::Arc;

use crate::org::records::Record;
use crate::org::schema::{Field, FieldType, ObjectType};
use crate::org::store::Org;
use crate::org::value::Value;
use crate::soql::ast::Path;
use crate::soql::error::QueryError;

/// Fields that can be read through a lookup that points at several objects.
const GENERIC: [&str; 12] = [
    "Id",
    "Name",
    "Type",
    "FirstName",
    "LastName",
    "Email",
    "Phone",
    "Title",
    "Username",
    "Alias",
    "IsActive",
    "ProfileId",
];

/// One lookup on the way to a field.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// The relationship name in API case.
    pub(crate) name: String,
    /// The lookup's place, when the object it stands on is known beforehand.
    pub(crate) index: Option<usize>,
}

/// The field at the end of a path.
#[derive(Clone, Debug)]
pub(crate) enum End {
    /// A field of a known object.
    Field(Arc<ObjectType>, usize),
    /// A field of whatever object the last lookup points at.
    Generic(String),
}

/// A path whose names are known to the org.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    /// The lookups to follow.
    pub(crate) steps: Vec<Step>,
    /// The field read at the end.
    pub(crate) end: End,
}

/// What resolving needs to know: the org, the query's text, and the object it reads.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    /// The org.
    pub(crate) org: &'a Org,
    /// The text of the query, for error frames.
    pub(crate) source: &'a str,
    /// The object read.
    pub(crate) object: &'a Arc<ObjectType>,
    /// The object's short name in the query.
    pub(crate) alias: Option<&'a str>,
}

impl Names<'_> {
    /// Resolves a path.
    pub(crate) fn resolve(&self, path: &Path) -> Result<Resolved, QueryError> {
        let mut parts = path.parts.as_slice();
        if parts.len() > 1 && self.is_own_name(&parts[0]) {
            parts = &parts[1..];
        }
        let Some((last, lookups)) = parts.split_last() else {
            return Err(QueryError::new("MALFORMED_QUERY", "a field is missing"));
        };
        if lookups.len() > 5 {
            return Err(QueryError::new("MALFORMED_QUERY", "Maximum relationship depth exceeded"));
        }
        let mut steps = Vec::new();
        let mut standing = Some(Arc::clone(self.object));
        for name in lookups {
            let (step, next) = self.follow(standing.as_ref(), name, path)?;
            steps.push(step);
            standing = next;
        }
        let end = match standing {
            Some(object) => {
                let index = object.visible_index(last).ok_or_else(|| self.no_column(last, &object, path))?;
                End::Field(object, index)
            }
            None => {
                let known = GENERIC.iter().find(|known| known.eq_ignore_ascii_case(last));
                let name = known.ok_or_else(|| self.no_column_on(last, "Name", path))?;
                End::Generic((*name).to_owned())
            }
        };
        Ok(Resolved { steps, end })
    }

    fn is_own_name(&self, name: &str) -> bool {
        self.alias.is_some_and(|alias| alias.eq_ignore_ascii_case(name))
            || self.object.name.eq_ignore_ascii_case(name) && self.object.relationship(name).is_none()
    }

    fn follow(
        &self,
        standing: Option<&Arc<ObjectType>>,
        name: &str,
        path: &Path,
    ) -> Result<(Step, Option<Arc<ObjectType>>), QueryError> {
        let unknown = || {
            let message = format!(
                "Didn't understand relationship '{name}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names."
            );
            QueryError::at(self.source, path.at.0, "INVALID_FIELD", &message)
        };
        let Some(object) = standing else {
            let known = ["Profile", "UserRole"].into_iter().find(|known| known.eq_ignore_ascii_case(name));
            let known = known.ok_or_else(unknown)?;
            let target = self.org.schema.visible(known).cloned();
            return Ok((Step { name: known.to_owned(), index: None }, target));
        };
        let index = object.relationship(name).ok_or_else(unknown)?;
        let field = &object.fields()[index];
        let step = Step { name: field.relationship.clone().unwrap_or_default(), index: Some(index) };
        let target = match field.reference_to.as_slice() {
            [single] => Some(self.org.schema.visible(single).cloned().ok_or_else(unknown)?),
            _ => None,
        };
        Ok((step, target))
    }

    fn no_column(&self, name: &str, object: &ObjectType, path: &Path) -> QueryError {
        self.no_column_on(name, &object.name, path)
    }

    fn no_column_on(&self, name: &str, entity: &str, path: &Path) -> QueryError {
        let message = format!(
            "No such column '{name}' on entity '{entity}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names."
        );
        QueryError::at(self.source, path.at.0, "INVALID_FIELD", &message)
    }
}

impl Resolved {
    /// Whether it is a field of the object itself.
    pub(super) fn is_own(&self) -> bool {
        self.steps.is_empty()
    }

    /// The field at the end, when its object is known.
    pub(crate) fn field(&self) -> Option<&Field> {
        match &self.end {
            End::Field(object, index) => object.fields().get(*index),
            End::Generic(_) => None,
        }
    }

    /// The type of the values at the end.
    pub(crate) fn kind(&self) -> FieldType {
        match &self.end {
            End::Field(object, index) => object.fields()[*index].kind,
            End::Generic(name) if name == "Id" || name == "ProfileId" => FieldType::Id,
            End::Generic(name) if name == "IsActive" => FieldType::Boolean,
            End::Generic(_) => FieldType::String,
        }
    }

    /// The name at the end, in API case.
    pub(crate) fn name(&self) -> &str {
        match &self.end {
            End::Field(object, index) => &object.fields()[*index].name,
            End::Generic(name) => name,
        }
    }

    /// The value for one record.
    pub(crate) fn value(&self, org: &Org, object: &Arc<ObjectType>, record: &Arc<Record>) -> Value {
        // Most paths have no lookup, and a query may look at millions of records.
        if self.steps.is_empty()
            && let End::Field(_, index) = &self.end
        {
            return stored(object, record, *index);
        }
        let (mut object, mut record) = (Arc::clone(object), Arc::clone(record));
        for step in &self.steps {
            match parent(org, &object, &record, step) {
                Some((next_object, next_record)) => (object, record) = (next_object, next_record),
                None => return Value::Null,
            }
        }
        match &self.end {
            End::Field(_, index) => stored(&object, &record, *index),
            End::Generic(name) => generic(&object, &record, name),
        }
    }
}

/// The record a lookup points at, if the user can see it.
pub(crate) fn parent(
    org: &Org,
    object: &Arc<ObjectType>,
    record: &Arc<Record>,
    step: &Step,
) -> Option<(Arc<ObjectType>, Arc<Record>)> {
    let index = step.index.or_else(|| object.relationship(&step.name))?;
    let id = record.get(index).as_id()?;
    let (object, record) = org.visible_record(id)?;
    Some((Arc::clone(object), Arc::clone(record)))
}

/// A stored value; a checkbox never is without one.
pub(crate) fn stored(object: &ObjectType, record: &Record, index: usize) -> Value {
    let value = record.get(index);
    let checkbox =
        value.is_null() && object.fields().get(index).is_some_and(|field| field.kind == FieldType::Boolean);
    if checkbox { Value::Boolean(false) } else { value.clone() }
}

/// A value read through a lookup that points at several objects.
pub(crate) fn generic(object: &ObjectType, record: &Record, name: &str) -> Value {
    match name {
        // A queue is a Group by object, but a Queue by type.
        "Type" if object.name == "Group" => record.value(object, "Type").clone(),
        "Type" => Value::text(&object.name),
        "Name" => {
            object.name_field().map(|field| record.value(object, &field.name).clone()).unwrap_or_default()
        }
        _ => object.index_of(name).map(|index| stored(object, record, index)).unwrap_or_default(),
    }
}
