//! Starting an export: all records of an object that changed within a time, as CSV files.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json};

use crate::engagement::business_unit::BusinessUnit;
use crate::engagement::error::{Problem, Refusal};
use crate::engagement::filter::Filter;
use crate::engagement::project::Selection;
use crate::engagement::schema::{self, EngagementObject};
use crate::org::value::{Value, parse_datetime};

/// Fields in one export.
const MAX_FIELDS: usize = 150;
/// Records in one file.
const MAX_FILE_RECORDS: usize = 100_000;
/// Days one export may reach back.
const MAX_DAYS: i64 = 366;
impl BusinessUnit {
    /// Begins an export and returns its number.
    ///
    /// The names in the body are not documented beyond examples: `object` may be missing, and arguments may be
    /// written `updatedAfter` or `updated_after`.
    pub(crate) fn begin_export(
        &mut self,
        input: &Map<String, Json>,
        user: Option<u64>,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<u64, Problem> {
        let name = input.get("object").and_then(Json::as_str).unwrap_or("prospect");
        let object = schema::object_named(name).or_else(|| schema::object(name));
        let object = object.ok_or_else(|| Refusal::InvalidExport.about(&format!("object {name}")))?;
        let fields: Vec<&str> = input
            .get("fields")
            .and_then(Json::as_array)
            .map(|names| names.iter().filter_map(Json::as_str).collect())
            .unwrap_or_default();
        let selection = Selection::read(object, &fields.join(","))?;
        if selection.count() > MAX_FIELDS {
            return Err(Refusal::InvalidExport.about("more than 150 fields"));
        }
        let filter = procedure(object, input.get("procedure").unwrap_or(&Json::Null), now)?;
        let rows = self.table(&object.collection).into_iter().flat_map(crate::engagement::table::Table::rows);
        let lines: Vec<String> = rows
            .filter(|row| filter.takes(object, row))
            .map(|row| {
                let shown = selection.show(self, object, row, zone);
                csv_line(fields.iter().map(|path| cell(&shown, path)))
            })
            .collect();
        let header = csv_line(fields.iter().map(|name| (*name).to_owned()));
        let files =
            lines.chunks(MAX_FILE_RECORDS).map(|lines| format!("{header}{}", lines.concat())).collect();
        Ok(self.exports.add(files, lines.len(), user, now))
    }
}

fn procedure(object: &EngagementObject, procedure: &Json, now: Timestamp) -> Result<Filter, Problem> {
    let word = match procedure.get("name").and_then(Json::as_str) {
        Some("filter_by_created_at") => "created",
        Some("filter_by_updated_at") => "updated",
        other => return Err(Refusal::InvalidProcedure.about(other.unwrap_or("name is required"))),
    };
    let argument = |side: &str| {
        let names = [format!("{word}{side}"), format!("{word}_{}", side.to_lowercase())];
        let given = names.iter().find_map(|name| procedure.get("arguments")?.get(name)?.as_str());
        let read = |text| parse_datetime(text).ok_or_else(|| Refusal::InvalidProcedure.about(&names[0]));
        given.map(read).transpose()
    };
    let from = argument("After")?
        .ok_or_else(|| Refusal::InvalidProcedure.about(&format!("{word}After is required")))?;
    let until = argument("Before")?;
    if until.unwrap_or(now).as_second() - from.as_second() > MAX_DAYS * 86_400 {
        return Err(Refusal::InvalidProcedure.about("the time is longer than a year"));
    }
    let field = object.index_of(&format!("{word}At"));
    let field = field.ok_or_else(|| Refusal::InvalidProcedure.about("the object keeps no such time"))?;
    Ok(Filter::between(field, Some(Value::DateTime(from)), until.map(Value::DateTime)))
}

fn cell(shown: &Json, path: &str) -> String {
    let value = path.split('.').try_fold(shown, |value, name| value.get(name));
    match value {
        None | Some(Json::Null) => String::new(),
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn csv_line(cells: impl Iterator<Item = String>) -> String {
    let quoted: Vec<String> = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
    format!("{}\n", quoted.join(","))
}
