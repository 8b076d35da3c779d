//! Which record a person is synced with, after conversions, merges and deletions (S7, S8).

use crate::people::{Candidate, RecordState, Records, elect};

/// Records that are followed one after the other: a Lead that was merged into one that was converted.
const MAX_STEPS: usize = 5;

/// Why a person has no record to be synced with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPartner {
    /// There never was one, and nobody in the org has the address.
    NotFound,
    /// It was deleted in the org.
    Gone,
    /// The connected user can't see it any more.
    Hidden,
    /// It goes on as a record that was not read yet: nothing can be said.
    NotRead,
}

/// Which record a person is synced with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Partner {
    /// This one.
    Record(String),
    /// None, and why.
    None(NoPartner),
}

/// Chooses. `records` are those with the person's address and the present partner with what it goes on as, without
/// those that are other people's.
pub fn choose_partner(present: Option<&str>, email_key: &str, records: &Records) -> Partner {
    let (followed, missing) = match present {
        None => (None, NoPartner::NotFound),
        Some(id) => match follow(id, records) {
            Ok(record) => (Some(record), NoPartner::NotFound),
            Err(NoPartner::NotRead) => return Partner::None(NoPartner::NotRead),
            Err(missing) => (None, missing),
        },
    };
    let is_candidate =
        |id: &str, key: &str| followed == Some(id) || (!email_key.is_empty() && key == email_key);
    let candidates: Vec<Candidate<'_>> = records
        .values()
        .filter(|record| record.state == RecordState::Live && is_candidate(&record.id, &record.email_key))
        .map(|record| Candidate { record_id: &record.id, edited_at: record.edited_at })
        .collect();
    match elect(followed, &candidates) {
        Some(id) => Partner::Record(id.to_owned()),
        None => Partner::None(missing),
    }
}

/// The live record as which one goes on.
fn follow<'a>(id: &'a str, records: &'a Records) -> Result<&'a str, NoPartner> {
    let mut at = id;
    for _ in 0..MAX_STEPS {
        let Some(record) = records.get(at) else { return Err(NoPartner::NotRead) };
        match (record.state, record.follows.as_deref()) {
            (RecordState::Live, _) => return Ok(at),
            (RecordState::Converted | RecordState::Deleted, Some(next)) => at = next,
            (RecordState::Converted | RecordState::Hidden, _) => return Err(NoPartner::Hidden),
            (RecordState::Deleted, None) => return Err(NoPartner::Gone),
        }
    }
    Err(NoPartner::NotRead)
}
