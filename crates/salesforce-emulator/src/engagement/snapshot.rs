//! Account Engagement's records as JSON, to keep them from one start to the next.

use serde_json::{Map, Value as Json, json};

use crate::engagement::business_unit::{BusinessUnit, read};
use crate::engagement::business_units::Engagement;
use crate::engagement::row::Row;
use crate::engagement::table::Table;

impl Engagement {
    /// Every business unit with its records.
    pub(crate) fn snapshot(&self) -> Json {
        let units = self.units().iter().map(|unit| {
            let tables: Map<String, Json> = unit
                .tables()
                .map(|table| {
                    (table.object.collection.clone(), json!({"last": table.last_id(), "rows": rows(table)}))
                })
                .collect();
            json!({"id": unit.id, "name": unit.name, "active": unit.active, "tables": tables})
        });
        Json::Array(units.collect())
    }

    /// Puts the business units of a snapshot in the place of those there are; a snapshot without any changes nothing.
    pub(crate) fn restore(&mut self, snapshot: &Json) {
        let Some(units) = snapshot.as_array() else { return };
        self.clear();
        for kept in units {
            let text = |key: &str| kept.get(key).and_then(Json::as_str).unwrap_or_default();
            let mut unit = BusinessUnit::new(text("id"), text("name"));
            unit.active = kept.get("active").and_then(Json::as_bool).unwrap_or(true);
            for (collection, table) in kept.get("tables").and_then(Json::as_object).into_iter().flatten() {
                restore_table(&mut unit, collection, table);
            }
            self.add_unit(unit);
        }
    }
}

fn rows(table: &Table) -> Vec<Json> {
    let filled = |row: &Row| {
        let fields = table.object.fields.iter().enumerate().skip(1);
        let values = fields.filter(|(index, _)| !row.get(*index).is_null());
        let mut shown = Map::new();
        shown.insert("id".to_owned(), json!(row.id));
        shown.extend(values.map(|(index, field)| (field.name.clone(), row.get(index).to_json())));
        Json::Object(shown)
    };
    table.rows().map(|row| filled(row)).collect()
}

fn restore_table(unit: &mut BusinessUnit, collection: &str, kept: &Json) {
    let Some(table) = unit.table_mut(collection) else { return };
    for values in kept.get("rows").and_then(Json::as_array).into_iter().flatten() {
        let Some(id) = values.get("id").and_then(Json::as_u64) else { continue };
        let mut row = Row::new(id);
        for (index, field) in table.object.fields.iter().enumerate().skip(1) {
            if let Some(value) = values.get(&field.name).and_then(|json| read(&field.kind, json)) {
                row.set(index, value);
            }
        }
        table.seed(row);
    }
    table.continue_after(kept.get("last").and_then(Json::as_u64).unwrap_or(0));
}
