//! Evaluating formula fields: copies of a field of the record or of a parent, or concatenated texts.

use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::schema::{FieldType, Formula, ObjectType, Piece, Schema};
use crate::org::store::Org;
use crate::org::value::Value;

impl Formula {
    /// Checks that every path leads to a field.
    pub(crate) fn check(&self, schema: &Schema, object: &ObjectType) -> Result<(), String> {
        for path in self.paths() {
            let unknown = || format!("the formula path {} leads nowhere", path.join("."));
            let Some((last, lookups)) = path.split_last() else { return Err(unknown()) };
            let mut standing = vec![object.name.as_str()];
            for name in lookups {
                let known = standing.iter().filter_map(|object| schema.object(object));
                let field = known.into_iter().find_map(|object| Some((object, object.relationship(name)?)));
                let (object, index) = field.ok_or_else(unknown)?;
                standing = object.fields()[index].reference_to.iter().map(String::as_str).collect();
            }
            let mut known = standing.iter().filter_map(|object| schema.object(object));
            if !known.any(|object| object.index_of(last).is_some()) {
                return Err(unknown());
            }
        }
        Ok(())
    }

    /// The value for one record.
    fn value(&self, org: &Org, object: &ObjectType, record: &Record, kind: FieldType) -> Value {
        if let [Piece::Path(path)] = self.pieces.as_slice() {
            let value = follow(org, object, record, path);
            // A copy keeps its type unless the field is a text.
            return if kind.is_text() { Value::text(&value.to_text()) } else { value };
        }
        let text: String = self
            .pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => text.clone(),
                Piece::Path(path) => follow(org, object, record, path).to_text(),
            })
            .collect();
        Value::text(&text)
    }
}

fn follow(org: &Org, object: &ObjectType, record: &Record, path: &[String]) -> Value {
    match path {
        [] => Value::Null,
        [field] => record.value(object, field).clone(),
        [lookup, rest @ ..] => {
            let id = object.relationship(lookup).and_then(|index| record.get(index).as_id());
            let parent =
                id.and_then(|id| org.record(id)).filter(|(object, record)| !record.is_deleted(object));
            parent.map(|(object, record)| follow(org, object, record, rest)).unwrap_or_default()
        }
    }
}

impl Org {
    /// Updates the formula fields of a stored record, and those of records that refer to it.
    ///
    /// Those records are not modified: their modification dates stay the same.
    pub(super) fn renew_formulas(&mut self, object: &ObjectType, id: RecordId) {
        if !self.schema.has_formulas() {
            return;
        }
        self.renew_own_formulas(object, id);
        for (reader, path) in self.formula_paths() {
            for length in (1..path.len()).rev() {
                let mut looking = vec![id];
                for step in (0..length).rev() {
                    looking = self.looking_at(&reader, &path[..=step], &looking);
                }
                if let Some(reader) = self.schema.object(&reader).cloned() {
                    looking.into_iter().for_each(|row| self.renew_own_formulas(&reader, row));
                }
            }
        }
    }

    /// Renews the formula fields of every record of an object.
    pub(crate) fn renew_all_formulas(&mut self, object: &str) {
        let Some(object) = self.schema.object(object).cloned() else { return };
        let ids: Vec<RecordId> = self.live(&object.name).map(|record| record.id).collect();
        ids.into_iter().for_each(|id| self.renew_own_formulas(&object, id));
    }

    fn renew_own_formulas(&mut self, object: &ObjectType, id: RecordId) {
        let Some(record) = self.row(&object.name, id) else { return };
        let mut renewed = Record::clone(record);
        for (index, field) in object.fields().iter().enumerate() {
            if let Some(formula) = &field.formula {
                let value = formula.value(self, object, &renewed, field.kind);
                renewed.set(index, value);
            }
        }
        if renewed != **record {
            self.put_row(object, renewed);
        }
    }

    /// Every path of every formula, with the object it starts from.
    fn formula_paths(&self) -> Vec<(String, Vec<String>)> {
        let of = |object: &ObjectType| {
            let formulas = object.fields().iter().filter_map(|field| field.formula.as_ref());
            let paths = formulas.flat_map(|formula| formula.paths().cloned().collect::<Vec<_>>());
            paths.map(|path| (object.name.clone(), path)).collect::<Vec<_>>()
        };
        self.schema.objects().flat_map(|object| of(object)).collect()
    }

    /// The records at the beginning of the last lookup of a path that leads to one of these records.
    fn looking_at(&self, start: &str, lookups: &[String], targets: &[RecordId]) -> Vec<RecordId> {
        let Some((last, before)) = lookups.split_last() else { return Vec::new() };
        let mut standing = vec![start.to_owned()];
        for name in before {
            let known = standing.iter().filter_map(|object| self.schema.object(object));
            let next =
                known.filter_map(|object| Some(&object.fields()[object.relationship(name)?].reference_to));
            standing = next.flatten().cloned().collect();
        }
        let mut found = Vec::new();
        for object in standing.iter().filter_map(|name| self.schema.object(name)) {
            let Some(index) = object.relationship(last) else { continue };
            let field = &object.fields()[index];
            for target in targets {
                let rows = self.find(&object.name, &field.name, &Value::Id(*target));
                found.extend(rows.iter().map(|row| row.id));
            }
        }
        found
    }
}
