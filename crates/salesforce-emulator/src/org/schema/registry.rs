//! All objects of the org, found by name or by the prefix of an id.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::org::ids::RecordId;
use crate::org::schema::field::Field;
use crate::org::schema::object::ObjectType;
use crate::org::schema::parse;

/// The list that a lookup makes on the record it points at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Child<'a> {
    /// The object whose records are listed.
    pub(crate) object: &'a Arc<ObjectType>,
    /// The lookup's place among the object's fields.
    pub(crate) index: usize,
    /// The lookup.
    pub(crate) field: &'a Field,
}

/// Every object of the org.
#[derive(Clone, Debug)]
pub(crate) struct Schema {
    objects: BTreeMap<String, Arc<ObjectType>>,
    by_prefix: HashMap<String, String>,
    custom_objects: u32,
    formulas: bool,
}

impl Schema {
    /// The objects of some tables.
    pub(crate) fn of(tables: &[&str]) -> Self {
        let mut schema = Schema {
            objects: BTreeMap::new(),
            by_prefix: HashMap::new(),
            custom_objects: 0,
            formulas: false,
        };
        for object in tables.iter().flat_map(|table| parse::objects(table)) {
            schema.put(object);
        }
        schema
    }

    /// Adds an object, or replaces the one of the same name.
    pub(crate) fn put(&mut self, object: ObjectType) {
        let key = object.name.to_ascii_lowercase();
        // Status objects share a prefix; the first one keeps it.
        self.by_prefix.entry(object.prefix.clone()).or_insert_with(|| key.clone());
        self.objects.insert(key, Arc::new(object));
    }

    /// A prefix for a new custom object.
    pub(crate) fn next_custom_prefix(&mut self) -> String {
        let number = self.custom_objects;
        self.custom_objects += 1;
        let digit = |number: u32| char::from_digit(number % 36, 36).unwrap_or('0');
        format!("a{}{}", digit(number / 36), digit(number))
    }

    /// Whether any field is worked out from others.
    pub(crate) fn has_formulas(&self) -> bool {
        self.formulas
    }

    /// Notes that there are fields worked out from others.
    pub(crate) fn note_formulas(&mut self) {
        self.formulas = true;
    }

    /// Every object, in the order of its name.
    pub(crate) fn objects(&self) -> impl Iterator<Item = &Arc<ObjectType>> {
        self.objects.values()
    }

    /// An object by name, whatever its case.
    pub(crate) fn object(&self, name: &str) -> Option<&Arc<ObjectType>> {
        self.objects.get(name).or_else(|| self.objects.get(&name.to_ascii_lowercase()))
    }

    /// An object by name, to change it.
    pub(crate) fn object_mut(&mut self, name: &str) -> Option<&mut ObjectType> {
        self.objects.get_mut(&name.to_ascii_lowercase()).map(Arc::make_mut)
    }

    /// An object by name, if API users can see it.
    pub(crate) fn visible(&self, name: &str) -> Option<&Arc<ObjectType>> {
        self.object(name).filter(|object| object.access.read)
    }

    /// The object an id belongs to.
    pub(crate) fn object_of(&self, id: RecordId) -> Option<&Arc<ObjectType>> {
        self.by_prefix.get(id.prefix()).and_then(|key| self.objects.get(key))
    }

    /// The lists of records that point at this object.
    pub(crate) fn children_of<'a>(&'a self, parent: &'a str) -> impl Iterator<Item = Child<'a>> {
        self.objects.values().flat_map(move |object| {
            object.fields().iter().enumerate().filter_map(move |(index, field)| {
                let points = field.reference_to.iter().any(|target| target == parent);
                points.then_some(Child { object, index, field })
            })
        })
    }

    /// The list of this name on a parent object, if API users can see it.
    pub(crate) fn child_list<'a>(&'a self, parent: &'a str, name: &str) -> Option<Child<'a>> {
        self.children_of(parent).find(|child| {
            let named = child.field.children.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(name));
            named && child.object.access.read && !child.field.hidden
        })
    }
}
