//! Requests that are being answered: too many at once, or too many that take long, are refused.

use std::collections::BTreeMap;
use std::sync::Mutex;

use jiff::Timestamp;

use crate::lock::lock;

/// Seconds after which a request counts as long.
const LONG_SECONDS: i64 = 20;

/// The APIs that limit requests at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// The data API, which limits those that take long.
    Data,
    /// Account Engagement, which limits all.
    Engagement,
}

impl Family {
    /// The API a path belongs to.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let path = path.to_ascii_lowercase();
        if path.starts_with("/services/data") {
            return Some(Family::Data);
        }
        path.starts_with("/api/").then_some(Family::Engagement)
    }
}

/// Requests that are being answered.
#[derive(Debug, Default)]
pub(crate) struct InFlight(Mutex<Requests>);

#[derive(Debug, Default)]
struct Requests {
    last: u64,
    open: BTreeMap<u64, (Family, Timestamp)>,
}

/// The slot of one open request; dropping it closes the request.
#[derive(Debug)]
pub(crate) struct RequestSlot<'a> {
    requests: &'a InFlight,
    number: u64,
}

impl InFlight {
    /// Adds a request, and returns how many open requests of its API count against the limit.
    pub(crate) fn enter(&self, family: Family, now: Timestamp) -> (RequestSlot<'_>, usize) {
        let mut requests = lock(&self.0);
        let counts = |&&(known, since): &&(Family, Timestamp)| {
            known == family
                && (family == Family::Engagement || now.as_second() - since.as_second() >= LONG_SECONDS)
        };
        let others = requests.open.values().filter(counts).count();
        requests.last += 1;
        let number = requests.last;
        requests.open.insert(number, (family, now));
        (RequestSlot { requests: self, number }, others)
    }
}

impl Drop for RequestSlot<'_> {
    fn drop(&mut self) {
        lock(&self.requests.0).open.remove(&self.number);
    }
}
