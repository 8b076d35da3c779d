//! The booking page: open days and times (B2).

use crate::http::form::Form;
use crate::http::language::RequestLanguage;
use crate::http::language::other_language;
use crate::http::page_error::PageError;
use crate::public::booking::month::{Month, OpenDays, day_class};
use crate::public::booking::url::{CarriedParams, Opened, days_path, form_path, open};
use crate::public::booking::zone::ZonePicker;
use crate::public::booking::{form, zone};
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{PublicFrame, render};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::booking::{local, open_days};
use domain::value::Timestamp;
use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

const DAYS_PER_PAGE: usize = 4;
/// A month to show and a month more, so that the list goes on behind the month's end.
const LOOK_AHEAD: u16 = 62;

struct Day {
    name: String,
    class: &'static str,
    times: Vec<Time>,
}

struct Time {
    datetime: String,
    clock: String,
    address: String,
}

#[derive(Template)]
#[template(path = "public/booking/days.html")]
struct DaysPage {
    frame: PublicFrame,
    note: String,
    description: String,
    minutes: u16,
    zone: ZonePicker,
    days: Vec<Day>,
    month: Month,
    more: Option<String>,
    /// What was typed into the form before another time was chosen.
    typed: Vec<(String, String)>,
}

/// Shows a page's open times; without JavaScript, all of them are links.
pub async fn show(
    State(state): State<AppState>,
    Path((team, slug)): Path<(String, String)>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let opened = open(&state, &team, &slug, &visitor).await?;
    days(&state, &opened, &visitor, Form::default()).await
}

/// The same while a form that was begun is carried along: every link is a button that sends it.
pub async fn choose_again(
    State(state): State<AppState>,
    Path((team, slug)): Path<(String, String)>,
    visitor: RequestLanguage,
    typed: Form,
) -> Result<Response, PageError> {
    let opened = open(&state, &team, &slug, &visitor).await?;
    days(&state, &opened, &visitor, typed).await
}

/// The same after a form was sent, with what it was told.
pub(crate) async fn after_form(
    state: &AppState,
    opened: &Opened,
    visitor: &RequestLanguage,
    typed: Form,
) -> Result<Response, PageError> {
    days(state, opened, visitor, typed).await
}

async fn days(
    state: &AppState,
    opened: &Opened,
    visitor: &RequestLanguage,
    typed: Form,
) -> Result<Response, PageError> {
    let asked = visitor.query.find("day").map(str::parse::<Date>);
    let t = zone::translator(&opened.page, &visitor.query, visitor.language);
    let note = if matches!(asked, Some(Err(_))) { t.text("days-not-a-date") } else { String::new() };
    page(state, opened, visitor, asked.and_then(Result::ok), note, &typed).await
}

/// The same page with a note: why the time that was asked for can't be booked.
pub async fn refuse(
    state: &AppState,
    opened: &Opened,
    visitor: &RequestLanguage,
    near: Option<Timestamp>,
    note: String,
    typed: &Form,
) -> Result<Response, PageError> {
    let zone = zone::shown(&opened.page, &visitor.query);
    let day = near.map(|near| local(near, &zone).date());
    let shown = page(state, opened, visitor, day, note, typed).await?;
    Ok((StatusCode::CONFLICT, shown).into_response())
}

