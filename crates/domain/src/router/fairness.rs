//! Whose turn it is in a team (G5): a balance for each host, an earliest deadline among those who are free.
//!
//! At each booking everybody on duty gains a share by weight, and the chosen one pays a whole credit, so that the sum
//! of all balances never changes. While all are free nobody is ever a whole meeting away from the exact share.

use crate::value::{MemberId, Timestamp};

/// One meeting, in the units of balances.
pub const CREDIT: i64 = 1_000_000_000;

/// A host on duty on the day of a meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub member: MemberId,
    /// The part of all meetings that is meant for this host; 0 for none.
    pub weight: u32,
    /// What the ledger says, in [`CREDIT`]s: more means that a meeting is due.
    pub balance: i64,
    /// When this host was chosen last.
    pub last: Option<Timestamp>,
    /// Has the time free.
    pub is_free: bool,
}

/// Who was chosen, and by which arithmetic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Who.
    pub member: MemberId,
    /// What the host had before.
    pub balance: i64,
    /// What the host gained by this meeting.
    pub share: i64,
    /// In how many meetings at most it had to be this host's turn; `None` if nobody free was due and the one who had
    /// most was taken.
    pub deadline: Option<i64>,
}

/// What the choice looks at, for each host who takes part.
pub fn standings(candidates: &[Candidate]) -> Vec<Chosen> {
    let on_duty: Vec<&Candidate> = candidates.iter().filter(|one| one.weight > 0).collect();
    let total: i64 = on_duty.iter().map(|one| i64::from(one.weight)).sum();
    let least = least(on_duty.len());
    on_duty.into_iter().map(|one| standing(one, total, least)).collect()
}

/// Below this a host is not due yet.
fn least(on_duty: usize) -> i64 {
    match i64::try_from(on_duty) {
        Ok(several) if several > 1 => CREDIT / (2 * several - 2),
        Ok(_) | Err(_) => 0,
    }
}

fn standing(one: &Candidate, total: i64, least: i64) -> Chosen {
    let share = share(one.weight, total);
    let deadline = (one.balance + share >= least).then(|| {
        ceiling_of_quotient(i128::from(CREDIT) - i128::from(least) - i128::from(one.balance), share)
    });
    Chosen { member: one.member, balance: one.balance, share, deadline }
}

/// Chooses a host among those who are free; `None` if nobody is who takes part.
///
/// The same candidates give the same host, in whatever order they come.
pub fn choose(candidates: &[Candidate]) -> Option<Chosen> {
    let on_duty: Vec<&Candidate> = candidates.iter().filter(|one| one.weight > 0).collect();
    let total: i64 = on_duty.iter().map(|one| i64::from(one.weight)).sum();
    let least = least(on_duty.len());
    let mut best: Option<(Rank, Chosen)> = None;
    for one in on_duty.into_iter().filter(|one| one.is_free) {
        let chosen = standing(one, total, least);
        let Chosen { share, deadline, .. } = chosen;
        let rank = Rank {
            is_late: deadline.is_none(),
            deadline: deadline.unwrap_or_default(),
            owed: if deadline.is_none() { -(one.balance + share) } else { 0 },
            weight: std::cmp::Reverse(one.weight),
            last: one.last,
            member: one.member,
        };
        if best.as_ref().is_none_or(|(known, _)| rank < *known) {
            best = Some((rank, chosen));
        }
    }
    best.map(|(_, chosen)| chosen)
}

/// How many meetings each of the hosts would get of the next ones, in order, if all were free each time.
pub fn simulate(candidates: &[Candidate], meetings: u32) -> Vec<(MemberId, u32)> {
    let mut hosts: Vec<Candidate> =
        candidates.iter().map(|one| Candidate { is_free: true, ..one.clone() }).collect();
    let mut counts: Vec<(MemberId, u32)> = hosts.iter().map(|one| (one.member, 0)).collect();
    for turn in 0..meetings {
        let Some(chosen) = choose(&hosts) else { break };
        let changes = entries(&hosts, chosen.member);
        for host in &mut hosts {
            let change = changes.iter().find(|(member, _)| *member == host.member);
            host.balance += change.map_or(0, |(_, amount)| *amount);
            if host.member == chosen.member {
                host.last = Some(Timestamp::from_microseconds(i64::from(turn) + 1));
            }
        }
        for (_, count) in counts.iter_mut().filter(|(member, _)| *member == chosen.member) {
            *count += 1;
        }
    }
    counts
}

/// What a meeting changes in the ledger: everybody's gain, and what the chosen one pays. They sum up to nothing.
pub fn entries(candidates: &[Candidate], chosen: MemberId) -> Vec<(MemberId, i64)> {
    let on_duty = || candidates.iter().filter(|one| one.weight > 0);
    let total: i64 = on_duty().map(|one| i64::from(one.weight)).sum();
    let mut changes: Vec<(MemberId, i64)> = on_duty()
        .filter(|one| one.member != chosen)
        .map(|one| (one.member, share(one.weight, total)))
        .collect();
    // The chosen one's own share, and what rounding has left, are what the others did not get.
    let others: i64 = changes.iter().map(|(_, change)| change).sum();
    changes.push((chosen, -others));
    changes.sort_unstable_by_key(|(member, _)| *member);
    changes
}

/// Compared from the first to the last; the smallest is next.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    is_late: bool,
    deadline: i64,
    owed: i64,
    weight: std::cmp::Reverse<u32>,
    last: Option<Timestamp>,
    member: MemberId,
}

fn share(weight: u32, total: i64) -> i64 {
    i64::try_from(i128::from(weight) * i128::from(CREDIT) / i128::from(total.max(1))).unwrap_or(CREDIT)
}

fn ceiling_of_quotient(number: i128, by: i64) -> i64 {
    let by = i128::from(by.max(1));
    let quotient = number.div_euclid(by) + i128::from(number.rem_euclid(by) != 0);
    i64::try_from(quotient).unwrap_or(i64::MAX)
}
