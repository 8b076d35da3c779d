//! Segments: what a query says of everyone is what the rules say of each person, after every write and on both databases.

use crate::support::{NOW, booking, workspace};
use domain::booking::BookingState;
use domain::form::{Submission, SubmissionState};
use domain::people::{Link, LinkState, PersonFieldKind as Kind};
use domain::people::{Person, PersonField, PersonFields, PersonSnapshot, Values};
use domain::router::{EntryBody, ListEntry, ListKey, ListKind, LookupList};
use domain::segment::{
    CampaignSources, ResolvedCondition, Segment, SegmentCondition, SegmentContext, is_member, resolve,
};
use domain::value::{EmailAddress, FormId, Language, PageId, PersonId, SegmentId, Timestamp, WorkspaceId};
use jiff::tz::TimeZone;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use storage::booking::bookings;
use storage::form::submissions;
use storage::people::links::StoredLink;
use storage::people::person_batch::SavedValues;
use storage::people::{erasures, links, merges, person, person_batch};
use storage::router::lists;
use storage::segment::members::{Among, SegmentCount};
use storage::segment::{facts, members, segments, values};
use storage::tag::visitors;
use storage::testing::TestDatabase;
use storage::{Database, Write};
use uuid::Uuid;

mod both {
    crate::on_both!(
        queries_mean_what_the_rules_mean,
        every_write_of_a_person_is_in_the_next_count,
        columns_are_given_and_filled_in_batches,
        pages_go_both_ways_and_mail_goes_to_those_who_take_it,
        segments_are_kept_apart_by_workspace_and_version
    );
}

const FORMS: [FormId; 2] = [FormId(Uuid::from_u128(11)), FormId(Uuid::from_u128(12))];
const PAGES: [PageId; 2] = [PageId(Uuid::from_u128(21)), PageId(Uuid::from_u128(22))];
const CAMPAIGN: &str = "701000000000001AAA";
const FIELDS: [(&str, Kind); 5] = [
    ("title", Kind::Text),
    ("employees", Kind::Number),
    ("renewal", Kind::Date),
    ("interests", Kind::Checkboxes),
    ("phone", Kind::Phone),
];
const PEOPLE: usize = 40;
const CASES: usize = 120;

fn context() -> SegmentContext {
    let mut fields = PersonFields::default();
    fields.fields.retain(|field| !FIELDS.iter().any(|(name, _)| *name == field.name));
    let template = fields.fields[0].clone();
    fields.fields.extend(FIELDS.map(|(name, kind)| PersonField {
        name: name.to_owned(),
        kind,
        ..template.clone()
    }));
    SegmentContext {
        fields,
        zone: TimeZone::get("Asia/Tokyo").unwrap(),
        now: NOW,
        forms: BTreeMap::from([("contact".to_owned(), FORMS[0]), ("seminar".to_owned(), FORMS[1])]),
        pages: BTreeMap::from([("sales/demo".to_owned(), PAGES[0]), ("sales/other".to_owned(), PAGES[1])]),
        campaigns: BTreeMap::from([(
            CAMPAIGN.to_owned(),
            CampaignSources { forms: vec![FORMS[1]], has_bookings: true },
        )]),
        lists: BTreeSet::from(["vip".to_owned()]),
        segments: BTreeMap::new(),
    }
}

fn condition(body: Value) -> SegmentCondition {
    serde_json::from_value(body).unwrap()
}

fn resolved(body: Value) -> ResolvedCondition {
    resolve(&condition(body), &context(), None).unwrap()
}

fn of_field(field: &str, operator: &str, value: Value) -> Value {
    json!({ "kind": "field", "field": field, "operator": operator, "value": value })
}

fn any_of(terms: Vec<Value>) -> Value {
    json!({ "any": terms.into_iter().map(|term| json!({ "all": [term] })).collect::<Vec<_>>() })
}

