//! What the org knows about one object.

use std::collections::HashMap;

use crate::org::schema::field::Field;

/// What an API user may do with an object, before the user's own flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Access {
    /// Create records.
    pub(crate) create: bool,
    /// See the object and its records.
    pub(crate) read: bool,
    /// Change records.
    pub(crate) edit: bool,
    /// Delete records.
    pub(crate) delete: bool,
}

/// One object: its names, its flags and its fields in describe order.
#[derive(Clone, Debug)]
pub(crate) struct ObjectType {
    /// The API name.
    pub(crate) name: String,
    /// The first three characters of its ids.
    pub(crate) prefix: String,
    /// The English label.
    pub(crate) label: String,
    /// The English label of several.
    pub(crate) label_plural: String,
    /// The Japanese label, where there is one.
    pub(crate) label_ja: Option<String>,
    /// Whether an administrator added it.
    pub(crate) custom: bool,
    /// The describe flags that are true.
    pub(crate) flags: Vec<String>,
    /// What API users may do.
    pub(crate) access: Access,
    fields: Vec<Field>,
    by_name: HashMap<String, usize>,
    indexed: Vec<usize>,
    deleted: Option<usize>,
    archived: Option<usize>,
}

impl ObjectType {
    /// An object without fields.
    pub(crate) fn new(name: &str, prefix: &str, label: &str, label_plural: &str, flags: Vec<String>) -> Self {
        let has = |flag: &str| flags.iter().any(|known| known == flag);
        let access = Access {
            create: has("createable"),
            read: true,
            edit: has("updateable"),
            delete: has("deletable"),
        };
        ObjectType {
            name: name.to_owned(),
            prefix: prefix.to_owned(),
            label: label.to_owned(),
            label_plural: label_plural.to_owned(),
            label_ja: None,
            custom: name.ends_with("__c"),
            access,
            flags,
            fields: Vec::new(),
            by_name: HashMap::new(),
            indexed: Vec::new(),
            deleted: None,
            archived: None,
        }
    }

    /// Whether a describe flag is set.
    pub(crate) fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|known| known == flag)
    }

    /// Adds a field, or replaces the one of the same name.
    pub(crate) fn put_field(&mut self, field: Field) {
        match self.by_name.get(&field.name.to_ascii_lowercase()) {
            Some(&index) => self.fields[index] = field,
            None => {
                self.by_name.insert(field.name.to_ascii_lowercase(), self.fields.len());
                self.fields.push(field);
            }
        }
        self.note_indexed();
    }

    /// Changes a field, if there is one of this name; tells whether there is.
    pub(crate) fn edit_field(&mut self, name: &str, edit: impl FnOnce(&mut Field)) -> bool {
        let Some(index) = self.index_of(name) else { return false };
        edit(&mut self.fields[index]);
        self.note_indexed();
        true
    }

    /// The places of the fields that an index is kept on.
    pub(crate) fn indexed(&self) -> &[usize] {
        &self.indexed
    }

    /// The place of the field that marks records in the recycle bin.
    pub(crate) fn deleted_index(&self) -> Option<usize> {
        self.deleted
    }

    /// The place of the field that marks old activities, which only `queryAll` shows.
    pub(crate) fn archived_index(&self) -> Option<usize> {
        self.archived
    }

    fn note_indexed(&mut self) {
        let indexed = self.fields.iter().enumerate().filter(|(_, field)| field.indexed());
        self.indexed = indexed.map(|(index, _)| index).collect();
        self.deleted = self.index_of("IsDeleted");
        self.archived = self.index_of("IsArchived");
    }

    /// All fields, hidden ones too.
    pub(crate) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The fields an API user can see.
    pub(crate) fn visible_fields(&self) -> impl Iterator<Item = (usize, &Field)> {
        self.fields.iter().enumerate().filter(|(_, field)| !field.hidden)
    }

    /// The place of a field, whatever the case of the name and whether hidden or not.
    pub(crate) fn index_of(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).or_else(|| self.by_name.get(&name.to_ascii_lowercase())).copied()
    }

    /// A field by name, hidden or not.
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.index_of(name).map(|index| &self.fields[index])
    }

    /// A field by name, if an API user can see it.
    pub(crate) fn visible_index(&self, name: &str) -> Option<usize> {
        self.index_of(name).filter(|&index| !self.fields[index].hidden)
    }

    /// The lookup that a query path or a nested body calls by this name.
    pub(crate) fn relationship(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| {
            !field.hidden
                && field.relationship.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(name))
        })
    }

    /// The scopes a query of this object may have.
    pub(crate) fn scopes(&self) -> Vec<&'static str> {
        let queues =
            self.field("OwnerId").is_some_and(|field| field.reference_to.iter().any(|to| to == "Group"));
        let activity = matches!(self.name.as_str(), "Event" | "Task");
        let all = [
            (activity, "delegated"),
            (true, "everything"),
            (true, "mine"),
            (queues, "queue_owned"),
            (true, "scopingRule"),
            (true, "team"),
            (queues, "user_owned"),
        ];
        all.into_iter().filter(|(has, _)| *has).map(|(_, name)| name).collect()
    }

    /// The field that names a record.
    pub(crate) fn name_field(&self) -> Option<&Field> {
        self.fields.iter().find(|field| field.name_field)
    }

    /// The label in the given language.
    pub(crate) fn label_in(&self, japanese: bool) -> &str {
        self.label_ja.as_deref().filter(|_| japanese).unwrap_or(&self.label)
    }
}
