//! Printing a query and reading it again gives the same query.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::soql::ast::{
    Condition, Expression, FieldSet, List, ListOperator, Literal, Operator, Ordering, Path, Position, Query,
    Selection, Source, TypeOf,
};
use crate::soql::parser::parse;

/// Names that are no keyword.
fn name() -> impl Strategy<Value = String> {
    "[A-Z][a-z]{2,6}(__c|__r)?".prop_map(|name| format!("X{name}"))
}

fn path() -> impl Strategy<Value = Path> {
    vec(name(), 1..4).prop_map(|parts| Path { parts, at: Position(0) })
}

/// A distance, whose arguments are no fields.
fn distance() -> impl Strategy<Value = Expression> {
    let place = (-90_i32..=90, -180_i32..=180).prop_map(|(latitude, longitude)| Expression::Call {
        name: "GEOLOCATION".to_owned(),
        arguments: vec![Expression::Number(latitude.to_string()), Expression::Number(longitude.to_string())],
        at: Position(0),
    });
    let unit = prop::sample::select(vec!["km", "mi"]);
    (path(), prop_oneof![place, path().prop_map(Expression::Field)], unit).prop_map(|(from, to, unit)| {
        let arguments = vec![Expression::Field(from), to, Expression::Text(unit.to_owned())];
        Expression::Call { name: "DISTANCE".to_owned(), arguments, at: Position(0) }
    })
}

fn expression() -> impl Strategy<Value = Expression> {
    let field = path().prop_map(Expression::Field);
    let call = (name(), vec(path().prop_map(Expression::Field), 0..3))
        .prop_map(|(name, arguments)| Expression::Call { name, arguments, at: Position(0) });
    prop_oneof![8 => field, 2 => call, 1 => distance()]
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Boolean),
        "[ -~あ-ん\n\t]{0,12}".prop_map(Literal::Text),
        (-1_000_000i64..1_000_000).prop_map(|number| Literal::Number(number.to_string())),
        (0u32..1000, 0u32..1000).prop_map(|(whole, part)| Literal::Number(format!("{whole}.{part}"))),
        (1700..3999u32, 1..13u32, 1..29u32).prop_map(|(y, m, d)| Literal::Date(format!("{y}-{m:02}-{d:02}"))),
        (0..24u32, 0..60u32).prop_map(|(h, m)| Literal::Date(format!("2026-05-22T{h:02}:{m:02}:00+09:00"))),
        Just(Literal::Relative("THIS_MONTH".to_owned(), None)),
        (0u32..500).prop_map(|number| Literal::Relative("LAST_N_DAYS".to_owned(), Some(number))),
    ]
}

fn simple_condition() -> impl Strategy<Value = Condition> {
    use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, Like, NotEqual};
    let operator =
        prop::sample::select(vec![Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, Like]);
    let compare = (expression(), operator, literal())
        .prop_map(|(left, operator, right)| Condition::Compare { left, operator, right, at: Position(0) });
    use ListOperator::{Excludes, In, Includes, NotIn};
    let operator = prop::sample::select(vec![In, NotIn, Includes, Excludes]);
    let list = (expression(), operator, vec(literal(), 1..4)).prop_map(|(left, operator, literals)| {
        Condition::List { left, operator, list: List::Literals(literals), at: Position(0) }
    });
    prop_oneof![compare, list]
}

fn condition() -> impl Strategy<Value = Condition> {
    simple_condition().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Condition::And),
            vec(inner.clone(), 2..4).prop_map(Condition::Or),
            inner.prop_map(|inner| Condition::Not(Box::new(inner))),
        ]
    })
}

fn ordering() -> impl Strategy<Value = Ordering> {
    (expression(), any::<bool>(), any::<Option<bool>>()).prop_map(|(by, descending, nulls_last)| Ordering {
        by,
        descending,
        nulls_last,
    })
}

