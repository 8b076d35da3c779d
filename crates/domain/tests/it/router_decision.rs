//! The router's decision: tables for what each node does, and properties that hold for every chart and every visitor.

use crate::support::field;
use domain::form::Answer;
use domain::org::{FieldType, OrgField, PicklistOption};
use domain::router::{
    Assignment, Chart, ChartContext, ChartList, Facts, Known, ListKey, ListKind, LookupFailure, Outcome,
    RecordFacts, RouteNeed, check_chart, decide, route_needs,
};
use domain::synced_fields::SyncedObject;
use domain::value::EmailAddress;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn chart(nodes: Value) -> Chart {
    let start = nodes.as_object().unwrap().keys().next().unwrap().clone();
    serde_json::from_value(json!({ "start": start, "nodes": nodes })).unwrap()
}

/// A chart with one condition, whose exits are told apart by their redirect.
fn condition(tests: Value) -> Chart {
    let mut node = json!({ "kind": "condition", "next": { "match": "m", "otherwise": "o", "error": "e" } });
    for (name, value) in tests.as_object().unwrap() {
        node[name] = value.clone();
    }
    let end = |name: &str| json!({ "kind": "outcome", "outcome": { "kind": "redirect", "url": format!("https://{name}.example") } });
    chart(json!({ "a": node, "e": end("e"), "m": end("m"), "o": end("o") }))
}

fn exit(chart: &Chart, facts: &Facts) -> String {
    decide(chart, facts).path[0].exit.clone()
}

fn facts() -> Facts {
    let record = RecordFacts {
        id: "001000000000001AAA".into(),
        name: "継手商会".into(),
        owner: Some("owner@host.example".into()),
        fields: json!({ "Industry": "Ｒｅｔａｉｌ", "NumberOfEmployees": 250, "Rating": null, "Products": ["A", "B"],
            "Since": "2020-04-01" })
        .as_object()
        .unwrap()
        .clone(),
        candidates: 2,
    };
    Facts {
        email: Some(EmailAddress::parse("Taro@Example.co.jp").unwrap()),
        answers: [
            ("size".to_owned(), Answer::One("100人以上".into())),
            ("topics".to_owned(), Answer::Many(vec!["料金".into(), "導入".into()])),
        ]
        .into(),
        url: "https://www.example.jp/price/plan?utm_source=mail&plan=".into(),
        referrer: "https://search.example".into(),
        language: "ja".into(),
        visitor: "visitor-1".into(),
        lists: [(
            "vip email".to_owned(),
            Known::Found(Assignment { line: 7, assigns: true, ..Assignment::default() }),
        )]
        .into(),
        records: [
            ("account domain".to_owned(), Known::Found(record)),
            ("contact email".to_owned(), Known::NotFound),
            ("lead email".to_owned(), Known::Unknown(LookupFailure::TimedOut)),
        ]
        .into(),
        ..Facts::default()
    }
}

#[test]
fn each_fact_is_compared_as_people_take_it() {
    let table = [
        ("email", "equals", json!("taro@example.co.jp"), "match"),
        ("email.domain", "equals", json!("example.co.jp"), "match"),
        ("email.free_mail", "equals", json!(false), "match"),
        ("email.domain", "ends_with", json!(".co.jp"), "match"),
        ("answer.size", "equals", json!("１００人以上"), "match"),
        ("answer.size", "in", json!(["1-10", "100人以上"]), "match"),
        ("answer.size", "not_in", json!(["1-10", "100人以上"]), "otherwise"),
        ("answer.topics", "equals", json!("導入"), "match"),
        ("answer.topics", "not_equals", json!("導入"), "otherwise"),
        ("answer.topics", "contains", json!("料"), "match"),
        ("answer.gone", "exists", Value::Null, "otherwise"),
        ("answer.gone", "not_exists", Value::Null, "match"),
        ("answer.gone", "not_equals", json!("x"), "match"),
        ("answer.gone", "greater_than", json!(1), "otherwise"),
        ("url.path", "starts_with", json!("/price"), "match"),
        ("url.query.utm_source", "equals", json!("MAIL"), "match"),
        ("url.query.plan", "exists", Value::Null, "otherwise"),
        ("referrer", "contains", json!("search"), "match"),
        ("language", "equals", json!("ja"), "match"),
        ("account.Industry", "equals", json!("retail"), "match"),
        ("account.industry", "not_contains", json!("tail"), "otherwise"),
        ("account.NumberOfEmployees", "greater_than", json!("249.99"), "match"),
        ("account.NumberOfEmployees", "less_or_equal", json!(250), "match"),
        ("account.NumberOfEmployees", "equals", json!("250.0"), "match"),
        ("account.NumberOfEmployees", "greater_than", json!("many"), "error"),
        ("account.Since", "less_than", json!("2020/04/02"), "match"),
        ("account.Since", "greater_or_equal", json!("2020-04-01"), "match"),
        ("account.Products", "in", json!(["B", "C"]), "match"),
        ("account.Rating", "exists", Value::Null, "otherwise"),
        ("account.Deleted__c", "exists", Value::Null, "error"),
        ("contact.Title", "exists", Value::Null, "otherwise"),
        ("lead.Status", "equals", json!("Open"), "error"),
    ];
    for (fact, operator, value, expected) in table {
        let chart = condition(json!({ "all": [{ "fact": fact, "operator": operator, "value": value }] }));
        assert_eq!(exit(&chart, &facts()), expected, "{fact} {operator} {value}");
    }
}

