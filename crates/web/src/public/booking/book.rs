//! The booking form and the booking itself (B2, B3, Q4).

use crate::actions::booking;
use crate::actions::booking::{BookingProblem, BookingRequest, Source};
use crate::http::client_address::ClientAddress;
use crate::http::form::Form;
use crate::http::language::RequestLanguage;
use crate::http::language::other_language;
use crate::http::page_error::PageError;
use crate::public::booking::url::{CarriedParams, Opened, days_path, form_path, open};
use crate::public::booking::{booking_limit, days, form, proof_of_work, signed_links, zone};
use crate::state::AppState;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{PublicFrame, render};
use crate::ui::input::Input;
use crate::ui::question_input;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::booking::{check_slot, end_of, is_free};
use domain::value::{FieldProblem, Timestamp};

const TOKEN: &str = "booking-form";

struct Alternative {
    when: String,
    address: String,
    token: String,
}

#[derive(Template)]
#[template(path = "public/booking/book.html")]
struct FormPage {
    frame: PublicFrame,
    page_title: String,
    day: String,
    from: String,
    to: String,
    datetime: String,
    zone_name: String,
    /// The same in the page's own zone, when it is another.
    of_page: String,
    action: String,
    back: String,
    token: String,
    problems: Problems,
    /// Zero bits of the work that the browser is asked for; 0 for none.
    work_bits: u32,
    alternatives: Vec<Alternative>,
    inputs: Vec<Input>,
    hidden: Vec<(String, String)>,
}

/// Shows the form for one start.
pub async fn show(
    State(state): State<AppState>,
    Path((team, slug, start)): Path<(String, String, String)>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let opened = open(&state, &team, &slug, &visitor).await?;
    let typed = form::prefilled(&visitor.query);
    begin(&state, &opened, &visitor, &start, &typed).await
}

/// The form for one start with what was typed before, or the days with the reason why it can't be booked.
async fn begin(
    state: &AppState,
    opened: &Opened,
    visitor: &RequestLanguage,
    start: &str,
    typed: &Form,
) -> Result<Response, PageError> {
    let t = zone::translator(&opened.page, &visitor.query, visitor.language);
    let Some(start) = Timestamp::parse(start) else {
        return days::refuse(state, opened, visitor, None, t.text("problem-not-a-time"), typed).await;
    };
    if let Some(code) = slot_problem(state, opened, start).await? {
        let note = t.word("problem", code);
        return days::refuse(state, opened, visitor, Some(start), note, typed).await;
    }
    form_page(state, opened, visitor, start, typed, FormErrors::default()).await
}

