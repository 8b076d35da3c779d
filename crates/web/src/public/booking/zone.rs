//! In which zone a visitor reads times: their own one first, kept through every step by the address.

use crate::http::form::Form;
use crate::text::translator::Translator;
use domain::booking::BookingPage;
use domain::value::{Language, Timestamp};
use jiff::tz::TimeZone;

/// The name under which an address carries the zone.
pub const ZONE: &str = "zone";
const MAX_NAME: usize = 60;

/// Zones that are offered besides the page's and the visitor's own.
const OFFERED: [&str; 34] = [
    "Pacific/Honolulu",
    "America/Anchorage",
    "America/Los_Angeles",
    "America/Denver",
    "America/Chicago",
    "America/New_York",
    "America/Halifax",
    "America/Sao_Paulo",
    "Atlantic/Azores",
    "UTC",
    "Europe/London",
    "Europe/Lisbon",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Madrid",
    "Europe/Rome",
    "Europe/Helsinki",
    "Europe/Istanbul",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Nairobi",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Dhaka",
    "Asia/Bangkok",
    "Asia/Jakarta",
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Singapore",
    "Asia/Taipei",
    "Asia/Seoul",
    "Asia/Tokyo",
    "Australia/Sydney",
];

/// One zone of the picker.
#[derive(Clone, Debug)]
pub struct ZoneChoice {
    /// Its IANA name.
    pub name: String,
    /// What people read.
    pub label: String,
    /// It is the one that is shown.
    pub is_chosen: bool,
}

/// The picker of a page.
#[derive(Clone, Debug)]
pub struct ZonePicker {
    /// The zones, from west to east.
    pub choices: Vec<ZoneChoice>,
    /// Where the choice is sent.
    pub action: String,
    /// What the address carries besides.
    pub kept: Vec<(String, String)>,
    /// The zone of the page, to which the visitor's own is compared.
    pub of_page: String,
    /// The visitor has chosen, or was asked already.
    pub is_settled: bool,
}

/// The zone that an address asks for; the page's when it asks for none that is known.
pub fn shown(page: &BookingPage, query: &Form) -> String {
    wanted(query).unwrap_or_else(|| page.time_zone.clone())
}

/// The known zone that an address asks for.
pub fn wanted(query: &Form) -> Option<String> {
    let name = query.find(ZONE)?.trim();
    (name.len() <= MAX_NAME && TimeZone::get(name).is_ok()).then(|| name.to_owned())
}

/// Words in a visitor's language and zone.
pub fn translator(page: &BookingPage, query: &Form, language: Language) -> Translator {
    Translator::new(language, &shown(page, query))
}

/// An address with the zone that another one carries.
pub fn with_zone(address: &str, query: &Form) -> String {
    let Some(zone) = wanted(query) else { return address.to_owned() };
    let zone: String = url::form_urlencoded::byte_serialize(zone.as_bytes()).collect();
    let sign = if address.contains('?') { '&' } else { '?' };
    format!("{address}{sign}{ZONE}={zone}")
}

/// A moment in a page's own zone, told beside the visitor's; empty when both are the same.
pub fn of_page(page: &BookingPage, t: &Translator, at: Timestamp) -> String {
    in_zone(&page.time_zone, t, at)
}

/// A moment in a zone, told beside the visitor's; empty when both show the same.
pub fn in_zone(zone: &str, t: &Translator, at: Timestamp) -> String {
    let other = Translator::new(t.language, zone);
    if other.date_time(at) == t.date_time(at) {
        return String::new();
    }
    t.sentence("zone-of-host", [("when", other.date_time(at)), ("zone", other.zone_name())])
}

impl ZonePicker {
    /// The picker for a page at an address.
    pub fn new(
        t: &Translator,
        page: &BookingPage,
        query: &Form,
        action: String,
        kept: Vec<(String, String)>,
        now: Timestamp,
    ) -> Self {
        let mut names: Vec<&str> = OFFERED.to_vec();
        for name in [page.time_zone.as_str(), t.zone.as_str()] {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let mut zones: Vec<(i32, &str)> = names
            .into_iter()
            .filter_map(|name| Some((TimeZone::get(name).ok()?.to_offset(now.to_jiff()).seconds(), name)))
            .collect();
        zones.sort_unstable();
        let choice = |(offset, name): (i32, &str)| ZoneChoice {
            label: label(t, offset, name),
            is_chosen: name == t.zone,
            name: name.to_owned(),
        };
        Self {
            choices: zones.into_iter().map(choice).collect(),
            action,
            kept: kept.into_iter().filter(|(name, _)| name != ZONE).collect(),
            of_page: page.time_zone.clone(),
            is_settled: wanted(query).is_some(),
        }
    }
}

/// `UTC+09:00 日本時間`
fn label(t: &Translator, offset: i32, name: &str) -> String {
    let sign = if offset < 0 { '−' } else { '+' };
    let minutes = offset.unsigned_abs() / 60;
    let told = Translator::new(t.language, name).zone_name().replace('_', " ");
    format!("UTC{sign}{:02}:{:02} {told}", minutes / 60, minutes % 60)
}
