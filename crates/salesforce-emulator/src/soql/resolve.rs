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
    /// Short names of lookups, with the way to each.
    pub(crate) lookups: &'a [Lookup],
}

/// A lookup that FROM gives a short name, as in `FROM Contact c, c.Account a`.
#[derive(Clone, Debug)]
pub(crate) struct Lookup {
    /// The short name.
    pub(crate) alias: String,
    /// The relationships that lead there from the object read.
    pub(crate) way: Vec<String>,
}

impl Names<'_> {
    /// Resolves a path.
    pub(crate) fn resolve(&self, path: &Path) -> Result<Resolved, QueryError> {
        let parts = self.relative(&path.parts);
        let Some((last, lookups)) = parts.split_last() else {
            return Err(QueryError::new("MALFORMED_QUERY", "a field is missing"));
        };
        if lookups.len() > 5 {
            return Err(QueryError::new("MALFORMED_QUERY", "Maximum relationship depth exceeded"));
        }
        let (steps, standing) = self.way(lookups, path)?;
        let end = match standing {
            Some(object) => {
                let index = object.visible_index(last).ok_or_else(|| self.no_column(last, &object, path))?;
                End::Field(object, index)
            }
            None => End::Generic(self.generic(last, path)?),
        };
        Ok(Resolved { steps, end })
    }

    /// Resolves a field, or a path to one, of whatever object a lookup points at.
    pub(crate) fn resolve_generic(&self, path: &Path) -> Result<Resolved, QueryError> {
        match path.parts.as_slice() {
            [name] => Ok(Resolved { steps: Vec::new(), end: End::Generic(self.generic(name, path)?) }),
            [lookup, name] => {
                let (step, target) = self.follow(None, lookup, path)?;
                let target = target.ok_or_else(|| self.no_column_on(name, "Name", path))?;
                let index = target.visible_index(name).ok_or_else(|| self.no_column(name, &target, path))?;
                Ok(Resolved { steps: vec![step], end: End::Field(target, index) })
            }
            _ => Err(self.no_column_on(&path.parts.join("."), "Name", path)),
        }
    }

    fn generic(&self, name: &str, path: &Path) -> Result<String, QueryError> {
        let known = GENERIC.iter().find(|known| known.eq_ignore_ascii_case(name));
        known.map(|known| (*known).to_owned()).ok_or_else(|| self.no_column_on(name, "Name", path))
    }

    /// The steps of a path from the object read, without the short names that FROM gives.
    pub(super) fn relative(&self, parts: &[String]) -> Vec<String> {
        let Some((first, rest)) = parts.split_first().filter(|(_, rest)| !rest.is_empty()) else {
            return parts.to_vec();
        };
        match self.lookups.iter().find(|lookup| lookup.alias.eq_ignore_ascii_case(first)) {
            Some(lookup) => lookup.way.iter().chain(rest).cloned().collect(),
            None if self.is_own_name(first) => rest.to_vec(),
            None => parts.to_vec(),
        }
    }

    /// The lookups on a way, and the object at its end unless that can be of several kinds.
    pub(super) fn way(
        &self,
        parts: &[String],
        path: &Path,
    ) -> Result<(Vec<Step>, Option<Arc<ObjectType>>), QueryError> {
        let mut steps = Vec::new();
        let mut standing = Some(Arc::clone(self.object));
        for name in parts {
            let (step, next) = self.follow(standing.as_ref(), name, path)?;
            steps.push(step);
            standing = next;
        }
        Ok((steps, standing))
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
        let Some((object, record)) = self.holder(org, object, record) else { return Value::Null };
        match &self.end {
            End::Field(_, index) => stored(&object, &record, *index),
            End::Generic(name) => generic(&object, &record, name),
        }
    }

    /// The record that has the field at the end.
    pub(crate) fn holder(
        &self,
        org: &Org,
        object: &Arc<ObjectType>,
        record: &Arc<Record>,
    ) -> Option<(Arc<ObjectType>, Arc<Record>)> {
        let (mut object, mut record) = (Arc::clone(object), Arc::clone(record));
        for step in &self.steps {
            (object, record) = parent(org, &object, &record, step)?;
        }
        Some((object, record))
    }

    /// The same field as the record at the end of the way sees it.
    pub(crate) fn without_steps(&self) -> Resolved {
        Resolved { steps: Vec::new(), end: self.end.clone() }
    }

    /// Whether it is a lookup that may be empty.
    pub(crate) fn is_optional_lookup(&self) -> bool {
        self.field().is_some_and(|field| field.kind == FieldType::Reference && field.nillable)
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
