//! Why a node of a file can't be read, for people who don't read the reader's own words.

use domain::value::FieldProblem;

/// Options that are named.
const MAX_OPTIONS: usize = 20;

/// The fault; what the reader said stays with it as its detail.
pub(super) fn unreadable_node(id: &str, error: &serde_json::Error) -> FieldProblem {
    let said = error.to_string();
    let (code, values) = understood(&said);
    let problem = FieldProblem::new("json", code).with("node", id.escape_debug());
    let problem = values.into_iter().fold(problem, |problem, (name, value)| problem.with(name, value));
    problem.with("detail", said)
}

/// What the reader said, as far as its words are known.
fn understood(said: &str) -> (&'static str, Vec<(&'static str, String)>) {
    let quoted: Vec<&str> = said.split('`').skip(1).step_by(2).collect();
    let first = quoted.first().copied().unwrap_or_default().to_owned();
    let options = || quoted.iter().skip(1).take(MAX_OPTIONS).copied().collect::<Vec<_>>().join(", ");
    if said.starts_with("missing field `") {
        ("node-part-missing", vec![("part", first)])
    } else if said.starts_with("unknown field `") {
        ("node-part-unknown", vec![("part", first), ("options", options())])
    } else if said.starts_with("unknown variant `") {
        ("node-word-unknown", vec![("word", first), ("options", options())])
    } else if said.starts_with("there is no fact `") {
        ("node-fact-unknown", vec![("word", first)])
    } else {
        ("node-unreadable", Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::router::Node;
    use serde_json::{Value, json};

    #[test]
    fn each_way_of_being_unreadable_has_its_own_fault() {
        let next = json!({ "match": "a", "otherwise": "a", "error": "a" });
        let test = json!({ "fact": "weather", "operator": "equals" });
        let cases: [(Value, &str, &str); 6] = [
            (json!({ "kind": "robot" }), "node-word-unknown", "robot"),
            (json!({ "kind": "list", "by": "email", "next": next }), "node-part-missing", "list"),
            (json!({ "kind": "split", "weights": [1], "next": [], "way": 1 }), "node-part-unknown", "way"),
            (json!({ "kind": "condition", "all": [test], "next": next }), "node-fact-unknown", "weather"),
            (json!({ "kind": "split", "weights": ["one"], "next": [] }), "node-unreadable", ""),
            (json!(1), "node-unreadable", ""),
        ];
        for (node, code, named) in cases {
            let error = serde_json::from_value::<Node>(node.clone()).unwrap_err();
            let problem = unreadable_node("a\0", &error);
            let word = problem.data.get("part").or(problem.data.get("word")).map_or("", String::as_str);
            assert_eq!((problem.code.as_str(), word), (code, named), "{node}: {error}");
            assert_eq!(problem.data["node"], "a\\0");
            assert_eq!(problem.data["detail"], error.to_string());
        }
    }
}
