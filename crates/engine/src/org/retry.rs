//! How often and after what pause a run asks again, whichever API it asks.

use crate::engine::Engine;
use std::time::Duration;
use storage::StorageError;
use storage::run::runs;
use storage::run::runs::RunClaim;

/// Consecutive token refreshes before a rejection is accepted.
pub(crate) const RENEWALS: u32 = 3;
/// Tries of one call while there is trouble that passes by itself.
const TRIES: u32 = 6;
/// Percent of the day's calls that are left to bookings and to whatever else asks (C9).
pub(crate) const RESERVE_PERCENT: u64 = 20;
/// The pause after the first try; each one after it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The pause when the minute's requests are used up; six of them outlast the minute.
const MINUTE_PAUSE: Duration = Duration::from_secs(12);

/// What went wrong with a call, as far as repeating it is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailedCall {
    /// The token is not good any more.
    SessionEnded,
    /// It may pass by itself.
    MayPass,
    /// The requests of a minute are used up.
    MinuteUsedUp,
    /// Repeating can't help.
    Final,
}

/// What to do after a failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NextStep {
    /// Get a new token and repeat at once.
    Renew,
    /// Repeat after a pause.
    Wait(Duration),
    /// Give up.
    GiveUp,
}

/// What has been in the way of one call so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RetryState {
    renewals: u32,
    tries: u32,
}

impl RetryState {
    /// What to do after one more failure.
    pub(crate) fn after(&mut self, failed: FailedCall) -> NextStep {
        if failed == FailedCall::SessionEnded && self.renewals < RENEWALS {
            self.renewals += 1;
            return NextStep::Renew;
        }
        self.tries += 1;
        match failed {
            _ if self.tries >= TRIES => NextStep::GiveUp,
            FailedCall::MayPass => NextStep::Wait(FIRST_PAUSE * (1 << (self.tries - 1))),
            FailedCall::MinuteUsedUp => NextStep::Wait(MINUTE_PAUSE),
            FailedCall::SessionEnded | FailedCall::Final => NextStep::GiveUp,
        }
    }
}

/// Waits, no longer than a lease allows; a run's is renewed first, so that it outlives the pause and the next try.
///
/// All the tries together take longer than a lease: without this another worker would begin them again, and no run
/// would ever fail.
pub(crate) async fn wait(
    engine: &Engine,
    claim: Option<RunClaim>,
    pause: Duration,
) -> Result<(), StorageError> {
    if let Some(claim) = claim {
        let write = engine.database.write().await?;
        runs::renew(&write, claim, engine.lease()).await?;
        write.commit().await?;
    }
    let pause = pause.min(engine.settings.request_timeout).as_secs_f64();
    tokio::time::sleep(engine.clock.real_duration(pause)).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(failures: &[FailedCall]) -> Vec<NextStep> {
        let mut state = RetryState::default();
        failures.iter().map(|failed| state.after(*failed)).collect()
    }

    #[test]
    fn ended_session_is_renewed_three_times() {
        let all = steps(&[FailedCall::SessionEnded; 4]);
        assert_eq!(all, [NextStep::Renew, NextStep::Renew, NextStep::Renew, NextStep::GiveUp]);
    }

    #[test]
    fn pauses_double_until_the_sixth_try() {
        let pauses = steps(&[FailedCall::MayPass; 6]);
        let waits: Vec<u128> = pauses
            .iter()
            .filter_map(|step| match step {
                NextStep::Wait(pause) => Some(pause.as_millis()),
                _ => None,
            })
            .collect();
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000]);
        assert_eq!(pauses[5], NextStep::GiveUp);
    }

    #[test]
    fn used_up_minute_is_waited_for_and_final_failures_are_not() {
        assert_eq!(steps(&[FailedCall::MinuteUsedUp])[0], NextStep::Wait(MINUTE_PAUSE));
        assert_eq!(steps(&[FailedCall::Final])[0], NextStep::GiveUp);
    }

    #[test]
    fn renewals_and_tries_are_counted_apart() {
        let mixed = steps(&[FailedCall::MayPass, FailedCall::SessionEnded, FailedCall::MayPass]);
        assert_eq!(mixed[1], NextStep::Renew);
        assert_eq!(mixed[2], NextStep::Wait(Duration::from_secs(1)));
    }
}
