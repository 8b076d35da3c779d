//! What each user made, changed or looked at last.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::org::ids::RecordId;

/// Records remembered for each user.
const KEPT: usize = 200;

/// The latest records of every user, latest first.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<HashMap<RecordId, VecDeque<RecordId>>>);

impl Recent {
    /// Notes that a user had to do with a record.
    pub(crate) fn note(&self, user: RecordId, record: RecordId) {
        let mut users = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let records = users.entry(user).or_default();
        records.retain(|known| *known != record);
        records.push_front(record);
        records.truncate(KEPT);
    }

    /// A user's latest records, latest first.
    pub(crate) fn of(&self, user: RecordId) -> Vec<RecordId> {
        let users = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        users.get(&user).into_iter().flatten().copied().collect()
    }
}