#[test]
fn unknown_test_decides_only_where_the_others_leave_it_open() {
    let holds = json!({ "fact": "language", "operator": "equals", "value": "ja" });
    let fails = json!({ "fact": "language", "operator": "equals", "value": "en" });
    let unknown = json!({ "fact": "lead.Status", "operator": "exists" });
    for (kind, tests, expected) in [
        ("all", json!([holds, holds]), "match"),
        ("all", json!([holds, fails]), "otherwise"),
        ("all", json!([holds, unknown]), "error"),
        ("all", json!([unknown, fails]), "otherwise"),
        ("any", json!([fails, holds]), "match"),
        ("any", json!([fails, fails]), "otherwise"),
        ("any", json!([fails, unknown]), "error"),
        ("any", json!([unknown, holds]), "match"),
    ] {
        assert_eq!(exit(&condition(json!({ kind: tests })), &facts()), expected, "{kind} {tests}");
    }
}

#[test]
fn record_of_a_find_node_is_the_one_that_conditions_read_from_then_on() {
    let chart = chart(json!({
        "a": { "kind": "find", "object": "account", "by": "email", "live": true, "next": { "match": "b", "otherwise": "z", "error": "z" } },
        "b": { "kind": "condition", "all": [{ "fact": "account.Industry", "operator": "equals", "value": "Banking" }],
            "next": { "match": "c", "otherwise": "z", "error": "z" } },
        "c": { "kind": "outcome", "outcome": { "kind": "owner", "page": "sales/demo" }, "fallback": { "kind": "nothing" } },
        "z": { "kind": "outcome", "outcome": { "kind": "nothing" } },
    }));
    let mut facts = facts();
    let fields = json!({ "Industry": "Banking" }).as_object().unwrap().clone();
    let live = RecordFacts { id: "2".into(), fields, ..RecordFacts::default() };
    facts.records.insert("account email live".into(), Known::Found(live));
    let decision = decide(&chart, &facts);
    assert_eq!(decision.record.as_deref(), Some("account email live"));
    assert!(matches!(decision.outcome, Outcome::Owner { .. }));
    let needs = route_needs(&chart);
    assert!(needs.iter().any(|need| need.name() == "account email live"), "{needs:?}");
    assert!(
        needs
            .iter()
            .any(|need| matches!(need, RouteNeed::Record { fields, .. } if fields.contains("Industry")))
    );
}

#[test]
fn list_row_travels_with_the_decision_and_a_list_that_is_gone_is_an_error() {
    let chart = chart(json!({
        "a": { "kind": "list", "list": "vip", "by": "email", "next": { "match": "m", "otherwise": "o", "error": "e" } },
        "e": { "kind": "outcome", "outcome": { "kind": "message", "text": { "ja": "e" } } },
        "m": { "kind": "outcome", "outcome": { "kind": "assigned", "page": "sales/demo" }, "fallback": { "kind": "nothing" } },
        "o": { "kind": "outcome", "outcome": { "kind": "nothing" } },
    }));
    let listed = decide(&chart, &facts());
    assert_eq!(listed.assignment.map(|row| row.line), Some(7));
    let mut gone = facts();
    gone.lists.insert("vip email".into(), Known::Unknown(LookupFailure::ListGone));
    assert_eq!(exit(&chart, &gone), "error");
    gone.lists.clear();
    assert_eq!(exit(&chart, &gone), "error", "nobody asked is not the same as nobody there");
}

