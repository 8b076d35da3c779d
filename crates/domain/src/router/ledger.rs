//! The ledger of a team (G5): every change of what is due to a host, with its reason. The sum over a team stays 0.

use crate::router::fairness::{CREDIT, Candidate, entries};
use crate::value::{BookingId, LedgerEntryId, MemberId, TeamId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Why a balance changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerReason {
    /// The host got the meeting and pays for it.
    Chosen,
    /// Another host got the meeting; this one's share of it is due later.
    Share,
    /// The meeting was given by a router or a request; it counts apart and changes nothing.
    Routed,
    /// The meeting was cancelled; everything it changed is given back.
    Cancelled,
    /// The visitor did not come, and everything the meeting changed is given back; or came after all, and it counts again.
    NoShow,
    /// An admin gave or took something, with a note.
    Credit,
}

impl LedgerReason {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Chosen, Self::Share, Self::Routed, Self::Cancelled, Self::NoShow, Self::Credit];

    /// The word in the API, in the database and for the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chosen => "chosen",
            Self::Share => "share",
            Self::Routed => "routed",
            Self::Cancelled => "cancelled",
            Self::NoShow => "no_show",
            Self::Credit => "credit",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// One change of what is due to a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Its ID.
    pub id: LedgerEntryId,
    /// In which team.
    pub team: TeamId,
    /// Whose.
    pub member: MemberId,
    /// The booking it is about, if it is about one.
    pub booking: Option<BookingId>,
    /// When.
    pub at: Timestamp,
    /// The change, in [`CREDIT`]s.
    pub amount: i64,
    /// Why.
    pub reason: LedgerReason,
    /// What the admin wrote; empty for others.
    pub note: String,
}

/// What is due to a host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// In [`CREDIT`]s; more means that a meeting is due.
    pub amount: i64,
    /// When the host was chosen last.
    pub last: Option<Timestamp>,
}

/// The hosts on duty for one meeting, with their balances. A host whose weight nobody has set has weight 1.
pub fn candidates(
    members: &[MemberId],
    weights: &BTreeMap<MemberId, u32>,
    balances: &BTreeMap<MemberId, Balance>,
    free: &BTreeSet<MemberId>,
) -> Vec<Candidate> {
    let weight = |member: &MemberId| weights.get(member).copied().unwrap_or(1);
    members
        .iter()
        .map(|member| {
            let balance = balances.get(member).copied().unwrap_or_default();
            Candidate {
                member: *member,
                weight: weight(member),
                balance: balance.amount,
                last: balance.last,
                is_free: free.contains(member),
            }
        })
        .collect()
}

/// What gives back everything that a booking changed.
pub fn reversed(entries: &[LedgerEntry]) -> Vec<(MemberId, i64)> {
    let mut sums: BTreeMap<MemberId, i64> = BTreeMap::new();
    for entry in entries {
        *sums.entry(entry.member).or_default() -= entry.amount;
    }
    sums.into_iter().filter(|(_, amount)| *amount != 0).collect()
}

/// What makes a booking count again after it was given back.
pub fn restored(entries: &[LedgerEntry]) -> Vec<(MemberId, i64)> {
    let mut sums: BTreeMap<MemberId, i64> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.reason == LedgerReason::NoShow) {
        *sums.entry(entry.member).or_default() -= entry.amount;
    }
    sums.into_iter().filter(|(_, amount)| *amount != 0).collect()
}

/// What an admin's credit of so many meetings changes: the other hosts give it by their weights, or get it.
pub fn credit_entries(candidates: &[Candidate], member: MemberId, meetings: i64) -> Vec<(MemberId, i64)> {
    let others: Vec<Candidate> =
        candidates.iter().filter(|one| one.member != member && one.weight > 0).cloned().collect();
    let Some(payer) = others.first().map(|one| one.member) else { return Vec::new() };
    // A meeting's shares without the payer's own, taken as often as meetings are given.
    let mut changes: BTreeMap<MemberId, i64> = BTreeMap::new();
    for (other, change) in entries(&others, payer) {
        let share = if other == payer { CREDIT + change } else { change };
        *changes.entry(other).or_default() -= share.saturating_mul(meetings);
    }
    changes.insert(member, meetings.saturating_mul(CREDIT));
    changes.into_iter().filter(|(_, change)| *change != 0).collect()
}
