//! Which due deliveries go together in one round.

use crate::fixtures::{NOW, numbered};
use domain::delivery::{Delivery, OpenAttempt, SubjectKind};
use domain::value::DeliveryId;
use engine::delivery::batch::{BlockingDeliveries, MAX_SINGLE, MAX_SUBJECTS, choose};
use storage::delivery::deliveries::PendingDelivery;
use uuid::Uuid;

fn id(number: u128) -> DeliveryId {
    DeliveryId(Uuid::from_u128(number))
}

fn pending(delivery: u128, seconds: i64) -> PendingDelivery {
    PendingDelivery { delivery: id(delivery), due_at: NOW.plus_seconds(seconds) }
}

fn after(delivery: Delivery, before: u128) -> Delivery {
    Delivery { after_delivery: Some(id(before)), ..delivery }
}

fn keyed(delivery: Delivery, key: &str) -> Delivery {
    Delivery { exclusive_key: Some(key.to_owned()), ..delivery }
}

fn open(delivery: Delivery) -> Delivery {
    Delivery {
        open_attempt: Some(OpenAttempt { org_time: NOW, sent_at: NOW, writes: Vec::new() }),
        ..delivery
    }
}

fn chosen(due: Vec<Delivery>, blocking: &BlockingDeliveries) -> (Vec<u128>, Vec<(u128, i64)>) {
    let batch = choose(due, blocking, NOW);
    let number = |id: DeliveryId| id.0.as_u128();
    let seconds = |at: domain::value::Timestamp| at.seconds() - NOW.seconds();
    (
        batch.chosen.iter().map(|delivery| number(delivery.id)).collect(),
        batch.postponed.iter().map(|(id, until)| (number(*id), seconds(*until))).collect(),
    )
}

#[test]
fn deliveries_without_rules_all_go_in_order() {
    let due = vec![numbered(1, 1), numbered(2, 1), numbered(3, 2)];
    assert_eq!(chosen(due, &BlockingDeliveries::default()), (vec![1, 2, 3], vec![]));
}

#[test]
fn delivery_waits_for_the_one_it_comes_after() {
    let blocking = |seconds| BlockingDeliveries {
        pending: [(id(1), pending(1, seconds))].into(),
        ..BlockingDeliveries::default()
    };
    for (what, due, seconds, expected) in [
        ("its page is in the round", vec![numbered(1, 1), after(numbered(2, 1), 1)], 0, (vec![1], vec![])),
        ("its page is due in a minute", vec![after(numbered(2, 1), 1)], 60, (vec![], vec![(2, 60)])),
        ("its page is overdue elsewhere", vec![after(numbered(2, 1), 1)], -60, (vec![], vec![(2, 5)])),
        ("its own attempt is open", vec![open(after(numbered(2, 1), 1))], 60, (vec![2], vec![])),
        ("it comes after one that ended", vec![after(numbered(2, 1), 9)], 60, (vec![2], vec![])),
    ] {
        assert_eq!(chosen(due, &blocking(seconds)), expected, "{what}");
    }
}

#[test]
fn one_delivery_per_exclusive_key_goes_at_a_time() {
    let unresolved = BlockingDeliveries {
        unresolved: [("a".to_owned(), pending(1, 30))].into(),
        ..BlockingDeliveries::default()
    };
    let none = BlockingDeliveries::default();
    let two = vec![keyed(numbered(1, 1), "a"), keyed(numbered(2, 2), "a"), keyed(numbered(3, 3), "b")];
    assert_eq!(chosen(two, &none), (vec![1, 3], vec![]), "the second stays due for the next round");
    let other = vec![keyed(numbered(2, 2), "a")];
    assert_eq!(chosen(other, &unresolved), (vec![], vec![(2, 30)]), "another one's outcome is not known");
    let own = vec![open(keyed(numbered(1, 1), "a"))];
    assert_eq!(chosen(own, &unresolved), (vec![1], vec![]), "it finds out about its own attempt");
}

#[test]
fn round_is_bounded_by_subjects_and_by_single_writes() {
    let many: Vec<Delivery> = (0..=MAX_SUBJECTS as u128).map(|n| numbered(n + 1, n + 1)).collect();
    assert_eq!(chosen(many.clone(), &BlockingDeliveries::default()).0.len(), MAX_SUBJECTS);
    let mut same = many.clone();
    same.push(numbered(1_000, 1));
    assert_eq!(
        chosen(same, &BlockingDeliveries::default()).0.len(),
        MAX_SUBJECTS + 1,
        "a further delivery of a chosen subject goes along"
    );
    let mut single = many;
    single[3].retry_singly = true;
    assert_eq!(chosen(single, &BlockingDeliveries::default()).0.len(), MAX_SINGLE);
}

#[test]
fn subjects_of_other_kinds_count_apart() {
    let mut person = numbered(2, 1);
    person.subject.kind = SubjectKind::Person;
    assert_eq!(chosen(vec![numbered(1, 1), person], &BlockingDeliveries::default()).0, [1, 2]);
}