#[test]
fn split_keeps_its_weights_and_each_visitor_the_way() {
    let chart = chart(json!({
        "a": { "kind": "split", "weights": [3, 1, 0], "next": ["x", "y", "z"] },
        "x": { "kind": "outcome", "outcome": { "kind": "nothing" } },
        "y": { "kind": "outcome", "outcome": { "kind": "nothing" } },
        "z": { "kind": "outcome", "outcome": { "kind": "nothing" } },
    }));
    let mut ways = [0_u32; 3];
    for visitor in 0..4_000 {
        let facts = Facts { visitor: format!("visitor-{visitor}"), ..Facts::default() };
        let way = exit(&chart, &facts);
        assert_eq!(way, exit(&chart, &facts));
        ways[way.strip_prefix("way-").unwrap().parse::<usize>().unwrap() - 1] += 1;
    }
    assert!((2_850..3_150).contains(&ways[0]) && ways[2] == 0, "{ways:?}");
}

/// The account's fields, of which `Other__c` is not kept here.
fn described() -> Vec<OrgField> {
    let option =
        |value: &str| PicklistOption { value: value.to_owned(), label: value.to_owned(), active: true };
    vec![
        OrgField {
            options: ["Retail", "Banking"].map(option).into(),
            ..field("Industry", FieldType::Picklist)
        },
        field("Size__c", FieldType::Integer),
        field("Since__c", FieldType::Date),
        field("Other__c", FieldType::Date),
    ]
}

fn context() -> ChartContext {
    ChartContext {
        pages: ["sales/demo".to_owned()].into(),
        members: ["host@host.example".to_owned()].into(),
        lists: [
            ("vip".to_owned(), ChartList { rows: 3, kind: ListKind::Values, by: Some(ListKey::Email) }),
            ("blank".to_owned(), ChartList { rows: 0, kind: ListKind::Values, by: Some(ListKey::Email) }),
        ]
        .into(),
        copies: [(SyncedObject::Account, ["Industry", "Size__c", "Since__c"].map(str::to_owned).into())]
            .into(),
        fields: [(SyncedObject::Account, described())].into(),
        questions: [("size".to_owned(), vec!["1-10".to_owned(), "11-".to_owned()])].into(),
        ..ChartContext::default()
    }
}

