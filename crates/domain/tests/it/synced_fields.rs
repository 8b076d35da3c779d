//! Which fields are synced for the router, and when (D1–D3).

use domain::org::{Descriptions, FieldPath, FieldType, ObjectDescription, OrgField, PathError};
use domain::run::{TimeOfDay, manual_wait, next_nightly};
use domain::synced_fields::{
    Finding, SyncedFields, SyncedObject, check_against_org, check_synced_fields, problems_of, still_unknown,
};
use domain::value::Timestamp;

#[test]
fn typed_paths_are_parsed() {
    for (typed, expected) in [
        ("Email", Ok("Email")),
        (" Owner.Email ", Ok("Owner.Email")),
        ("Ｆｉｅｌｄ１__r.Name", Ok("Field1__r.Name")),
        ("Account.Parent.Parent.Parent.Owner.Email", Ok("Account.Parent.Parent.Parent.Owner.Email")),
        ("Account.Parent.Parent.Parent.Parent.Owner.Email", Err("path-too-deep")),
        ("", Err("required")),
        ("Owner.", Err("not-a-field-path")),
        ("Owner..Email", Err("not-a-field-path")),
        ("1st", Err("not-a-field-path")),
        ("Email; DROP", Err("not-a-field-path")),
        ("(SELECT Id FROM Contacts)", Err("not-a-field-path")),
        ("メール", Err("not-a-field-path")),
    ] {
        let read = FieldPath::parse(typed, "lead[0]");
        match expected {
            Ok(path) => assert_eq!(read.unwrap().to_string(), path, "{typed:?}"),
            Err(code) => {
                let problem = read.unwrap_err();
                assert_eq!((problem.field.as_str(), problem.code.as_str()), ("lead[0]", code), "{typed:?}");
            }
        }
    }
}

#[test]
fn each_line_is_validated_separately() {
    let given = SyncedFields::default()
        .with(SyncedObject::Lead, ["Email", "email", "Owner..Email"].map(str::to_owned).to_vec())
        .with(SyncedObject::Account, vec!["Industry".to_owned(); 101]);
    let problems = check_synced_fields(given).unwrap_err();
    let told: Vec<_> = problems.iter().map(|one| (one.field.as_str(), one.code.as_str())).collect();
    assert_eq!(told, [("account", "too-many"), ("lead[1]", "taken"), ("lead[2]", "not-a-field-path")]);
}

fn field(name: &str) -> OrgField {
    serde_json::from_value(serde_json::json!({
        "name": name, "label": format!("label of {name}"), "kind": FieldType::String, "createable": true,
        "updateable": true, "nillable": true,
    }))
    .unwrap()
}

fn lookup(name: &str, relationship: &str, to: &[&str]) -> OrgField {
    let reference_to = to.iter().map(|object| (*object).to_owned()).collect();
    OrgField {
        relationship: Some(relationship.to_owned()),
        reference_to,
        kind: FieldType::Other,
        ..field(name)
    }
}

fn object(name: &str, fields: Vec<OrgField>) -> (String, Option<ObjectDescription>) {
    let description = ObjectDescription {
        name: name.to_owned(),
        label: name.to_owned(),
        createable: true,
        updateable: true,
        fields,
        child_lists: Vec::new(),
        record_types: Vec::new(),
    };
    (name.to_owned(), Some(description))
}

fn org() -> Descriptions {
    let address = OrgField { compound: true, kind: FieldType::Other, ..field("Address") };
    let city = OrgField { part_of: Some("Address".to_owned()), ..field("City") };
    let mut account =
        object("Account", vec![field("Name"), field("Industry"), lookup("OwnerId", "Owner", &["User"])]);
    account.1.as_mut().unwrap().child_lists.push("Contacts".to_owned());
    [
        object(
            "Lead",
            vec![
                field("Email"),
                field("Company"),
                address,
                city,
                lookup("OwnerId", "Owner", &["Group", "User"]),
                lookup("Shop__c", "Shop__r", &["Shop__c"]),
                lookup("Secret__c", "Secret__r", &["Secret__c"]),
            ],
        ),
        object("Contact", vec![field("Email"), lookup("AccountId", "Account", &["Account"])]),
        account,
        object("User", vec![field("Email"), field("Department")]),
        object("Shop__c", vec![field("Name"), field("Opened__c")]),
        ("Secret__c".to_owned(), None),
    ]
    .into()
}

