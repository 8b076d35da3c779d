//! A node as typed text, and back.

use crate::console::router::node_rows::{NodeRows, TestRow, URL_QUERY, URL_QUERY_START, WayRow};
use crate::http::form::Form as Typed;
use domain::router::{
    Chart, Exit, Fact, FindKey, ListKey, MessageText, Next, Node, Operand, Outcome, Preference,
    PreferredOrder, RouteOperator, Test,
};
use domain::synced_fields::SyncedObject;
use domain::value::{FieldProblem, tidy_line};
use serde_json::Value;

/// A node of a kind as it is offered for inserting; `None` for a word that is no kind.
pub(super) fn blank(kind: &str) -> Option<(Typed, NodeRows)> {
    let mut pairs = vec![("kind", kind.to_owned())];
    let mut rows = NodeRows::default();
    match kind {
        "condition" => {
            pairs.push(("join", "all".to_owned()));
            rows.tests.push(TestRow::default());
        }
        "list" => pairs.push(("by", ListKey::Domain.name().to_owned())),
        "find" => pairs.push(("object", SyncedObject::Account.key().to_owned())),
        "split" => {
            rows.ways = vec![WayRow { weight: "1".to_owned(), next: String::new() }; 2];
        }
        "outcome" => pairs.push(("outcome.kind", "page".to_owned())),
        _ => return None,
    }
    Some((Typed::of(pairs), rows))
}

/// The names of a node's plain inputs with what it holds.
pub(super) fn of_node(node: &Node) -> Typed {
    let mut pairs =
        vec![("kind".to_owned(), node.kind().to_owned()), ("name".to_owned(), node.name().to_owned())];
    let mut add = |name: &str, value: &str| pairs.push((name.to_owned(), value.to_owned()));
    match node {
        Node::Condition { any, .. } => add("join", if any.is_empty() { "all" } else { "any" }),
        Node::List { list, by, .. } => {
            add("list", list);
            add("by", by.name());
        }
        // Filters and tie-breaks are rows.
        Node::Find { object, by, live, .. } => {
            add("object", object.key());
            add("by", by.name());
            add("live", if *live { "on" } else { "" });
        }
        Node::Split { .. } => {}
        Node::Outcome { outcome, fallback, .. } => {
            outcome_pairs("outcome", Some(outcome), &mut add);
            outcome_pairs("fallback", fallback.as_ref(), &mut add);
        }
    }
    for (exit, to) in node.exits() {
        if !matches!(exit, Exit::Way(_)) {
            add(&format!("next.{}", exit.name()), to);
        }
    }
    Typed::of(pairs)
}

fn outcome_pairs(at: &str, outcome: Option<&Outcome>, add: &mut impl FnMut(&str, &str)) {
    let Some(outcome) = outcome else { return };
    add(&format!("{at}.kind"), outcome.kind());
    if let Some(page) = outcome.page() {
        add(&format!("{at}.page"), page);
    }
    match outcome {
        Outcome::Owner { object, .. } => {
            add(&format!("{at}.object"), object.map(SyncedObject::key).unwrap_or_default());
        }
        Outcome::Member { member, .. } => add(&format!("{at}.member"), member),
        Outcome::Message { text } => {
            add(&format!("{at}.text.ja"), &text.ja);
            add(&format!("{at}.text.en"), &text.en);
        }
        Outcome::Redirect { url } => add(&format!("{at}.url"), url),
        Outcome::Page { .. } | Outcome::Assigned { .. } | Outcome::Nothing => {}
    }
}

