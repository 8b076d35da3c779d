//! Which fields of a record are shown, including those of records it refers to.

use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json};

use crate::engagement::business_unit::BusinessUnit;
use crate::engagement::date_time::print_date_time;
use crate::engagement::error::{Problem, Refusal};
use crate::engagement::row::Row;
use crate::engagement::schema::{self, EngagementObject, FieldKind};
use crate::org::value::Value;

/// Names in one path.
const MAX_PATH: usize = 3;

/// The fields asked for, as a tree.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection(Vec<Node>);

#[derive(Clone, Debug)]
enum Node {
    Field(usize),
    Parent(usize, &'static EngagementObject, Selection),
}

impl Selection {
    /// Reads a list such as `id,prospect.email`.
    pub(crate) fn read(object: &'static EngagementObject, text: &str) -> Result<Self, Problem> {
        let names: Vec<&str> = text.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        if names.is_empty() {
            return Err(Refusal::InvalidParameter.about("fields is required"));
        }
        let mut selection = Selection::default();
        for name in names {
            let path: Vec<&str> = name.split('.').collect();
            if path.len() > MAX_PATH || !selection.add(object, &path) {
                return Err(Refusal::InvalidParameter.about(&format!("fields has an unknown field {name}")));
            }
        }
        Ok(selection)
    }

    fn add(&mut self, object: &'static EngagementObject, path: &[&str]) -> bool {
        match path {
            [] => false,
            [name] => match object.index_of(name) {
                Some(index) => {
                    if !self.0.iter().any(|node| matches!(node, Node::Field(known) if *known == index)) {
                        self.0.push(Node::Field(index));
                    }
                    true
                }
                None => false,
            },
            [name, rest @ ..] => {
                let found = object.fields.iter().position(|field| field.relationship() == Some(name));
                let target = found.and_then(|index| match &object.fields[index].kind {
                    FieldKind::Reference(target) => Some((index, schema::object(target)?)),
                    _ => None,
                });
                let Some((index, target)) = target else { return false };
                let known =
                    self.0.iter_mut().find(|node| matches!(node, Node::Parent(known, ..) if *known == index));
                if let Some(Node::Parent(_, _, inner)) = known {
                    return inner.add(target, rest);
                }
                let mut inner = Selection::default();
                let understood = inner.add(target, rest);
                self.0.push(Node::Parent(index, target, inner));
                understood
            }
        }
    }

    /// The number of fields, those of other records included.
    pub(super) fn count(&self) -> usize {
        let size = |node: &Node| match node {
            Node::Field(_) => 1,
            Node::Parent(_, _, inner) => inner.count(),
        };
        self.0.iter().map(size).sum()
    }

    /// Shows a record; times are in the user's time zone.
    pub(crate) fn show(
        &self,
        unit: &BusinessUnit,
        object: &EngagementObject,
        row: &Row,
        zone: &TimeZone,
    ) -> Json {
        let mut shown = Map::new();
        for node in &self.0 {
            match node {
                Node::Field(index) => {
                    let field = &object.fields[*index];
                    shown.insert(field.name.clone(), print(&row.shown(*index, field), zone));
                }
                Node::Parent(index, target, inner) => {
                    let parent = row
                        .get(*index)
                        .as_number()
                        .and_then(|number| unit.table(&target.collection)?.get(number as u64));
                    let value = parent.map_or(Json::Null, |parent| inner.show(unit, target, parent, zone));
                    let name = object.fields[*index].relationship().unwrap_or_default();
                    shown.insert(name.to_owned(), value);
                }
            }
        }
        Json::Object(shown)
    }
}

fn print(value: &Value, zone: &TimeZone) -> Json {
    match value {
        Value::DateTime(moment) => Json::String(print_date_time(*moment, zone)),
        other => other.to_json(),
    }
}
