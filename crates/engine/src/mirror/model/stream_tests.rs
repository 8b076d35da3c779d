//! What of an org a stream can bring, and the queries that bring it.

use super::*;
use crate::mirror::fixtures::{NOW, stream, texts};
use domain::org::{ObjectDescription, OrgField};

fn field(name: &str, kind: FieldType) -> OrgField {
    OrgField {
        name: name.to_owned(),
        label: name.to_owned(),
        kind,
        length: 80,
        precision: 0,
        scale: 0,
        createable: true,
        updateable: true,
        nillable: true,
        defaulted_on_create: false,
        options: Vec::new(),
        relationship: None,
        reference_to: Vec::new(),
        compound: false,
        calculated: false,
        part_of: None,
        external_id: false,
        unique: false,
        filterable: true,
    }
}

fn lookup(name: &str, relationship: &str, object: &str) -> OrgField {
    OrgField {
        relationship: Some(relationship.to_owned()),
        reference_to: texts(&[object]),
        ..field(name, FieldType::Other)
    }
}

fn object(name: &str, fields: Vec<OrgField>) -> (String, Option<ObjectDescription>) {
    let (createable, updateable, child_lists, record_types) = (true, true, Vec::new(), Vec::new());
    let (name, label) = (name.to_owned(), name.to_owned());
    let object = ObjectDescription {
        name: name.clone(),
        label,
        createable,
        updateable,
        fields,
        child_lists,
        record_types,
    };
    (name, Some(object))
}

fn account() -> (String, Option<ObjectDescription>) {
    let score = OrgField { calculated: true, ..field("Score__c", FieldType::Number) };
    let address = OrgField { compound: true, ..field("BillingAddress", FieldType::Other) };
    let name = field("Name", FieldType::String);
    object(
        "Account",
        vec![name, field("Website", FieldType::Url), score, address, lookup("OwnerId", "Owner", "User")],
    )
}

fn user() -> (String, Option<ObjectDescription>) {
    object("User", vec![field("Name", FieldType::String), lookup("ManagerId", "Manager", "User")])
}

#[test]
fn object_on_the_way_that_is_not_described_is_asked_for() {
    let by_owner = stream(&["Name", "Owner.Name"]);
    for (stream, known, missing) in [
        (&by_owner, vec![], Some("Account")),
        (&by_owner, vec![account()], Some("User")),
        (&by_owner, vec![account(), user()], None),
        (&stream(&["Name"]), vec![account()], None),
        (&by_owner, vec![account(), ("User".to_owned(), None)], None),
    ] {
        let missed = stream.visible_fields(&known.into_iter().collect()).err();
        assert_eq!(missed.as_deref(), missing, "{:?}", stream.chosen);
    }
}

#[test]
fn chosen_path_is_usable_or_stale() {
    let known: Descriptions = [account(), user()].into();
    for (path, usable) in [
        ("Name", Some((FieldType::String, false))),
        ("Score__c", Some((FieldType::Number, true))),
        ("Owner.Name", Some((FieldType::String, true))),
        ("OwnerId", Some((FieldType::Other, false))),
        ("Owner.ManagerId", Some((FieldType::Other, true))),
        ("BillingAddress", None),
        ("Old__c", None),
        ("Owner.Old__c", None),
        ("Parent.Name", None),
    ] {
        let shown = stream(&[path]).visible_fields(&known).unwrap();
        let told = shown.usable.iter().map(|one| (one.kind, one.derived)).next();
        assert_eq!((told, shown.stale.is_empty()), (usable, usable.is_some()), "{path}");
    }
    let hidden: Descriptions = [("Account".to_owned(), None)].into();
    let shown = stream(&["Name"]).visible_fields(&hidden).unwrap();
    assert_eq!((shown.stale, shown.match_field), (texts(&["Name"]), false), "a hidden object shows nothing");
}

#[test]
fn object_tells_what_can_become_of_its_records() {
    let names = |names: &[&str]| names.iter().map(|name| field(name, FieldType::Other)).collect();
    for (fields, match_by, match_field, merges, converts) in [
        (names(&["Website", "MasterRecordId"]), Some(MatchBy::Website), true, true, false),
        (names(&["Website"]), Some(MatchBy::Email), false, false, false),
        (names(&["website"]), None, false, false, false),
        (names(&["email", "IsConverted", "ConvertedContactId"]), Some(MatchBy::Email), true, false, true),
        (names(&["Email", "IsConverted"]), Some(MatchBy::Email), true, false, false),
    ] {
        let known: Descriptions = [object("Account", fields)].into();
        let shown = Stream { match_by, ..stream(&[]) }.visible_fields(&known).unwrap();
        assert_eq!(
            (shown.match_field, shown.merges, shown.converts),
            (match_field, merges, converts),
            "{known:?}"
        );
    }
}

#[test]
fn conditions_stand_in_every_query_and_leave_deleted_records_out() {
    let all = stream(&["Name"]);
    let some = Stream { condition: Some(Condition::equals("Industry", "製造業")), ..all.clone() };
    for (stream, condition, all_rows) in
        [(&all, "", true), (&some, "SELECT Id FROM Account WHERE Industry = '製造業'", false)]
    {
        assert_eq!(stream.condition_text().unwrap(), condition);
        assert_eq!(stream.query_options(), QueryOptions { all_rows, batch_size: None });
    }
    let soql = |stream: &Stream| stream.select(["Id", "Name"].into_iter()).filter(changed_since(NOW)).build();
    assert_eq!(
        soql(&all).unwrap(),
        "SELECT Id,Name FROM Account WHERE SystemModstamp >= 2026-05-22T09:00:00.000Z"
    );
    assert_eq!(
        soql(&some).unwrap(),
        "SELECT Id,Name FROM Account WHERE Industry = '製造業' AND SystemModstamp >= 2026-05-22T09:00:00.000Z"
    );
}

#[test]
fn records_are_found_by_domain_or_email() {
    for (by, text, key) in [
        (MatchBy::Website, "https://www.example.co.jp/会社概要", Some("example.co.jp")),
        (MatchBy::Website, "未定", None),
        (MatchBy::Email, "Taro@Example.co.jp", Some("taro@example.co.jp")),
        (MatchBy::Email, "なし", None),
        (MatchBy::Email, "", None),
    ] {
        assert_eq!(by.key(text).as_deref(), key, "{by:?} {text}");
    }
}
