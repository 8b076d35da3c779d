//! Creates and cancels bookings; shared by the public page and the API.

use crate::actions::tag::booked::note_booking;
use crate::state::AppState;
use domain::booking::{
    Attendance, Attendee, Booking, BookingPage, BookingState, Host, check_slot, end_of, free_members,
};
use domain::delivery::{CAMPAIGN_LAG_MINUTES, Delivery, DeliveryKind, DeliveryState, SalesforceSettings};
use domain::form::{Answers, check_answers, check_text};
use domain::value::{
    BookingId, ConversionId, EmailAddress, EmailError, FieldProblem, Language, MemberId, OfferId, PersonName,
    Step, Timestamp, WorkspaceId, match_key, tidy_line,
};
use storage::StorageError;
use storage::booking::idempotency::IdempotentRequest;
use storage::booking::{bookings, cells, idempotency};
use storage::delivery::{deliveries, timeline};
use storage::org::connections;
use storage::workspace::{audit, settings, teams};

/// Where a booking comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// A visitor on its page.
    #[default]
    Page,
    /// A visitor in a dialog on the customer's website.
    Dialog {
        /// The dialog that was offered.
        offer: OfferId,
        /// The conversion of which it came.
        conversion: Option<ConversionId>,
    },
    /// A program, by the name of its key.
    Key(String),
}

/// What someone asks for, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct BookingRequest {
    /// When it is to start; `None` when the text was no time.
    pub start: Option<Timestamp>,
    /// The visitor's address.
    pub email: String,
    /// 氏名, on pages with one field.
    pub name: String,
    /// 姓, on pages with two fields.
    pub family_name: String,
    /// 名, on pages with two fields.
    pub given_name: String,
    /// 会社名
    pub company: String,
    /// Fellow attendees.
    pub guests: Vec<String>,
    /// Members by id or address who are to attend; the page's choice when empty.
    pub hosts: Vec<String>,
    /// Answers to the form.
    pub answers: Answers,
    /// Another system's id.
    pub external_id: Option<String>,
    /// The language in which it is booked.
    pub language: Language,
    /// Where it was booked.
    pub source: Source,
    /// The caller's key for doing it once, and the hash of its request.
    pub idempotency: Option<(String, String)>,
}

/// Why there is no booking.
#[derive(Debug, thiserror::Error)]
pub enum BookingProblem {
    /// Fields are at fault; nothing was kept.
    #[error("fields are at fault: {0:?}")]
    Invalid(Vec<FieldProblem>),
    /// Someone else has the time.
    #[error("the time is taken")]
    SlotTaken,
    /// The key was used for a different request.
    #[error("the idempotency key was used for a different request")]
    KeyReused,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The visitor, who is named in the timeline only: the audit log is about those who have access.
pub const ATTENDEE: &str = "attendee";

const MAX_GUESTS: usize = 50;

/// Makes a booking and what it is to do in Salesforce, in one transaction; nothing is asked of Salesforce.
///
/// A repeated request with the same idempotency key gives the first one's booking.
pub async fn make(
    state: &AppState,
    workspace: WorkspaceId,
    page: &BookingPage,
    request: &BookingRequest,
) -> Result<Booking, BookingProblem> {
    if let Some(booking) = repeated(state, workspace, request).await? {
        return Ok(booking);
    }
    let now = state.clock.now();
    let checked = check(page, request, now).map_err(BookingProblem::Invalid)?;
    let read = state.database.read();
    let settings = settings::find::<SalesforceSettings>(&read, workspace).await?;
    let connected = connections::find(&read, workspace).await?.is_some();
    for members in choices(state, workspace, page, request, checked.start).await? {
        let hosts = teams::find_members(&read, workspace, &members).await?;
        let booking = checked.booking(page, request, hosts.into_iter().map(host).collect(), now);
        let write = state.database.write().await?;
        if !bookings::create(&write, workspace, &booking).await? {
            continue;
        }
        if let Some((key, hash)) = &request.idempotency {
            let known = IdempotentRequest { request_hash: hash.clone(), booking: booking.id };
            if !idempotency::save(&write, workspace, key, &known, now).await? {
                drop(write);
                return repeated(state, workspace, request).await?.ok_or(BookingProblem::SlotTaken);
            }
        }
        let via = match request.source {
            Source::Page => "page",
            Source::Dialog { .. } => "dialog",
            Source::Key(_) => "api",
        };
        let made = Step::new("booking-made").with("page", &booking.page_path).with("via", via);
        timeline::add(&write, workspace, booking.id.into(), None, &[made], now).await?;
        for delivery in deliveries_of(&booking, page, &settings, connected, now) {
            deliveries::create(&write, workspace, &delivery, now).await?;
        }
        if let Source::Dialog { offer, conversion } = request.source {
            note_booking(&write, workspace, booking.id, (offer, conversion), now).await?;
        }
        if let Source::Key(actor) = &request.source {
            let step = Step::new("booking-added").with("page", &booking.page_path);
            audit::record(&write, workspace, actor, &step, now).await?;
        }
        write.commit().await?;
        state.database.wake_worker();
        return Ok(booking);
    }
    // The slot's holder may be the same request, sent twice at once.
    repeated(state, workspace, request).await?.ok_or(BookingProblem::SlotTaken)
}

/// Cancels a booking and what it has not begun to do in Salesforce; `false` when it was cancelled before.
pub async fn cancel(
    state: &AppState,
    workspace: WorkspaceId,
    booking: BookingId,
    by: &str,
) -> Result<bool, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    if !bookings::cancel(&write, workspace, booking).await? {
        return Ok(false);
    }
    deliveries::cancel_waiting(&write, workspace, booking.into(), now).await?;
    let step = Step::new("booking-cancelled").with("by", by);
    timeline::add(&write, workspace, booking.into(), None, &[step], now).await?;
    if by != ATTENDEE {
        let step = Step::new("booking-cancelled").with("id", booking);
        audit::record(&write, workspace, by, &step, now).await?;
    }
    write.commit().await?;
    Ok(true)
}

