//! Booking pages: what can be booked, with whom, what is asked, and what it does in Salesforce (B1, K10–K17).

use crate::booking::is_japanese_holiday;
use crate::form::{AskedOn, FieldMapping, FormField, check_fields, check_mappings, check_text};
use crate::org::ObjectDescription;
use crate::value::{FieldProblem, Language, MemberId, PageId, TeamId, is_slug};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Who of the page's members takes part in a booking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Attendance {
    /// Everybody has to be free and attends (全員参加).
    All,
    /// One free member, by turns; every time at which somebody is free can be chosen (担当者自動割当、空き優先).
    #[default]
    Any,
    /// The same, but the times shown are those of the member whose turn it is, as long as there are some (公平優先).
    Turn,
}

/// What a page does in Salesforce; team pages only (K10–K14).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PageSalesforce {
    /// 姓名を分けて保存する (K10).
    pub split_name: bool,
    /// 新規リードを自動作成する (K11).
    pub create_lead: bool,
    /// 新規行動を自動作成する (K12).
    pub create_event: bool,
    /// 予約フォームの入力フィールドと連携 (K14).
    pub map_fields: bool,
    /// Which question fills which Lead field.
    pub mappings: Vec<FieldMapping>,
    /// What stands in Company when neither the form nor the e-mail's domain gives one (K11).
    pub unknown_company: String,
    /// The Event's Type; left out when it is not among the org's.
    pub event_type: String,
}

impl Default for PageSalesforce {
    fn default() -> Self {
        Self {
            split_name: false,
            create_lead: false,
            create_event: false,
            map_fields: false,
            mappings: Vec::new(),
            unknown_company: "不明".to_owned(),
            event_type: "Meeting".to_owned(),
        }
    }
}

impl PageSalesforce {
    /// Whether a booking has anything to do at once in Salesforce.
    pub fn writes_records(&self) -> bool {
        self.create_lead || self.create_event || (self.map_fields && !self.mappings.is_empty())
    }
}

/// Hours of one weekday in which members can be booked, in minutes since midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// The weekday: 1 Monday … 7 Sunday.
    pub weekday: i8,
    /// From this minute of the day.
    pub from: u16,
    /// To this minute of the day, at most 1440.
    pub to: u16,
}

/// Days on which no meeting can be booked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Closures {
    /// Public holidays of Japan; `None` for pages that were made before this could be chosen, which are closed on them
    /// if their zone is Japan's.
    pub japanese_holidays: Option<bool>,
    /// Closures of the company, such as the end of the year.
    pub days: Vec<ClosedDays>,
}

/// Days in a row without meetings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosedDays {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// Closures of a page, at most.
const MAX_CLOSURES: usize = 100;
/// Hours of a page: several spans a day.
const MAX_HOURS: usize = 70;
/// Members of a page, and mappings of its answers.
const MAX_MEMBERS: usize = 100;
const MAX_MAPPINGS: usize = 200;

/// A booking page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingPage {
    /// Its id.
    pub id: PageId,
    /// Its team.
    pub team: TeamId,
    /// The team's part of the address.
    pub team_slug: String,
    /// Its own part of the address.
    pub slug: String,
    /// What is booked, in Japanese.
    pub title: String,
    /// What is booked, in English; the Japanese wording when empty.
    pub title_en: String,
    /// A few words for visitors, in Japanese.
    pub description: String,
    /// The same in English; the Japanese words when empty.
    #[serde(default)]
    pub description_en: String,
    /// A page of one person; such pages do nothing in Salesforce but the workspace-wide settings (R).
    pub personal: bool,
    /// Members who take part, in order (K13).
    pub members: Vec<MemberId>,
    /// Who of them attends.
    pub attendance: Attendance,
    /// Length of a meeting in minutes; a multiple of 5.
    pub slot_minutes: u16,
    /// Bookable hours.
    pub hours: Vec<Hours>,
    /// Days without meetings.
    #[serde(default)]
    pub closures: Closures,
    /// The zone in which the hours count.
    pub time_zone: String,
    /// Earliest start, in minutes from now.
    pub notice_minutes: u32,
    /// Latest start, in days from now.
    pub window_days: u16,
    /// The questions of its form.
    pub fields: Vec<FormField>,
    /// Visitors may name fellow attendees (同席者).
    pub ask_guests: bool,
    /// What it does in Salesforce.
    pub salesforce: PageSalesforce,
    /// Can be booked now.
    pub active: bool,
}

impl BookingPage {
    /// Whether the page is closed on public holidays of Japan.
    pub fn closes_on_holidays(&self) -> bool {
        self.closures.japanese_holidays.unwrap_or(self.time_zone == "Asia/Tokyo")
    }

    /// Whether no meeting can be booked on a day of the page's zone, whatever its hours.
    pub fn is_closed_on(&self, day: Date) -> bool {
        self.closures.days.iter().any(|closed| (closed.from..=closed.to).contains(&day))
            || (self.closes_on_holidays() && is_japanese_holiday(day))
    }

    /// The address part `team/page`.
    pub fn path(&self) -> String {
        format!("{}/{}", self.team_slug, self.slug)
    }

