//! What transactions leave behind as events.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json, json};

use crate::org::change_events::event_bus::{OverQuota, ReplayError};
use crate::org::change_events::{ChangeEvent, Topic};
use crate::org::clock::Clock;
use crate::org::error::SaveError;
use crate::org::ids::RecordId;
use crate::org::save::{Conversion, SaveContext};
use crate::org::seed::Seed;
use crate::org::store::Org;

fn org() -> Org {
    let mut org = Seed::Empty.create_org(Arc::new(Clock::new(1.0)));
    let Org { events, schema, .. } = &mut org;
    events.select(&["Account", "Contact", "Lead"], schema).unwrap();
    org
}

fn fields(fields: Json) -> Map<String, Json> {
    fields.as_object().unwrap().clone()
}

fn create(org: &mut Org, object: &str, values: Json) -> RecordId {
    let (context, object) =
        (SaveContext::plain(org.settings.admin), org.schema.object(object).unwrap().clone());
    org.create(&context, &object, &fields(values)).unwrap()
}

fn update(org: &mut Org, id: RecordId, values: Json) {
    let (context, object) =
        (SaveContext::plain(org.settings.admin), org.schema.object_of(id).unwrap().clone());
    org.update(&context, &object, id, &fields(values)).unwrap();
}

fn delete(org: &mut Org, id: RecordId) {
    let (context, object) =
        (SaveContext::plain(org.settings.admin), org.schema.object_of(id).unwrap().clone());
    org.delete(&context, &object, id).unwrap();
}

fn lead(org: &mut Org) -> RecordId {
    create(org, "Lead", json!({"LastName": "佐藤", "FirstName": "花", "Company": "継手", "City": "大阪"}))
}

fn events(org: &mut Org) -> Vec<ChangeEvent> {
    let (from, now) = (org.events.earliest(), org.clock.now());
    let delivery = org.events.deliver(&Topic::All, |_| true, from, 100, now).unwrap();
    delivery.events.into_iter().map(|(_, event)| event).collect()
}

/// Object, type, place in its transaction and changed fields of each event.
fn told(org: &mut Org) -> Vec<(String, &'static str, usize, Vec<String>)> {
    let shown = |event: ChangeEvent| {
        let header = event.header;
        (header.entity, header.change_type.name(), header.sequence_number, header.changed)
    };
    events(org).into_iter().map(shown).collect()
}

#[test]
fn life_of_record_gives_one_event_a_transaction() {
    let mut org = org();
    let account = create(&mut org, "Account", json!({"Name": "継手", "Industry": "Media"}));
    update(&mut org, account, json!({"Industry": "Retail"}));
    delete(&mut org, account);
    let context = SaveContext::plain(org.settings.admin);
    org.undelete(&context, account).unwrap();
    // Not selected.
    create(&mut org, "Campaign", json!({"Name": "展示会"}));
    let told = told(&mut org);
    let short: Vec<_> =
        told.iter().map(|(_, kind, place, changed)| (*kind, *place, changed.as_slice())).collect();
    let updated = ["0x400800".to_owned()];
    let none: &[String] = &[];
    assert_eq!(
        short,
        [("CREATE", 1, none), ("UPDATE", 1, &updated), ("DELETE", 1, none), ("UNDELETE", 1, none)]
    );
}

#[test]
fn bitmaps_tell_parts_and_emptied_fields() {
    let mut org = org();
    let id = lead(&mut org);
    update(&mut org, id, json!({"FirstName": null, "City": "京都", "Status": "Working - Contacted"}));
    let header = events(&mut org).pop().unwrap().header;
    assert_eq!(header.changed, ["0x08001000", "1-0x02", "4-0x02"]);
    assert_eq!(header.nulled, ["1-0x02"]);
    assert_eq!(header.user, org.settings.admin.to_string());
}

#[test]
fn several_changes_in_one_transaction_are_one_event_of_the_first_type() {
    let mut org = org();
    org.in_one_transaction(|org| {
        let id = lead(org);
        update(org, id, json!({"Title": "部長"}));
    });
    assert_eq!(told(&mut org), [("Lead".to_owned(), "CREATE", 1, Vec::new())]);
}

