//! Whose turn it is: properties of the ledger, each over many teams and many meetings.

use domain::router::{CREDIT, Candidate, choose, entries};
use domain::value::{MemberId, Timestamp};
use proptest::prelude::*;

fn member(place: usize) -> MemberId {
    format!("00000000-0000-4000-8000-{:012}", place + 1).parse().unwrap()
}

fn team(weights: &[u32]) -> Vec<Candidate> {
    let host = |(place, weight): (usize, &u32)| Candidate {
        member: member(place),
        weight: *weight,
        balance: 0,
        last: None,
        is_free: true,
    };
    weights.iter().enumerate().map(host).collect()
}

/// Books a meeting; the place of the chosen host.
fn book(team: &mut [Candidate], at: i64) -> Option<usize> {
    let chosen = choose(team)?.member;
    for (member, change) in entries(team, chosen) {
        team.iter_mut().find(|one| one.member == member).unwrap().balance += change;
    }
    let place = team.iter().position(|one| one.member == chosen).unwrap();
    team[place].last = Some(Timestamp::from_seconds(at * 60));
    Some(place)
}

#[test]
fn equal_hosts_take_turns_and_weights_are_kept() {
    let mut equal = team(&[1, 1, 1]);
    let order: Vec<usize> = (0..6).map(|at| book(&mut equal, at).unwrap()).collect();
    assert_eq!(order, [0, 1, 2, 0, 1, 2]);
    let mut weighted = team(&[3, 1, 0]);
    let mut counts = [0; 3];
    for at in 0..400 {
        counts[book(&mut weighted, at).unwrap()] += 1;
    }
    assert_eq!(counts, [300, 100, 0]);
}

#[test]
fn nobody_free_or_only_hosts_without_weight_give_nobody() {
    let mut away = team(&[1, 1]);
    away.iter_mut().for_each(|one| one.is_free = false);
    assert_eq!(choose(&away), None);
    assert_eq!(choose(&team(&[0, 0])), None);
    assert_eq!(choose(&[]), None);
    assert_eq!(choose(&team(&[1])).unwrap().member, member(0), "alone in the team");
}

#[test]
fn host_who_comes_back_is_not_flooded() {
    let mut team = team(&[1; 5]);
    for at in 0..60 {
        // On holiday: not on duty, so nothing is owed for these days.
        let away = team.pop().unwrap();
        book(&mut team, at);
        team.push(away);
    }
    let mut streak = 0;
    let mut longest = 0;
    let mut his = 0;
    for at in 60..80 {
        let chosen = book(&mut team, at).unwrap();
        streak = if chosen == 4 { streak + 1 } else { 0 };
        longest = longest.max(streak);
        his += u32::from(chosen == 4);
    }
    assert!(longest <= 2 && (3..=5).contains(&his), "{his} of 20, {longest} in a row");
}

#[test]
fn cancelled_meeting_is_given_back_whole() {
    let mut team = team(&[2, 1, 1]);
    for at in 0..17 {
        book(&mut team, at);
    }
    let before: Vec<i64> = team.iter().map(|one| one.balance).collect();
    let chosen = choose(&team).unwrap().member;
    let made = entries(&team, chosen);
    for sign in [1, -1] {
        for (member, change) in &made {
            team.iter_mut().find(|one| one.member == *member).unwrap().balance += sign * change;
        }
    }
    assert_eq!(team.iter().map(|one| one.balance).collect::<Vec<_>>(), before);
}

proptest! {
    #[test]
    fn while_all_are_free_nobody_is_a_whole_meeting_from_the_exact_share(weights in prop::collection::vec(1_u32..900, 2..20)) {
        let mut team = team(&weights);
        let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        let mut counts = vec![0_i128; weights.len()];
        for at in 1..300_i64 {
            counts[book(&mut team, at).unwrap()] += 1;
            prop_assert_eq!(team.iter().map(|one| one.balance).sum::<i64>(), 0);
            for (place, weight) in weights.iter().enumerate() {
                let deviation = (i128::from(at) * i128::from(*weight) - counts[place] * total).abs();
                prop_assert!(deviation < total, "host {} of {:?} after {} meetings: {:?}", place, weights, at, counts);
            }
        }
    }

    #[test]
    fn the_same_ledger_gives_the_same_host_in_any_order(
        weights in prop::collection::vec(0_u32..9, 1..12), turn in any::<prop::sample::Index>(),
        balances in prop::collection::vec(-3 * CREDIT..3 * CREDIT, 12), free in prop::collection::vec(any::<bool>(), 12),
    ) {
        let mut team = team(&weights);
        for (one, (balance, is_free)) in team.iter_mut().zip(balances.into_iter().zip(free)) {
            (one.balance, one.is_free) = (balance, is_free);
        }
        let chosen = choose(&team);
        if let Some(chosen) = &chosen {
            let one = team.iter().find(|one| one.member == chosen.member).unwrap();
            prop_assert!(one.is_free && one.weight > 0);
        }
        let by = turn.index(team.len());
        team.rotate_left(by);
        prop_assert_eq!(choose(&team), chosen);
    }
}
