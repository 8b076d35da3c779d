//! Sending what waits: each message under a lease, again after a failure, until it is taken or a day has passed.

use crate::channel::send_error::SendError;
use crate::engine::Engine;
use crate::notification::send::{OutgoingMessage, send};
use domain::notification::{NotificationDelivery, after_failure};
use domain::value::Step;
use storage::StorageError;
use storage::notification::outbox;
use storage::notification::outbox::{OutgoingClaim, SendResult};
use tokio::task::JoinSet;

/// Messages that one process sends at the same time.
const MAX_CONCURRENT: u32 = 4;

/// Takes up what is due, each in a task of its own; `true` when there was something.
pub(crate) async fn claim_and_spawn(engine: &Engine, tasks: &mut JoinSet<()>) -> Result<bool, StorageError> {
    let free = MAX_CONCURRENT.saturating_sub(u32::try_from(tasks.len()).unwrap_or(MAX_CONCURRENT));
    let now = engine.clock.now();
    if free == 0 || !outbox::any_due(&engine.database.read(), now).await? {
        return Ok(false);
    }
    let write = engine.database.write().await?;
    let worker = &engine.settings.worker;
    let claimed = outbox::claim(&write, worker, now, engine.lease(), free).await?;
    write.commit().await?;
    let any = !claimed.is_empty();
    for (claim, delivery) in claimed {
        let engine = engine.clone();
        tasks.spawn(async move {
            if let Err(error) = work(&engine, claim, &delivery).await {
                // Its lease runs out by itself, and it is sent again then.
                tracing::warn!(workspace = %claim.workspace, %error, "what became of a message is not known");
            }
            engine.database.wake_own_worker();
        });
    }
    Ok(any)
}

async fn work(
    engine: &Engine,
    claim: OutgoingClaim,
    delivery: &NotificationDelivery,
) -> Result<(), StorageError> {
    let letter = OutgoingMessage {
        workspace: claim.workspace,
        reference: claim.id.to_string(),
        channel: delivery.channel,
        recipient: &delivery.recipient,
        language: delivery.language,
        notice: &delivery.notice,
        count: delivery.count,
        at: delivery.happened_at,
    };
    let now = || engine.clock.now();
    let (outcome, answer) = match send(engine, &letter).await {
        Ok(said) => (SendResult::Sent, Step::new("channel-accepted").with("said", said)),
        Err(SendError::Storage(error)) => return Err(error),
        Err(error) => {
            tracing::warn!(workspace = %claim.workspace, channel = delivery.channel.name(), reason = error.step().code, "a message was not sent");
            (after(&error, delivery, now()), error.step())
        }
    };
    let write = engine.database.write().await?;
    outbox::save_result(&write, claim, &outcome, &answer, now()).await?;
    write.commit().await
}

fn after(error: &SendError, delivery: &NotificationDelivery, now: domain::value::Timestamp) -> SendResult {
    let pause = match error {
        SendError::NotSetUp(_) => return SendResult::Skipped,
        SendError::Refused { for_good: true, .. } => return SendResult::GivenUp,
        SendError::Refused { pause, .. } => *pause,
        SendError::Unreachable(_) | SendError::Storage(_) => None,
    };
    after_failure(delivery.attempts, delivery.happened_at, now, pause)
        .map_or(SendResult::GivenUp, SendResult::Again)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::notification::{Channel, Notice, NoticeKind, NotificationState};
    use domain::value::{Language, Timestamp};
    use storage::notification::outbox::SendResult::{Again, GivenUp, Skipped};

    const NOW: Timestamp = Timestamp::from_seconds(1_779_440_400);

    fn delivery(attempts: i64, minutes_ago: i64) -> NotificationDelivery {
        NotificationDelivery {
            id: storage::ids::new(NOW),
            channel: Channel::Slack,
            recipient: String::new(),
            language: Language::Japanese,
            notice: Notice::new(NoticeKind::DeliveryFailed),
            count: 1,
            happened_at: NOW.plus_minutes(-minutes_ago),
            state: NotificationState::Waiting,
            attempts,
            due_at: NOW,
            answer: None,
        }
    }

    #[test]
    fn failure_to_send_is_repeated_given_up_or_skipped() {
        let refused = |for_good, pause| SendError::Refused { said: "429".to_owned(), for_good, pause };
        let unreachable = || SendError::Unreachable("timed out".to_owned());
        let again = |seconds| Again(NOW.plus_seconds(seconds));
        for (what, error, attempts, minutes_ago, result) in [
            ("no answer", unreachable(), 1, 1, again(5)),
            ("no answer for the third time", unreachable(), 3, 1, again(20)),
            ("no answer for a day", unreachable(), 3, 24 * 60, GivenUp),
            ("a longer pause is asked for", refused(false, Some(30)), 1, 1, again(30)),
            ("a shorter one", refused(false, Some(1)), 3, 1, again(20)),
            ("the mail itself is refused", refused(true, Some(30)), 1, 1, GivenUp),
            (
                "the channel is not set up",
                SendError::NotSetUp(Step::new("channel-no-webhook")),
                1,
                1,
                Skipped,
            ),
        ] {
            assert_eq!(after(&error, &delivery(attempts, minutes_ago), NOW), result, "{what}");
        }
    }
}
