//! The exports of a business unit, with their states and files.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json, json};

use crate::engagement::date_time::print_date_time;
use crate::engagement::error::{Problem, Refusal};

/// Seconds an export waits, and then works; exports of one business unit run one after another.
const WAITING_SECONDS: i64 = 1;
const PROCESSING_SECONDS: i64 = 2;
/// Days the results are stored.
const RETENTION_DAYS: i64 = 7;
/// Exports of one business unit; the oldest are removed first.
const MAX_EXPORTS: usize = 50;

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
    /// Adds an export; its content is fixed now, although it becomes available later.
    pub(super) fn add(
        &mut self,
        files: Vec<String>,
        count: usize,
        created_by: Option<u64>,
        now: Timestamp,
    ) -> u64 {
        let later = |moment: Timestamp, seconds| {
            moment.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(moment)
        };
        let busy = self.known.values().filter(|export| !export.canceled).map(|export| export.ready).max();
        let starts = later(busy.map_or(now, |ready| ready.max(now)), WAITING_SECONDS);
        let ready = later(starts, PROCESSING_SECONDS);
        self.last += 1;
        let export = Export { created: now, created_by, starts, ready, canceled: false, count, files };
        self.known.insert(self.last, export);
        while self.known.len() > MAX_EXPORTS {
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

    /// Shows an export; `address` is the address of the exports resource.
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
        now.as_second() - self.created.as_second() > RETENTION_DAYS * 86_400
    }
}
