//! Segments: what each term means for which values, on which day, and what is wrong with conditions that can't be asked.

use domain::people::{
    ConflictRule, Direction, LinkState, PersonField, PersonFieldKind, PersonFields, Values,
};
use domain::segment::{
    CampaignSources, PersonFacts, Segment, SegmentCondition, SegmentContext, explain, is_member, resolve,
    value_key,
};
use domain::value::{FormId, PageId, SegmentId, Timestamp};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const FORM: FormId = FormId(Uuid::from_u128(1));
const OTHER_FORM: FormId = FormId(Uuid::from_u128(2));
const PAGE: PageId = PageId(Uuid::from_u128(3));
const CAMPAIGN: &str = "701000000000001AAA";

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn field(name: &str, kind: PersonFieldKind) -> PersonField {
    PersonField {
        name: name.to_owned(),
        label: name.to_owned(),
        kind,
        lead_field: None,
        contact_field: None,
        direction: Direction::Both,
        conflict: ConflictRule::Newest,
    }
}

/// 20:00 UTC on Friday the 22nd is Saturday the 23rd in Tokyo.
fn context(zone: &str) -> SegmentContext {
    let mut fields = PersonFields::default();
    fields.fields.extend([
        field("rank", PersonFieldKind::Dropdown),
        field("interests", PersonFieldKind::Checkboxes),
        field("employees", PersonFieldKind::Number),
        field("renewal", PersonFieldKind::Date),
    ]);
    SegmentContext {
        fields,
        zone: TimeZone::get(zone).unwrap(),
        now: at("2026-05-22T20:00:00Z"),
        forms: BTreeMap::from([("contact".to_owned(), FORM), ("seminar".to_owned(), OTHER_FORM)]),
        pages: BTreeMap::from([("sales/demo".to_owned(), PAGE)]),
        campaigns: BTreeMap::from([(
            CAMPAIGN.to_owned(),
            CampaignSources { forms: vec![OTHER_FORM], has_bookings: true },
        )]),
        lists: BTreeSet::from(["vip".to_owned()]),
        segments: BTreeMap::new(),
    }
}

fn condition(body: Value) -> SegmentCondition {
    serde_json::from_value(body).unwrap()
}

fn term(term: Value) -> SegmentCondition {
    condition(json!({ "any": [{ "all": [term] }] }))
}

fn of_field(field: &str, operator: &str, value: Value) -> SegmentCondition {
    term(json!({ "kind": "field", "field": field, "operator": operator, "value": value }))
}

fn holds(condition: &SegmentCondition, facts: &PersonFacts, zone: &str) -> bool {
    is_member(&resolve(condition, &context(zone), None).unwrap(), facts)
}

fn with(field: &str, value: &str) -> PersonFacts {
    PersonFacts { values: Values::from([(field.to_owned(), value.to_owned())]), ..PersonFacts::default() }
}