#[test]
fn each_fault_is_told_on_its_node() {
    let end = json!({ "kind": "outcome", "outcome": { "kind": "nothing" } });
    let to = |next: &str| json!({ "match": next, "otherwise": "z", "error": "z" });
    let test = json!({ "fact": "answer.size", "operator": "equals", "value": "1-10" });
    let filter = |field: &str, operator: &str, value: &str| json!({ "fact": format!("account.{field}"), "operator": operator, "value": value });
    let searched = |filters: Value, prefer: Value| json!({ "kind": "find", "object": "account", "by": "domain", "filters": filters, "prefer": prefer, "next": to("z") });
    let table = [
        (json!({ "kind": "condition", "all": [test], "next": to("z") }), ""),
        (json!({ "kind": "condition", "all": [test], "next": to("") }), "next.match dead-end"),
        (json!({ "kind": "condition", "all": [test], "next": to("q") }), "next.match node-missing"),
        (json!({ "kind": "condition", "all": [test], "next": to("a") }), "next loop"),
        (json!({ "kind": "condition", "next": to("z") }), "all tests-missing"),
        (json!({ "kind": "condition", "all": [test], "any": [test], "next": to("z") }), "all tests-mixed"),
        (
            json!({ "kind": "condition", "all": [{ "fact": "answer.gone", "operator": "exists" }], "next": to("z") }),
            "all[0].fact question-missing",
        ),
        (
            json!({ "kind": "condition", "all": [{ "fact": "answer.size", "operator": "equals", "value": "12" }], "next": to("z") }),
            "all[0].value option-missing",
        ),
        (
            json!({ "kind": "condition", "any": [{ "fact": "email", "operator": "equals" }], "next": to("z") }),
            "any[0].value required",
        ),
        (
            json!({ "kind": "condition", "any": [{ "fact": "email", "operator": "equals", "value": ["a", "b"] }], "next": to("z") }),
            "any[0].value one-value",
        ),
        (
            json!({ "kind": "condition", "any": [{ "fact": "url", "operator": "less_than", "value": "much" }], "next": to("z") }),
            "any[0].value not-a-number-or-day",
        ),
        (json!({ "kind": "list", "list": "gone", "by": "email", "next": to("z") }), "list list-missing"),
        (json!({ "kind": "list", "list": "blank", "by": "email", "next": to("z") }), "list list-empty"),
        (json!({ "kind": "find", "object": "lead", "by": "email", "next": to("z") }), "object no-local-copy"),
        (json!({ "kind": "find", "object": "account", "by": "email", "next": to("z") }), "by find-key-unfit"),
        (json!({ "kind": "find", "object": "account", "by": "domain", "next": to("z") }), ""),
        (json!({ "kind": "find", "object": "lead", "by": "domain", "live": true, "next": to("z") }), ""),
        (
            json!({ "kind": "find", "object": "account", "by": "email", "live": true, "next": to("z") }),
            "by find-key-unfit",
        ),
        (searched(json!([filter("Industry", "equals", "Retail")]), json!([])), ""),
        (
            searched(json!([filter("Owner.Email", "equals", "a@x.example")]), json!([])),
            "filters[0].fact field-not-synced",
        ),
        (searched(json!([filter("Gone__c", "equals", "a")]), json!([])), "filters[0].fact field-missing"),
        (searched(json!([filter("Industry", "equals", "")]), json!([])), "filters[0].value required"),
        (
            searched(json!([filter("Industry", "equals", "Farming")]), json!([])),
            "filters[0].value option-missing",
        ),
        (
            searched(json!([filter("Industry", "less_than", "3")]), json!([])),
            "filters[0].operator filter-operator-unfit",
        ),
        (
            searched(json!([filter("Size__c", "less_than", "2026-01-01")]), json!([])),
            "filters[0].value not-a-number",
        ),
        (searched(json!([filter("Since__c", "less_than", "3")]), json!([])), "filters[0].value not-a-day"),
        (searched(json!([filter("Since__c", "less_than", "2026-01-01")]), json!([])), ""),
        (
            searched(json!([{ "fact": "contact.Title", "operator": "exists" }]), json!([])),
            "filters[0].fact filter-of-other-record",
        ),
        (searched(json!([]), json!([{ "field": "Since__c", "order": "newest" }])), ""),
        (searched(json!([]), json!([{ "field": "Size__c", "order": "lowest" }])), ""),
        (searched(json!([]), json!([{ "order": "newest" }])), "prefer[0].field required"),
        (
            searched(json!([]), json!([{ "field": "Size__c", "order": "oldest" }])),
            "prefer[0].field preference-needs-time",
        ),
        (
            searched(json!([]), json!([{ "field": "Since__c", "order": "highest" }])),
            "prefer[0].field preference-needs-number",
        ),
        (
            searched(json!([]), json!([{ "field": "Gone__c", "order": "newest" }])),
            "prefer[0].field field-missing",
        ),
        (
            searched(json!([]), json!([{ "field": "Other__c", "order": "newest" }])),
            "prefer[0].field field-not-synced",
        ),
        (searched(json!([]), json!([{ "order": "owner_is_member" }])), "prefer[0].order owner-not-synced"),
        (
            searched(json!([]), json!([{ "field": "Size__c", "order": "owner_is_member" }])),
            "prefer[0].field preference-without-field",
        ),
        (json!({ "kind": "split", "weights": [1], "next": ["z"] }), "weights split-ways"),
        (json!({ "kind": "split", "weights": [0, 0], "next": ["z", "z"] }), "weights split-weights"),
        (
            json!({ "kind": "outcome", "outcome": { "kind": "page", "page": "sales/demo" } }),
            "fallback fallback-missing",
        ),
        (
            json!({ "kind": "outcome", "outcome": { "kind": "page", "page": "sales/gone" }, "fallback": { "kind": "nothing" } }),
            "outcome.page page-missing",
        ),
        (
            json!({ "kind": "outcome", "outcome": { "kind": "member", "member": "gone@host.example", "page": "sales/demo" }, "fallback": { "kind": "nothing" } }),
            "outcome.member member-missing",
        ),
        (
            json!({ "kind": "outcome", "outcome": { "kind": "redirect", "url": "javascript:alert(1)" } }),
            "outcome.url not-a-url",
        ),
        (
            json!({ "kind": "outcome", "outcome": { "kind": "message", "text": { "ja": " " } } }),
            "outcome.text.ja required",
        ),
    ];
    for (node, expected) in table {
        let chart = chart(json!({ "a": node, "z": end }));
        let faults = check_chart(&chart, &context());
        let found = faults.iter().find(|fault| fault.node == "a");
        let told =
            found.map(|fault| format!("{} {}", fault.fault.field, fault.fault.code)).unwrap_or_default();
        assert_eq!(told, expected, "{node}");
    }
    let lonely = chart(json!({ "a": end, "z": end }));
    let faults = check_chart(&lonely, &context());
    assert_eq!((faults[0].node.as_str(), faults[0].fault.code.as_str()), ("z", "unreachable"));
    assert_eq!(check_chart(&Chart::default(), &context())[0].fault.code, "chart-empty");
}