fn flat_query() -> impl Strategy<Value = Query> {
    let selection = prop_oneof![
        6 => (expression(), proptest::option::of(name())).prop_map(|(by, alias)| Selection::Expression(by, alias)),
        1 => prop::sample::select(vec![FieldSet::All, FieldSet::Standard, FieldSet::Custom]).prop_map(Selection::Fields),
        1 => (path(), vec((name(), vec(path(), 1..3)), 1..3), vec(path(), 0..2)).prop_map(
            |(relationship, branches, otherwise)| Selection::TypeOf(TypeOf { relationship, branches, otherwise })
        ),
    ];
    let first =
        (vec(selection, 1..4), name(), proptest::option::of(name()), proptest::option::of(condition()));
    let second = (vec(expression(), 0..3), proptest::option::of(condition()), vec(ordering(), 0..3));
    let lookup = (path(), proptest::option::of(name())).prop_map(|(path, alias)| Source {
        name: path.to_string(),
        alias,
        at: Position(0),
    });
    let third = (any::<Option<u32>>(), any::<Option<u16>>(), any::<bool>(), vec(lookup, 0..2));
    (first, second, third).prop_map(
        |((select, name, alias, condition), (group_by, having, order_by), (limit, offset, view, lookups))| {
            let grouped = !group_by.is_empty();
            Query {
                select,
                from: Source { name, alias, at: Position(0) },
                scope: None,
                condition,
                group_by,
                // HAVING stands only behind GROUP BY.
                having: having.filter(|_| grouped),
                order_by,
                limit: limit.map(u64::from),
                offset: offset.map(u64::from),
                lookups,
                access: view.then(|| "USER_MODE".to_owned()),
                statistics: if view { vec!["TRACKING".to_owned()] } else { Vec::new() },
                purpose: view.then(|| "VIEW".to_owned()),
            }
        },
    )
}

fn query() -> impl Strategy<Value = Query> {
    (flat_query(), proptest::option::of(flat_query()), proptest::option::of(flat_query())).prop_map(
        |(mut query, child, semi)| {
            if let Some(child) = child {
                query.select.push(Selection::Children(Box::new(child)));
            }
            if let Some(semi) = semi {
                let left = Expression::Field(Path { parts: vec!["Id".to_owned()], at: Position(0) });
                let list = List::Query(Box::new(semi));
                let inside = Condition::List { left, operator: ListOperator::In, list, at: Position(0) };
                query.condition = Some(inside);
            }
            query
        },
    )
}

proptest! {
    #[test]
    fn printed_query_parses_to_same_query(query in query()) {
        let printed = query.to_string();
        prop_assert_eq!(parse(&printed), Ok(query), "{}", printed);
    }

    #[test]
    fn any_text_never_panics_the_parser(text in "(SELECT |FROM |WHERE |Id|,|\\(|\\)|'|\\\\|[ -~あ]){0,30}") {
        let _ = parse(&text);
    }
}

#[test]
fn string_literal_may_contain_any_character() {
    for text in [r"'W\UE000'", "'\u{e000}%'", r"'\%\UE000\_'", r"'a\\\UE000'"] {
        let query = parse(&format!("SELECT Id FROM Lead WHERE Name LIKE {text}")).unwrap();
        assert_eq!(parse(&query.to_string()).as_ref(), Ok(&query), "{text}");
    }
    assert!(parse(r"SELECT Id FROM Lead WHERE Name = '\u+041'").is_err());
}

#[test]
fn deep_nesting_is_rejected() {
    let deep = format!("SELECT Id FROM Lead WHERE {}Id = null", "(".repeat(100_000 / 2));
    assert_eq!(parse(&deep).map_err(|error| error.code), Err("QUERY_TOO_COMPLICATED"));
    let not = format!("SELECT Id FROM Lead WHERE {}Id = null", "NOT ".repeat(5_000));
    assert_eq!(parse(&not).map_err(|error| error.code), Err("QUERY_TOO_COMPLICATED"));
}

#[test]
fn mixed_and_or_without_brackets_is_rejected() {
    assert!(parse("SELECT Id FROM A WHERE B = 1 AND C = 2 OR D = 3").is_err());
    assert!(parse("SELECT Id FROM A WHERE (B = 1 AND C = 2) OR D = 3").is_ok());
}

/// What sets a query apart that is judged otherwise here, and why.
///
/// Apex binds, comments and currency literals are refused by the REST API of a single-currency org too; knowledge
/// categories are not emulated; the rest is a question of meaning, which the parser does not ask.
const JUDGED_OTHERWISE: [&str; 9] =
    [" :", "//", "/*", "USD", "usd5", "DATA CATEGORY", "FROM Account OFFSET", "LeadSourceCOUNT", "\n"];

#[test]
fn foreign_queries_are_accepted_or_rejected_as_recorded() {
    let Some(cases) = crate::shared_fixture("soql_parser_js_cases.json") else { return };
    let mut wrong = Vec::new();
    for case in cases["cases"].as_array().unwrap() {
        let soql = case["soql"].as_str().unwrap();
        let valid = case["valid"].as_bool().unwrap();
        let excused = JUDGED_OTHERWISE.iter().any(|part| soql.contains(part));
        if parse(soql).is_ok() != valid && !excused {
            wrong.push(format!("{valid} {soql} {:?}", parse(soql).err().map(|error| error.message)));
        }
    }
    assert!(wrong.is_empty(), "{}: {}", wrong.len(), wrong.join("\n"));
}
