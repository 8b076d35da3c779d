//! Setup of the company import: which conditions and kinds match which fields (Y1–Y3).

use crate::support::{field, object};
use domain::company::{
    CompanyField, CompanyFieldKind as K, CompanyImport, CompanyMapping, CompanyObject, add_missing_fields,
    check_company_fields, check_company_import, find_mappable, free_key, objects_to_describe,
    usable_mappings,
};
use domain::condition::{ComparisonType, Condition, Filter, FilterValue, Operator, check_condition};
use domain::org::{Descriptions, FieldPath, FieldType as T, OrgField};
use domain::value::{Decimal, FieldProblem, NumberUnit};
use jiff::tz::TimeZone;
use serde_json::json;

fn lookup(name: &str, relationship: &str, to: &[&str]) -> OrgField {
    OrgField {
        relationship: Some(relationship.to_owned()),
        reference_to: to.iter().map(|object| (*object).to_owned()).collect(),
        ..field(name, T::Other)
    }
}

fn org() -> Descriptions {
    let mut account = object(
        "Account",
        vec![
            field("Id", T::Other),
            field("Name", T::String),
            field("Website", T::Url),
            field("Rank__c", T::Picklist),
            field("Goods__c", T::MultiPicklist),
            field("AnnualRevenue", T::Currency),
            field("NumberOfEmployees", T::Integer),
            field("Founded__c", T::Date),
            field("CreatedDate", T::DateTime),
            field("IsPartner", T::Checkbox),
            field("Secret__c", T::Encrypted),
            OrgField { filterable: false, ..field("Description", T::LongText) },
            OrgField { compound: true, ..field("BillingAddress", T::Other) },
            lookup("ParentId", "Parent", &["Account"]),
            lookup("OwnerId", "Owner", &["User"]),
            lookup("AnyId", "Any", &["User", "Group"]),
        ],
    );
    account.child_lists = vec!["Contacts".to_owned()];
    let user = object("User", vec![field("Name", T::String), field("Email", T::Email)]);
    [account, user].map(|one| (one.name.clone(), Some(one))).into()
}

fn condition(field: &str, operator: Operator, values: &[&str]) -> Condition {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Condition { field: field.to_owned(), operator, values }
}

fn check(given: &Condition) -> Result<(Vec<String>, Filter), (String, String)> {
    let zone = TimeZone::get("Asia/Tokyo").unwrap();
    let checked = check_condition(given, "Account", &org(), &zone, "c");
    checked.map(|one| (one.condition.values, one.filter)).map_err(|problem| (problem.field, problem.code))
}

