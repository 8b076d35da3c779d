//! One transaction of a mailing: what came is kept, and who is next is marked before anything is handed over.

use crate::engine::Engine;
use crate::mailing::connections::{Incoming, Outgoing};
use crate::mailing::message::{Letter, write};
use domain::mailing::{
    ComposedMailing, MailingState, Pace, RecipientState, Reply, SendOutcome, SkipReason, after_reply, judge,
};
use domain::people::{EMAIL, Person};
use domain::value::{EmailAddress, PersonId, Timestamp};
use lettre::message::Mailbox;
use std::collections::BTreeMap;
use storage::mailing::links::{NamedRecipient, message_name, unsubscribe_token};
use storage::mailing::queue::{MailingClaim, NextRecipient};
use storage::mailing::results::SendResult;
use storage::mailing::{mailings, queue, results, suppressions};
use storage::people::person;
use storage::{StorageError, Write};

/// What a turn decided.
pub(crate) enum Turn {
    /// These are to be handed over.
    Send(Vec<Outgoing>),
    /// Nobody's turn is now.
    Wait,
    /// People, or what came back, stopped the mailing.
    Stopped,
}

/// What turns of one mailing have in common.
pub(crate) struct Turns<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) claim: MailingClaim,
    pub(crate) sender: &'a Mailbox,
    pub(crate) mailing: &'a ComposedMailing,
}

impl Turns<'_> {
    /// Keeps what came and marks who is next, `most` at most. `seconds` counts real time for the pace.
    pub(crate) async fn take(
        &self,
        came: &[Incoming],
        pace: &mut Pace,
        (most, seconds): (u32, f64),
    ) -> Result<Turn, StorageError> {
        let now = self.engine.clock.now();
        let write = self.engine.database.write().await?;
        let stands = queue::renew(&write, self.claim, self.engine.lease()).await?;
        let kept: Vec<SendResult> = came.iter().map(|one| result(one, now)).collect();
        results::save(&write, self.claim, &kept, now).await?;
        if stands.state != MailingState::Sending {
            write.commit().await?;
            return Ok(Turn::Stopped);
        }
        if let Some(reason) = judge(stands.health, stands.resumed_with) {
            let held = (MailingState::Paused, Some(reason));
            mailings::set_state(&write, self.claim.workspace, self.claim.mailing, held, now).await?;
            write.commit().await?;
            tracing::warn!(mailing = %self.claim.mailing, reason = reason.name(), "a mailing was paused");
            return Ok(Turn::Stopped);
        }
        let next =
            if most == 0 { Vec::new() } else { queue::next(&write, self.claim, now, 2 * most).await? };
        if next.is_empty() {
            write.commit().await?;
            return Ok(Turn::Wait);
        }
        let outgoing = self.mark(&write, next, pace, (most, seconds), now).await?;
        write.commit().await?;
        Ok(Turn::Send(outgoing))
    }

    /// Decides about each whose turn it is: skipped, made to wait for its domain, or sent.
    async fn mark(
        &self,
        write: &Write,
        next: Vec<NextRecipient>,
        pace: &mut Pace,
        (most, seconds): (u32, f64),
        now: Timestamp,
    ) -> Result<Vec<Outgoing>, StorageError> {
        let workspace = self.claim.workspace;
        let ids: Vec<PersonId> = next.iter().map(|one| one.person).collect();
        let keys: Vec<String> = next.iter().map(|one| one.email_key.clone()).collect();
        let people = person::find_many(write, workspace, &ids).await?;
        let people: BTreeMap<PersonId, Person> = people.into_iter().map(|one| (one.id, one)).collect();
        let suppressed = suppressions::of_keys(write, workspace, &keys).await?;
        let (mut skipped, mut waiting, mut outgoing) = (Vec::new(), Vec::new(), Vec::new());
        for recipient in next {
            let person = people.get(&recipient.person).filter(|one| one.email_key() == recipient.email_key);
            let reason = match (person, suppressed.get(&recipient.email_key)) {
                (Some(person), _) if person.opted_out => Some(SkipReason::OptedOut),
                (_, Some(reason)) => Some((*reason).into()),
                (None, None) => Some(SkipReason::Gone),
                (Some(_), None) => None,
            };
            let (Some(person), None) = (person, reason) else {
                skipped.push((recipient.id, reason.unwrap_or(SkipReason::Gone)));
                continue;
            };
            if outgoing.len() >= most as usize {
                continue;
            }
            let Some((address, mail)) = self.write(person, &recipient, now) else {
                skipped.push((recipient.id, SkipReason::Gone));
                continue;
            };
            if pace.take(address.domain(), seconds) {
                outgoing.push(Outgoing { recipient, to: address, mail });
            } else {
                waiting.push(recipient.id);
            }
        }
        queue::skip(write, self.claim, &skipped, now).await?;
        queue::put_back(write, self.claim, &waiting, now.plus_seconds(1)).await?;
        let begun: Vec<_> = outgoing.iter().map(|one| one.recipient.id).collect();
        queue::begin(write, self.claim, &begun, now).await?;
        Ok(outgoing)
    }

    fn write(
        &self,
        person: &Person,
        recipient: &NextRecipient,
        now: Timestamp,
    ) -> Option<(lettre::Address, Vec<u8>)> {
        let values = &person.snapshot.values;
        let to = EmailAddress::parse(values.get(EMAIL)?).ok()?;
        let MailingClaim { workspace, mailing, .. } = self.claim;
        let named = NamedRecipient { workspace, mailing, recipient: recipient.id };
        let token = unsubscribe_token(self.engine.database.vault(), named);
        let (filled, link) = (self.mailing.fill(values, &token), self.mailing.link(&token));
        let name = message_name(mailing, recipient.id);
        let letter = Letter { filled: &filled, to: to.as_str(), name: &name, link: &link };
        let mail = write(self.sender, self.mailing, &letter, now)?;
        Some((to.as_str().parse().ok()?, mail.formatted()))
    }
}

/// What is kept of an outcome.
fn result(came: &Incoming, now: Timestamp) -> SendResult {
    let outcome = after_reply(&came.handover.reply, came.recipient.attempts, now);
    let (state, bounce, due_at, is_uncounted) = match outcome {
        SendOutcome::Sent => (RecipientState::Sent, None, now, false),
        SendOutcome::Deferred { until } => (RecipientState::Deferred, None, until, false),
        SendOutcome::Again { until } => (RecipientState::Queued, None, until, true),
        SendOutcome::Failed { bounce } => (RecipientState::Failed, bounce, now, false),
        SendOutcome::Unknown => (RecipientState::Unknown, None, now, false),
    };
    SendResult {
        id: came.recipient.id,
        email_key: came.recipient.email_key.clone(),
        state,
        answer: came.handover.said.clone(),
        bounce,
        is_uncounted,
        due_at,
    }
}

/// Whether the server asked to slow down.
pub(crate) fn asks_to_slow_down(came: &[Incoming]) -> bool {
    came.iter().any(|one| matches!(one.handover.reply, Reply::Refused { code: 400..500, .. }))
}

/// Whether the server can't be used now, whatever the mail: when it is tried again.
pub(crate) fn is_server_lost(came: &[Incoming], now: Timestamp) -> Option<Timestamp> {
    let again =
        came.iter().filter_map(|one| match after_reply(&one.handover.reply, one.recipient.attempts, now) {
            SendOutcome::Again { until } => Some(until),
            _ => None,
        });
    again.max()
}
