//! The whole type table: every question kind × every Salesforce field type (K15).

use crate::support::{field, object, question};
use domain::form::{AskedOn, FieldKind as K, FieldMapping, check_fields, check_mappings, is_allowed};
use domain::org::FieldType as T;

pub(crate) const TYPES: [T; 17] = [
    T::String,
    T::Url,
    T::Email,
    T::RichText,
    T::LongText,
    T::Phone,
    T::Number,
    T::Integer,
    T::Currency,
    T::Percent,
    T::Encrypted,
    T::Picklist,
    T::MultiPicklist,
    T::Checkbox,
    T::Date,
    T::DateTime,
    T::Other,
];

#[test]
fn every_question_kind_and_field_type_gives_verdict() {
    let texts = [
        T::String,
        T::Url,
        T::Email,
        T::RichText,
        T::Phone,
        T::Number,
        T::Integer,
        T::Currency,
        T::Encrypted,
        T::Percent,
    ];
    let with = |more: &[T]| texts.iter().chain(more).copied().collect::<Vec<_>>();
    let table = [
        (K::Text, with(&[])),
        (K::Textarea, with(&[T::LongText])),
        (K::Radio, vec![T::Picklist, T::String]),
        (K::Checkboxes, vec![T::MultiPicklist]),
        (K::Dropdown, vec![T::Picklist, T::MultiPicklist, T::String]),
        (K::Hidden, with(&[T::Picklist, T::Checkbox])),
        (K::Date, vec![T::Date, T::DateTime]),
    ];
    let mut cases = 0;
    for (kind, allowed) in table {
        for target in TYPES {
            assert_eq!(is_allowed(kind, target), allowed.contains(&target), "{kind:?} → {target:?}");
            cases += 1;
        }
    }
    assert_eq!(cases, 7 * 17);
}

#[test]
fn describe_types_are_parsed() {
    let rows = [
        ("string", false, T::String),
        ("textarea", false, T::LongText),
        ("textarea", true, T::RichText),
        ("double", false, T::Number),
        ("int", false, T::Integer),
        ("encryptedstring", false, T::Encrypted),
        ("multipicklist", false, T::MultiPicklist),
        ("boolean", false, T::Checkbox),
        ("reference", false, T::Other),
        ("something new", false, T::Other),
    ];
    for (kind, html, expected) in rows {
        assert_eq!(T::from_describe(kind, html), expected, "{kind}");
    }
}

#[test]
fn mapping_forbidden_by_table_is_rejected() {
    let mut locked = field("Locked__c", T::String);
    locked.updateable = false;
    let lead = object(
        "Lead",
        vec![
            field("Rank__c", T::Picklist),
            locked,
            field("LastName", T::String),
            field("Note__c", T::String),
        ],
    );
    let questions = [question("text", K::Text, &[]), question("rank", K::Radio, &["高"])];
    let rows = [
        ("text", "Note__c", None),
        ("rank", "rank__C", None),
        ("text", "Rank__c", Some(("salesforce_field", "wrong-type"))),
        ("text", "Locked__c", Some(("salesforce_field", "not-writable"))),
        ("text", "Nope__c", Some(("salesforce_field", "no-such-salesforce-field"))),
        ("text", "LastName", Some(("salesforce_field", "never-mapped"))),
        ("gone", "Note__c", Some(("field", "unknown-field"))),
    ];
    for (from, to, expected) in rows {
        let mapping = FieldMapping { field: from.to_owned(), salesforce_field: to.to_owned() };
        let problems = check_mappings(&[mapping], &questions, Some(&lead), "mappings");
        let found = problems.first().map(|problem| (problem.field.as_str(), problem.code.as_str()));
        let expected = expected.map(|(field, code)| (format!("mappings[0].{field}"), code));
        assert_eq!(found, expected.as_ref().map(|(field, code)| (field.as_str(), *code)), "{from} → {to}");
    }
    let twice = ["Note__c", "note__c"]
        .map(|to| FieldMapping { field: "text".to_owned(), salesforce_field: to.to_owned() });
    assert_eq!(check_mappings(&twice, &questions, Some(&lead), "m")[0].code, "taken");
    assert_eq!(check_mappings(&twice[..1], &questions, None, "m")[0].code, "org-not-described");
}

#[test]
fn decision_of_a_router_fills_texts_only_and_no_question_has_its_key() {
    let fields: Vec<_> = TYPES.iter().map(|kind| field(&format!("{kind:?}__c"), *kind)).collect();
    let lead = object("Lead", fields);
    for kind in TYPES {
        let mapping = FieldMapping { field: "routing".to_owned(), salesforce_field: format!("{kind:?}__c") };
        let problems = check_mappings(&[mapping], &[], Some(&lead), "mappings");
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code.as_str()).collect();
        let is_text = matches!(kind, T::String | T::LongText | T::RichText);
        assert_eq!(codes, if is_text { vec![] } else { vec!["routing-needs-text"] }, "{kind:?}");
    }
    for asked_on in [AskedOn::BookingPage, AskedOn::Form] {
        let problems = check_fields(&[question("routing", K::Text, &[])], asked_on, "fields");
        assert_eq!((problems[0].field.as_str(), problems[0].code.as_str()), ("fields[0].key", "reserved"));
    }
}