#[test]
fn operators_compare_values_as_the_fields_type_allows() {
    let cases = [
        ("title", "equals", json!("部長"), &["部長", " 部長 "][..], &["副部長", ""][..]),
        ("title", "equals", json!("Manager"), &["MANAGER", "ｍａｎａｇｅｒ"], &["Managers"]),
        // “Is not” includes blank.
        ("title", "not_equals", json!("部長"), &["課長", "", "  "], &["部長"]),
        ("title", "is_none_of", json!(["部長", "課長"]), &["", "社員"], &["課長"]),
        ("title", "is_one_of", json!(["部長", "課長"]), &["課長"], &["", "社員"]),
        ("title", "contains", json!("部長"), &["営業部長", "部長代理"], &["課長", ""]),
        ("title", "contains", json!("100%_!"), &["達成100%_!です"], &["達成1000です", "達成100です"]),
        ("title", "starts_with", json!("営業"), &["営業部長"], &["東日本営業"]),
        ("title", "is_blank", json!(null), &["", "\u{3000}"], &["部長"]),
        ("title", "is_not_blank", json!(null), &["部長"], &["", " "]),
        (
            "phone",
            "equals",
            json!("03-1234-5678"),
            &["０３（１２３４）５６７８", "0312345678"],
            &["0312345679"],
        ),
        ("phone", "starts_with", json!("03"), &["03-1234-5678"], &["06-1234-5678"]),
        ("email", "contains", json!("@SAMPLE.example"), &["taro@sample.example"], &["taro@other.example"]),
        ("rank", "equals", json!("A"), &["A"], &["B", "", "AA"]),
        ("interests", "includes", json!(["製品B"]), &["製品A;製品B", "製品B"], &["製品A", "", "製品BC"]),
        ("interests", "excludes", json!(["製品A", "製品B"]), &["製品C", ""], &["製品C;製品A"]),
        ("employees", "equals", json!("1,000"), &["1000", "1000.0"], &["100", "", "千"]),
        ("employees", "not_equals", json!(1000), &["999", "", "不明"], &["1,000"]),
        ("employees", "less_than", json!(0), &["-0.5", "-100"], &["0", "1", "", "不明"]),
        ("employees", "less_or_equal", json!("99.5"), &["99.5", "9", "-1"], &["99.51", "100", ""]),
        (
            "employees",
            "greater_than",
            json!("-10"),
            &["-9.99", "0", "123456789"],
            &["-10", "-11", "", "不明"],
        ),
        ("employees", "greater_or_equal", json!(50), &["50", "50.0", "51"], &["49.9", ""]),
        ("employees", "between", json!([-1, 10]), &["-1", "0", "9.99", "10"], &["-1.01", "10.01", "", "x"]),
        ("renewal", "on", json!("2026-05-22"), &["2026-05-22", "2026/05/22"], &["2026-05-23", ""]),
        ("renewal", "before", json!("2026-05-22"), &["2026-05-21"], &["2026-05-22", "", "未定"]),
        ("renewal", "after", json!("2026-05-22"), &["2026-05-23", "2100-01-01"], &["2026-05-22", "", "未定"]),
        ("renewal", "on_or_before", json!("2026-05-22"), &["2026-05-22"], &["2026-05-23", ""]),
        ("renewal", "on_or_after", json!("2026-05-22"), &["2026-05-22"], &["2026-05-21", ""]),
        ("renewal", "between", json!(["2026-05-01", "2026-05-31"]), &["2026-05-31"], &["2026-06-01", ""]),
        ("renewal", "is_not_blank", json!(null), &["未定", "2026-05-22"], &[""]),
    ];
    for (name, operator, value, fitting, others) in cases {
        let condition = of_field(name, operator, value.clone());
        for kept in fitting {
            assert!(holds(&condition, &with(name, kept), "Asia/Tokyo"), "{name} {operator} {value}: {kept}");
        }
        for kept in others {
            assert!(
                !holds(&condition, &with(name, kept), "Asia/Tokyo"),
                "{name} {operator} {value}: {kept} is out"
            );
        }
    }
}

