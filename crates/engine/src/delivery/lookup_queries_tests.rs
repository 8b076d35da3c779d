//! Which queries answer which needs, and what their records must say.

use super::*;
use domain::value::EmailAddress;
use serde_json::{Value, json};

const LEAD: &str = "00Q000000000001EAA";

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn person(text: &str) -> Need {
    Need::People { email: email(text) }
}

fn user(text: &str) -> Need {
    Need::Users { email: email(text) }
}

fn records(object: &str, field: &str, value: &str) -> Need {
    Need::Records { object: object.to_owned(), field: field.to_owned(), value: value.to_owned() }
}

fn soql(needs: &[Need]) -> Vec<String> {
    queries(needs.iter(), None).iter().map(|query| query.select.build().unwrap()).collect()
}

#[test]
fn each_kind_of_need_gives_its_queries() {
    let describe = Need::Describe { object: "Lead".to_owned() };
    for (need, expected) in [
        (
            person("Taro@Example.co.jp"),
            vec![
                "SELECT Id,Email,LastModifiedDate,OwnerId,Owner.IsActive,IsConverted FROM Lead \
                 WHERE Email IN ('taro@example.co.jp')",
                "SELECT Id,Email,LastModifiedDate,OwnerId,Owner.IsActive FROM Contact \
                 WHERE Email IN ('taro@example.co.jp')",
            ],
        ),
        (
            user("haruka.sato@tsugite.example"),
            vec![
                "SELECT Id,Email FROM User WHERE (IsActive = TRUE AND Email IN ('haruka.sato@tsugite.example'))",
            ],
        ),
        (
            records("Visit__c", "Page__c", "料金' OR Id != '"),
            vec![
                "SELECT Id,Page__c,LastModifiedDate FROM Visit__c WHERE Page__c IN ('料金\\' OR Id != \\'')",
            ],
        ),
        (
            records("Lead", "Phone", "03-1234-5678"),
            vec!["SELECT Id,Phone,LastModifiedDate,IsConverted FROM Lead WHERE Phone IN ('03-1234-5678')"],
        ),
        (describe, vec![]),
    ] {
        assert_eq!(soql(std::slice::from_ref(&need)), expected, "{need:?}");
    }
}

#[test]
fn needs_of_one_kind_share_a_query() {
    for (what, needs, tables) in [
        ("one person twice", vec![person("a@x.jp"), person("A@X.jp")], vec!["Lead", "Contact"]),
        (
            "people and users",
            vec![user("u@x.jp"), person("a@x.jp"), user("v@x.jp")],
            vec!["Lead", "Contact", "User"],
        ),
        ("two values of a field", vec![records("A", "X", "1"), records("A", "X", "2")], vec!["A"]),
        ("two fields", vec![records("A", "X", "1"), records("A", "Y", "1")], vec!["A", "A"]),
        ("two objects", vec![records("B", "X", "1"), records("A", "X", "1")], vec!["A", "B"]),
    ] {
        let asked = soql(&needs);
        let from = |soql: &String| soql.split(' ').nth(3).unwrap_or_default().to_owned();
        assert_eq!(asked.iter().map(from).collect::<Vec<_>>(), tables, "{what}: {asked:?}");
    }
    assert_eq!(
        soql(&[user("v@x.jp"), user("u@x.jp"), user("V@x.jp")]),
        ["SELECT Id,Email FROM User WHERE (IsActive = TRUE AND Email IN ('u@x.jp','v@x.jp'))"]
    );
}

#[test]
fn long_lists_are_split_below_the_limit() {
    let quoted = |soql: &str| soql.split('\'').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    for (count, length, expected) in
        [(1, 10, 1), (200, 20, 1), (300, 20, 2), (1_000, 20, 5), (3, MAX_LIST, 3)]
    {
        let value = |number: usize| format!("{number:0length$}");
        let needs: Vec<Need> =
            (0..count).map(|number| records("Visit__c", "Key__c", &value(number))).collect();
        let asked = soql(&needs);
        assert_eq!(asked.len(), expected, "{count} values of {length}");
        let all: Vec<String> = asked.iter().flat_map(|soql| quoted(soql)).collect();
        assert_eq!(all, (0..count).map(value).collect::<Vec<_>>(), "each value is asked for once");
        for soql in &asked {
            assert!(soql.len() <= MAX_LIST + 100, "{count} values of {length}: {}", soql.len());
        }
    }
}

fn row(values: Value) -> Record {
    serde_json::from_value(values).unwrap()
}

fn lead() -> Value {
    json!({ "Id": LEAD, "Email": "Taro@Example.co.jp", "LastModifiedDate": "2026-05-01T07:25:37.000+0000",
            "OwnerId": "005000000000001AAA", "Owner": { "IsActive": true }, "IsConverted": false })
}

fn found(purpose: &Purpose, record: Value) -> Result<LookupResult, Error> {
    let mut found = LookupResult::default();
    store(&mut found, purpose, &row(record)).map(|()| found)
}