/// Reads a node from what was typed. What can't be read is a problem; whether it fits is checked with the chart.
pub(super) fn read(typed: &Typed, rows: &NodeRows, chart: &Chart) -> Result<Node, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let name = tidy_line(typed.text("name"));
    let mut target = |input: &str, to: &str| {
        if !to.is_empty() && !chart.nodes.contains_key(to) {
            problems.push(FieldProblem::new(input, "node-missing").with("node", to));
        }
        to.to_owned()
    };
    let ways: Vec<String> = rows
        .ways
        .iter()
        .enumerate()
        .map(|(at, way)| target(&format!("ways[{at}].next"), &way.next))
        .collect();
    let next = Next {
        matched: target("next.match", typed.text("next.match")),
        otherwise: target("next.otherwise", typed.text("next.otherwise")),
        error: target("next.error", typed.text("next.error")),
    };
    let object = || SyncedObject::ALL.into_iter().find(|one| one.key() == typed.text("object"));
    let node = match typed.text("kind") {
        "condition" => {
            let tests = tests(rows, &mut problems);
            let is_any = typed.text("join") == "any";
            let (all, any) = if is_any { (Vec::new(), tests) } else { (tests, Vec::new()) };
            Some(Node::Condition { name, all, any, next })
        }
        "list" => {
            chosen(ListKey::ALL.into_iter().find(|key| key.name() == typed.text("by")), "by", &mut problems)
                .map(|by| Node::List { name, list: typed.text("list").trim().to_owned(), by, next })
        }
        "find" => chosen(object(), "object", &mut problems).map(|object| {
            let by = FindKey::ALL.into_iter().find(|key| key.name() == typed.text("by"));
            let by = by.unwrap_or(FindKey::usual(object));
            let (filters, prefer) = (tests(rows, &mut problems), preferences(rows, &mut problems));
            Node::Find { name, object, by, live: typed.is_on("live"), filters, prefer, next }
        }),
        "split" => {
            let weights = rows.ways.iter().enumerate().map(|(at, way)| {
                let weight = tidy_line(&way.weight).parse::<u32>();
                weight.unwrap_or_else(|_| {
                    problems.push(FieldProblem::new(format!("ways[{at}].weight"), "not-a-number"));
                    0
                })
            });
            Some(Node::Split { name, weights: weights.collect(), next: ways })
        }
        "outcome" => {
            let wanted = outcome(typed, "outcome");
            let fallback = outcome(typed, "fallback");
            chosen(wanted, "outcome.kind", &mut problems).map(|outcome| Node::Outcome {
                name,
                outcome,
                fallback,
            })
        }
        _ => chosen(None, "kind", &mut problems),
    };
    match node {
        Some(node) if problems.is_empty() => Ok(node),
        _ => Err(problems),
    }
}

fn chosen<T>(found: Option<T>, input: &str, problems: &mut Vec<FieldProblem>) -> Option<T> {
    if found.is_none() {
        problems.push(FieldProblem::new(input, "required"));
    }
    found
}

/// The comparisons; rows in which nothing was typed are left out.
fn tests(rows: &NodeRows, problems: &mut Vec<FieldProblem>) -> Vec<Test> {
    let mut tests = Vec::new();
    for (at, row) in rows.tests.iter().enumerate() {
        if row.fact.is_empty() && row.values.trim().is_empty() {
            continue;
        }
        let fact = match row.fact.as_str() {
            URL_QUERY => Fact::parse(&format!("{URL_QUERY_START}{}", row.parameter.trim())),
            name => Fact::parse(name),
        };
        let input = if row.fact == URL_QUERY { "parameter" } else { "fact" };
        let fact = chosen(fact, &format!("tests[{at}].{input}"), problems);
        let operator = RouteOperator::from_name(&row.operator);
        let operator = chosen(operator, &format!("tests[{at}].operator"), problems);
        if let (Some(fact), Some(operator)) = (fact, operator) {
            tests.push(Test { fact, operator, value: value(&row.values, operator) });
        }
    }
    tests
}

/// The tie-breaks; rows in which nothing was chosen are left out.
fn preferences(rows: &NodeRows, problems: &mut Vec<FieldProblem>) -> Vec<Preference> {
    let mut preferences = Vec::new();
    for (at, row) in rows.preferences.iter().enumerate() {
        if row.order.is_empty() && row.field.is_empty() {
            continue;
        }
        let order = PreferredOrder::from_name(&row.order);
        if let Some(order) = chosen(order, &format!("prefer[{at}].order"), problems) {
            let field = if order.has_field() { tidy_line(&row.field) } else { String::new() };
            preferences.push(Preference { field, order });
        }
    }
    preferences
}

fn value(typed: &str, operator: RouteOperator) -> Value {
    let lines: Vec<&str> = typed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    match (operator.operand(), &lines[..]) {
        (Operand::None, _) | (_, []) => Value::Null,
        (Operand::One, [one]) => Value::from(*one),
        (Operand::One | Operand::Several, several) => Value::from(several.to_vec()),
    }
}

fn outcome(typed: &Typed, at: &str) -> Option<Outcome> {
    let text = |name: &str| typed.text(&format!("{at}.{name}")).replace("\r\n", "\n").trim().to_owned();
    let page = text("page");
    Some(match text("kind").as_str() {
        "page" => Outcome::Page { page },
        "owner" => {
            let object = text("object");
            Outcome::Owner { object: SyncedObject::ALL.into_iter().find(|one| one.key() == object), page }
        }
        "member" => Outcome::Member { member: text("member"), page },
        "assigned" => Outcome::Assigned { page },
        "message" => Outcome::Message { text: MessageText { ja: text("text.ja"), en: text("text.en") } },
        "redirect" => Outcome::Redirect { url: text("url") },
        "nothing" => Outcome::Nothing,
        _ => return None,
    })
}
