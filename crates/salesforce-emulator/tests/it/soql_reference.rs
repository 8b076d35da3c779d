//! Random queries, compared with a simple reference evaluator.

use std::cmp::Ordering;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::harness::Org;

const QUERIES: usize = 600;
const WORDS: [&str; 7] = ["alpha", "Alpha", "beta", "a_b", "100%", "継手", "O'Hara \\ x"];
const COLOURS: [&str; 3] = ["red", "green", "blue"];
const DAYS: [&str; 4] = ["2026-01-31", "2026-02-28", "2026-03-01", "2025-12-31"];
const MOMENTS: [&str; 3] = ["2026-01-31T23:30:00Z", "2026-02-01T00:30:00Z", "2025-06-15T12:00:00Z"];

/// One row as the reference keeps it: its id and the values by field name.
type Row = serde_json::Map<String, Value>;

/// A condition as text, with the reference's own way of deciding it.
#[derive(Clone, Debug)]
enum Test {
    Compare(&'static str, &'static str, Value),
    Like(&'static str, String),
    In(&'static str, bool, Vec<Value>),
    Includes(bool, Vec<Vec<&'static str>>),
    And(Vec<Test>),
    Or(Vec<Test>),
    Not(Box<Test>),
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

fn literal(field: &str, value: &Value) -> String {
    match value {
        Value::String(text) if matches!(field, "Day__c" | "Moment__c") => text.clone(),
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

impl Test {
    fn soql(&self) -> String {
        let joined = |parts: &[Test], word: &str| {
            parts.iter().map(|part| format!("({})", part.soql())).collect::<Vec<_>>().join(word)
        };
        match self {
            Test::Compare(field, operator, value) => format!("{field} {operator} {}", literal(field, value)),
            Test::Like(field, pattern) => format!("{field} LIKE {}", quoted(pattern)),
            Test::In(field, not, values) => {
                let values: Vec<String> = values.iter().map(|value| literal(field, value)).collect();
                format!("{field} {}IN ({})", if *not { "NOT " } else { "" }, values.join(", "))
            }
            Test::Includes(not, groups) => {
                let groups: Vec<String> = groups.iter().map(|group| quoted(&group.join(";"))).collect();
                format!("Colours__c {} ({})", if *not { "EXCLUDES" } else { "INCLUDES" }, groups.join(", "))
            }
            Test::And(parts) => joined(parts, " AND "),
            Test::Or(parts) => joined(parts, " OR "),
            Test::Not(inner) => format!("NOT ({})", inner.soql()),
        }
    }

    fn holds(&self, row: &Row) -> bool {
        match self {
            Test::Compare(field, operator, wanted) => {
                let (value, wanted) = (comparable(&row[*field]), comparable(wanted));
                let known = value != Comparable::Nothing && wanted != Comparable::Nothing;
                match *operator {
                    "=" => value == wanted,
                    "!=" => value != wanted,
                    "<" => known && value < wanted,
                    "<=" => known && value <= wanted,
                    ">" => known && value > wanted,
                    _ => known && value >= wanted,
                }
            }
            Test::Like(field, pattern) => {
                let text = row[*field].as_str().map(str::to_lowercase);
                text.is_some_and(|text| {
                    like(
                        &text.chars().collect::<Vec<_>>(),
                        &pattern.to_lowercase().chars().collect::<Vec<_>>(),
                    )
                })
            }
            Test::In(field, not, values) => {
                let value = comparable(&row[*field]);
                values.iter().any(|wanted| comparable(wanted) == value) != *not
            }
            Test::Includes(not, groups) => {
                let chosen: Vec<&str> = row["Colours__c"].as_str().unwrap_or_default().split(';').collect();
                let fits = |group: &Vec<&str>| group.iter().all(|colour| chosen.contains(colour));
                groups.iter().any(fits) != *not
            }
            Test::And(parts) => parts.iter().all(|part| part.holds(row)),
            Test::Or(parts) => parts.iter().any(|part| part.holds(row)),
            Test::Not(inner) => !inner.holds(row),
        }
    }
}

/// A value as SOQL compares it; texts without regard to case.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
enum Comparable {
    Nothing,
    Flag(bool),
    Number(f64),
    Text(String),
}

fn comparable(value: &Value) -> Comparable {
    match value {
        Value::Null => Comparable::Nothing,
        Value::Bool(flag) => Comparable::Flag(*flag),
        Value::Number(number) => Comparable::Number(number.as_f64().unwrap()),
        // The org prints moments with milliseconds and an offset; the first nineteen letters say as much.
        Value::String(text) if text.len() >= 20 && text.as_bytes()[10] == b'T' => {
            Comparable::Text(text[..19].to_owned())
        }
        other => Comparable::Text(other.as_str().unwrap().to_lowercase()),
    }
}

/// LIKE by trying everything.
fn like(text: &[char], pattern: &[char]) -> bool {
    match (pattern.first(), text.first()) {
        (None, None) => true,
        (Some('%'), _) => like(text, &pattern[1..]) || !text.is_empty() && like(&text[1..], pattern),
        (Some('_'), Some(_)) => like(&text[1..], &pattern[1..]),
        (Some(letter), Some(other)) if letter == other => like(&text[1..], &pattern[1..]),
        _ => false,
    }
}

fn of_kind(field: &'static str) -> BoxedStrategy<Value> {
    let texts =
        |texts: &'static [&'static str]| prop::sample::select(texts).prop_map(|text| json!(text)).boxed();
    match field {
        "Word__c" => texts(&WORDS),
        "Number__c" => (-3i32..4).prop_map(|number| json!(f64::from(number) / 2.0)).boxed(),
        "Flag__c" => any::<bool>().prop_map(|flag| json!(flag)).boxed(),
        "Day__c" => texts(&DAYS),
        _ => texts(&MOMENTS),
    }
}

fn or_null(field: &'static str) -> BoxedStrategy<Value> {
    if field == "Flag__c" {
        return of_kind(field);
    }
    prop_oneof![1 => Just(Value::Null), 3 => of_kind(field)].boxed()
}

const FIELDS: [&str; 5] = ["Word__c", "Number__c", "Flag__c", "Day__c", "Moment__c"];

fn test() -> impl Strategy<Value = Test> {
    let field = || prop::sample::select(&FIELDS[..]);
    let equality =
        field().prop_flat_map(|field| (Just(field), prop::sample::select(vec!["=", "!="]), or_null(field)));
    let order = prop::sample::select(vec!["Number__c", "Day__c", "Moment__c"]).prop_flat_map(|field| {
        (Just(field), prop::sample::select(vec!["<", "<=", ">", ">="]), of_kind(field))
    });
    let compare = prop_oneof![equality, order]
        .prop_map(|(field, operator, value)| Test::Compare(field, operator, value));
    let like = prop::sample::select(vec!["al%", "%A", "_eta", "%", "a_b", "継%", "%\u{27}%", "1%"])
        .prop_map(|pattern| Test::Like("Word__c", pattern.to_owned()));
    let list = field()
        .prop_flat_map(|field| (Just(field), any::<bool>(), prop::collection::vec(or_null(field), 1..4)));
    let list = list.prop_map(|(field, not, values)| Test::In(field, not, values));
    let group = prop::collection::vec(prop::sample::select(&COLOURS[..]), 1..3);
    let includes = (any::<bool>(), prop::collection::vec(group, 1..3))
        .prop_map(|(not, groups)| Test::Includes(not, groups));
    prop_oneof![4 => compare, 1 => like, 2 => list, 1 => includes].prop_recursive(3, 10, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Test::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Test::Or),
            inner.prop_map(|inner| Test::Not(Box::new(inner))),
        ]
    })
}

fn rows() -> impl Strategy<Value = Vec<Value>> {
    let colours = prop::collection::btree_set(prop::sample::select(&COLOURS[..]), 0..3);
    let row = (
        or_null("Word__c"),
        or_null("Number__c"),
        of_kind("Flag__c"),
        or_null("Day__c"),
        or_null("Moment__c"),
        colours,
    );
    let row = row.prop_map(|(word, number, flag, day, moment, colours)| {
        let colours = colours.into_iter().collect::<Vec<_>>().join(";");
        json!({"attributes": {"type": "Fact__c"}, "Word__c": word, "Number__c": number, "Flag__c": flag, "Day__c": day,
               "Moment__c": moment, "Colours__c": colours})
    });
    prop::collection::vec(row, 80..81)
}

async fn org_with(runner: &mut TestRunner) -> Org {
    let org = Org::start().await;
    let field = |name: &str, kind: &str, more: Value| {
        let mut field = json!({"name": name, "type": kind, "label": name});
        field.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        field
    };
    let fields = [
        field("Word__c", "string", json!({"length": 40})),
        field("Number__c", "double", json!({"precision": 10, "scale": 2})),
        field("Flag__c", "boolean", json!({})),
        field("Day__c", "date", json!({})),
        field("Moment__c", "datetime", json!({})),
        field("Colours__c", "multipicklist", json!({"picklist": COLOURS})),
    ];
    org.control("/schema", json!({"objects": [{"name": "Fact__c", "label": "Fact", "fields": fields}]}))
        .await;
    let told = org
        .post(
            "/composite/sobjects",
            json!({"allOrNone": true, "records": rows().new_tree(runner).unwrap().current()}),
        )
        .await;
    assert_eq!(told.body[0]["success"], true, "{:?}", told.body[0]);
    org
}

#[tokio::test]
async fn random_queries_match_reference() {
    let mut runner =
        TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let org = org_with(&mut runner).await;
    let all =
        org.rows(&format!("SELECT Id, {}, Colours__c FROM Fact__c ORDER BY Id", FIELDS.join(", "))).await;
    let all: Vec<Row> = all.into_iter().map(|row| row.as_object().unwrap().clone()).collect();
    let order = (prop::sample::select(&FIELDS[..]), any::<bool>(), any::<bool>());
    let cut = (prop::option::of(0usize..30), prop::option::of(0usize..20));
    let query = (test(), prop::option::of(order), cut);
    for _ in 0..QUERIES {
        let (test, order, (limit, offset)) = query.new_tree(&mut runner).unwrap().current();
        let mut expected: Vec<&Row> = all.iter().filter(|row| test.holds(row)).collect();
        let mut soql = format!("SELECT Id FROM Fact__c WHERE {}", test.soql());
        if let Some((field, descending, nulls_last)) = order {
            expected.sort_by(|left, right| ordered(&left[field], &right[field], descending, nulls_last));
            let (way, nulls) =
                (if descending { "DESC" } else { "ASC" }, if nulls_last { "LAST" } else { "FIRST" });
            soql.push_str(&format!(" ORDER BY {field} {way} NULLS {nulls}, Id"));
        }
        if let Some(limit) = limit {
            soql.push_str(&format!(" LIMIT {limit}"));
        }
        if let Some(offset) = offset {
            soql.push_str(&format!(" OFFSET {offset}"));
        }
        let expected: Vec<&Value> = expected
            .into_iter()
            .skip(offset.unwrap_or(0))
            .take(limit.unwrap_or(usize::MAX))
            .map(|row| &row["Id"])
            .collect();
        let found = org.rows(&soql).await;
        let found: Vec<&Value> = found.iter().map(|row| &row["Id"]).collect();
        assert_eq!(found, expected, "{soql}");
        let counted = org.query(&format!("SELECT COUNT() FROM Fact__c WHERE {}", test.soql())).await;
        assert_eq!(counted.body["totalSize"], all.iter().filter(|row| test.holds(row)).count(), "{soql}");
    }
}

fn ordered(left: &Value, right: &Value, descending: bool, nulls_last: bool) -> Ordering {
    match (left.is_null(), right.is_null()) {
        (true, true) => Ordering::Equal,
        (true, false) => {
            if nulls_last {
                Ordering::Greater
            } else {
                Ordering::Less
            }
        }
        (false, true) => {
            if nulls_last {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        }
        (false, false) => {
            let order = comparable(left).partial_cmp(&comparable(right)).unwrap();
            if descending { order.reverse() } else { order }
        }
    }
}