#[test]
fn person_is_found_by_the_key_of_the_email() {
    for (object, converted, is_converted) in [
        (PersonObject::Lead, json!(false), false),
        (PersonObject::Lead, json!(true), true),
        (PersonObject::Contact, Value::Null, false),
    ] {
        let mut record = lead();
        record["IsConverted"] = converted;
        let found = found(&Purpose::People { object, key: None }, record).unwrap();
        let expected = Candidate {
            object,
            id: LEAD.to_owned(),
            last_modified: Timestamp::parse("2026-05-01T07:25:37Z").unwrap(),
            owner: Owner::User("005000000000001AAA".to_owned()),
            is_converted,
            is_deleted: false,
        };
        assert_eq!(found.candidates("taro@example.co.jp"), [expected]);
    }
}

#[test]
fn owner_is_told_by_prefix_and_activity() {
    let (user, queue) = ("005000000000001AAA".to_owned(), "00G000000000001EAA".to_owned());
    for (id, active, expected) in [
        (json!(user), json!(true), Owner::User(user.clone())),
        (json!(user), json!(false), Owner::InactiveUser(user.clone())),
        (json!(user), Value::Null, Owner::User(user.clone())),
        (json!(queue), Value::Null, Owner::Queue(queue.clone())),
        (json!(queue), json!(false), Owner::Queue(queue.clone())),
        (json!("003000000000001AAA"), json!(true), Owner::None),
        (json!("だれか"), json!(true), Owner::None),
        (Value::Null, json!(true), Owner::None),
    ] {
        let record = json!({ "OwnerId": id, "Owner": { "IsActive": active } });
        assert_eq!(owner(&row(record)), expected, "{id} {active}");
    }
    assert_eq!(owner(&row(json!({ "OwnerId": user, "Owner": null }))), Owner::User(user));
}

#[test]
fn user_and_record_are_found() {
    let users =
        found(&Purpose::Users, json!({ "Id": "005000000000001AAA", "Email": "Haruka@Tsugite.example" }));
    let haruka =
        OrgUser { id: "005000000000001AAA".to_owned(), email_key: "haruka@tsugite.example".to_owned() };
    assert_eq!(users.unwrap().users(), [haruka]);
    let purpose = Purpose::Records { object: "Visit__c".to_owned(), field: "Page__c".to_owned() };
    let records = found(
        &purpose,
        json!({ "Id": LEAD, "Page__c": "料金ABC", "LastModifiedDate": "2026-05-01T07:25:37.000+0000" }),
    )
    .unwrap();
    assert_eq!(records.records("Visit__c", "Page__c", "料金abc")[0].id, LEAD);
}

#[test]
fn row_without_a_needed_field_is_an_error() {
    let records = Purpose::Records { object: "Visit__c".to_owned(), field: "Page__c".to_owned() };
    let visit = json!({ "Id": LEAD, "Page__c": "料金", "LastModifiedDate": "2026-05-01T07:25:37.000+0000" });
    let host = json!({ "Id": "005000000000001AAA", "Email": "haruka@tsugite.example" });
    for (purpose, record, fields) in [
        (
            Purpose::People { object: PersonObject::Lead, key: None },
            lead(),
            &["Id", "Email", "LastModifiedDate"] as &[&str],
        ),
        (Purpose::Users, host, &["Id", "Email"]),
        (records, visit, &["Id", "Page__c", "LastModifiedDate"]),
    ] {
        for field in fields {
            for value in [Value::Null, json!(1)] {
                let mut record = record.clone();
                record[*field] = value;
                let Err(Error::Unreadable { reason, .. }) = found(&purpose, record.clone()) else {
                    panic!("{record} is taken");
                };
                assert!(reason.contains(field), "{field}: {reason}");
            }
        }
    }
}

#[test]
fn times_of_rest_are_read() {
    for (text, expected) in [
        ("2026-05-01T07:25:37.000+0000", Some("2026-05-01T07:25:37Z")),
        ("2026-05-01T16:25:37.000+0900", Some("2026-05-01T07:25:37Z")),
        ("2026-05-01T02:55:37.000-0430", Some("2026-05-01T07:25:37Z")),
        ("2026-05-01T16:25:37+09:00", Some("2026-05-01T07:25:37Z")),
        ("2026-05-01T07:25:37Z", Some("2026-05-01T07:25:37Z")),
        ("2026-05-01", None),
        ("2026年5月1日", None),
        ("+0900", None),
        ("", None),
    ] {
        assert_eq!(salesforce_time(text), expected.and_then(Timestamp::parse), "{text}");
    }
}

#[test]
fn lead_with_external_id_is_found_by_email_or_id_in_one_query() {
    let id = domain::value::DeliveryId(uuid::Uuid::from_u128(7));
    let needs = [
        Need::People { email: email("taro@example.jp") },
        Need::OwnRecords {
            object: "Lead".to_owned(),
            delivery: id,
            since: Timestamp::from_seconds(0),
            search: domain::delivery::OwnSearch::ByExternalIdOnly,
        },
    ];
    let found = queries(needs.iter(), Some("Tsugite_Id__c"));
    let leads = found[0].select.build().unwrap();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(leads.contains("Tsugite_Id__c FROM Lead"), "{leads}");
    assert!(
        leads.ends_with(&format!("(Email IN ('taro@example.jp') OR Tsugite_Id__c IN ('{id}'))")),
        "{leads}"
    );
    let without = queries(needs.iter(), None)[0].select.build().unwrap();
    assert!(!without.contains("Tsugite_Id__c"), "{without}");
}
