//! A claimed mailing from its first recipient to its last, or until somebody stops it.

use crate::channel::mail::MailServer;
use crate::engine::Engine;
use crate::mailing::connections::{Connections, Incoming};
use crate::mailing::turn::{Turn, Turns, asks_to_slow_down, is_server_lost};
use domain::mailing::{Audience, ComposedMailing, MailSettings, MailingState, Pace, PauseReason};
use domain::value::Timestamp;
use std::time::Duration;
use storage::StorageError;
use storage::mailing::freeze::Frozen;
use storage::mailing::mailings::Mailing;
use storage::mailing::queue::MailingClaim;
use storage::mailing::{freeze, mailings, queue};
use storage::workspace::settings;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// People who are added in one transaction.
const FREEZE_AT_ONCE: u32 = 1_000;
/// So long a segment whose values are being filled in is left alone.
const FILLING_SECONDS: i64 = 2;
/// Mails that may be on their way at once. A kill leaves so many unknown at most.
const MAX_IN_FLIGHT: usize = 48;
/// So many outcomes are kept together, if they come at once.
const KEPT_TOGETHER: usize = 16;
/// So long outcomes wait for others.
const TICK: Duration = Duration::from_millis(20);
/// So long nothing happens when nobody's turn is.
const IDLE: Duration = Duration::from_millis(100);
/// Tries to keep outcomes while the database fails.
const MAX_SAVES: u32 = 5;

/// Adds everybody who gets the mailing; each part is kept, so that a kill costs none of it. Gives when it goes on, or
/// `None` once all are known.
async fn freeze(
    engine: &Engine,
    (claim, audience): (MailingClaim, &Audience),
    stop: &CancellationToken,
) -> Result<Option<Timestamp>, StorageError> {
    loop {
        let now = engine.clock.now();
        let write = engine.database.write().await?;
        let stands = queue::renew(&write, claim, engine.lease()).await?;
        if stands.state != MailingState::Sending {
            return Ok(Some(now));
        }
        let frozen = freeze::next(&write, claim, audience, FREEZE_AT_ONCE, now).await?;
        if frozen == Frozen::Broken {
            let held = (MailingState::Paused, Some(PauseReason::Audience));
            mailings::set_state(&write, claim.workspace, claim.mailing, held, now).await?;
        }
        write.commit().await?;
        match frozen {
            Frozen::Whole => return Ok(None),
            Frozen::InPart if !stop.is_cancelled() => {}
            Frozen::InPart | Frozen::Broken => return Ok(Some(now)),
            Frozen::NotYet => return Ok(Some(now.plus_seconds(FILLING_SECONDS))),
        }
    }
}

/// Sends a mailing.
pub(crate) async fn run(
    engine: &Engine,
    (claim, stored): (MailingClaim, &Mailing),
    (server, mailing): (&MailServer, &ComposedMailing),
    stop: &CancellationToken,
) -> Result<(), StorageError> {
    if !stored.is_frozen
        && let Some(due_at) = freeze(engine, (claim, &stored.content.audience), stop).await?
    {
        return release(engine, claim, due_at).await;
    }
    let patience = engine.settings.request_timeout;
    let turns = Turns { engine, claim, sender: server.sender(), mailing };
    let mut connections = Connections::start(server.smtp(), &server.sender().email, MAX_IN_FLIGHT, patience);
    let ended = send_all(&turns, &mut connections, stop).await;
    if connections.in_flight == 0 {
        connections.close().await;
    }
    match ended? {
        Some(due_at) => release(engine, claim, due_at).await,
        None => {
            let write = engine.database.write().await?;
            queue::finish(&write, claim, engine.clock.now()).await?;
            write.commit().await
        }
    }
}

/// Sends until nothing is left; gives when there is something to do again, or `None` if never.
async fn send_all(
    turns: &Turns<'_>,
    connections: &mut Connections,
    stop: &CancellationToken,
) -> Result<Option<Timestamp>, StorageError> {
    let engine = turns.engine;
    let speed: MailSettings = settings::find(&engine.database.read(), turns.claim.workspace).await?;
    let begun = Instant::now();
    let mut pace = Pace::new(speed.per_second, speed.per_domain_second, 0.0);
    let mut came: Vec<Incoming> = Vec::new();
    let mut lost_until = None;
    let mut is_stopped = false;
    let mut last_turn = begun;
    loop {
        if asks_to_slow_down(&came) {
            pace.slow_down();
        }
        lost_until = is_server_lost(&came, engine.clock.now()).or(lost_until);
        let seconds = begun.elapsed().as_secs_f64();
        let allowed = pace.allowed(seconds) as usize;
        let free = MAX_IN_FLIGHT - connections.in_flight.min(MAX_IN_FLIGHT);
        let holds = is_stopped || lost_until.is_some() || stop.is_cancelled();
        let most = if holds { 0 } else { allowed.min(free) };
        // With nothing to keep and nobody to send to, the database is left in peace.
        if came.is_empty() && most == 0 && !holds && last_turn.elapsed() < engine.lease() / 4 {
            came = wait(connections).await;
            continue;
        }
        last_turn = Instant::now();
        let until = last_turn + engine.lease();
        let turn = take(turns, &came, &mut pace, (u32::try_from(most).unwrap_or(0), seconds)).await?;
        connections.extend(until);
        came.clear();
        match turn {
            Turn::Send(outgoing) => {
                for mail in outgoing {
                    connections.send(mail).await;
                }
            }
            Turn::Stopped => is_stopped = true,
            Turn::Wait if connections.in_flight == 0 && (holds || most > 0) => {
                let now = engine.clock.now();
                let due = match queue::next_due(&engine.database.read(), turns.claim).await? {
                    _ if is_stopped => Some(now),
                    Some(due) => Some(lost_until.map_or(due, |until| due.max(until))),
                    None => None,
                };
                // A domain's turn comes within a second; it is not worth letting go of the connections.
                match due {
                    Some(due) if !holds && due <= now.plus_seconds(2) => tokio::time::sleep(IDLE).await,
                    due => return Ok(due),
                }
            }
            Turn::Wait => {}
        }
        if is_stopped && connections.in_flight == 0 {
            return Ok(Some(engine.clock.now()));
        }
        came = wait(connections).await;
    }
}

/// Outcomes, after a moment at most.
async fn wait(connections: &mut Connections) -> Vec<Incoming> {
    if connections.in_flight == 0 {
        tokio::time::sleep(TICK).await;
        return Vec::new();
    }
    connections.receive(KEPT_TOGETHER, TICK).await
}

/// A turn, again while the database fails: what came must not be forgotten.
async fn take(
    turns: &Turns<'_>,
    came: &[Incoming],
    pace: &mut Pace,
    most: (u32, f64),
) -> Result<Turn, StorageError> {
    let mut tries = 0;
    loop {
        match turns.take(came, pace, most).await {
            Err(StorageError::LeaseLost) => return Err(StorageError::LeaseLost),
            Err(error) if tries < MAX_SAVES => {
                tries += 1;
                tracing::warn!(%error, "what came of mails was not kept yet");
                tokio::time::sleep(IDLE * tries).await;
            }
            other => return other,
        }
    }
}

async fn release(engine: &Engine, claim: MailingClaim, due_at: Timestamp) -> Result<(), StorageError> {
    let write = engine.database.write().await?;
    queue::release(&write, claim, due_at).await?;
    write.commit().await
}
