//! The org's own time: real time, made faster or moved forward on request.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

/// The longest sleep before the time is looked at again.
const LONGEST_SLEEP: Duration = Duration::from_secs(3_600);

/// A clock that never goes back.
#[derive(Debug)]
pub(crate) struct Clock {
    reading: Mutex<Reading>,
    steered: Notify,
}

#[derive(Debug)]
struct Reading {
    real: Timestamp,
    shown: Timestamp,
    speed: f64,
}

impl Clock {
    /// A clock that shows real time now and runs `speed` times as fast.
    pub(crate) fn new(speed: f64) -> Self {
        let real = real_time();
        let reading = Mutex::new(Reading { real, shown: real, speed: usable(speed) });
        Clock { reading, steered: Notify::new() }
    }

    /// The org's time.
    pub(crate) fn now(&self) -> Timestamp {
        self.change(|_| {})
    }

    /// Waits until the org's time has come so far, by itself or because it was moved.
    pub(crate) async fn reach(&self, moment: Timestamp) {
        loop {
            let steered = self.steered.notified();
            tokio::pin!(steered);
            steered.as_mut().enable();
            let mut speed = 1.0;
            let now = self.change(|reading| speed = reading.speed);
            if now >= moment {
                return;
            }
            let seconds = moment.duration_since(now).as_secs_f64() / speed;
            let sleep =
                Duration::try_from_secs_f64(seconds).map_or(LONGEST_SLEEP, |sleep| sleep.min(LONGEST_SLEEP));
            tokio::select! {
                () = tokio::time::sleep(sleep) => {}
                () = steered => {}
            }
        }
    }

    /// Moves the org's time forward.
    pub(crate) fn advance(&self, seconds: f64) -> Timestamp {
        let seconds = if seconds.is_finite() { seconds.clamp(0.0, 3.2e9) } else { 0.0 };
        let shown = self.change(|reading| reading.shown = later(reading.shown, seconds));
        self.steered.notify_waiters();
        shown
    }

    /// Sets how much faster than real time the org's time runs from now on.
    pub(crate) fn set_speed(&self, speed: f64) -> Timestamp {
        let shown = self.change(|reading| reading.speed = usable(speed));
        self.steered.notify_waiters();
        shown
    }

    fn change(&self, edit: impl FnOnce(&mut Reading)) -> Timestamp {
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let real = real_time();
        let passed = real.duration_since(reading.real).as_secs_f64().max(0.0);
        reading.shown = later(reading.shown, passed * reading.speed);
        reading.real = real;
        edit(&mut reading);
        reading.shown
    }
}

/// How the dates of records differ from the time at which they are seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stamps {
    /// Seconds between the date of a change and the moment it can be seen.
    pub(crate) behind_seconds: i64,
    /// Seconds within which all changes have the same date.
    pub(crate) tied_seconds: i64,
}

impl Stamps {
    /// The date a change gets.
    pub(crate) fn date(self, now: Timestamp) -> Timestamp {
        let seconds = now.as_second().saturating_sub(self.behind_seconds);
        let tied = seconds - seconds.rem_euclid(self.tied_seconds.max(1));
        Timestamp::from_second(tied).unwrap_or(now)
    }
}

fn later(moment: Timestamp, seconds: f64) -> Timestamp {
    SignedDuration::try_from_secs_f64(seconds)
        .ok()
        .and_then(|span| moment.checked_add(span).ok())
        .unwrap_or(moment)
}

fn usable(speed: f64) -> f64 {
    if speed.is_finite() && speed > 0.0 { speed } else { 1.0 }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the emulator reads real time")]
fn real_time() -> Timestamp {
    Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commit_dates_can_lag_and_tie() {
        let at = |second| Timestamp::from_second(second).unwrap();
        for (behind_seconds, tied_seconds, expected) in [(0, 0, 125), (10, 0, 115), (0, 60, 120), (70, 60, 0)]
        {
            assert_eq!(Stamps { behind_seconds, tied_seconds }.date(at(125)), at(expected));
        }
    }

    #[test]
    fn advancing_clock_never_goes_back() {
        let clock = Clock::new(1.0);
        let before = clock.now();
        assert!(clock.advance(3600.0).duration_since(before).as_secs() >= 3600);
        assert!(clock.advance(-5000.0) >= before);
        assert!(clock.set_speed(f64::NAN) >= before);
    }
}
