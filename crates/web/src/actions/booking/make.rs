//! Makes a booking, and what it is to do in Salesforce.

use crate::actions::booking::check::check;
use crate::actions::booking::deliveries::deliveries_of;
use crate::actions::booking::hosts::{choose_hosts, enter, host};
use crate::actions::booking::request::{BookingProblem, BookingRequest, Source};
use crate::actions::booking::routing;
use crate::actions::people::from_answers::{AnswerSource, add_or_fill_in};
use crate::actions::tag::booked::note_booking;
use crate::state::AppState;
use domain::booking::{Booking, BookingPage};
use domain::delivery::SalesforceSettings;
use domain::people::{ChangeOrigin, PersonFields, values_of_booking};
use domain::value::{Step, WorkspaceId};
use std::collections::BTreeSet;
use storage::booking::idempotency::IdempotentRequest;
use storage::booking::{bookings, idempotency};
use storage::delivery::{deliveries, timeline};
use storage::org::connections;
use storage::workspace::{audit, settings, teams};

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
    let reason = match &request.routed {
        Some(routed) => routing::reason(&read, workspace, routed.decision).await?,
        None => None,
    };
    let mut taken = BTreeSet::new();
    loop {
        let write = state.database.write().await?;
        let chosen = choose_hosts(&write, workspace, page, request, (checked.start, &taken)).await?;
        let Some(chosen) = chosen else { break };
        let hosts = teams::find_members(&write, workspace, &chosen.hosts).await?;
        let mut booking = checked.booking(page, request, hosts.into_iter().map(host).collect(), now);
        booking.routing = reason.clone().unwrap_or_default();
        if !bookings::create(&write, workspace, &booking).await? {
            // Another team's booking has taken the time meanwhile.
            taken.extend(chosen.hosts);
            continue;
        }
        enter(&write, workspace, page.team, (booking.id, &chosen), now).await?;
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
        if let Some(routed) = &request.routed {
            routing::note(&write, workspace, booking.id, routed.decision).await?;
        }
        for delivery in deliveries_of(&booking, page, &settings, connected, now) {
            deliveries::create(&write, workspace, &delivery, now).await?;
        }
        let fields = settings::find::<PersonFields>(&write, workspace).await?;
        let values = values_of_booking(&booking, &page.salesforce.mappings, &fields);
        let id = booking.id.to_string();
        let source = AnswerSource { origin: ChangeOrigin::Booking, origin_id: &id, consents: &[] };
        add_or_fill_in(&write, workspace, &values, source, now).await?;
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