#[test]
fn invalid_conditions_give_field_and_code() {
    use Operator as O;
    for (path, operator, values, at, code) in [
        ("Nmae", O::Equals, &["x"][..], "field", "no-such-field"),
        ("Ownr.Name", O::Equals, &["x"], "field", "no-such-lookup"),
        ("Contacts.Name", O::Equals, &["x"], "field", "child-list"),
        ("Contacts", O::Equals, &["x"], "field", "child-list"),
        ("a.b.c.d.e.f.G", O::Equals, &["x"], "field", "path-too-deep"),
        ("Name; --", O::Equals, &["x"], "field", "not-a-field-path"),
        ("BillingAddress", O::IsBlank, &[], "field", "unsupported-type"),
        ("Secret__c", O::Equals, &["x"], "field", "unsupported-type"),
        ("Description", O::Contains, &["x"], "field", "unfilterable"),
        ("Any.Rank__c", O::Equals, &["x"], "field", "no-such-field"),
        ("Name", O::LessThan, &["x"], "operator", "operator-unfit"),
        ("AnnualRevenue", O::Contains, &["1"], "operator", "operator-unfit"),
        ("IsPartner", O::IsBlank, &[], "operator", "operator-unfit"),
        ("Goods__c", O::Equals, &["高"], "operator", "operator-unfit"),
        ("Name", O::Equals, &[], "value", "required"),
        ("Name", O::Equals, &["  "], "value", "required"),
        ("Name", O::Equals, &["a", "b"], "value", "one-only"),
        ("Name", O::IsBlank, &["a"], "value", "not-allowed"),
        ("AnnualRevenue", O::Equals, &["many"], "value", "not-a-number"),
        ("AnnualRevenue", O::Equals, &["1) OR (Id != null"], "value", "not-a-number"),
        ("NumberOfEmployees", O::Equals, &["1.5"], "value", "not-a-whole-number"),
        ("Founded__c", O::On, &["2026-02-30"], "value", "not-a-day"),
        ("Founded__c", O::On, &["1600-01-01"], "value", "not-a-day"),
        ("Founded__c", O::On, &["last_n_days"], "value", "not-a-day"),
        ("Founded__c", O::On, &["last_n_days:0"], "value", "not-a-day"),
        ("Founded__c", O::On, &["2026-05-22T10:00:00Z"], "value", "not-a-day"),
        ("Founded__c", O::Between, &["2026-05-22"], "value", "from-and-to"),
        ("Founded__c", O::Between, &["2026-05-22", "2026-05-21"], "value", "days-reversed"),
        ("NumberOfEmployees", O::Between, &["10", "-2"], "value", "numbers-reversed"),
        ("AnnualRevenue", O::Between, &["1,000.5", "999.9"], "value", "numbers-reversed"),
        ("AnnualRevenue", O::Between, &["-1", "-2"], "value", "numbers-reversed"),
        ("AnnualRevenue", O::Equals, &["12,5"], "value", "not-a-number"),
        ("AnnualRevenue", O::Equals, &["1.234,56"], "value", "not-a-number"),
        ("Rank__c", O::IsOneOf, &["高", "最高"], "value", "not-an-option"),
        ("Goods__c", O::Includes, &["高;中"], "value", "not-an-option"),
        ("IsPartner", O::Equals, &["maybe"], "value", "not-true-or-false"),
        ("OwnerId", O::Equals, &["Sato"], "value", "not-an-id"),
    ] {
        let told = check(&condition(path, operator, values)).unwrap_err();
        assert_eq!(told, (format!("c.{at}"), code.to_owned()), "{path} {operator:?} {values:?}");
    }
}

#[test]
fn valid_conditions_are_normalized_with_types() {
    use Operator as O;
    for (path, operator, values, kept) in [
        ("Name", O::Contains, &[" 株式会社＆Co '50%' "][..], &["株式会社＆Co '50%'"][..]),
        ("Name", O::IsOneOf, &["a", " ", "b"], &["a", "b"]),
        ("AnnualRevenue", O::GreaterOrEqual, &["￥１,０００,０００.５０"], &["1000000.5"]),
        ("NumberOfEmployees", O::Between, &["-2", "010"], &["-2", "10"]),
        ("Founded__c", O::On, &["２０２６/５/２"], &["2026-05-02"]),
        ("Founded__c", O::After, &["LAST_N_DAYS:30"], &["last_n_days:30"]),
        ("CreatedDate", O::Before, &["2026-05-22T10:00:00+09:00"], &["2026-05-22T01:00:00Z"]),
        ("Rank__c", O::IsOneOf, &["高い", "旧"], &["高", "旧"]),
        ("Rank__c", O::Equals, &["中"], &["中"]),
        ("Goods__c", O::Excludes, &["中"], &["中"]),
        ("IsPartner", O::Equals, &["TRUE"], &["true"]),
        ("OwnerId", O::IsOneOf, &["005000000000001"], &["005000000000001AAA"]),
        ("Id", O::NotEquals, &["001000000000001AAA"], &["001000000000001AAA"]),
        ("Parent.Owner.Email", O::IsNotBlank, &[], &[]),
        ("Any.Name", O::StartsWith, &["佐藤"], &["佐藤"]),
    ] {
        let (values, _) =
            check(&condition(path, operator, values)).unwrap_or_else(|why| panic!("{path}: {why:?}"));
        assert_eq!(values, kept, "{path} {operator:?}");
    }
}

/// A filter on one field, written shortly.
fn short(filter: &Filter) -> String {
    let scalar = |value: &FilterValue| match value {
        FilterValue::Text(text) => format!("{text:?}"),
        FilterValue::Number(number) => number.to_string(),
        FilterValue::Flag(flag) => flag.to_string(),
        FilterValue::Day(day) => day.to_string(),
        FilterValue::Moment(moment) => moment.to_string(),
        FilterValue::Relative(day) => day.to_string(),
    };
    let all = |parts: &[Filter], word: &str| parts.iter().map(short).collect::<Vec<_>>().join(word);
    match filter {
        Filter::Compare { compare, value, .. } => format!("{compare:?} {}", scalar(value)),
        Filter::All(parts) => all(parts, " and "),
        Filter::Any(parts) => all(parts, " or "),
        Filter::Blank(_) => "blank".to_owned(),
        other => format!("{other:?}"),
    }
}