/// A chart whose exits lead anywhere, forwards, backwards or nowhere.
fn any_chart() -> impl Strategy<Value = Chart> {
    (2_usize..12).prop_flat_map(|count| {
        let next = move || (0..count + 2).prop_map(|place| format!("n{place:02}"));
        let three = move || (next(), next(), next()).prop_map(|(m, o, e)| json!({ "match": m, "otherwise": o, "error": e }));
        let fact = prop::sample::select(vec!["email", "answer.size", "account.Industry", "lead.Status", "url.path"]);
        let operator = prop::sample::select(vec!["equals", "not_equals", "exists", "greater_than", "contains"]);
        let node = prop_oneof![
            3 => (fact, operator, three(), any::<bool>()).prop_map(|(fact, operator, next, all)| {
                let kind = if all { "all" } else { "any" };
                json!({ "kind": "condition", kind: [{ "fact": fact, "operator": operator, "value": "retail" }], "next": next })
            }),
            1 => three().prop_map(|next| json!({ "kind": "list", "list": "vip", "by": "email", "next": next })),
            1 => three().prop_map(|next| json!({ "kind": "find", "object": "account", "by": "domain", "next": next })),
            1 => (next(), next()).prop_map(|(a, b)| json!({ "kind": "split", "weights": [1, 2], "next": [a, b] })),
            2 => Just(json!({ "kind": "outcome", "outcome": { "kind": "page", "page": "sales/demo" }, "fallback": { "kind": "nothing" } })),
        ];
        prop::collection::vec(node, count).prop_map(|nodes| {
            let nodes: serde_json::Map<String, Value> =
                nodes.into_iter().enumerate().map(|(place, node)| (format!("n{place:02}"), node)).collect();
            chart(Value::Object(nodes))
        })
    })
}

proptest! {
    #[test]
    fn every_chart_decides_the_same_for_the_same_facts_and_its_path_leads_to_the_outcome(chart in any_chart()) {
        let facts = facts();
        let decision = decide(&chart, &facts);
        let stored: Facts = serde_json::from_value(serde_json::to_value(&facts).unwrap()).unwrap();
        prop_assert_eq!(&decide(&chart, &stored), &decision, "replayed");
        prop_assert!(decision.path.len() <= chart.nodes.len() + 1);
        for pair in decision.path.windows(2) {
            let node = &chart.nodes[&pair[0].node];
            let next = node.exits().into_iter().find(|(exit, _)| exit.name() == pair[0].exit).unwrap().1;
            prop_assert_eq!(next, pair[1].node.as_str());
        }
        let publishable = check_chart(&chart, &context()).iter().all(|fault| {
            !matches!(fault.fault.code.as_str(), "dead-end" | "node-missing" | "loop" | "chart-empty")
        });
        if publishable {
            let last = &decision.path.last().unwrap().node;
            prop_assert_eq!(chart.nodes[last].kind(), "outcome");
            prop_assert_eq!(decision.path.len(), decision.path.iter().map(|at| &at.node).collect::<BTreeSet<_>>().len());
        }
    }
}
