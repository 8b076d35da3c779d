//! Person fields as they are typed, and what a changed mapping makes of what was agreed on.

use domain::people::{Link, PersonField, PersonFields, check_person_fields};
use serde_json::{Value, json};

fn fields(list: Value) -> Vec<PersonField> {
    serde_json::from_value(list).unwrap()
}

#[test]
fn faults_of_person_fields_are_told_at_their_place() {
    let email = json!({ "name": "email", "type": "email" });
    for (list, expected) in [
        (json!([email]), vec![]),
        (json!([]), vec!["fields person-field-email-missing"]),
        (json!([{ "name": "email", "type": "text" }]), vec!["fields[0].type wrong-type"]),
        (
            json!([email, { "name": "Bad Name", "label": "x", "type": "text" }]),
            vec!["fields[1].name bad-key"],
        ),
        (json!([email, { "name": "rank", "type": "text" }]), vec!["fields[1].label required"]),
        (
            json!([email, { "name": "rank", "label": "a", "type": "text" }, { "name": "rank", "label": "b", "type": "text" }]),
            vec!["fields[2].name taken"],
        ),
        (
            json!([email, { "name": "rank", "label": "あ".repeat(81), "type": "text" }]),
            vec!["fields[1].label too-long"],
        ),
    ] {
        let problems = check_person_fields(&fields(list.clone()));
        let told: Vec<String> =
            problems.iter().map(|problem| format!("{} {}", problem.field, problem.code)).collect();
        assert_eq!(told, expected, "{list}");
    }
}

#[test]
fn only_a_changed_mapping_is_agreed_on_anew() {
    let before = PersonFields::default();
    let mut list = before.fields.clone();
    list[3].label = "勤務先".to_owned();
    assert_eq!(before.changed_to(list.clone()).revision, 0, "a label is no mapping");
    list[4].lead_field = Some("Rank__c".to_owned());
    let after = before.changed_to(list);
    assert_eq!((after.revision, after.mapped_at.get("title")), (1, Some(&1)));
    let mut link = Link::default();
    for name in ["title", "company"] {
        link.base_local.insert(name.to_owned(), "x".to_owned());
        link.base_remote.insert(name.to_owned(), "x".to_owned());
    }
    link.forget_old_mappings(&after.mapped_at, after.revision);
    assert_eq!(link.base_local.keys().collect::<Vec<_>>(), ["company"]);
    assert_eq!(link.revision, 1);
    link.base_local.insert("title".to_owned(), "y".to_owned());
    link.forget_old_mappings(&after.mapped_at, after.revision);
    assert_eq!(link.base_local.len(), 2, "once");
}

#[test]
fn email_has_to_be_mapped_to_both_objects() {
    let mut fields = PersonFields::default();
    assert!(fields.is_email_mapped());
    fields.fields[0].contact_field = None;
    assert!(!fields.is_email_mapped());
}
