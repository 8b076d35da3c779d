//! Conditions of an import as SOQL.

use super::*;
use domain::condition::RelativeDay;
use domain::org::FieldPath;
use domain::value::Timestamp;
use domain::value::{Decimal as Digits, NumberUnit};
use salesforce::soql::Select;

fn soql(filter: &Filter) -> String {
    let select = Select::from("Account").field("Id").filter(in_soql(filter));
    let soql = select.build().unwrap();
    soql.strip_prefix("SELECT Id FROM Account WHERE ").unwrap().to_owned()
}

#[test]
fn every_filter_gives_soql() {
    let path = || FieldPath::parse("Owner.X__c", "").unwrap();
    let texts = || vec!["a'b".to_owned(), "ｃ%".to_owned()];
    let compare = |compare, value| Filter::Compare { path: path(), compare, value };
    let flag = compare(Compare::Equal, FilterValue::Flag(false));
    for (filter, words) in [
        (compare(Compare::NotEqual, FilterValue::Text("a' OR Id != '".to_owned())), "!= 'a\\' OR Id != \\''"),
        (
            compare(
                Compare::Less,
                FilterValue::Number(Digits::parse("-1,000.50", NumberUnit::None).unwrap()),
            ),
            "< -1000.5",
        ),
        (compare(Compare::GreaterOrEqual, FilterValue::Day(jiff::civil::date(2026, 5, 22))), ">= 2026-05-22"),
        (
            compare(Compare::LessOrEqual, FilterValue::Moment(Timestamp::from_seconds(0))),
            "<= 1970-01-01T00:00:00.000Z",
        ),
        (Filter::Contains { path: path(), text: "50%_'".to_owned() }, "LIKE '%50\\%\\_\\'%'"),
        (Filter::StartsWith { path: path(), text: "株".to_owned() }, "LIKE '株%'"),
        (Filter::OneOf { path: path(), values: texts() }, "IN ('a\\'b','ｃ%')"),
        (Filter::NoneOf { path: path(), values: texts() }, "NOT IN ('a\\'b','ｃ%')"),
        (Filter::Includes { path: path(), options: texts() }, "INCLUDES ('a\\'b','ｃ%')"),
        (Filter::Excludes { path: path(), options: texts() }, "EXCLUDES ('a\\'b','ｃ%')"),
        (Filter::Blank(path()), "= NULL"),
        (Filter::NotBlank(path()), "!= NULL"),
    ] {
        assert_eq!(soql(&filter), format!("Owner.X__c {words}"));
    }
    assert_eq!(
        soql(&Filter::Any(vec![flag.clone(), Filter::All(vec![flag.clone(), flag])])),
        "(Owner.X__c = FALSE OR (Owner.X__c = FALSE AND Owner.X__c = FALSE))"
    );
}

#[test]
fn every_relative_day_is_a_soql_date_literal() {
    let counted = RelativeDay::COUNTED.map(|word| format!("{word}:30"));
    for word in RelativeDay::PLAIN.iter().copied().chain(counted.iter().map(String::as_str)) {
        let day = RelativeDay::parse(word).unwrap();
        assert!(matches!(literal(&FilterValue::Relative(day)), Literal::Relative(_)), "{word}");
    }
}

#[test]
fn every_comparison_is_its_own() {
    for (compare, sign) in [
        (Compare::Equal, "="),
        (Compare::NotEqual, "!="),
        (Compare::Less, "<"),
        (Compare::LessOrEqual, "<="),
        (Compare::Greater, ">"),
        (Compare::GreaterOrEqual, ">="),
    ] {
        let path = FieldPath::parse("Seats__c", "").unwrap();
        let value = FilterValue::Number(Digits::parse("12", NumberUnit::None).unwrap());
        assert_eq!(soql(&Filter::Compare { path, compare, value }), format!("Seats__c {sign} 12"));
    }
}

#[test]
fn conditions_of_an_import_are_checked_and_all_have_to_hold() {
    let describe = serde_json::json!({ "name": "Account", "label": "取引先", "fields": [
        { "name": "Industry", "type": "string", "filterable": true },
        { "name": "Partner__c", "type": "boolean", "filterable": true },
    ] });
    let described = crate::org::description::translate(&serde_json::from_value(describe).unwrap());
    let known: Descriptions = [("Account".to_owned(), Some(described))].into();
    let industry = r#"{ "field": "Industry", "operator": "equals", "value": "製造業" }"#;
    let partner = r#"{ "field": "Partner__c", "operator": "is_true" }"#;
    let gone = r#"{ "field": "Old__c", "operator": "is_true" }"#;
    for (conditions, soql) in [
        (vec![], Ok(None)),
        (vec![industry], Ok(Some("(Industry = '製造業')"))),
        (vec![industry, partner], Ok(Some("(Industry = '製造業' AND Partner__c = TRUE)"))),
        (vec![industry, gone], Err("conditions[1].field")),
    ] {
        let conditions = conditions.iter().map(|one| serde_json::from_str(one).unwrap()).collect();
        let import = CompanyImport { conditions, ..CompanyImport::default() };
        let told = filter(&import, &known, &TimeZone::UTC);
        let told = told.map(|condition| condition.map(|one| Select::from("Account").field("Id").filter(one)));
        let told = told.map(|select| select.map(|select| select.build().unwrap()));
        let expected = soql.map(|soql| soql.map(|soql| format!("SELECT Id FROM Account WHERE {soql}")));
        let told = told.map_err(|problems| problems[0].field.clone());
        assert_eq!(told, expected.map_err(str::to_owned));
    }
}