/// The booking of an earlier request with the same key.
async fn repeated(
    state: &AppState,
    workspace: WorkspaceId,
    request: &BookingRequest,
) -> Result<Option<Booking>, BookingProblem> {
    let Some((key, hash)) = &request.idempotency else { return Ok(None) };
    let read = state.database.read();
    let Some(known) = idempotency::find(&read, workspace, key).await? else {
        return Ok(None);
    };
    if known.request_hash != *hash {
        return Err(BookingProblem::KeyReused);
    }
    Ok(bookings::find(&read, workspace, known.booking).await?)
}

struct Checked {
    start: Timestamp,
    attendee: Attendee,
    guests: Vec<EmailAddress>,
    answers: Answers,
}

impl Checked {
    fn booking(
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
            external_id: request.external_id.clone(),
            created_at: now,
        }
    }
}

fn host(member: teams::Member) -> Host {
    Host { member: member.id, name: member.name, email: member.email }
}

/// Whether what was typed is a booking that could be made, if the time is free.
pub(crate) fn is_valid(page: &BookingPage, request: &BookingRequest, now: Timestamp) -> bool {
    check(page, request, now).is_ok()
}

/// Checks everything that was typed; all faults at once, named as the API names its fields.
fn check(page: &BookingPage, request: &BookingRequest, now: Timestamp) -> Result<Checked, Vec<FieldProblem>> {
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

fn email_code(error: EmailError) -> &'static str {
    match error {
        EmailError::Empty => "required",
        EmailError::Malformed => "not-an-email",
        EmailError::TooLong => "email-too-long",
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

/// The groups of members who could take the meeting, the best first.
async fn choices(
    state: &AppState,
    workspace: WorkspaceId,
    page: &BookingPage,
    request: &BookingRequest,
    start: Timestamp,
) -> Result<Vec<Vec<MemberId>>, BookingProblem> {
    let read = state.database.read();
    if !request.hosts.is_empty() {
        return Ok(vec![named_hosts(&teams::find_members(&read, workspace, &page.members).await?, request)?]);
    }
    let taken = cells::busy(&read, workspace, &page.members, start, end_of(page, start)).await?;
    let free = free_members(page, start, &taken);
    match page.attendance {
        Attendance::All if free.len() == page.members.len() && !free.is_empty() => Ok(vec![free]),
        Attendance::All => Ok(Vec::new()),
        Attendance::Any if free.len() < 2 => Ok(free.into_iter().map(|member| vec![member]).collect()),
        Attendance::Any => {
            let load = cells::upcoming_counts(&read, workspace, &free, state.clock.now()).await?;
            let mut free = free;
            free.sort_by_key(|member| load.get(member).copied().unwrap_or(0));
            Ok(free.into_iter().map(|member| vec![member]).collect())
        }
    }
}

fn named_hosts(members: &[teams::Member], request: &BookingRequest) -> Result<Vec<MemberId>, BookingProblem> {
    let mut problems = Vec::new();
    let mut named = Vec::new();
    for (index, wanted) in request.hosts.iter().enumerate() {
        // However an address is spelt, it is compared by its key.
        let key = EmailAddress::parse(wanted).map_or_else(|_| match_key(wanted), EmailAddress::into_key);
        match members.iter().find(|one| one.id.to_string() == key || one.email.key() == key) {
            Some(member) => named.push(member.id),
            None => problems.push(FieldProblem::new(format!("hosts[{index}]"), "not-a-member")),
        }
    }
    // K6 and K13 go by the page's order, whoever is named first.
    named.sort_by_key(|id| members.iter().position(|member| member.id == *id));
    named.dedup();
    if problems.is_empty() { Ok(named) } else { Err(BookingProblem::Invalid(problems)) }
}

/// What a booking is to do in Salesforce, and when (K1, K3, K8).
pub fn deliveries_of(
    booking: &Booking,
    page: &BookingPage,
    settings: &SalesforceSettings,
    connected: bool,
    now: Timestamp,
) -> Vec<Delivery> {
    let wanted = [
        (DeliveryKind::Page, page.salesforce.writes_records() && !page.personal, 0),
        (DeliveryKind::Todo, settings.todo.enabled, settings.todo.lag_minutes),
        (DeliveryKind::Campaign, settings.campaign.enabled, CAMPAIGN_LAG_MINUTES),
    ];
    let state = if connected { DeliveryState::Due } else { DeliveryState::Held };
    let mut deliveries: Vec<Delivery> = wanted
        .into_iter()
        .filter(|(_, wanted, _)| *wanted)
        .map(|(kind, _, lag_minutes)| {
            let due_at = now.plus_minutes(lag_minutes);
            Delivery::new(storage::ids::new(now), booking.id.into(), kind, state, due_at)
        })
        .collect();
    // The page's records may be the Lead that the ToDo and the campaign are for, and two bookings with one e-mail
    // must not make two Leads.
    let page_delivery = deliveries.iter().find(|one| one.kind == DeliveryKind::Page).map(|one| one.id);
    for delivery in &mut deliveries {
        match delivery.kind {
            DeliveryKind::Page => delivery.exclusive_key = Some(booking.attendee.email.key()),
            DeliveryKind::Todo | DeliveryKind::Campaign | DeliveryKind::Record => {
                delivery.after_delivery = page_delivery;
            }
        }
    }
    deliveries
}
