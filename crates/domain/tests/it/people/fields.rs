//! Person fields: with which Salesforce fields they match, and how values are converted (S2, S3).

use crate::support::field as org_field;
use domain::org::{FieldType, OrgField, PicklistOption};
use domain::people::{
    Direction, OptOutChange, PersonField, PersonFieldKind, TypeMatch, after_opt_out, change_keys,
    effective_direction, remote_text, remote_value, to_local, to_remote,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn picklist(kind: FieldType) -> OrgField {
    let option =
        |value: &str, active| PicklistOption { value: value.to_owned(), label: value.to_owned(), active };
    OrgField {
        options: vec![option("A", true), option("B", true), option("old", false)],
        ..org_field("X__c", kind)
    }
}

#[test]
fn kinds_match_as_the_type_table_says() {
    use FieldType as T;
    use PersonFieldKind as K;
    let both: [(PersonFieldKind, &[FieldType]); 9] = [
        (K::Text, &[T::String, T::Url, T::Email, T::Phone, T::Encrypted, T::Checkbox]),
        (K::Textarea, &[T::LongText, T::RichText, T::String]),
        (K::Radio, &[T::Picklist]),
        (K::Checkboxes, &[T::MultiPicklist]),
        (K::Dropdown, &[T::Picklist]),
        (K::Number, &[T::Number, T::Integer, T::Currency, T::Percent]),
        (K::Date, &[T::Date]),
        (K::Email, &[T::Email, T::String]),
        (K::Phone, &[T::Phone, T::String]),
    ];
    let shown = [(K::Date, T::DateTime), (K::Text, T::Picklist)];
    for (kind, matching) in both {
        for target in T::ALL {
            let expected = if matching.contains(&target) {
                TypeMatch::Both
            } else if shown.contains(&(kind, target)) {
                TypeMatch::FromSalesforce
            } else {
                TypeMatch::No
            };
            assert_eq!(kind.matches(target), expected, "{kind:?} {target:?}");
        }
    }
}

#[test]
fn what_the_org_does_not_let_us_change_is_only_read() {
    use Direction::{Both, FromSalesforce, ToSalesforce};
    let locked = OrgField { updateable: false, ..org_field("X__c", FieldType::String) };
    let formula = OrgField { calculated: true, ..org_field("X__c", FieldType::String) };
    let open = org_field("X__c", FieldType::String);
    for (target, wanted, expected) in [
        (&open, Both, Some(Both)),
        (&open, ToSalesforce, Some(ToSalesforce)),
        (&locked, Both, Some(FromSalesforce)),
        (&locked, ToSalesforce, None),
        (&formula, Both, Some(FromSalesforce)),
        (&formula, FromSalesforce, Some(FromSalesforce)),
    ] {
        let field = PersonField {
            name: "x".to_owned(),
            label: "X".to_owned(),
            kind: PersonFieldKind::Text,
            lead_field: Some("X__c".to_owned()),
            contact_field: None,
            direction: wanted,
            conflict: domain::people::ConflictRule::Newest,
        };
        assert_eq!(effective_direction(&field, target), expected, "{wanted:?}");
    }
}

#[test]
fn value_goes_out_exactly_or_is_refused_by_name() {
    use FieldType as T;
    use PersonFieldKind as K;
    let of = |kind: FieldType| org_field("X__c", kind);
    let short = OrgField { length: 3, ..of(T::String) };
    let amount = OrgField { precision: 5, scale: 2, ..of(T::Currency) };
    let required = OrgField { nillable: false, ..of(T::String) };
    for (kind, field, local, expected) in [
        (K::Text, of(T::Checkbox), "TRUE", Ok(("true", json!(true)))),
        (K::Text, of(T::Checkbox), "False", Ok(("false", json!(false)))),
        (K::Text, of(T::Checkbox), "", Err("not-true-or-false")),
        (K::Text, of(T::Checkbox), "はい", Err("not-true-or-false")),
        (K::Text, of(T::Checkbox), "tRUE", Err("not-true-or-false")),
        (K::Date, of(T::Date), "2026-12-01", Ok(("2026-12-01", json!("2026-12-01")))),
        (K::Date, of(T::Date), "2026/12/01", Ok(("2026-12-01", json!("2026-12-01")))),
        (K::Date, of(T::Date), "12/01", Err("not-a-date")),
        (K::Date, of(T::Date), "12月1日", Err("not-a-date")),
        (K::Date, of(T::Date), "2026-02-30", Err("not-a-date")),
        (K::Date, of(T::Date), "", Ok(("", Value::Null))),
        (K::Radio, picklist(T::Picklist), "A", Ok(("A", json!("A")))),
        (K::Radio, picklist(T::Picklist), "a", Err("not-an-option")),
        (K::Radio, picklist(T::Picklist), "old", Err("not-an-option")),
        (K::Checkboxes, picklist(T::MultiPicklist), "B;A", Ok(("B;A", json!("B;A")))),
        (K::Checkboxes, picklist(T::MultiPicklist), "A;C", Err("not-an-option")),
        (K::Number, amount.clone(), "1,200", Err("out-of-range")),
        (K::Number, amount.clone(), "120.50", Ok(("120.5", json!(120.5)))),
        (K::Number, amount, "1.234", Err("out-of-range")),
        (K::Number, of(T::Integer), "1.5", Err("not-a-whole-number")),
        (
            K::Email,
            of(T::Email),
            "Taro@Example.co.jp",
            Ok(("Taro@example.co.jp", json!("Taro@example.co.jp"))),
        ),
        (K::Email, of(T::Email), "taro", Err("not-an-email")),
        (K::Text, short.clone(), "四文字だ", Err("too-long")),
        (K::Text, short, "三文字", Ok(("三文字", json!("三文字")))),
        (K::Text, required, "", Err("required")),
        (K::Date, of(T::DateTime), "2026-12-01", Err("wrong-type")),
    ] {
        let made = to_remote(kind, &field, local);
        let sent = made.as_ref().map(|text| (text.as_str(), remote_value(&field, text)));
        assert_eq!(sent.map_err(String::as_str), expected, "{kind:?} {local:?}");
    }
}

#[test]
fn value_comes_in_as_the_org_has_it_and_moments_become_days_of_the_workspace() {
    for (value, text) in [
        (Value::Null, ""),
        (json!(true), "true"),
        (json!(12.0), "12"),
        (json!(12.5), "12.5"),
        (json!("x"), "x"),
    ] {
        assert_eq!(remote_text(&value), text, "{value}");
    }
    let moment = org_field("X__c", FieldType::DateTime);
    let day = |remote: &str, zone: &str| to_local(PersonFieldKind::Date, &moment, remote, zone);
    assert_eq!(day("2026-11-30T20:00:00.000+0000", "Asia/Tokyo").unwrap(), "2026-12-01");
    assert_eq!(day("2026-11-30T20:00:00.000+0000", "UTC").unwrap(), "2026-11-30");
    assert_eq!(day("", "UTC").unwrap(), "");
    assert_eq!(day("soon", "UTC"), Err("not-a-date".to_owned()));
}

/// Script 27.
#[test]
fn refusal_counts_at_once_and_only_the_person_takes_it_back() {
    use OptOutChange::{Person, Salesforce};
    for (before, change, after) in [
        (false, Salesforce { opted_out: true }, true),
        (true, Salesforce { opted_out: false }, true),
        (false, Salesforce { opted_out: false }, false),
        (false, Person { opted_out: true, has_evidence: false }, true),
        (true, Person { opted_out: false, has_evidence: true }, false),
        (true, Person { opted_out: false, has_evidence: false }, true),
    ] {
        assert_eq!(after_opt_out(before, change), after, "{before} {change:?}");
    }
}

/// Scripts 22 and 23: who has each address, who wants which; who gets it, and who is told of another.
#[test]
fn addresses_that_are_swapped_change_together_and_one_that_is_taken_stays() {
    let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect()
    };
    for (owners, wanted, accepted, taken) in [
        (vec![("x", "p1")], vec![("p1", "y")], vec![("p1", "y")], vec![]),
        (
            vec![("x", "p1"), ("y", "p2")],
            vec![("p1", "y"), ("p2", "x")],
            vec![("p1", "y"), ("p2", "x")],
            vec![],
        ),
        (vec![("x", "p1"), ("y", "p2")], vec![("p1", "y")], vec![], vec![("p1", "p2")]),
        (
            vec![("x", "p1"), ("y", "p2")],
            vec![("p1", "z"), ("p2", "z")],
            vec![("p1", "z")],
            vec![("p2", "p1")],
        ),
        // A chain of three, of which the last can't move: nobody can.
        (
            vec![("x", "p1"), ("y", "p2"), ("z", "p3")],
            vec![("p1", "y"), ("p2", "z")],
            vec![],
            vec![("p1", "p2"), ("p2", "p3")],
        ),
        (vec![("x", "p1")], vec![("p1", "x")], vec![], vec![]),
    ] {
        let changes = change_keys(&map(&owners), &map(&wanted));
        assert_eq!((changes.accepted, changes.taken), (map(&accepted), map(&taken)), "{owners:?} {wanted:?}");
    }
}
