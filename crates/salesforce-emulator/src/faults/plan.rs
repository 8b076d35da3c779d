//! The active faults, and which of them apply to a request.

use std::sync::Mutex;

use serde_json::Value as Json;

use crate::faults::kind::{Fault, Kind};
use crate::lock::lock;

/// Faults without a path apply only to these paths.
const DATA: &str = "/services/data/";

/// A fault that applies to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit(pub(crate) Kind);

/// The active faults.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    /// Adds a fault.
    pub(crate) fn add(&self, fault: Fault) {
        lock(&self.0).push(fault);
    }

    /// Removes every fault.
    pub(crate) fn clear(&self) {
        lock(&self.0).clear();
    }

    /// The faults as the control route shows them.
    pub(crate) fn to_json(&self) -> Vec<Json> {
        lock(&self.0).iter().map(Fault::to_json).collect()
    }

    /// The longest delay, in seconds, with which changes of a transaction become visible.
    pub(crate) fn longest_transaction(&self) -> u64 {
        let seconds = |fault: &Fault| match fault.kind {
            Kind::LateCommit { seconds } => Some(seconds),
            _ => None,
        };
        lock(&self.0).iter().filter_map(seconds).max().unwrap_or(0)
    }

    /// The faults that apply to this request; row locks are drawn later, record by record.
    pub(crate) fn meet(&self, method: &str, path: &str) -> Vec<Hit> {
        self.draw(method, path, Kind::meets_requests)
    }

    /// The faults that apply to a bulk job that this request starts.
    pub(crate) fn meet_job(&self, method: &str, path: &str) -> Vec<Hit> {
        self.draw(method, path, Kind::meets_jobs)
    }

    /// Whether a row lock applies to the next record that this request writes.
    pub(crate) fn row_locked(&self, method: &str, path: &str) -> bool {
        !self.draw(method, path, |kind| *kind == Kind::RowLock).is_empty()
    }

    fn draw(&self, method: &str, path: &str, wanted: impl Fn(&Kind) -> bool) -> Vec<Hit> {
        let mut faults = lock(&self.0);
        let mut hits = Vec::new();
        for fault in faults.iter_mut().filter(|fault| wanted(&fault.kind)) {
            if fault.concerns(method, path) && fault.strikes() {
                hits.push(Hit(fault.kind.clone()));
            }
        }
        faults.retain(|fault| fault.times != Some(0));
        hits
    }
}

impl Fault {
    fn concerns(&self, method: &str, path: &str) -> bool {
        let here = match &self.path {
            Some(part) => path.contains(part.as_str()),
            None => path.to_ascii_lowercase().starts_with(DATA),
        };
        here && self.method.as_deref().is_none_or(|wanted| wanted == method) && self.times != Some(0)
    }

    /// Draws by the fault's own seed, so that a run can be repeated.
    fn strikes(&mut self) -> bool {
        if self.after > 0 {
            self.after -= 1;
            return false;
        }
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let drawn = (self.seed >> 11) as f64 / (1u64 << 53) as f64;
        let strikes = drawn < self.probability;
        if strikes {
            self.hits += 1;
            self.times = self.times.map(|times| times.saturating_sub(1));
        }
        strikes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fault_applies_only_to_matching_requests_and_count() {
        let faults = Faults::default();
        faults.add(
            Fault::read(&json!({"kind": "reset", "path": "/query", "method": "get", "times": 2})).unwrap(),
        );
        let path = "/services/data/v66.0/query";
        assert!(faults.meet("POST", path).is_empty());
        assert!(faults.meet("GET", "/services/data/v66.0/limits").is_empty());
        assert_eq!(faults.meet("GET", path), [Hit(Kind::Reset)]);
        assert_eq!(faults.meet("GET", path), [Hit(Kind::Reset)]);
        assert!(faults.meet("GET", path).is_empty());
    }

    #[test]
    fn same_seed_gives_same_faults() {
        let draws = |seed: u64| -> Vec<usize> {
            let faults = Faults::default();
            let asked = json!({"kind": "row_lock", "probability": 0.3, "seed": seed});
            faults.add(Fault::read(&asked).unwrap());
            (0..200).filter(|_| faults.row_locked("POST", "/services/data/v66.0/sobjects/Lead")).collect()
        };
        assert_eq!(draws(7), draws(7));
        assert_ne!(draws(7), draws(8));
        assert!((30..90).contains(&draws(7).len()));
    }

    #[test]
    fn unknown_fault_is_rejected() {
        assert!(Fault::read(&json!({"kind": "flood"})).is_err());
        assert!(Fault::read(&json!({"kind": "status", "status": 9999})).is_err());
        assert!(Fault::read(&json!([])).is_err());
    }
}