    /// The name for a language.
    pub fn title_in(&self, language: Language) -> &str {
        wording(language, &self.title, &self.title_en)
    }

    /// The description for a language.
    pub fn description_in(&self, language: Language) -> &str {
        wording(language, &self.description, &self.description_en)
    }
}

fn wording<'a>(language: Language, japanese: &'a str, english: &'a str) -> &'a str {
    if language == Language::English && !english.is_empty() { english } else { japanese }
}

/// Checks a page before it is saved; mappings are checked against `lead` when they are on.
pub fn check_page(page: &BookingPage, lead: Option<&ObjectDescription>) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if !is_slug(&page.slug) {
        problems.push(FieldProblem::new("slug", "bad-slug"));
    }
    problems.extend(check_text("title", &page.title, 1, 200));
    problems.extend(check_text("title_en", &page.title_en, 0, 200));
    problems.extend(check_text("description", &page.description, 0, 2_000));
    problems.extend(check_text("description_en", &page.description_en, 0, 2_000));
    if page.members.is_empty() {
        problems.push(FieldProblem::new("members", "required"));
    }
    let distinct: HashSet<&MemberId> = page.members.iter().collect();
    if distinct.len() < page.members.len() {
        problems.push(FieldProblem::new("members", "repeated"));
    }
    if !(5..=480).contains(&page.slot_minutes) || !page.slot_minutes.is_multiple_of(5) {
        problems.push(FieldProblem::new("slot_minutes", "bad-length").with("min", 5).with("max", 480));
    }
    if jiff::tz::TimeZone::get(&page.time_zone).is_err() {
        problems.push(FieldProblem::new("time_zone", "unknown-time-zone").with("value", &page.time_zone));
    }
    if page.notice_minutes > 60 * 24 * 60 {
        problems.push(FieldProblem::new("notice_minutes", "out-of-range").with("min", 0).with("max", 86_400));
    }
    if !(1..=365).contains(&page.window_days) {
        problems.push(FieldProblem::new("window_days", "out-of-range").with("min", 1).with("max", 365));
    }
    problems.extend(check_hours(&page.hours));
    problems.extend(check_closures(&page.closures));
    if page.members.len() > MAX_MEMBERS {
        problems.push(FieldProblem::new("members", "too-many").with("max", MAX_MEMBERS));
    }
    if page.salesforce.mappings.len() > MAX_MAPPINGS {
        problems.push(FieldProblem::new("salesforce.mappings", "too-many").with("max", MAX_MAPPINGS));
    }
    problems.extend(check_fields(&page.fields, AskedOn::BookingPage, "fields"));
    problems.extend(check_salesforce(page, lead));
    problems
}

fn check_closures(closures: &Closures) -> Vec<FieldProblem> {
    if closures.days.len() > MAX_CLOSURES {
        return vec![FieldProblem::new("closures.days", "too-many").with("max", MAX_CLOSURES)];
    }
    let reversed = closures.days.iter().enumerate().filter(|(_, closed)| closed.from > closed.to);
    reversed.map(|(index, _)| FieldProblem::new(format!("closures.days[{index}]"), "days-reversed")).collect()
}

/// Spans of one weekday may not overlap: a start would be offered, and computed, once for each.
fn overlapping(hours: &[Hours]) -> impl Iterator<Item = usize> + '_ {
    let overlaps = |one: &Hours, other: &Hours| {
        one.weekday == other.weekday && one.from < other.to && other.from < one.to
    };
    (0..hours.len()).filter(move |index| hours[..*index].iter().any(|other| overlaps(&hours[*index], other)))
}

fn check_hours(hours: &[Hours]) -> Vec<FieldProblem> {
    if hours.len() > MAX_HOURS {
        return vec![FieldProblem::new("hours", "too-many").with("max", MAX_HOURS)];
    }
    let bad = bad_hours(hours);
    if !bad.is_empty() {
        return bad;
    }
    overlapping(hours).map(|index| FieldProblem::new(format!("hours[{index}]"), "hours-overlap")).collect()
}

fn bad_hours(hours: &[Hours]) -> Vec<FieldProblem> {
    hours
        .iter()
        .enumerate()
        .filter(|(_, span)| {
            !(1..=7).contains(&span.weekday)
                || span.from >= span.to
                || span.to > 1440
                || !span.from.is_multiple_of(5)
                || !span.to.is_multiple_of(5)
        })
        .map(|(index, _)| FieldProblem::new(format!("hours[{index}]"), "bad-hours"))
        .collect()
}

fn check_salesforce(page: &BookingPage, lead: Option<&ObjectDescription>) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    let salesforce = &page.salesforce;
    if page.personal && salesforce.writes_records() {
        problems.push(FieldProblem::new("salesforce", "team-pages-only"));
    }
    problems.extend(check_text("salesforce.unknown_company", &salesforce.unknown_company, 1, 255));
    problems.extend(check_text("salesforce.event_type", &salesforce.event_type, 0, 40));
    if salesforce.map_fields {
        problems.extend(check_mappings(&salesforce.mappings, &page.fields, lead, "salesforce.mappings"));
    }
    problems
}