#[test]
fn paths_are_checked_against_org() {
    let fetched = |label: &str, derived: bool| {
        let label = label.to_owned();
        Finding::Usable { label, kind: FieldType::String, derived }
    };
    let good = |label: &str| fetched(label, false);
    let derived = |label: &str| fetched(label, true);
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    for (object, path, expected) in [
        (SyncedObject::Lead, "email", good("label of Email")),
        (SyncedObject::Lead, "Owner.Email", derived("Email")),
        (SyncedObject::Lead, "Shop__r.Opened__c", derived("label of Opened__c")),
        (SyncedObject::Contact, "Account.Owner.Department", derived("label of Department")),
        (SyncedObject::Lead, "Shop__c", Finding::IdOnly { offer: "Shop__r.Name".to_owned() }),
        (SyncedObject::Contact, "AccountId", Finding::IdOnly { offer: "Account.Name".to_owned() }),
        (
            SyncedObject::Lead,
            "Emial",
            Finding::Lost(PathError::NoSuchField { on: "Lead".to_owned(), hints: names(&["Email"]) }),
        ),
        (
            SyncedObject::Contact,
            "Account.Industri",
            Finding::Lost(PathError::NoSuchField { on: "Account".to_owned(), hints: names(&["Industry"]) }),
        ),
        (
            SyncedObject::Lead,
            "Shopp__r.Name",
            Finding::Lost(PathError::NoSuchLookup {
                name: "Shopp__r".to_owned(),
                on: "Lead".to_owned(),
                hints: names(&["Shop__r"]),
            }),
        ),
        (
            SyncedObject::Lead,
            "Owner.Salary",
            Finding::Lost(PathError::NoSuchField { on: "Owner".to_owned(), hints: Vec::new() }),
        ),
        (
            SyncedObject::Contact,
            "Account.contacts.Email",
            Finding::Lost(PathError::ChildList { name: "contacts".to_owned(), on: "Account".to_owned() }),
        ),
        (SyncedObject::Lead, "Address", Finding::Unsupported { hints: names(&["City"]) }),
        (
            SyncedObject::Lead,
            "Secret__r.Name",
            Finding::Lost(PathError::Hidden { on: "Secret__c".to_owned() }),
        ),
    ] {
        let mut fields = SyncedFields::default();
        fields.of_mut(object).push(path.to_owned());
        let verdicts = check_against_org(&fields, &org());
        assert_eq!(verdicts[0].finding, expected, "{path}");
    }
}

#[test]
fn problem_names_field_and_index() {
    let lead = ["Emial", "OwnerId", "Address", "Shopp__r.Name", "Secret__r.Name"].map(str::to_owned);
    let fields = SyncedFields::default()
        .with(SyncedObject::Account, ["Name", "Contacts", "Contacts.Email"].map(str::to_owned).to_vec())
        .with(SyncedObject::Lead, lead.to_vec());
    let faults = problems_of(&fields, &check_against_org(&fields, &org()));
    let told: Vec<_> = faults.iter().map(|one| (one.field.as_str(), one.code.as_str())).collect();
    assert_eq!(
        told,
        [
            ("account[1]", "child-list"),
            ("account[2]", "child-list"),
            ("lead[0]", "no-such-field"),
            ("lead[2]", "compound-field"),
            ("lead[3]", "no-such-lookup"),
            ("lead[4]", "object-hidden"),
        ]
    );
    assert_eq!(faults[2].data["hint"], "Email");
}

#[test]
fn only_new_paths_are_checked() {
    let chosen = |lead: &[&str]| {
        let paths = lead.iter().map(|path| (*path).to_owned()).collect();
        SyncedFields::default().with(SyncedObject::Lead, paths)
    };
    for (before, after, new) in [
        (&["Email"][..], &["email"][..], &[][..]),
        (&["Email", "Gone__c"], &["Gone__c", "Status"], &["Status"]),
        (&[], &["Email"], &["Email"]),
        (&["Email"], &[], &[]),
    ] {
        assert_eq!(chosen(after).newly_chosen(&chosen(before)), chosen(new), "{before:?} {after:?}");
    }
}

#[test]
fn parent_objects_are_requested_in_sequence() {
    let mut fields = SyncedFields::default();
    fields.of_mut(SyncedObject::Contact).push("Account.Owner.Department".to_owned());
    let mut known = Descriptions::new();
    let mut asked = Vec::new();
    loop {
        let unknown = still_unknown(&fields, &known);
        let Some(name) = unknown.into_iter().next() else { break };
        known.insert(name.clone(), org()[&name].clone());
        asked.push(name);
    }
    assert_eq!(asked, ["Contact", "Account", "User"]);
}

#[test]
fn daily_schedule_is_due_once_in_workspace_time_zone() {
    let moment = |text: &str| Timestamp::parse(text).unwrap();
    let three: TimeOfDay = "3:00".parse().unwrap();
    for (after, at, zone, expected) in [
        ("2026-05-22T10:00:00Z", three, "Asia/Tokyo", "2026-05-22T18:00:00Z"),
        ("2026-05-22T18:00:00Z", three, "Asia/Tokyo", "2026-05-23T18:00:00Z"),
        ("2026-05-22T17:59:59Z", three, "Asia/Tokyo", "2026-05-22T18:00:00Z"),
        ("2026-05-22T10:00:00Z", "23:30".parse().unwrap(), "UTC", "2026-05-22T23:30:00Z"),
        // 02:30 does not exist on that day: the clock jumps from 2 to 3.
        ("2026-03-29T00:00:00Z", "02:30".parse().unwrap(), "Europe/Berlin", "2026-03-29T01:30:00Z"),
        ("2026-05-22T10:00:00Z", three, "Nowhere/Land", "2026-05-23T03:00:00Z"),
    ] {
        assert_eq!(next_nightly(moment(after), at, zone), moment(expected), "{after} {zone}");
    }
    for bad in ["", "3", "24:00", "12:60", "-1:00", "12:00:00", "+3:00", "1 2:00"] {
        assert!(bad.parse::<TimeOfDay>().is_err(), "{bad:?}");
    }
}

#[test]
fn manual_sync_within_two_hours_is_too_soon() {
    let noon = Timestamp::parse("2026-05-22T12:00:00Z").unwrap();
    assert_eq!(manual_wait(None, noon), None);
    assert_eq!(manual_wait(Some(noon), noon.plus_minutes(119)), Some(noon.plus_minutes(120)));
    assert_eq!(manual_wait(Some(noon), noon.plus_minutes(120)), None);
}