fn new_person(values: Values, opted_out: bool) -> Person {
    Person {
        id: storage::ids::new(NOW),
        snapshot: PersonSnapshot { version: 1, values, edited_at: BTreeMap::new() },
        opted_out,
        opt_out_pending: false,
        is_pending: false,
        create_over_at: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

fn values_of(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Gives columns to what a condition compares, and fills them.
async fn prepare(database: &Database, workspace: WorkspaceId, condition: &ResolvedCondition) {
    let write = database.write().await.unwrap();
    assert!(values::prepare(&write, workspace, &condition.fields(), &BTreeSet::new()).await.unwrap());
    write.commit().await.unwrap();
    assert!(values::fill(database, workspace, 1_000).await.unwrap());
}

async fn count(database: &Database, workspace: WorkspaceId, condition: &ResolvedCondition) -> SegmentCount {
    members::count(&database.read(), workspace, condition).await.unwrap().unwrap()
}

fn moments() -> impl Strategy<Value = Timestamp> {
    (0_i64..20 * 24).prop_map(|hours| NOW.plus_minutes(-60 * hours))
}

fn texts(choices: &'static [&'static str]) -> impl Strategy<Value = String> {
    proptest::sample::select(choices).prop_map(str::to_owned)
}

const TITLES: &[&str] =
    &["", " ", "部長", "営業部長", "課長", "Manager", "ｍａｎａｇｅｒ", "100%_!", "x;y", "'\"\\"];
const NUMBERS: &[&str] =
    &["", "0", "-1", "-1.5", "1", "1.25", "10", "9.99", "1,000", "不明", "100000000000000000"];
const DAYS: &[&str] = &["", "2026-05-21", "2026-05-22", "2026/05/23", "2026-06-30", "1999-12-31", "未定"];
const OPTIONS: &[&str] = &["", "A", "B", "A;B", "B;C", ";A;", "AB"];
const PHONES: &[&str] = &["", "03-1234-5678", "０３１２３４５６７８", "+81 3 1234 5678", "内線"];

fn people() -> impl Strategy<Value = Vec<(Values, bool)>> {
    let one = (texts(TITLES), texts(NUMBERS), texts(DAYS), texts(OPTIONS), texts(PHONES), any::<bool>());
    vec(one, PEOPLE).prop_map(|people| {
        let person = |(place, (title, employees, renewal, interests, phone, opted_out))| {
            // Every seventh has no address.
            let email = if place % 7 == 0 { String::new() } else { format!("p{place}@sample.example") };
            let texts = [title, employees, renewal, interests, phone, email];
            let names = FIELDS.iter().map(|(name, _)| *name).chain(["email"]);
            let values = names.map(str::to_owned).zip(texts).collect();
            (values, opted_out)
        };
        people.into_iter().enumerate().map(person).collect()
    })
}

fn terms() -> impl Strategy<Value = Value> {
    let text = (
        proptest::sample::select(&["equals", "not_equals", "contains", "starts_with"][..]),
        texts(&["部長", "manager", "MANAGER", "%", "_", "!", "課", "'\"\\", "x;y"]),
    )
        .prop_map(|(operator, value)| of_field("title", operator, json!(value)));
    let several = (
        proptest::sample::select(&["is_one_of", "is_none_of"][..]),
        vec(texts(&["部長", "課長", "Manager", "100%_!"]), 1..25),
    )
        .prop_map(|(operator, values)| of_field("title", operator, json!(values)));
    let blank = (
        proptest::sample::select(&["title", "employees", "renewal", "interests", "phone"][..]),
        proptest::sample::select(&["is_blank", "is_not_blank"][..]),
    )
        .prop_map(|(field, operator)| of_field(field, operator, json!(null)));
    let number = (
        proptest::sample::select(
            &["equals", "not_equals", "less_than", "less_or_equal", "greater_than", "greater_or_equal"][..],
        ),
        texts(&["0", "-1", "-1.5", "1", "1.25", "9.99", "1000", "100000000000000000"]),
    )
        .prop_map(|(operator, value)| of_field("employees", operator, json!(value)));
    let between = proptest::sample::select(&[("-1.5", "0"), ("0", "10"), ("-2", "1000")][..])
        .prop_map(|(from, to)| of_field("employees", "between", json!([from, to])));
    let day = (
        proptest::sample::select(&["on", "before", "after", "on_or_before", "on_or_after"][..]),
        texts(&["2026-05-22", "today", "last_n_days:1", "next_n_days:40", "this_month", "last_year"]),
    )
        .prop_map(|(operator, value)| of_field("renewal", operator, json!(value)));
    let options =
        (proptest::sample::select(&["includes", "excludes"][..]), vec(texts(&["A", "B", "C"]), 1..3))
            .prop_map(|(operator, values)| of_field("interests", operator, json!(values)));
    let phone = texts(&["0312345678", "03-1234", "+81"])
        .prop_map(|value| of_field("phone", "starts_with", json!(value)));
    let fact = (
        proptest::sample::select(
            &[
                ("form", ""),
                ("form", "contact"),
                ("form", "seminar"),
                ("page", ""),
                ("page", "sales/demo"),
                ("visit", ""),
                ("campaign", CAMPAIGN),
            ][..],
        ),
        proptest::option::of(1_u32..25),
        any::<bool>(),
    )
        .prop_map(
            |((kind, name), days, not)| json!({ "kind": kind, "name": name, "days": days, "not": not }),
        );
    let state = (proptest::sample::select(&LinkState::ALL[..]), any::<bool>())
        .prop_map(|(state, not)| json!({ "kind": "sync", "name": state.name(), "not": not }));
    let list = any::<bool>().prop_map(|not| json!({ "kind": "list", "name": "vip", "not": not }));
    prop_oneof![text, several, blank, number, between, day, options, phone, fact, state, list]
}

fn conditions() -> impl Strategy<Value = Value> {
    vec(vec(terms(), 1..4), 1..4).prop_map(|groups| {
        let groups: Vec<Value> = groups.into_iter().map(|terms| json!({ "all": terms })).collect();
        json!({ "any": groups })
    })
}

fn sample<S: Strategy>(runner: &mut TestRunner, strategy: &S) -> S::Value {
    strategy.new_tree(runner).unwrap().current()
}

async fn add_people(write: &Write, workspace: WorkspaceId, people: Vec<(Values, bool)>) -> Vec<Person> {
    let mut added = Vec::new();
    for (values, opted_out) in people {
        let person = new_person(values, opted_out);
        assert!(person::add(write, workspace, &person).await.unwrap());
        added.push(person);
    }
    added
}

/// Something that some people did, in every state that counts and in those that do not.
async fn add_facts(write: &Write, workspace: WorkspaceId, people: &[Person], runner: &mut TestRunner) {
    let list = LookupList {
        slug: "vip".to_owned(),
        name: "VIP".to_owned(),
        kind: ListKind::Values,
        by: Some(ListKey::Email),
        rows: 0,
        version: 1,
        updated_at: NOW,
    };
    lists::save(write, workspace, &list, 0).await.unwrap();
    for (place, person) in people.iter().enumerate() {
        let key = person.email_key();
        let Ok(email) = EmailAddress::parse(&key) else { continue };
        for round in 0..sample(runner, &(0_usize..3)) {
            let states = SubmissionState::ALL;
            let sent = Submission {
                id: storage::ids::new(NOW),
                form: FORMS[sample(runner, &(0_usize..2))],
                form_slug: "contact".to_owned(),
                form_title: String::new(),
                form_version: 1,
                answers: Default::default(),
                questions: Vec::new(),
                consents: Vec::new(),
                email: Some(email.clone()),
                page_url: String::new(),
                language: Language::Japanese,
                state: states[(place + round) % states.len()],
                spam_signs: Vec::new(),
                repeats: None,
                external_id: None,
                created_at: sample(runner, &moments()),
            };
            submissions::create(write, workspace, &sent).await.unwrap();
        }
        if sample(runner, &any::<bool>()) {
            let mut booked = booking(storage::ids::new(NOW), NOW, 30);
            booked.attendee.email = email.clone();
            booked.page = PAGES[sample(runner, &(0_usize..2))];
            booked.created_at = sample(runner, &moments());
            booked.state = BookingState::ALL[place % 2];
            assert!(bookings::create(write, workspace, &booked).await.unwrap());
        }
        if sample(runner, &any::<bool>()) {
            let at = sample(runner, &moments());
            visitors::identify(write, workspace, &format!("browser{place}"), &key, 1, at).await.unwrap();
        }
        if place % 5 == 0 {
            let line = u32::try_from(place).unwrap() + 1;
            let entry = ListEntry { key: key.clone(), line, body: EntryBody::Listed };
            lists::add(write, workspace, "vip", &[entry]).await.unwrap();
        }
        if place % 3 > 0 {
            let link = StoredLink {
                record_id: format!("00Q{place:015}"),
                person: person.id,
                is_partner: place % 3 == 1,
                link: Link::default(),
                state: LinkState::ALL[place % LinkState::ALL.len()],
                reason: String::new(),
                synced_at: NOW,
            };
            links::save(write, workspace, &link).await.unwrap();
        }
        if place % 11 == 1 {
            person::set_pending(write, workspace, &[person.id]).await.unwrap();
        }
    }
}

/// For conditions of every kind: who the query finds are those of whom the rules say so, and as many are counted.
async fn queries_mean_what_the_rules_mean(test: TestDatabase) {
    let database = &test.database;
    let workspace = workspace(database, "w").await;
    let other = crate::support::workspace(database, "other").await;
    let mut runner = TestRunner::deterministic();
    // Columns are there before half of the people are, so that both ways of filling them are looked at.
    let all = resolved(any_of(FIELDS.map(|(name, _)| of_field(name, "is_blank", json!(null))).to_vec()));
    let given = sample(&mut runner, &people());
    let (first, second) = given.split_at(PEOPLE / 2);
    let write = database.write().await.unwrap();
    let mut kept = add_people(&write, workspace, first.to_vec()).await;
    add_people(&write, other, first.to_vec()).await;
    write.commit().await.unwrap();
    prepare(database, workspace, &all).await;
    prepare(database, other, &all).await;
    let write = database.write().await.unwrap();
    kept.extend(add_people(&write, workspace, second.to_vec()).await);
    add_facts(&write, workspace, &kept, &mut runner).await;
    write.commit().await.unwrap();

    let read = database.read();
    let mut known = Vec::new();
    for person in &kept {
        known.push((person, facts::of_person(&read, workspace, person.id).await.unwrap().unwrap()));
    }
    let inner = Segment {
        id: SegmentId(Uuid::from_u128(1)),
        name: "inner".to_owned(),
        condition: condition(sample(&mut runner, &conditions())),
        version: 1,
        created_at: NOW,
        updated_at: NOW,
    };
    let mut context = context();
    context.segments.insert(inner.id, inner.clone());
    let mut found_some = 0;
    for case in 0..CASES {
        let mut body = sample(&mut runner, &conditions());
        if case % 4 == 0 {
            let term = json!({ "kind": "segment", "name": inner.id.to_string(), "not": case % 8 == 0 });
            body["any"][0]["all"].as_array_mut().unwrap().push(term);
        }
        let resolved = resolve(&condition(body.clone()), &context, None).unwrap();
        let mut expected: Vec<PersonId> = known
            .iter()
            .filter(|(_, facts)| is_member(&resolved, facts))
            .map(|(person, _)| person.id)
            .collect();
        expected.sort();
        let mailable = known.iter().filter(|(person, facts)| {
            is_member(&resolved, facts) && !person.opted_out && !person.email_key().is_empty()
        });
        let mailable = u64::try_from(mailable.count()).unwrap();
        let page =
            members::page(&read, workspace, &resolved, Among::Everyone, None, 1_000).await.unwrap().unwrap();
        let found: Vec<PersonId> = page.iter().map(|member| member.person).collect();
        assert_eq!(found, expected, "case {case}: {body}");
        let counted = count(database, workspace, &resolved).await;
        let wanted = SegmentCount { members: u64::try_from(expected.len()).unwrap(), mailable };
        assert_eq!(counted, wanted, "case {case}: {body}");
        found_some += usize::from(!expected.is_empty() && expected.len() < kept.len());
    }
    assert!(found_some > CASES / 2, "conditions tell people apart: {found_some}");
}

async fn every_write_of_a_person_is_in_the_next_count(test: TestDatabase) {
    let database = &test.database;
    let workspace = workspace(database, "w").await;
    let managers = resolved(any_of(vec![of_field("title", "contains", json!("部長"))]));
    prepare(database, workspace, &managers).await;
    let counted = || async {
        let count = count(database, workspace, &managers).await;
        (count.members, count.mailable)
    };
    assert_eq!(counted().await, (0, 0));
    let mut person = new_person(values_of(&[("email", "a@sample.example"), ("title", "部長")]), false);
    let write = database.write().await.unwrap();
    assert!(person::add(&write, workspace, &person).await.unwrap());
    write.commit().await.unwrap();
    assert_eq!(counted().await, (1, 1), "added");

    let write = database.write().await.unwrap();
    assert!(person::set_opted_out(&write, workspace, person.id, true, NOW).await.unwrap());
    write.commit().await.unwrap();
    assert_eq!(counted().await, (1, 0), "refuses mail");
    let write = database.write().await.unwrap();
    assert!(person::set_opted_out(&write, workspace, person.id, false, NOW).await.unwrap());
    write.commit().await.unwrap();
    assert_eq!(counted().await, (1, 1));
    let write = database.write().await.unwrap();
    let refused =
        person::refuse_mail(&write, workspace, &["a@sample.example".to_owned()], NOW).await.unwrap();
    assert_eq!(refused, [person.id]);
    write.commit().await.unwrap();
    assert_eq!(counted().await, (1, 0), "the org says so");

    person.snapshot.values.insert("title".to_owned(), "課長".to_owned());
    let seen = person::find(&database.read(), workspace, person.id).await.unwrap().unwrap().snapshot.version;
    person.snapshot.version = seen + 1;
    let write = database.write().await.unwrap();
    let saved = person::save_values(
        &write,
        workspace,
        (person.id, seen),
        &person.snapshot,
        "a@sample.example",
        true,
        NOW,
    );
    assert!(saved.await.unwrap());
    write.commit().await.unwrap();
    assert_eq!(counted().await, (0, 0), "edited");
    // What is not committed is not counted.
    let write = database.write().await.unwrap();
    let lost = new_person(values_of(&[("title", "部長")]), false);
    assert!(person::add(&write, workspace, &lost).await.unwrap());
    drop(write);
    assert_eq!(counted().await, (0, 0), "rolled back");
    // A run of the sync writes many at once; whoever is taken out is gone from segments too.
    let batch: Vec<Person> = (0..3)
        .map(|n| {
            new_person(values_of(&[("email", &format!("b{n}@sample.example")), ("title", "部長")]), n == 0)
        })
        .collect();
    let write = database.write().await.unwrap();
    assert_eq!(person_batch::add_many(&write, workspace, &batch).await.unwrap().len(), 3);
    write.commit().await.unwrap();
    assert_eq!(counted().await, (3, 2), "added together");
    let mut snapshot = batch[1].snapshot.clone();
    snapshot.version = 2;
    snapshot.values.insert("title".to_owned(), "課長".to_owned());
    let saved = SavedValues {
        id: batch[1].id,
        seen: 1,
        snapshot,
        email_key: batch[1].email_key(),
        is_pending: false,
    };
    let write = database.write().await.unwrap();
    assert_eq!(person_batch::save_many(&write, workspace, &[saved], NOW).await.unwrap().len(), 1);
    write.commit().await.unwrap();
    assert_eq!(counted().await, (2, 1), "edited together");
    let write = database.write().await.unwrap();
    assert!(erasures::delete(&write, workspace, batch[2].id).await.unwrap());
    merges::take_out(&write, workspace, batch[0].id).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(counted().await, (0, 0), "taken out");
}

async fn columns_are_given_and_filled_in_batches(test: TestDatabase) {
    let database = &test.database;
    let workspace = workspace(database, "w").await;
    let write = database.write().await.unwrap();
    for number in 0..2_500 {
        let title = if number % 2 == 0 { "部長" } else { "課長" };
        let values = values_of(&[("email", &format!("p{number}@sample.example")), ("title", title)]);
        assert!(person::add(&write, workspace, &new_person(values, false)).await.unwrap());
    }
    write.commit().await.unwrap();
    let managers = resolved(any_of(vec![of_field("title", "equals", json!("部長"))]));
    let read = database.read();
    assert_eq!(members::count(&read, workspace, &managers).await.unwrap(), None, "nothing is filled");
    let write = database.write().await.unwrap();
    assert!(values::prepare(&write, workspace, &managers.fields(), &BTreeSet::new()).await.unwrap());
    write.commit().await.unwrap();
    assert!(!values::fill(database, workspace, 2).await.unwrap(), "two of three batches");
    assert_eq!(values::to_fill(&read).await.unwrap(), [workspace]);
    assert_eq!(members::count(&read, workspace, &managers).await.unwrap(), None, "a part is no answer");
    assert!(values::fill(database, workspace, 2).await.unwrap());
    assert!(values::to_fill(&read).await.unwrap().is_empty());
    assert_eq!(count(database, workspace, &managers).await, SegmentCount { members: 1_250, mailable: 1_250 });

    // As many fields as there are columns; then one that nothing kept compares makes room, and else there is none.
    let named = |count: usize| -> BTreeMap<String, Kind> {
        (0..count).map(|number| (format!("field{number}"), Kind::Text)).collect()
    };
    let kept: BTreeSet<String> = named(24).into_keys().collect();
    for (wanted, kept, expected) in [
        (named(24), BTreeSet::new(), true),
        (named(25), BTreeSet::new(), false),
        (BTreeMap::from([("title".to_owned(), Kind::Text)]), kept, false),
        (BTreeMap::from([("title".to_owned(), Kind::Text)]), BTreeSet::new(), true),
    ] {
        let write = database.write().await.unwrap();
        let given = values::prepare(&write, workspace, &wanted, &kept).await.unwrap();
        assert_eq!(given, expected, "{} fields", wanted.len());
        write.commit().await.unwrap();
    }
    // A field that has become one of another kind is not compared by what it was.
    prepare(database, workspace, &managers).await;
    let mut changed = context();
    let title = changed.fields.fields.iter_mut().find(|field| field.name == "title").unwrap();
    title.kind = Kind::Phone;
    let body = any_of(vec![of_field("title", "equals", json!("部長"))]);
    let as_phone = resolve(&condition(body), &changed, None).unwrap();
    assert_eq!(members::count(&read, workspace, &as_phone).await.unwrap(), None);
}

async fn pages_go_both_ways_and_mail_goes_to_those_who_take_it(test: TestDatabase) {
    use domain::list::Position;
    let database = &test.database;
    let workspace = workspace(database, "w").await;
    let write = database.write().await.unwrap();
    let mut ids = Vec::new();
    for number in 0..7 {
        let email = if number == 3 { String::new() } else { format!("p{number}@sample.example") };
        let person = new_person(values_of(&[("email", &email), ("title", "部長")]), number == 5);
        assert!(person::add(&write, workspace, &person).await.unwrap());
        ids.push(person.id);
    }
    write.commit().await.unwrap();
    ids.sort();
    let managers = resolved(any_of(vec![of_field("title", "equals", json!("部長"))]));
    prepare(database, workspace, &managers).await;
    let read = database.read();
    let page = |position: Position| async move {
        members::list(
            &read,
            workspace,
            &resolved(any_of(vec![of_field("title", "equals", json!("部長"))])),
            &position,
            3,
        )
        .await
        .unwrap()
        .unwrap()
    };
    let first = page(Position::Start).await;
    assert!(first.before.is_none());
    let second = page(Position::After(first.after.clone().unwrap())).await;
    let third = page(Position::After(second.after.clone().unwrap())).await;
    assert_eq!((third.rows.len(), third.after), (1, None));
    let back = page(Position::Before(third.before.unwrap())).await;
    assert_eq!(back.rows, second.rows);
    let seen: Vec<PersonId> =
        [first.rows, second.rows, third.rows].into_iter().flatten().map(|member| member.person).collect();
    assert_eq!(seen, ids);
    let mut mailed = Vec::new();
    let mut after = None;
    loop {
        let found =
            members::page(&read, workspace, &managers, Among::Mailable, after, 2).await.unwrap().unwrap();
        let Some(last) = found.last() else { break };
        after = Some(last.person);
        mailed.extend(found.into_iter().map(|member| member.email_key));
    }
    assert_eq!(mailed.len(), 5, "{mailed:?}");
    assert!(!mailed.contains(&String::new()) && !mailed.contains(&"p5@sample.example".to_owned()));
}

async fn segments_are_kept_apart_by_workspace_and_version(test: TestDatabase) {
    let database = &test.database;
    let workspace = workspace(database, "w").await;
    let other = crate::support::workspace(database, "other").await;
    let mut segment = Segment {
        id: storage::ids::new(NOW),
        name: "部長".to_owned(),
        condition: condition(any_of(vec![of_field("title", "contains", json!("部長"))])),
        version: 1,
        created_at: NOW,
        updated_at: NOW,
    };
    let write = database.write().await.unwrap();
    segments::create(&write, workspace, &segment).await.unwrap();
    segment.version = 2;
    assert!(segments::replace(&write, workspace, &segment, 1).await.unwrap());
    assert!(!segments::replace(&write, workspace, &segment, 1).await.unwrap(), "changed since");
    assert!(!segments::remove(&write, other, segment.id).await.unwrap(), "another workspace's");
    write.commit().await.unwrap();
    let read = database.read();
    assert_eq!(segments::find(&read, workspace, segment.id).await.unwrap(), Some(segment.clone()));
    assert_eq!(segments::find(&read, other, segment.id).await.unwrap(), None);
    assert!(segments::list(&read, other).await.unwrap().is_empty());
    let write = database.write().await.unwrap();
    assert!(segments::remove(&write, workspace, segment.id).await.unwrap());
    write.commit().await.unwrap();
}
