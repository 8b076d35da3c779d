//! Settings that the demo makes as a program would: through its own API, once it listens.

use serde_json::{Value, json};
use std::error::Error;

/// Sets the synced fields and the company import, and asks for their first runs.
pub(crate) async fn set_up(server: &str, key: &str) -> Result<(), Box<dyn Error>> {
    let http = reqwest::Client::new();
    let send = async |method: reqwest::Method, path: &str, body: Value| -> Result<Value, Box<dyn Error>> {
        let url = format!("{server}/api/v1{path}");
        let response = http.request(method, url).bearer_auth(key).json(&body).send().await?;
        let status = response.status();
        let text = response.text().await?;
        if status.is_success() {
            Ok(serde_json::from_str(&text).unwrap_or_default())
        } else {
            Err(format!("{path}: {status} {text}").into())
        }
    };
    let fields = json!({
        "refresh_at": "03:00",
        "account": ["Name", "Industry", "NumberOfEmployees"], "contact": ["Title"], "lead": ["Status", "LeadSource"],
    });
    send(reqwest::Method::PUT, "/synced-fields", fields).await?;
    let import = json!({
        "enabled": true, "object": "Account", "every_hours": 4, "when_gone": "mark", "conditions": [],
        "fields": [
            { "key": "industry", "label": "業種", "kind": "picklist" },
            { "key": "website", "label": "Webサイト", "kind": "url" },
            { "key": "employees", "label": "従業員数", "kind": "number" },
        ],
        "mappings": [
            { "field": "industry", "path": "Industry" }, { "field": "website", "path": "Website" },
            { "field": "employees", "path": "NumberOfEmployees" },
        ],
    });
    send(reqwest::Method::PUT, "/company-import", import).await?;
    send(reqwest::Method::POST, "/synced-fields/sync", json!({})).await?;
    Ok(())
}
