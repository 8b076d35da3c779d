//! How often somebody may try to sign in.

use domain::value::Timestamp;
use std::collections::HashMap;
use std::sync::Mutex;

const MAX_TRIES: u32 = 10;
const WINDOW_MINUTES: i64 = 5;
/// Beyond this many remembered names, those whose time is over are forgotten.
const MAX_NAMES: usize = 10_000;

/// Counts tries by a name such as `address e-mail`, in this process.
#[derive(Debug, Default)]
pub struct SignInLimit {
    tries: Mutex<HashMap<String, (Timestamp, u32)>>,
}

impl SignInLimit {
    /// Counts a try; `false` when there were too many lately.
    pub fn allows(&self, name: &str, now: Timestamp) -> bool {
        let Ok(mut tries) = self.tries.lock() else { return true };
        let oldest = now.plus_minutes(-WINDOW_MINUTES);
        if tries.len() >= MAX_NAMES {
            tries.retain(|_, (since, _)| *since > oldest);
        }
        let (since, count) = tries.entry(name.to_owned()).or_insert((now, 0));
        if *since <= oldest {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        *count <= MAX_TRIES
    }

    /// Forgets the tries of somebody who got in.
    pub fn forget(&self, name: &str) {
        if let Ok(mut tries) = self.tries.lock() {
            tries.remove(name);
        }
    }
}