#[test]
fn day_condition_uses_workspace_time_zone() {
    use Operator as O;
    for (path, operator, values, meant) in [
        ("Founded__c", O::On, &["2026-05-22"][..], "Equal 2026-05-22"),
        (
            "Founded__c",
            O::Between,
            &["2026-05-01", "today"],
            "GreaterOrEqual 2026-05-01 and LessOrEqual today",
        ),
        ("Founded__c", O::OnOrBefore, &["last_month"], "LessOrEqual last_month"),
        (
            "CreatedDate",
            O::On,
            &["2026-05-22"],
            "GreaterOrEqual 2026-05-21T15:00:00Z and Less 2026-05-22T15:00:00Z",
        ),
        ("CreatedDate", O::Before, &["2026-05-22"], "Less 2026-05-21T15:00:00Z"),
        ("CreatedDate", O::After, &["2026-05-22"], "GreaterOrEqual 2026-05-22T15:00:00Z"),
        ("CreatedDate", O::OnOrBefore, &["2026-05-22"], "Less 2026-05-22T15:00:00Z"),
        ("CreatedDate", O::OnOrAfter, &["2026-05-22"], "GreaterOrEqual 2026-05-21T15:00:00Z"),
        (
            "CreatedDate",
            O::NotEquals,
            &["2026-05-22"],
            "Less 2026-05-21T15:00:00Z or GreaterOrEqual 2026-05-22T15:00:00Z or blank",
        ),
        ("CreatedDate", O::On, &["n_days_ago:3"], "Equal n_days_ago:3"),
        ("CreatedDate", O::After, &["2026-05-22T10:00:00Z"], "Greater 2026-05-22T10:00:00Z"),
        ("AnnualRevenue", O::LessThan, &["5"], "Less 5"),
        ("IsPartner", O::IsFalse, &[], "Equal false"),
    ] {
        let (_, filter) = check(&condition(path, operator, values)).unwrap();
        assert_eq!(short(&filter), meant, "{path} {operator:?} {values:?}");
    }
}

#[test]
fn offered_operators_are_accepted() {
    let org = org();
    let account = org["Account"].as_ref().unwrap();
    for field in &account.fields {
        let Some(comparable) = ComparisonType::of(field).filter(|_| field.filterable) else { continue };
        for operator in Operator::ALL {
            let told = check(&condition(&field.name, operator, &[])).err().map(|(at, _)| at);
            let fits = told.as_deref() != Some("c.operator");
            assert_eq!(fits, comparable.accepts(operator), "{} {operator:?}", field.name);
            assert!(fits || !comparable.operators().contains(&operator));
        }
    }
    for operator in Operator::ALL {
        assert_eq!(Operator::from_name(operator.name()), Some(operator));
        assert_eq!(json!(operator), json!(operator.name()));
    }
    assert_eq!(Operator::from_name("≒"), None);
}

#[test]
fn numbers_keep_all_digits() {
    for (typed, read) in [
        ("0", Some("0")),
        ("007", Some("7")),
        ("1,23", None),
        ("1,234,56", None),
        (",123", None),
        ("1234,567", None),
        ("-0", Some("0")),
        ("-0.50", Some("-0.5")),
        ("+12.", Some("12")),
        (".5", Some("0.5")),
        ("12,345,678,901,234.56", Some("12345678901234.56")),
        ("", None),
        (".", None),
        ("-", None),
        ("1e5", None),
        ("1.2.3", None),
        ("1234567890123456789", None),
    ] {
        assert_eq!(Decimal::parse(typed, NumberUnit::None).as_ref().map(Decimal::as_str), read, "{typed:?}");
    }
}