/// Which days a word means: the first and the last one, and those beside them.
#[test]
fn relative_days_begin_and_end_in_the_zone_of_the_workspace() {
    let cases = [
        ("Asia/Tokyo", "today", "2026-05-23", "2026-05-23"),
        ("UTC", "today", "2026-05-22", "2026-05-22"),
        ("America/Los_Angeles", "tomorrow", "2026-05-23", "2026-05-23"),
        ("Asia/Tokyo", "last_n_days:30", "2026-04-23", "2026-05-23"),
        ("UTC", "last_n_days:30", "2026-04-22", "2026-05-22"),
        ("Asia/Tokyo", "next_n_days:7", "2026-05-24", "2026-05-30"),
        ("Asia/Tokyo", "n_days_ago:3", "2026-05-20", "2026-05-20"),
        ("Asia/Tokyo", "this_week", "2026-05-17", "2026-05-23"),
        ("Asia/Tokyo", "last_week", "2026-05-10", "2026-05-16"),
        ("Asia/Tokyo", "next_week", "2026-05-24", "2026-05-30"),
        ("Asia/Tokyo", "this_month", "2026-05-01", "2026-05-31"),
        ("Asia/Tokyo", "last_month", "2026-04-01", "2026-04-30"),
        ("Asia/Tokyo", "next_month", "2026-06-01", "2026-06-30"),
        ("Asia/Tokyo", "this_quarter", "2026-04-01", "2026-06-30"),
        ("Asia/Tokyo", "last_quarter", "2026-01-01", "2026-03-31"),
        ("Asia/Tokyo", "next_quarter", "2026-07-01", "2026-09-30"),
        ("Asia/Tokyo", "this_year", "2026-01-01", "2026-12-31"),
        ("Asia/Tokyo", "last_year", "2025-01-01", "2025-12-31"),
        ("Asia/Tokyo", "next_year", "2027-01-01", "2027-12-31"),
    ];
    for (zone, word, first, last) in cases {
        let condition = of_field("renewal", "on", json!(word));
        let beside = |day: &str, days: i64| {
            day.parse::<jiff::civil::Date>()
                .unwrap()
                .checked_add(jiff::Span::new().days(days))
                .unwrap()
                .to_string()
        };
        for (day, expected) in [
            (first.to_owned(), true),
            (last.to_owned(), true),
            (beside(first, -1), false),
            (beside(last, 1), false),
        ] {
            assert_eq!(holds(&condition, &with("renewal", &day), zone), expected, "{zone} {word}: {day}");
        }
        let before = of_field("renewal", "before", json!(word));
        assert!(holds(&before, &with("renewal", &beside(first, -1)), zone), "{zone} before {word}");
        assert!(!holds(&before, &with("renewal", first), zone), "{zone} before {word}");
    }
}

#[test]
fn facts_count_from_the_beginning_of_the_first_day() {
    let sent = |when: &str| PersonFacts {
        submissions: BTreeMap::from([(FORM, at(when))]),
        ..PersonFacts::default()
    };
    let form = |body: Value| term(body);
    let in_two_days = form(json!({ "kind": "form", "name": "contact", "days": 2 }));
    for (zone, when, expected) in [
        // The 21st begins in Tokyo at 15:00 UTC of the 20th.
        ("Asia/Tokyo", "2026-05-20T15:00:00Z", true),
        ("Asia/Tokyo", "2026-05-20T14:59:59Z", false),
        ("UTC", "2026-05-20T00:00:00Z", true),
        ("UTC", "2026-05-19T23:59:59Z", false),
    ] {
        assert_eq!(holds(&in_two_days, &sent(when), zone), expected, "{zone} {when}");
    }
    let never = form(json!({ "kind": "form", "name": "contact", "not": true }));
    assert!(holds(&never, &PersonFacts::default(), "UTC"));
    assert!(!holds(&never, &sent("2020-01-01T00:00:00Z"), "UTC"));
    assert!(
        holds(&form(json!({ "kind": "form" })), &sent("2020-01-01T00:00:00Z"), "UTC"),
        "any form, any time"
    );
    assert!(!holds(
        &form(json!({ "kind": "form", "name": "seminar" })),
        &sent("2026-05-22T00:00:00Z"),
        "UTC"
    ));
    let campaign = form(json!({ "kind": "campaign", "name": "701000000000001" }));
    assert!(!holds(&campaign, &sent("2026-05-22T00:00:00Z"), "UTC"), "not a form of the campaign");
    let booked = PersonFacts {
        bookings: BTreeMap::from([(PAGE, at("2026-05-22T00:00:00Z"))]),
        ..PersonFacts::default()
    };
    assert!(holds(&campaign, &booked, "UTC"));
    assert!(holds(&form(json!({ "kind": "page", "name": "sales/demo", "days": 1 })), &booked, "UTC"));
    let listed = PersonFacts { lists: BTreeSet::from(["vip".to_owned()]), ..PersonFacts::default() };
    assert!(holds(&form(json!({ "kind": "list", "name": "vip" })), &listed, "UTC"));
    let failed = PersonFacts { sync: LinkState::Failed, ..PersonFacts::default() };
    assert!(holds(&form(json!({ "kind": "sync", "name": "failed" })), &failed, "UTC"));
    assert!(!holds(&form(json!({ "kind": "visit", "days": 7 })), &failed, "UTC"));
}