/// Books.
pub async fn book(
    State(state): State<AppState>,
    Path((team, slug, start)): Path<(String, String, String)>,
    visitor: RequestLanguage,
    client: ClientAddress,
    typed: Form,
) -> Result<Response, PageError> {
    let opened = open(&state, &team, &slug, &visitor).await?;
    let t = zone::translator(&opened.page, &visitor.query, visitor.language);
    // Only programs that fill in everything see this input.
    if typed.is_on("website") {
        return Err(PageError::cross_site_form().in_language(visitor.language));
    }
    // Another language or another time was chosen; nothing is booked.
    if typed.text("do") == "show" {
        return begin(&state, &opened, &visitor, &start, &typed).await;
    }
    let Some(start) = Timestamp::parse(&start) else {
        return days::refuse(&state, &opened, &visitor, None, t.text("problem-not-a-time"), &typed).await;
    };
    let Some(nonce) = read_token(&state, &opened, start, typed.text("token")) else {
        let trouble = FormErrors { note: t.text("form-too-old"), ..FormErrors::default() };
        let page = form_page(&state, &opened, &visitor, start, &typed, trouble).await?;
        return Ok((StatusCode::FORBIDDEN, page).into_response());
    };
    let request = request(&opened, &visitor, start, &typed, &nonce);
    // Whoever corrects an input is not counted.
    let has_worked = proof_of_work::is_solved(&nonce, typed.text("work"));
    if booking::is_valid(&opened.page, &request, state.clock.now())
        && let Some(at) = booking_limit::take(&state, client, opened.page.id, has_worked).await?
    {
        let minutes = ((at.seconds() - state.clock.now().seconds()).max(1) + 59) / 60;
        let trouble = FormErrors {
            note: t.fill("form-too-often", "minutes", minutes),
            asks_for_work: !has_worked,
            ..FormErrors::default()
        };
        let page = form_page(&state, &opened, &visitor, start, &typed, trouble).await?;
        let headers = [(header::RETRY_AFTER, (minutes * 60).to_string())];
        return Ok((StatusCode::TOO_MANY_REQUESTS, headers, page).into_response());
    }
    match booking::make(&state, opened.workspace, &opened.whole, &request).await {
        Ok(booking) => {
            let path = signed_links::done_path(state.database.vault(), opened.workspace, &booking);
            Ok(Redirect::to(&zone::with_zone(&format!("{path}?language={}", t.tag()), &visitor.query))
                .into_response())
        }
        Err(BookingProblem::Storage(error)) => Err(PageError::from(error)),
        Err(BookingProblem::SlotTaken | BookingProblem::KeyReused) => {
            let alternatives = days::nearest(&state, &opened, start).await?;
            let trouble =
                FormErrors { note: t.text("problem-slot-taken"), alternatives, ..FormErrors::default() };
            let page = form_page(&state, &opened, &visitor, start, &typed, trouble).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
        Err(BookingProblem::Invalid(problems)) => {
            let late = problems.iter().any(|problem| problem.field == "start");
            let alternatives = if late { days::nearest(&state, &opened, start).await? } else { Vec::new() };
            let trouble = FormErrors { alternatives, problems, ..FormErrors::default() };
            let page = form_page(&state, &opened, &visitor, start, &typed, trouble).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Why a start can't be booked: the word of the problem; `None` when it can.
async fn slot_problem(
    state: &AppState,
    opened: &Opened,
    start: Timestamp,
) -> Result<Option<&'static str>, PageError> {
    let page = &opened.page;
    if let Err(problem) = check_slot(page, start, state.clock.now()) {
        return Ok(Some(problem.code()));
    }
    let read = state.database.read();
    let end = end_of(page, start);
    let taken = storage::booking::cells::busy(&read, opened.workspace, &page.members, start, end).await?;
    Ok((!is_free(page, start, &taken)).then_some("slot-taken"))
}

fn request(
    opened: &Opened,
    visitor: &RequestLanguage,
    start: Timestamp,
    typed: &Form,
    nonce: &str,
) -> BookingRequest {
    let attendee = |name: &str| typed.text(&format!("attendee.{name}")).to_owned();
    BookingRequest {
        start: Some(start),
        email: attendee("email"),
        name: attendee("name"),
        family_name: attendee("family_name"),
        given_name: attendee("given_name"),
        company: attendee("company"),
        guests: form::guests(typed),
        hosts: Vec::new(),
        routed: opened.routed.clone(),
        answers: question_input::answers(&opened.page.fields, typed),
        external_id: None,
        language: visitor.language,
        // The same form sent twice is one booking.
        source: Source::Page,
        idempotency: Some((format!("form:{nonce}"), TOKEN.to_owned())),
    }
}

fn make_token(state: &AppState, opened: &Opened, start: Timestamp) -> String {
    let nonce = storage::ids::new_secret();
    let tag = state.database.vault().sign(TOKEN, &signed_text(opened, start, &nonce));
    format!("{nonce}.{tag}")
}

/// The one-time part of a form's token, if it was made for this page and start.
fn read_token(state: &AppState, opened: &Opened, start: Timestamp, token: &str) -> Option<String> {
    let (nonce, tag) = token.split_once('.')?;
    let own = state.database.vault().verify(TOKEN, &signed_text(opened, start, nonce), tag);
    own.then(|| nonce.to_owned())
}

fn signed_text(opened: &Opened, start: Timestamp, nonce: &str) -> String {
    format!("{}:{}:{nonce}", opened.page.id, start.microseconds())
}

#[derive(Default)]
struct FormErrors {
    /// The address has booked a lot: its browser may work instead of waiting.
    asks_for_work: bool,
    note: String,
    alternatives: Vec<Timestamp>,
    problems: Vec<FieldProblem>,
}

async fn form_page(
    state: &AppState,
    opened: &Opened,
    visitor: &RequestLanguage,
    start: Timestamp,
    typed: &Form,
    trouble: FormErrors,
) -> Result<Response, PageError> {
    let page = &opened.page;
    let t = zone::translator(page, &visitor.query, visitor.language);
    let carried = CarriedParams::of(state, opened, &visitor.query, visitor.language);
    let mut inputs = form::inputs(&t, page, typed);
    let mut problems = Problems::add(&t, &trouble.problems, &mut inputs);
    if !trouble.note.is_empty() {
        problems = problems.and(trouble.note);
    }
    let alternative = |start: &Timestamp| Alternative {
        when: t.date_time(*start),
        address: carried.on(&form_path(page, *start), None),
        token: make_token(state, opened, *start),
    };
    let other = other_language(visitor.language);
    let local = domain::booking::local(start, &t.zone);
    let day = local.date();
    render(&FormPage {
        page_title: page.title_in(visitor.language).to_owned(),
        day: t.day(day),
        from: t.time(start),
        to: t.time(end_of(page, start)),
        datetime: start.to_string(),
        zone_name: t.zone_name(),
        of_page: zone::of_page(page, &t, start),
        action: carried.on(&form_path(page, start), None),
        back: carried.on(&days_path(page), Some(("day", day.to_string()))),
        token: make_token(state, opened, start),
        alternatives: trouble.alternatives.iter().map(alternative).collect(),
        hidden: form::hidden(page, typed),
        frame: PublicFrame {
            title: t.fill("form-title", "page", page.title_in(visitor.language)),
            t: t.clone(),
            brand: opened.team.name.clone(),
            switch: Some((other, carried.in_language(other).on(&form_path(page, start), None))),
            switch_form: "book",
            look: opened.look.clone(),
        },
        work_bits: if trouble.asks_for_work { proof_of_work::BITS } else { 0 },
        problems,
        inputs,
    })
}
