//! Exports: all records of an object that changed in some time, as CSV files made in the background.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json, json};

use super::business_unit::BusinessUnit;
use super::error::{Problem, Refusal};
use super::filter::Filter;
use super::project::{Selection, print_date_time};
use super::schema::{self, EngagementObject};
use crate::org::value::{Value, parse_datetime};

/// Fields in one export.
const MAX_FIELDS: usize = 150;
/// Records in one file.
const FILE: usize = 100_000;
/// Seconds an export waits, and then works; exports of one business unit run one after another.
const WAITING_SECONDS: i64 = 1;
const PROCESSING_SECONDS: i64 = 2;
/// Days the results are kept.
const KEPT_DAYS: i64 = 7;
/// Days one export may reach back.
const MAX_DAYS: i64 = 366;
/// Exports remembered; the oldest go first.
const REMEMBERED: usize = 50;

/// One export.
#[derive(Debug)]
struct Export {
    created: Timestamp,
    created_by: Option<u64>,
    starts: Timestamp,
    ready: Timestamp,
    canceled: bool,
    count: usize,
    files: Vec<String>,
}

/// The exports of a business unit.
#[derive(Debug, Default)]
pub(crate) struct Exports {
    known: BTreeMap<u64, Export>,
    last: u64,
}

impl Exports {
    /// Adds an export; what it holds is settled now, although it shows later.
    fn add(&mut self, files: Vec<String>, count: usize, created_by: Option<u64>, now: Timestamp) -> u64 {
        let later = |moment: Timestamp, seconds| {
            moment.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(moment)
        };
        let busy = self.known.values().filter(|export| !export.canceled).map(|export| export.ready).max();
        let starts = later(busy.map_or(now, |ready| ready.max(now)), WAITING_SECONDS);
        let ready = later(starts, PROCESSING_SECONDS);
        self.last += 1;
        let export = Export { created: now, created_by, starts, ready, canceled: false, count, files };
        self.known.insert(self.last, export);
        while self.known.len() > REMEMBERED {
            self.known.pop_first();
        }
        self.last
    }

    /// The numbers of the exports, oldest first.
    pub(crate) fn ids(&self) -> Vec<u64> {
        self.known.keys().copied().collect()
    }

    /// Stops an export that is not complete yet.
    pub(crate) fn cancel(&mut self, id: u64, now: Timestamp) -> Result<(), Problem> {
        let export = self.known.get_mut(&id).ok_or(Refusal::NotFound)?;
        if export.state(now) == "Complete" {
            return Err(Refusal::InvalidExport.about("the export is complete"));
        }
        export.canceled = true;
        Ok(())
    }

    /// Shows an export; `address` is where the results of exports are found.
    pub(crate) fn show(
        &self,
        id: u64,
        fields: &str,
        address: &str,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Json, Problem> {
        let export = self.known.get(&id).ok_or(Refusal::NotFound)?;
        let complete = export.state(now) == "Complete" && !export.is_expired(now);
        let mut shown = Map::new();
        for name in fields.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let value = match name {
                "id" => json!(id),
                "state" => json!(export.state(now)),
                "isExpired" => json!(export.is_expired(now)),
                "resultCount" => {
                    if complete {
                        json!(export.count)
                    } else {
                        Json::Null
                    }
                }
                "resultRefs" if complete => {
                    let numbers = 1..=export.files.len();
                    numbers.map(|number| json!(format!("{address}/{id}/results/{number}"))).collect()
                }
                "resultRefs" => Json::Null,
                "createdAt" => json!(print_date_time(export.created, zone)),
                "updatedAt" => json!(print_date_time(export.created.max(export.ready.min(now)), zone)),
                "createdById" => json!(export.created_by),
                other => {
                    return Err(
                        Refusal::InvalidParameter.about(&format!("fields has an unknown field {other}"))
                    );
                }
            };
            shown.insert(name.to_owned(), value);
        }
        if shown.is_empty() {
            return Err(Refusal::InvalidParameter.about("fields is required"));
        }
        Ok(Json::Object(shown))
    }

    /// One file of a complete export.
    pub(crate) fn file(&self, id: u64, number: usize, now: Timestamp) -> Result<&str, Problem> {
        let export = self.known.get(&id).ok_or(Refusal::NotFound)?;
        if export.is_expired(now) {
            return Err(Refusal::ExportExpired.into());
        }
        if export.state(now) != "Complete" {
            return Err(Refusal::ExportNotReady.into());
        }
        let file = number.checked_sub(1).and_then(|place| export.files.get(place));
        file.map(String::as_str).ok_or_else(|| Refusal::NotFound.into())
    }
}

impl Export {
    fn state(&self, now: Timestamp) -> &'static str {
        match now {
            _ if self.canceled => "Canceled",
            now if now >= self.ready => "Complete",
            now if now >= self.starts => "Processing",
            _ => "Waiting",
        }
    }

    fn is_expired(&self, now: Timestamp) -> bool {
        now.as_second() - self.created.as_second() > KEPT_DAYS * 86_400
    }
}

impl BusinessUnit {
    /// Begins an export and tells its number.
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
        let rows = self.table(&object.collection).into_iter().flat_map(super::table::Table::rows);
        let lines: Vec<String> = rows
            .filter(|row| filter.takes(object, row))
            .map(|row| {
                let shown = selection.show(self, object, row, zone);
                csv_line(fields.iter().map(|path| cell(&shown, path)))
            })
            .collect();
        let header = csv_line(fields.iter().map(|name| (*name).to_owned()));
        let files = lines.chunks(FILE).map(|lines| format!("{header}{}", lines.concat())).collect();
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