async fn page(
    state: &AppState,
    opened: &Opened,
    visitor: &RequestLanguage,
    asked: Option<Date>,
    note: String,
    typed: &Form,
) -> Result<Response, PageError> {
    let page = &opened.page;
    let t = zone::translator(page, &visitor.query, visitor.language);
    let now = state.clock.now();
    let today = local(now, &t.zone).date();
    let last = today.saturating_add(i64::from(page.window_days).days());
    let shown = asked.unwrap_or(today).clamp(today, last);
    let (open, shown) = find_open(state, opened, &t.zone, shown, (today, last), asked.is_none()).await?;
    let carried = CarriedParams::of(state, opened, &visitor.query, visitor.language);
    let mut kept = carried.0.clone();
    kept.extend(asked.map(|day| ("day".to_owned(), day.to_string())));
    let mut coming = open.range(shown..);
    let days = coming
        .by_ref()
        .take(DAYS_PER_PAGE)
        .map(|(day, times)| day_of(&t, opened, &carried, *day, times))
        .collect();
    let more = coming.next().map(|(day, _)| carried.on(&days_path(page), Some(("day", day.to_string()))));
    let other = other_language(visitor.language);
    let switch = carried.in_language(other).on(&days_path(page), asked.map(|day| ("day", day.to_string())));
    let has_typed = !form::typed_pairs(page, typed).is_empty();
    render(&DaysPage {
        note,
        description: page.description_in(visitor.language).to_owned(),
        minutes: page.slot_minutes,
        zone: ZonePicker::new(&t, page, &visitor.query, days_path(page), kept, now),
        typed: form::typed_pairs(page, typed),
        days,
        month: Month::new(&t, page, &carried, shown, (today, last), &open),
        more,
        frame: PublicFrame {
            title: page.title_in(visitor.language).to_owned(),
            t,
            brand: opened.team.name.clone(),
            switch: Some((other, switch)),
            switch_form: if has_typed { "again" } else { "" },
            look: opened.look.clone(),
        },
    })
}

/// The open days around `shown`; without a wish of the visitor's, the list begins with the first open day.
async fn find_open(
    state: &AppState,
    opened: &Opened,
    zone: &str,
    shown: Date,
    (today, last): (Date, Date),
    may_skip: bool,
) -> Result<(OpenDays, Date), PageError> {
    let mut shown = shown;
    loop {
        let first = shown.first_of_month().max(today);
        let open = open_between(state, opened, zone, first).await?;
        let next = shown.saturating_add(Span::new().days(i64::from(LOOK_AHEAD)));
        let found = open.range(shown..).next().map(|(day, _)| *day);
        match found {
            Some(day) => return Ok((open, if may_skip { day } else { shown })),
            None if next > last => return Ok((open, shown)),
            None => shown = next,
        }
    }
}

/// Open times by the days of a zone, which begin and end at other moments than the page's own.
async fn open_between(
    state: &AppState,
    opened: &Opened,
    zone: &str,
    first: Date,
) -> Result<OpenDays, PageError> {
    let page = &opened.page;
    let now = state.clock.now();
    let until = now.plus_minutes((i64::from(page.window_days) + 2) * 24 * 60);
    let read = state.database.read();
    let taken = storage::booking::cells::busy(&read, opened.workspace, &page.members, now, until).await?;
    let mut open = OpenDays::new();
    let from = first.yesterday().unwrap_or(first);
    for (_, starts) in open_days(page, from, LOOK_AHEAD + 2, now, &taken) {
        for start in starts {
            let day = local(start, zone).date();
            if day >= first {
                open.entry(day).or_default().push(start);
            }
        }
    }
    Ok(open)
}

/// The open starts that are nearest to a time, for those who came second.
pub async fn nearest(
    state: &AppState,
    opened: &Opened,
    start: Timestamp,
) -> Result<Vec<Timestamp>, PageError> {
    let today = local(state.clock.now(), &opened.page.time_zone).date();
    let day = local(start, &opened.page.time_zone).date();
    let first = day.saturating_sub(7.days()).max(today);
    let open = open_between(state, opened, &opened.page.time_zone, first).await?;
    let mut starts: Vec<Timestamp> = open.into_values().flatten().collect();
    starts.sort_by_key(|other| (other.microseconds() - start.microseconds()).abs());
    starts.truncate(3);
    starts.sort_unstable();
    Ok(starts)
}

fn day_of(t: &Translator, opened: &Opened, carried: &CarriedParams, day: Date, times: &[Timestamp]) -> Day {
    let time = |start: &Timestamp| Time {
        datetime: start.to_string(),
        clock: t.time(*start),
        address: carried.on(&form_path(&opened.page, *start), None),
    };
    Day { name: t.day(day), class: day_class(day), times: times.iter().map(time).collect() }
}