#[test]
fn what_was_taken_back_or_erased_gives_no_event() {
    let mut org = org();
    let failed = org.atomically(|org| {
        lead(org);
        Err::<(), SaveError>(SaveError::deleted())
    });
    assert!(failed.is_err());
    assert!(events(&mut org).is_empty());
    let id = lead(&mut org);
    let (context, object) =
        (SaveContext::plain(org.settings.admin), org.schema.object_of(id).unwrap().clone());
    org.hard_delete(&context, &object, id).unwrap();
    assert_eq!(told(&mut org).len(), 1);
}

#[test]
fn merge_deletes_the_loser_and_changes_the_winner() {
    let mut org = org();
    let (winner, loser) = (lead(&mut org), lead(&mut org));
    let context = SaveContext::plain(org.settings.admin);
    org.merge(&context, winner, &fields(json!({"Title": "部長"})), &[loser]).unwrap();
    let events = events(&mut org);
    let [.., lost, won] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((lost.header.change_type.name(), won.header.change_type.name()), ("DELETE", "UPDATE"));
    assert_eq!(lost.header.record_ids, [loser.to_string()]);
    assert_eq!(lost.header.transaction_key, won.header.transaction_key);
    assert_eq!((lost.header.sequence_number, won.header.sequence_number), (1, 2));
}

#[test]
fn conversion_tells_of_new_records_first() {
    let mut org = org();
    let id = lead(&mut org);
    let context = SaveContext::plain(org.settings.admin);
    org.convert_lead(&context, id, &Conversion::default()).unwrap();
    let told = told(&mut org);
    let converted: Vec<_> =
        told[1..].iter().map(|(object, kind, place, _)| (object.as_str(), *kind, *place)).collect();
    assert_eq!(converted, [("Account", "CREATE", 1), ("Contact", "CREATE", 2), ("Lead", "UPDATE", 3)]);
    assert_eq!(told[3].3, ["0x08F81000"]);
}

#[test]
fn origin_belongs_to_one_call() {
    let mut org = org();
    org.coming_from("com/salesforce/api/rest/66.0;client=Tsugite".to_owned(), lead);
    lead(&mut org);
    let events = events(&mut org);
    let origins: Vec<_> = events.iter().map(|event| event.header.origin.as_str()).collect();
    assert_eq!(origins, ["com/salesforce/api/rest/66.0;client=Tsugite", ""]);
}

#[test]
fn hidden_field_is_empty_in_the_payload() {
    let mut org = org();
    create(&mut org, "Lead", json!({"LastName": "佐藤", "Company": "継手", "Title": "部長"}));
    let event = events(&mut org).pop().unwrap();
    let contains = |bytes: &[u8]| bytes.windows(6).any(|window| window == "部長".as_bytes());
    assert!(contains(&event.encode(|_| true)));
    assert!(!contains(&event.encode(|field| field != "Title")));
}

#[test]
fn positions_end_after_three_days() {
    let mut org = org();
    let first = org.events.earliest();
    lead(&mut org);
    let now = org.clock.now();
    let latest = org.events.latest(now);
    let later = |hours| now.checked_add(SignedDuration::from_hours(hours)).unwrap();
    assert_eq!(org.events.resume(first, later(71)), Ok(first));
    assert_eq!(org.events.resume(first, later(73)), Err(ReplayError::Expired));
    assert_eq!(org.events.resume(latest, later(73)), Ok(latest));
    assert_eq!(org.events.resume(latest + 50, later(73)), Err(ReplayError::Unknown));
    org.events.forget();
    assert_eq!(org.events.resume(latest, later(73)), Err(ReplayError::Expired));
}

#[test]
fn late_events_come_later_and_deliveries_end_at_the_quota() {
    let mut org = org();
    org.events.settings.late_seconds = 60;
    org.events.settings.daily_deliveries = 1;
    let (from, begun) = (org.events.earliest(), org.clock.now());
    lead(&mut org);
    lead(&mut org);
    let mut deliver = |seconds| {
        let now: Timestamp = begun.checked_add(SignedDuration::from_secs(seconds)).unwrap();
        org.events.deliver(&Topic::All, |_| true, from, 100, now)
    };
    let early = deliver(30).unwrap();
    assert!(early.events.is_empty() && early.next_at.is_some());
    assert_eq!(deliver(90).unwrap().events.len(), 1);
    assert_eq!(deliver(120).map(|delivery| delivery.events.len()), Err(OverQuota));
    assert_eq!(deliver(25 * 3600).unwrap().events.len(), 1);
}