#[test]
fn company_field_kinds_accept_specified_types() {
    let table: [(K, &[T]); 11] = [
        (K::Text, &[T::String, T::Url, T::Email, T::Phone, T::Picklist]),
        (K::LongText, &[T::String, T::RichText, T::LongText]),
        (K::Number, &[T::Number, T::Integer, T::Currency, T::Percent]),
        (K::Date, &[T::Date]),
        (K::DateTime, &[T::DateTime]),
        (K::Checkbox, &[T::Checkbox]),
        (K::Picklist, &[T::Picklist]),
        (K::MultiPicklist, &[T::MultiPicklist]),
        (K::Url, &[T::Url]),
        (K::Phone, &[T::Phone]),
        (K::Email, &[T::Email]),
    ];
    for (kind, taken) in table {
        for source in crate::type_table::TYPES {
            assert_eq!(kind.accepts(source), taken.contains(&source), "{kind:?} ← {source:?}");
        }
        assert_eq!(K::from_name(kind.name()), Some(kind));
    }
    let first = |source| K::fitting(source).into_iter().next();
    assert_eq!(
        [T::String, T::Picklist, T::Url, T::RichText, T::Encrypted].map(first),
        [Some(K::Text), Some(K::Picklist), Some(K::Url), Some(K::LongText), None]
    );
}

fn company_field(key: &str, label: &str, kind: K) -> CompanyField {
    CompanyField { key: key.to_owned(), label: label.to_owned(), kind }
}

fn told(problems: &[FieldProblem]) -> Vec<(&str, &str)> {
    problems.iter().map(|one| (one.field.as_str(), one.code.as_str())).collect()
}

#[test]
fn company_field_kind_cannot_change() {
    let before = [company_field("rank", "ランク", K::Picklist)];
    let fields = [
        company_field("rank", "ランク", K::Text),
        company_field("Rank", "x", K::Text),
        company_field("name", "y", K::Text),
        company_field("rank", "z", K::Picklist),
        company_field("a", " ランク ", K::Text),
        company_field("b", " ", K::Text),
    ];
    assert_eq!(
        told(&check_company_fields(&fields, &before)),
        [
            ("fields[0].kind", "company-kind-fixed"),
            ("fields[1].key", "bad-key"),
            ("fields[2].key", "reserved"),
            ("fields[3].key", "taken"),
            ("fields[4].label", "taken"),
            ("fields[5].label", "required"),
        ]
    );
    let key = |path: &str| free_key(&FieldPath::parse(path, "").unwrap(), &before);
    assert_eq!(
        ["Owner.Name", "Rank__c", "Name", "Parent__r.Rank__c"].map(key),
        ["owner_name", "rank_2", "name_field", "parent_rank"]
    );
}

fn import() -> CompanyImport {
    let mapping = |field: &str, path: &str| CompanyMapping { field: field.to_owned(), path: path.to_owned() };
    CompanyImport {
        enabled: true,
        conditions: vec![condition("Rank__c", Operator::IsOneOf, &["高い"])],
        fields: vec![
            company_field("rank", "ランク", K::Picklist),
            company_field("owner", "担当者", K::Text),
            company_field("old", "前の項目", K::Number),
        ],
        mappings: vec![mapping("rank", "rank__c"), mapping("owner", "Parent.Owner.Name")],
        ..CompanyImport::default()
    }
}

#[test]
fn settings_with_one_error_are_rejected_whole() {
    let zone = TimeZone::UTC;
    let checked = check_company_import(&import(), &[], &org(), &zone).unwrap();
    assert_eq!(checked.import.conditions[0].values, ["高"]);
    assert_eq!(checked.import.mappings[0].path, "Rank__c", "as the org writes it");
    assert!(matches!(checked.filter, Some(Filter::OneOf { .. })));
    let json = serde_json::to_value(&checked.import).unwrap();
    assert_eq!(
        (&json["object"], &json["when_gone"], &json["every_hours"]),
        (&json!("Account"), &json!("mark"), &json!(4))
    );
    assert_eq!(json["conditions"][0], json!({ "field": "Rank__c", "operator": "is_one_of", "value": "高" }));
    assert_eq!(serde_json::from_value::<CompanyImport>(json).unwrap(), checked.import);

    let mut bad = import();
    bad.every_hours = 25;
    bad.conditions.push(condition("Rank__c", Operator::IsOneOf, &["無い"]));
    let map = |field: &str, path: &str| CompanyMapping { field: field.to_owned(), path: path.to_owned() };
    bad.mappings.extend([map("rank", "Name"), map("nobody", "Name"), map("old", "Name")]);
    let problems = check_company_import(&bad, &[], &org(), &zone).unwrap_err();
    assert_eq!(
        told(&problems),
        [
            ("every_hours", "out-of-range"),
            ("conditions[1].value", "not-an-option"),
            ("mappings[2].field", "mapped-twice"),
            ("mappings[3].field", "no-such-company-field"),
            ("mappings[4].path", "company-kind-unfit"),
        ]
    );
    let org = org();
    let (usable, left_out) = usable_mappings(&bad, &org);
    let usable: Vec<&str> = usable.iter().map(|one| one.field.key.as_str()).collect();
    assert_eq!((usable, left_out.len()), (vec!["rank", "owner"], 3));
}

