//! A team whose hosts take turns, with the ledger of their bookings.

use crate::commands::sample::past::Past;
use domain::booking::{BookingPage, BookingState, Host};
use domain::router::{Balance, LedgerEntry, LedgerReason, candidates, choose, entries, reversed};
use domain::value::{MemberId, Timestamp};
use std::collections::BTreeMap;
use storage::workspace::teams::Member;

/// Weights of the team's hosts, in their order.
pub(super) const WEIGHTS: [u32; 2] = [2, 1];

/// Gives a page's bookings since a moment to its hosts by turns, and tells what that changes in the ledger.
pub(super) fn give(
    past: &mut [Past],
    page: &BookingPage,
    hosts: &[Member],
    since: Timestamp,
) -> Vec<LedgerEntry> {
    let weights: BTreeMap<MemberId, u32> = page.members.iter().copied().zip(WEIGHTS).collect();
    let everybody = page.members.iter().copied().collect();
    let mut balances: BTreeMap<MemberId, Balance> = BTreeMap::new();
    let mut ledger = Vec::new();
    let of_page = |one: &&mut Past| one.booking.page == page.id && one.booking.created_at >= since;
    for booking in past.iter_mut().filter(of_page).map(|one| &mut one.booking) {
        let on_duty = candidates(&page.members, &weights, &balances, &everybody);
        let chosen = choose(&on_duty).and_then(|chosen| hosts.iter().find(|host| host.id == chosen.member));
        let Some(host) = chosen else { continue };
        booking.hosts = vec![Host { member: host.id, name: host.name.clone(), email: host.email.clone() }];
        let entry = |member: MemberId, amount: i64, reason, at: Timestamp| LedgerEntry {
            id: storage::ids::new(at),
            team: page.team,
            member,
            booking: Some(booking.id),
            at,
            amount,
            reason,
            note: String::new(),
        };
        let made = booking.created_at;
        let mut changes: Vec<LedgerEntry> = entries(&on_duty, host.id)
            .into_iter()
            .map(|(member, amount)| {
                let is_host = member == host.id;
                let reason = if is_host { LedgerReason::Chosen } else { LedgerReason::Share };
                entry(member, amount, reason, made)
            })
            .collect();
        if booking.state == BookingState::Cancelled {
            let back = reversed(&changes).into_iter();
            let at = made.plus_seconds(40);
            changes.extend(back.map(|(member, amount)| entry(member, amount, LedgerReason::Cancelled, at)));
        }
        for change in &changes {
            let balance = balances.entry(change.member).or_default();
            balance.amount += change.amount;
            if change.reason == LedgerReason::Chosen {
                balance.last = Some(change.at);
            }
        }
        ledger.extend(changes);
    }
    ledger
}

/// The entries of meetings that a list gave to their hosts: they count apart and change nothing.
pub(super) fn routed(past: &Past, page: &BookingPage) -> Option<LedgerEntry> {
    let booking = &past.booking;
    booking.hosts.first().map(|host| LedgerEntry {
        id: storage::ids::new(booking.created_at),
        team: page.team,
        member: host.member,
        booking: Some(booking.id),
        at: booking.created_at,
        amount: 0,
        reason: LedgerReason::Routed,
        note: String::new(),
    })
}
