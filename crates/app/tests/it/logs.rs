//! What the server logs: spans with IDs, as JSON when wished, and nothing about people.

use crate::harness::{LOG_FILE, TestSystem};
use serde_json::{Value, json};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(log_lines_carry_ids_and_no_personal_data);
}

const EMAIL: &str = "taro.himitsu@example.co.jp";
const NAMES: [&str; 4] = ["見本 太郎", "見本商事", EMAIL, "himitsu"];

async fn log_lines_carry_ids_and_no_personal_data(kind: Kind) {
    let log = tempfile::NamedTempFile::new().unwrap();
    let settings = [
        (LOG_FILE, log.path().display().to_string()),
        ("TSUGITE_LOG", "debug".to_owned()),
        ("TSUGITE_LOG_FORMAT", "json".to_owned()),
    ];
    let world = TestSystem::begin_with_settings(kind, 600.0, 20, &settings).await;
    world.settings(json!({ "todo": { "enabled": true, "lag_minutes": 3 } })).await;
    world.page(json!({ "salesforce": { "create_lead": true, "create_event": true } })).await;
    // The org's own words about a refusal name the person; they belong on the timeline and not in a log.
    let words = format!("{EMAIL} of 見本商事 is on our list");
    let look_up = json!({ "kind": "status", "status": 400, "code": "MALFORMED_QUERY", "message": words,
        "path": "composite", "times": 1 });
    world.org.control("faults", &look_up).await;
    let rule = json!({ "validation_rules": [{ "object": "Lead", "message": words,
        "when": { "field": "LastName", "operator": "!=", "value": "" } }] });
    world.org.control("schema", &rule).await;
    let booking = world.book(1, EMAIL, json!({})).await;
    let settled = world.settled(&booking).await;
    assert!(settled.to_string().contains("is on our list"), "the timeline has the org's words: {settled:#}");
    let text = std::fs::read_to_string(log.path()).unwrap();
    for name in NAMES {
        let line = text.lines().find(|line| line.contains(name));
        assert!(line.is_none(), "{name} stands in the log: {}", line.unwrap_or_default());
    }
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("JSON: {line}")))
        .collect();
    let spans = |name: &str| {
        lines
            .iter()
            .filter_map(|line| line["spans"].as_array())
            .flatten()
            .filter(|span| span["name"] == name)
            .count()
    };
    assert!(spans("round") > 0 && spans("salesforce") > 0, "{} lines", lines.len());
    let round = lines.iter().filter_map(|line| line["spans"].as_array()).flatten();
    let round = round.into_iter().find(|span| span["name"] == "round").unwrap();
    assert!(round["workspace"].is_string() && round["fence"].is_number(), "{round}");
}