#[test]
fn any_group_is_enough_and_each_term_says_whether_it_holds() {
    let condition = condition(json!({ "any": [
        { "all": [
            { "kind": "field", "field": "title", "operator": "contains", "value": "部長" },
            { "kind": "field", "field": "company", "operator": "is_not_blank" },
        ] },
        { "all": [{ "kind": "visit" }] },
    ] }));
    let resolved = resolve(&condition, &context("UTC"), None).unwrap();
    let person = with("title", "営業部長");
    assert!(!is_member(&resolved, &person));
    assert_eq!(explain(&resolved, &person), [vec![true, false], vec![false]]);
    let visitor = PersonFacts { visited_at: Some(at("2026-05-01T00:00:00Z")), ..person };
    assert!(is_member(&resolved, &visitor));
}

/// Each fault has its place and its code; nothing is left out in silence.
#[test]
fn conditions_that_cannot_be_asked_name_their_faults() {
    let many = |count: usize| vec![json!({ "kind": "visit" }); count];
    for (body, place, code) in [
        (json!({ "any": [] }), "any", "segment-empty"),
        (json!({ "any": [{ "all": [] }] }), "any[0].all", "segment-group-empty"),
        (json!({ "any": vec![json!({ "all": many(1) }); 21] }), "any", "too-many"),
        (json!({ "any": [{ "all": many(101) }] }), "any", "segment-too-many-terms"),
    ] {
        let faults = resolve(&condition(body), &context("UTC"), None).unwrap_err();
        assert_eq!((faults[0].field.as_str(), faults[0].code.as_str()), (place, code));
    }
    for (body, part, code) in [
        (
            json!({ "kind": "field", "field": "gone", "operator": "is_blank" }),
            "field",
            "no-such-person-field",
        ),
        (
            json!({ "kind": "field", "field": "title", "operator": "less_than", "value": 1 }),
            "operator",
            "segment-operator-unfit",
        ),
        (json!({ "kind": "field", "field": "title", "operator": "equals" }), "value", "required"),
        (
            json!({ "kind": "field", "field": "title", "operator": "contains", "value": "\u{3000}" }),
            "value",
            "required",
        ),
        (
            json!({ "kind": "field", "field": "title", "operator": "equals", "value": ["a", "b"] }),
            "value",
            "one-only",
        ),
        (
            json!({ "kind": "field", "field": "title", "operator": "is_blank", "value": "a" }),
            "value",
            "not-allowed",
        ),
        (
            json!({ "kind": "field", "field": "employees", "operator": "equals", "value": "千" }),
            "value",
            "not-a-number",
        ),
        (
            json!({ "kind": "field", "field": "employees", "operator": "between", "value": [2, 1] }),
            "value",
            "numbers-reversed",
        ),
        (
            json!({ "kind": "field", "field": "renewal", "operator": "on", "value": "soon" }),
            "value",
            "not-a-day",
        ),
        (
            json!({ "kind": "field", "field": "renewal", "operator": "between", "value": ["2026-05-02", "2026-05-01"] }),
            "value",
            "days-reversed",
        ),
        (json!({ "kind": "form", "name": "gone" }), "name", "no-such-form"),
        (json!({ "kind": "page", "name": "sales/gone" }), "name", "no-such-page"),
        (json!({ "kind": "list", "name": "gone" }), "name", "segment-no-such-list"),
        (json!({ "kind": "list" }), "name", "required"),
        (json!({ "kind": "list", "name": "vip", "days": 3 }), "days", "not-allowed"),
        (json!({ "kind": "form", "days": 0 }), "days", "out-of-range"),
        (json!({ "kind": "campaign", "name": "701000000000009" }), "name", "segment-no-such-campaign"),
        (json!({ "kind": "sync", "name": "asleep" }), "name", "segment-no-such-state"),
        (json!({ "kind": "segment", "name": "gone" }), "name", "no-such-segment"),
    ] {
        let faults = resolve(&term(body.clone()), &context("UTC"), None).unwrap_err();
        let found: Vec<(&str, &str)> =
            faults.iter().map(|fault| (fault.field.as_str(), fault.code.as_str())).collect();
        assert_eq!(found, [(format!("any[0].all[0].{part}").as_str(), code)], "{body}");
    }
    for body in [
        json!({ "kind": "weather" }),
        json!({ "kind": "field", "field": "title" }),
        json!({ "kind": "form", "field": "title" }),
        json!({ "kind": "visit", "unknown": 1 }),
    ] {
        let read = serde_json::from_value::<SegmentCondition>(json!({ "any": [{ "all": [body] }] }));
        assert!(read.is_err(), "{read:?}");
    }
}

