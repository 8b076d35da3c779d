//! How many calls of one address reach the database at all (Q6).
//!
//! Counted in this process, so that a flood costs no more than looking at a number. What is counted on all nodes is in
//! `storage::workspace::attempts`.

use crate::http::client_address::ClientAddress;
use domain::value::Timestamp;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

/// Calls of an address within a minute.
const PER_MINUTE: u32 = 1_200;
/// Addresses that are remembered.
const MAX_ADDRESSES: usize = 20_000;

static ARRIVALS: LazyLock<Mutex<Arrivals>> = LazyLock::new(Mutex::default);

/// When an address's minute began, in seconds, and how often it has called since. It begins with the first call: at the
/// full minute of a clock, a crowd could come twice.
#[derive(Default)]
struct Arrivals(HashMap<String, (i64, u32)>);

impl Arrivals {
    fn take(&mut self, name: String, now: i64) -> bool {
        if self.0.len() >= MAX_ADDRESSES {
            self.0.retain(|_, (since, _)| lasts(*since, now));
        }
        if self.0.len() >= MAX_ADDRESSES {
            self.0.clear();
        }
        let (since, calls) = self.0.entry(name).or_insert((now, 0));
        if !lasts(*since, now) {
            (*since, *calls) = (now, 0);
        }
        *calls = calls.saturating_add(1);
        *calls <= PER_MINUTE
    }
}

/// Whether a minute is still the one that began then. A clock that was set back begins a new one.
fn lasts(since: i64, now: i64) -> bool {
    (0..i64::from(RETRY_SECONDS)).contains(&(now - since))
}

/// Counts a call of an address for a key; `false` if it comes too often. Seconds until it may come again: [`RETRY_SECONDS`].
pub(crate) fn take(key: &str, client: ClientAddress, now: Timestamp) -> bool {
    let name = format!("{key} {}", client.block());
    let mut arrivals = ARRIVALS.lock().unwrap_or_else(PoisonError::into_inner);
    arrivals.take(name, now.seconds())
}

/// Seconds after which a call that came too often may come again.
pub(crate) const RETRY_SECONDS: u32 = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_held_and_others_are_not() {
        let mut arrivals = Arrivals::default();
        let passed = (0..10_000).filter(|n| arrivals.take("one".to_owned(), 55 + n / 1_000)).count();
        assert_eq!(passed, PER_MINUTE as usize, "also over a full minute of the clock");
        assert!(arrivals.take("other".to_owned(), 64) && !arrivals.take("one".to_owned(), 114));
        assert!(arrivals.take("one".to_owned(), 115), "a minute after its first call");
        assert!(arrivals.take("one".to_owned(), 10), "the clock was set back");
        for n in 0..3 * MAX_ADDRESSES {
            arrivals.take(n.to_string(), 120);
        }
        assert!(arrivals.0.len() <= MAX_ADDRESSES, "memory has an end");
    }
}
