//! Settings that the demo makes as a program would: through its own API, once it listens.

use serde_json::{Value, json};
use std::error::Error;

/// Sets the synced fields, the company import and the sync of people, and asks for their first runs.
pub(crate) async fn set_up(server: &str, org: &str, key: &str) -> Result<(), Box<dyn Error>> {
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
    send(reqwest::Method::POST, "/forms", contact_form()).await?;
    for (name, company, email, topic, message) in SENT {
        let answers = json!({
            "name": name, "company": company, "email": email, "topic": topic, "message": message, "privacy": "true",
        });
        send(reqwest::Method::POST, "/forms/contact/submissions", json!({ "answers": answers })).await?;
    }
    // The org tells of changes as they happen, once its admin has selected these objects.
    let selected = json!({ "selected": ["Lead", "Contact"] });
    http.post(format!("{org}/emulator/change-events")).json(&selected).send().await?.error_for_status()?;
    send(reqwest::Method::POST, "/people-sync/start", json!({ "mode": "everything" })).await?;
    Ok(())
}

/// What visitors have sent by the form.
const SENT: [(&str, &str, &str, &str, &str); 3] = [
    (
        "森田 恵",
        "株式会社うみかぜ",
        "megumi.morita@umikaze.example",
        "資料請求",
        "導入事例の載った資料を希望します。",
    ),
    (
        "大塚 一郎",
        "大塚製作所",
        "ichiro@otsuka-works.example",
        "料金について",
        "30名で使う場合の費用を知りたいです。",
    ),
    (
        "Emma Clarke",
        "Northwind Ltd",
        "emma.clarke@northwind.example",
        "その他",
        "Do you offer support in English?",
    ),
];

fn contact_form() -> Value {
    let mapping = |field: &str, target: &str| json!({ "field": field, "salesforce_field": target });
    json!({
        "slug": "contact", "title": "お問い合わせ", "title_en": "Contact us", "active": true, "confirm": true,
        "description": "2営業日以内に担当者からご連絡します。",
        "description_en": "We will get back to you within two business days.",
        "fields": [
            { "key": "company", "label": "会社名", "label_en": "Company", "kind": "company", "required": true },
            { "key": "name", "label": "お名前", "label_en": "Name", "kind": "name", "required": true },
            { "key": "email", "label": "メールアドレス", "label_en": "Email address", "kind": "email", "required": true },
            { "key": "phone", "label": "電話番号", "label_en": "Phone", "kind": "phone" },
            { "key": "topic", "label": "ご用件", "label_en": "Topic", "kind": "dropdown", "required": true,
              "options": ["資料請求", "料金について", "その他"] },
            { "key": "people", "label": "ご利用予定の人数", "label_en": "Number of users", "kind": "number",
              "show_when": [{ "field": "topic", "operator": "equals", "values": ["料金について"] }] },
            { "key": "message", "label": "お問い合わせ内容", "label_en": "Message", "kind": "textarea" },
            { "key": "privacy", "label": "個人情報の取り扱い", "label_en": "Privacy", "kind": "consent", "required": true,
              "help": "ご入力いただいた情報は、お問い合わせへの回答のために利用します。",
              "help_en": "We use what you enter to answer your message." },
            { "key": "utm_source", "label": "utm_source", "kind": "hidden",
              "source": { "from": "parameter", "name": "utm_source" } },
        ],
        "salesforce": {
            "object": "Lead", "existing": "update", "match_by": "Email",
            "mappings": [
                mapping("company", "Company"), mapping("name.family", "LastName"), mapping("name.given", "FirstName"),
                mapping("email", "Email"), mapping("phone", "Phone"), mapping("people", "NumberOfEmployees"),
                mapping("message", "Description"),
            ],
            "constants": [{ "salesforce_field": "LeadSource", "value": "Web" }],
        },
        "then": { "kind": "page", "page": "sales/demo" },
    })
}