fn segment(number: u128, condition: SegmentCondition) -> Segment {
    Segment {
        id: SegmentId(Uuid::from_u128(number)),
        name: format!("S{number}"),
        condition,
        version: 1,
        created_at: at("2026-05-01T00:00:00Z"),
        updated_at: at("2026-05-01T00:00:00Z"),
    }
}

fn naming(number: u128) -> SegmentCondition {
    term(json!({ "kind": "segment", "name": SegmentId(Uuid::from_u128(number)).to_string() }))
}

#[test]
fn segments_name_each_other_but_never_in_a_circle() {
    let mut context = context("UTC");
    let leaf = segment(1, of_field("title", "equals", json!("部長")));
    context.segments.insert(leaf.id, leaf.clone());
    let second = segment(2, naming(1));
    context.segments.insert(second.id, second.clone());
    let resolved = resolve(&naming(2), &context, None).unwrap();
    assert!(is_member(&resolved, &with("title", "部長")));
    assert!(!is_member(&resolved, &with("title", "課長")));
    assert!(resolved.fields().contains_key("title"), "fields of others are compared too");

    let code = |condition: &SegmentCondition, context: &SegmentContext, own: &Segment| {
        resolve(condition, context, Some(own.id)).unwrap_err()[0].code.clone()
    };
    assert_eq!(code(&naming(1), &context, &leaf), "segment-cycle", "itself");
    assert_eq!(code(&naming(2), &context, &leaf), "segment-cycle", "through another one");
    // A field that vanishes breaks whoever names the segment, at any distance.
    context.fields.fields.retain(|field| field.name != "title");
    assert_eq!(resolve(&naming(2), &context, None).unwrap_err()[0].code, "segment-broken");
    for number in 3..20 {
        let next =
            segment(number, if number == 3 { term(json!({ "kind": "visit" })) } else { naming(number - 1) });
        context.segments.insert(next.id, next);
    }
    assert!(resolve(&naming(8), &context, None).is_ok());
    assert_eq!(resolve(&naming(19), &context, None).unwrap_err()[0].code, "segment-broken", "too deep");
}

#[test]
fn condition_is_written_as_it_was_read() {
    let body = json!({ "any": [{ "all": [
        { "kind": "field", "field": "title", "operator": "is_one_of", "value": ["部長", "課長"] },
        { "kind": "form", "name": "contact", "days": 30, "not": true },
        { "kind": "visit" },
    ] }] });
    assert_eq!(serde_json::to_value(condition(body.clone())).unwrap(), body);
}

proptest! {
    /// Keys are ordered as the numbers are, and equal numbers have equal keys.
    #[test]
    fn number_keys_are_ordered_as_the_numbers(left in -10_000_000_i64..10_000_000, right in -10_000_000_i64..10_000_000, scale in 0_u32..5) {
        let typed = |number: i64| {
            let (sign, digits) = (if number < 0 { "-" } else { "" }, number.unsigned_abs());
            let divisor = 10_u64.pow(scale);
            format!("{sign}{}.{:0>width$}", digits / divisor, digits % divisor, width = scale as usize + 1)
        };
        // One digit more than the scale, so that the text stands for a tenth of it; both alike.
        let key = |number: i64| value_key(PersonFieldKind::Number, &typed(number));
        prop_assert_eq!(key(left).cmp(&key(right)), left.cmp(&right));
    }
}