#[test]
fn unsupported_fields_cannot_be_mapped() {
    let org = org();
    for (path, code) in [
        ("ParentId", "lookup-only"),
        ("BillingAddress", "unsupported-type"),
        ("Secret__c", "unsupported-type"),
        ("Contacts.Email", "child-list"),
    ] {
        let problem = find_mappable(CompanyObject::Account, path, &org, "p").unwrap_err();
        assert_eq!((problem.field.as_str(), problem.code.as_str()), ("p", code), "{path}");
        if code == "lookup-only" {
            assert_eq!(problem.data["hint"], "Parent.Name");
        }
    }
    let mut import = import();
    let source = find_mappable(CompanyObject::Account, "Parent.Owner.Email", &org, "p").unwrap();
    assert_eq!(import.add_field(&source, None).as_deref(), Some("parent_owner_email"));
    assert_eq!(import.add_field(&source, Some("second")).as_deref(), Some("second"));
    let labels: Vec<&str> = import.fields.iter().map(|field| field.label.as_str()).collect();
    assert_eq!(labels, ["ランク", "担当者", "前の項目", "Email", "Email (2)"]);
    assert_eq!(import.fields[3].kind, K::Email);
    assert_eq!(
        import.add_field(&source, None).as_deref(),
        Some("parent_owner_email"),
        "nothing fills it yet"
    );
}

#[test]
fn mapping_can_create_company_field() {
    let mut import = CompanyImport { fields: Vec::new(), ..import() };
    import.mappings[1].path = "Owner.Nmae".to_owned();
    add_missing_fields(&mut import, &org());
    assert_eq!(import.fields, [company_field("rank", "Rank__c", K::Picklist)]);
    let problems = check_company_import(&import, &[], &org(), &TimeZone::UTC).unwrap_err();
    assert_eq!(told(&problems), [("mappings[1].path", "no-such-field")], "the path, not the key");
}

#[test]
fn changed_object_keeps_fields_and_drops_mappings() {
    let same = import().with_object(CompanyObject::Account);
    assert_eq!(same, import());
    let other = import().with_object(CompanyObject::Opportunity);
    assert!(other.conditions.is_empty() && other.mappings.is_empty());
    assert_eq!(other.fields, import().fields);
}

#[test]
fn parent_objects_are_described_in_sequence() {
    let names = |known: &Descriptions| objects_to_describe(&import(), known).into_iter().collect::<Vec<_>>();
    let mut known = Descriptions::new();
    assert_eq!(names(&known), ["Account"]);
    known.insert("Account".to_owned(), org().remove("Account").unwrap());
    assert_eq!(names(&known), ["User"]);
    known.insert("User".to_owned(), None);
    assert!(names(&known).is_empty(), "hidden is known, too");
    let problems = check_company_import(&import(), &[], &known, &TimeZone::UTC).unwrap_err();
    assert_eq!(told(&problems), [("mappings[1].path", "object-hidden")]);
    known.insert("Account".to_owned(), None);
    let problems = check_company_import(&import(), &[], &known, &TimeZone::UTC).unwrap_err();
    assert_eq!(told(&problems), [("object", "object-hidden")]);
}

#[test]
fn json_values_are_read_as_text() {
    let read = |value: serde_json::Value| {
        let given = json!({ "field": "X", "operator": "equals", "value": value });
        serde_json::from_value::<Condition>(given).map(|condition| condition.values)
    };
    assert_eq!(read(json!(5)).unwrap(), ["5"]);
    assert_eq!(read(json!(true)).unwrap(), ["true"]);
    assert_eq!(read(json!(["a", 1])).unwrap(), ["a", "1"]);
    assert!(read(json!(null)).unwrap().is_empty());
    assert!(read(json!({ "a": 1 })).is_err());
}
