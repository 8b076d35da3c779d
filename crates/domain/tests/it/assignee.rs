//! The six specified cases of a Task's assignee and person (K6, K7).

use crate::support::{
    HOST_USER, NOW, OWNER, booking, candidate, codes, created, delivery, host_user, object,
};
use domain::delivery::todo::{TodoContext, decide};
use domain::delivery::{
    Candidate, DeliveryKind, DeliveryPlan, OrgUser, Owner, PersonObject, SalesforceSettings, event_assignee,
};

fn todo(candidates: &[Candidate], users: &[OrgUser]) -> DeliveryPlan {
    decide(TodoContext {
        booking: &booking(),
        delivery: &delivery(DeliveryKind::Todo),
        settings: &SalesforceSettings::default(),
        candidates,
        users,
        task: &object("Task", Vec::new()),
        subject: "件名",
        comment: "コメント",
        time_zone: "Asia/Tokyo",
        now: NOW,
    })
}

fn owned_by(object: PersonObject, owner: Owner) -> Candidate {
    Candidate { owner, ..candidate(object, 1, 5) }
}

#[test]
fn assignee_matches_six_specified_cases() {
    use PersonObject::Contact;
    use PersonObject::Lead;
    let user = || Owner::User(OWNER.to_owned());
    let rows: [(&str, Vec<Candidate>, bool, Option<&str>, Option<&str>); 6] = [
        (
            "Lead, host is a user",
            vec![owned_by(Lead, user())],
            true,
            Some("00Q000000000001AAA"),
            Some(HOST_USER),
        ),
        (
            "Lead with owner, host is none",
            vec![owned_by(Lead, user())],
            false,
            Some("00Q000000000001AAA"),
            Some(OWNER),
        ),
        (
            "Contact with owner, host is none",
            vec![owned_by(Contact, user())],
            false,
            Some("003000000000001AAA"),
            Some(OWNER),
        ),
        ("nobody, host is a user", vec![], true, None, Some(HOST_USER)),
        (
            "Lead without owner, host is none",
            vec![owned_by(Lead, Owner::None)],
            false,
            Some("00Q000000000001AAA"),
            None,
        ),
        ("nobody, host is none", vec![], false, None, None),
    ];
    for (what, candidates, host_is_user, who, owner) in rows {
        let users = if host_is_user { host_user() } else { Vec::new() };
        let plan = todo(&candidates, &users);
        if who.is_none() && owner.is_none() {
            assert!(plan.writes.is_empty(), "{what}: no ToDo");
            assert!(codes(&plan).contains(&"todo-not-made"), "{what}: and the timeline says why");
            continue;
        }
        let task = created(&plan, "Task").unwrap_or_else(|| panic!("{what}: a ToDo is made"));
        assert_eq!(task.get("WhoId").and_then(|id| id.as_str()), who, "{what}");
        assert_eq!(task.get("OwnerId").and_then(|id| id.as_str()), owner, "{what}");
    }
}

#[test]
fn queue_or_inactive_owner_is_not_assigned() {
    let queue = Owner::Queue("00G000000000001AAA".to_owned());
    let gone = Owner::InactiveUser(OWNER.to_owned());
    for (owner, code) in [(queue, "assignee-owner-queue"), (gone, "assignee-owner-inactive")] {
        let plan = todo(&[owned_by(PersonObject::Lead, owner)], &[]);
        assert_eq!(created(&plan, "Task").unwrap().get("OwnerId"), None);
        assert!(codes(&plan).contains(&code), "{:?}", codes(&plan));
    }
}

#[test]
fn task_has_specified_fields() {
    let plan = todo(&[candidate(PersonObject::Lead, 1, 5)], &host_user());
    let task = created(&plan, "Task").unwrap();
    let names: Vec<&str> = task.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["Subject", "Description", "ActivityDate", "WhoId", "OwnerId"],
        "no Status, no Priority"
    );
    // 09:00 UTC on the 23rd is 18:00 in Tokyo on the same day.
    assert_eq!(task["ActivityDate"], "2026-05-23");
    assert_eq!(task["Description"], "コメント\n\n[tsugite:00000000-0000-0000-0000-000000000005]");
}

#[test]
fn event_is_assigned_to_first_attending_user() {
    let mut booking = booking();
    let mut second = booking.hosts[0].clone();
    second.email = crate::support::email("second@tsugite.example");
    booking.hosts.push(second);
    let user = |id: &str, email: &str| OrgUser { id: id.to_owned(), email_key: email.to_owned() };
    let rows: [(Vec<OrgUser>, Option<&str>); 4] = [
        (vec![user("005A", crate::support::HOST), user("005B", "second@tsugite.example")], Some("005A")),
        (vec![user("005B", "second@tsugite.example")], Some("005B")),
        (vec![user("005C", "somebody.else@tsugite.example")], None),
        (vec![], None),
    ];
    for (users, expected) in rows {
        assert_eq!(event_assignee(&booking, &users, &mut Vec::new()).as_deref(), expected, "{users:?}");
    }
}
