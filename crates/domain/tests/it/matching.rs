//! Lead-first and contact-first × none, Lead, Contact, both, duplicates, converted, deleted (K4, K5).

use crate::support::candidate;
use domain::delivery::{Candidate, PersonObject, SearchOrder, find_person};

fn converted(candidate: Candidate) -> Candidate {
    Candidate { is_converted: true, ..candidate }
}

fn deleted(candidate: Candidate) -> Candidate {
    Candidate { is_deleted: true, ..candidate }
}

#[test]
fn search_order_decides_between_lead_and_contact() {
    use PersonObject::Contact;
    use PersonObject::Lead;
    let lead = |number, age| candidate(Lead, number, age);
    let contact = |number, age| candidate(Contact, number, age);
    // What the org holds, then the number of the match when Leads come first, and when Contacts do.
    type Match = Option<(PersonObject, u32)>;
    let rows: Vec<(&str, Vec<Candidate>, Match, Match)> = vec![
        ("none", vec![], None, None),
        ("Lead", vec![lead(1, 5)], Some((Lead, 1)), Some((Lead, 1))),
        ("Contact", vec![contact(1, 5)], Some((Contact, 1)), Some((Contact, 1))),
        ("both", vec![lead(1, 5), contact(2, 1)], Some((Lead, 1)), Some((Contact, 2))),
        (
            "duplicate Leads: the newest",
            vec![lead(1, 9), lead(2, 3), lead(3, 6)],
            Some((Lead, 2)),
            Some((Lead, 2)),
        ),
        (
            "duplicate Contacts: the newest",
            vec![contact(1, 9), contact(2, 3)],
            Some((Contact, 2)),
            Some((Contact, 2)),
        ),
        (
            "duplicates of one age: the smallest id",
            vec![lead(7, 3), lead(4, 3)],
            Some((Lead, 4)),
            Some((Lead, 4)),
        ),
        (
            "duplicates of both",
            vec![lead(1, 1), lead(2, 2), contact(3, 4), contact(4, 3)],
            Some((Lead, 1)),
            Some((Contact, 4)),
        ),
        ("converted Lead", vec![converted(lead(1, 1))], None, None),
        (
            "converted Lead and its Contact",
            vec![converted(lead(1, 1)), contact(2, 5)],
            Some((Contact, 2)),
            Some((Contact, 2)),
        ),
        (
            "converted newer than living Lead",
            vec![converted(lead(1, 1)), lead(2, 5)],
            Some((Lead, 2)),
            Some((Lead, 2)),
        ),
        ("deleted Lead", vec![deleted(lead(1, 1))], None, None),
        (
            "deleted Contact and Lead",
            vec![deleted(contact(1, 1)), lead(2, 5)],
            Some((Lead, 2)),
            Some((Lead, 2)),
        ),
    ];
    for (what, candidates, lead_first, contact_first) in rows {
        for (order, expected) in
            [(SearchOrder::LeadFirst, lead_first), (SearchOrder::ContactFirst, contact_first)]
        {
            let found = find_person(order, &candidates, &mut Vec::new());
            let expected = expected.map(|(object, number)| candidate(object, number, 0).id);
            assert_eq!(found.map(|found| found.id.clone()), expected, "{what}, {order:?}");
        }
    }
}

#[test]
fn steps_name_found_records() {
    let mut steps = Vec::new();
    let candidates = [candidate(PersonObject::Lead, 1, 5), candidate(PersonObject::Lead, 2, 3)];
    let found = find_person(SearchOrder::LeadFirst, &candidates, &mut steps);
    assert!(found.is_some());
    assert_eq!(steps[0].code, "person-found-newest");
    assert_eq!(steps[0].data["count"], "2");
}
