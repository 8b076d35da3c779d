//! The objects of Account Engagement and their fields, read from one table.

use std::sync::LazyLock;

const TABLE: &str = include_str!("../../schema/engagement.txt");

/// Every object, in the order of the table.
static OBJECTS: LazyLock<Vec<EngagementObject>> = LazyLock::new(|| read(TABLE));

/// The type of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FieldKind {
    /// The record's own number.
    Id,
    /// Text.
    Text,
    /// An e-mail address.
    Email,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// A moment.
    DateTime,
    /// The number of a record of this collection.
    Reference(String),
}

/// One field of an object.
#[derive(Clone, Debug)]
pub(crate) struct EngagementField {
    /// Its name.
    pub(crate) name: String,
    /// Its type.
    pub(crate) kind: FieldKind,
    /// Whether a create may set it.
    pub(crate) createable: bool,
    /// Whether an update may set it.
    pub(crate) updateable: bool,
    /// Whether a create must set it.
    pub(crate) required: bool,
    /// Whether queries may filter by it.
    pub(crate) filterable: bool,
    /// Whether an index is kept on it.
    pub(crate) indexed: bool,
}

impl EngagementField {
    /// The name under which the record it refers to is reached, such as `prospect` for `prospectId`.
    pub(crate) fn relationship(&self) -> Option<&str> {
        matches!(self.kind, FieldKind::Reference(_)).then(|| self.name.strip_suffix("Id")).flatten()
    }
}

/// One object.
#[derive(Clone, Debug)]
pub(crate) struct EngagementObject {
    /// The name in addresses, such as `list-memberships`.
    pub(crate) collection: String,
    /// The name of one record, such as `listMembership`.
    pub(crate) name: String,
    /// Its fields.
    pub(crate) fields: Vec<EngagementField>,
    operations: Vec<String>,
}

impl EngagementObject {
    /// Whether clients may do this with it: `create`, `update`, `delete` or `undelete`.
    pub(crate) fn allows(&self, operation: &str) -> bool {
        self.operations.iter().any(|known| known == operation)
    }

    /// The place of a field; names respect case.
    pub(crate) fn index_of(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}

/// Every object.
pub(crate) fn objects() -> &'static [EngagementObject] {
    &OBJECTS
}

/// The object with this name in addresses.
pub(crate) fn object(collection: &str) -> Option<&'static EngagementObject> {
    OBJECTS.iter().find(|object| object.collection == collection)
}

/// The object whose single records have this name.
pub(crate) fn object_named(name: &str) -> Option<&'static EngagementObject> {
    OBJECTS.iter().find(|object| object.name == name)
}

/// The table is part of the program; a line that cannot be read is left out, and a test checks there is none.
fn read(table: &str) -> Vec<EngagementObject> {
    let mut objects: Vec<EngagementObject> = Vec::new();
    for line in table.lines().filter(|line| !line.trim().is_empty()) {
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        let [name, second, third] = columns.as_slice() else { continue };
        if let Some(collection) = name.strip_prefix("object ") {
            objects.push(EngagementObject {
                collection: collection.to_owned(),
                name: (*second).to_owned(),
                fields: Vec::new(),
                operations: third.split_whitespace().map(str::to_owned).collect(),
            });
        } else if let (Some(object), Some(kind)) = (objects.last_mut(), kind(second)) {
            let flag = |flag: char| third.contains(flag);
            object.fields.push(EngagementField {
                name: (*name).to_owned(),
                kind,
                createable: flag('C'),
                updateable: flag('U'),
                required: flag('Q'),
                filterable: flag('F'),
                indexed: flag('X'),
            });
        }
    }
    objects
}

fn kind(text: &str) -> Option<FieldKind> {
    Some(match text.split_once(' ').unwrap_or((text, "")) {
        ("id", "") => FieldKind::Id,
        ("text", "") => FieldKind::Text,
        ("email", "") => FieldKind::Email,
        ("integer", "") => FieldKind::Integer,
        ("boolean", "") => FieldKind::Boolean,
        ("datetime", "") => FieldKind::DateTime,
        ("reference", target) if !target.is_empty() => FieldKind::Reference(target.to_owned()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_line_parses_and_references_exist() {
        let lines = TABLE.lines().filter(|line| !line.trim().is_empty()).count();
        assert_eq!(objects().iter().map(|object| object.fields.len() + 1).sum::<usize>(), lines);
        for field in objects().iter().flat_map(|object| &object.fields) {
            if let FieldKind::Reference(target) = &field.kind {
                assert!(object(target).is_some(), "{}", field.name);
                assert!(field.relationship().is_some(), "{}", field.name);
            }
        }
        for object in objects() {
            assert_eq!(object.fields[0].kind, FieldKind::Id, "{}", object.collection);
        }
    }
}
