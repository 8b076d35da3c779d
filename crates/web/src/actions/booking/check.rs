//! Checks what was typed for a booking, all of it at once.

use crate::actions::booking::request::BookingRequest;
use domain::booking::{Attendee, Booking, BookingPage, BookingState, Host, check_slot, end_of};
use domain::form::{Answers, check_answers, check_text, email_code};
use domain::value::{EmailAddress, FieldProblem, PersonName, Timestamp, tidy_line};

const MAX_GUESTS: usize = 50;

/// What was typed, once it is found good.
pub(super) struct Checked {
    pub(super) start: Timestamp,
    attendee: Attendee,
    guests: Vec<EmailAddress>,
    answers: Answers,
}

impl Checked {
    /// The booking with its hosts.
    pub(super) fn booking(
        &self,
        page: &BookingPage,
        request: &BookingRequest,
        hosts: Vec<Host>,
        now: Timestamp,
    ) -> Booking {
        Booking {
            id: storage::ids::new(now),
            page: page.id,
            page_path: page.path(),
            title: page.title_in(request.language).to_owned(),
            start: self.start,
            end: end_of(page, self.start),
            time_zone: page.time_zone.clone(),
            attendee: self.attendee.clone(),
            guests: self.guests.clone(),
            hosts,
            answers: self.answers.clone(),
            language: request.language,
            state: BookingState::Confirmed,
            outcome: None,
            routing: String::new(),
            external_id: request.external_id.clone(),
            created_at: now,
        }
    }
}

/// Whether what was typed is a booking that could be made, if the time is free.
pub(crate) fn is_valid(page: &BookingPage, request: &BookingRequest, now: Timestamp) -> bool {
    check(page, request, now).is_ok()
}

/// Checks everything that was typed; all faults at once, named as the API names its fields.
pub(super) fn check(
    page: &BookingPage,
    request: &BookingRequest,
    now: Timestamp,
) -> Result<Checked, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    if !page.active {
        problems.push(FieldProblem::new("page", "page-closed"));
    }
    let start = request.start.unwrap_or(now);
    match request.start {
        None => problems.push(FieldProblem::new("start", "not-a-time")),
        Some(start) => {
            problems.extend(
                check_slot(page, start, now).err().map(|slot| FieldProblem::new("start", slot.code())),
            );
        }
    }
    let email = EmailAddress::parse(&request.email)
        .map_err(|error| problems.push(FieldProblem::new("attendee.email", email_code(error))))
        .ok();
    let name = name(page, request, &mut problems);
    let company = tidy_line(&request.company);
    problems.extend(check_text("attendee.company", &company, 0, 255));
    let guests = guests(page, request, &mut problems);
    if let Some(external_id) = &request.external_id {
        problems.extend(check_text("external_id", external_id, 1, 255));
    }
    let answers = check_answers(&page.fields, &request.answers).map_err(|more| problems.extend(more)).ok();
    match (email, answers) {
        (Some(email), Some(answers)) if problems.is_empty() => {
            Ok(Checked { start, attendee: Attendee { email, name, company }, guests, answers })
        }
        _ => Err(problems),
    }
}

/// Lead's LastName holds 80 characters and FirstName 40 (contract 6.3).
fn name(page: &BookingPage, request: &BookingRequest, problems: &mut Vec<FieldProblem>) -> PersonName {
    let (whole, family, given) =
        (tidy_line(&request.name), tidy_line(&request.family_name), tidy_line(&request.given_name));
    let given_in_parts = !family.is_empty() || !given.is_empty();
    if page.salesforce.split_name {
        let name = if given_in_parts || whole.is_empty() {
            PersonName::Split { family_name: family, given_name: given }
        } else {
            PersonName::Whole { name: whole }.split()
        };
        if let PersonName::Split { family_name, given_name } = &name {
            problems.extend(check_text("attendee.family_name", family_name, 1, 80));
            problems.extend(check_text("attendee.given_name", given_name, 1, 40));
        }
        return name;
    }
    let name = if whole.is_empty() && given_in_parts {
        PersonName::Split { family_name: family, given_name: given }.display(request.language)
    } else {
        whole
    };
    problems.extend(check_text("attendee.name", &name, 1, 80));
    PersonName::Whole { name }
}

fn guests(
    page: &BookingPage,
    request: &BookingRequest,
    problems: &mut Vec<FieldProblem>,
) -> Vec<EmailAddress> {
    let typed: Vec<&String> = request.guests.iter().filter(|guest| !guest.trim().is_empty()).collect();
    if !typed.is_empty() && !page.ask_guests {
        problems.push(FieldProblem::new("guests", "not-allowed"));
    }
    if typed.len() > MAX_GUESTS {
        problems.push(FieldProblem::new("guests", "too-many").with("max", MAX_GUESTS));
        return Vec::new();
    }
    let mut guests = Vec::new();
    for (index, guest) in typed.into_iter().enumerate() {
        match EmailAddress::parse(guest) {
            Ok(address) => guests.push(address),
            Err(error) => problems.push(FieldProblem::new(format!("guests[{index}]"), email_code(error))),
        }
    }
    guests
}
