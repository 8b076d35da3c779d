//! Booking pages: made, replaced, listed; each fault by its field.

use crate::api::caller::{Caller, faults, with};
use crate::signed_in::fill;
use crate::support::Server;
use serde_json::{Value, json};

fn page() -> Value {
    json!({
        "team": "sales", "slug": "consult", "title": "個別相談", "title_en": "Consultation",
        "description": "ご相談ください。", "attendance": "all", "slot_minutes": 45,
        "members": ["sato@demo.example"], "hours": [{ "weekday": 1, "from": 540, "to": 1020 }],
        "fields": [
            { "key": "title", "label": "役職", "label_en": "Title", "kind": "text", "required": true },
            { "key": "interests", "label": "興味", "kind": "checkboxes", "options": ["A", "B"] },
        ],
        "salesforce": { "create_lead": true, "map_fields": true,
            "mappings": [{ "field": "title", "salesforce_field": "Title" }] },
    })
}

#[tokio::test]
async fn page_is_made_with_defaults_and_replaced() {
    let server = Server::start().await;
    fill(&server).await;
    let caller = server.caller().await;
    let (status, made) = caller.post("/pages", &page()).await;
    assert_eq!(status, 201, "{made:#}");
    for (name, expected) in [
        ("path", json!("sales/consult")),
        ("attendance", json!("all")),
        ("slot_minutes", json!(45)),
        ("time_zone", json!("Asia/Tokyo")),
        ("window_days", json!(60)),
        ("personal", json!(false)),
        ("active", json!(true)),
        ("description_en", json!("")),
        ("members", json!([server.page.members[1]])),
        ("hours", json!([{ "weekday": 1, "from": 540, "to": 1020 }])),
    ] {
        assert_eq!(made[name], expected, "{name}");
    }
    assert_eq!(
        made["fields"],
        json!([
            { "key": "title", "label": "役職", "label_en": "Title", "kind": "text", "required": true },
            { "key": "interests", "label": "興味", "kind": "checkboxes", "required": false, "options": ["A", "B"] },
        ]),
        "what is empty is left out"
    );
    assert_eq!(made["salesforce"]["unknown_company"], "不明");
    for path in ["/pages/sales/consult", "/pages/consult", "/pages/sales%2Fconsult"] {
        assert_eq!(caller.get(path).await, (200, made.clone()), "{path}");
    }
    let replacement = json!({ "slug": "consult-2", "title": "相談", "active": false });
    let (status, replaced) = caller.put("/pages/sales/consult", &replacement).await;
    assert_eq!((status, &replaced["path"], &replaced["id"]), (200, &json!("sales/consult-2"), &made["id"]));
    assert_eq!(replaced["fields"], json!([]), "what is left out has its default");
    assert_eq!(replaced["members"].as_array().unwrap().len(), 2, "the team's members");
    assert_eq!(caller.get("/pages/sales/consult").await.0, 404);
    let (_, list) = caller.get("/pages").await;
    let paths: Vec<&Value> = list["pages"].as_array().unwrap().iter().map(|page| &page["path"]).collect();
    assert_eq!(paths, ["sales/consult-2", "sales/demo"]);
    let history = storage::workspace::audit::list(&server.state.database.read(), server.workspace, 10).await;
    let codes: Vec<String> = history.unwrap().into_iter().map(|line| line.action.code).collect();
    assert_eq!(codes[..2], ["page-saved", "page-made"]);
}

#[tokio::test]
async fn invalid_pages_name_their_fields() {
    let server = Server::start().await;
    fill(&server).await;
    let long = "あ".repeat(300);
    let table: Vec<(&str, Value, &str, &str)> = vec![
        ("/team", json!("nobody"), "team", "no-such-team"),
        ("/slug", json!("Not A Slug"), "slug", "bad-slug"),
        ("/slug", json!("demo"), "slug", "taken"),
        ("/title", json!(""), "title", "required"),
        ("/title", json!(long), "title", "too-long"),
        ("/members", json!(["stranger@demo.example"]), "members[0]", "not-a-member"),
        ("/members", json!([]), "members", "required"),
        ("/slot_minutes", json!(7), "slot_minutes", "bad-length"),
        ("/time_zone", json!("Asia/Atlantis"), "time_zone", "unknown-time-zone"),
        ("/hours/0/weekday", json!(8), "hours[0]", "bad-hours"),
        ("/hours/0/to", json!(100), "hours[0]", "bad-hours"),
        ("/fields/0/key", json!("Not A Key"), "fields[0].key", "bad-key"),
        ("/fields/1/options", json!([]), "fields[1].options", "required"),
        ("/fields/0/kind", json!("slider"), "fields[0].kind", "bad-body"),
        ("/attendance", json!("some"), "attendance", "bad-body"),
        ("/salesforce/mappings/0/field", json!("gone"), "salesforce.mappings[0].field", "unknown-field"),
        (
            "/salesforce/mappings/0/salesforce_field",
            json!("Email"),
            "salesforce.mappings[0].salesforce_field",
            "never-mapped",
        ),
        (
            "/salesforce/mappings/0/salesforce_field",
            json!("Score__c"),
            "salesforce.mappings[0].salesforce_field",
            "not-writable",
        ),
    ];
    let mut wrong = Vec::new();
    for language in ["ja", "en"] {
        let caller = Caller { language, ..server.caller().await };
        for (pointer, value, field, code) in &table {
            let (status, problem) = caller.post("/pages", &with(&page(), pointer, value.clone())).await;
            let found = if status == 422 { faults(&problem) } else { Vec::new() };
            if !found.contains(&((*field).to_owned(), (*code).to_owned())) {
                wrong.push(format!("{pointer}={value}: {status} {found:?}"));
            }
        }
        let (_, list) = caller.get("/pages").await;
        assert_eq!(list["pages"].as_array().unwrap().len(), 1, "nothing was kept");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn pages_of_others_are_not_replaced() {
    let server = Server::start().await;
    let other = server.caller_of(server.other_workspace().await).await;
    let (status, problem) = other.put("/pages/sales/demo", &page()).await;
    assert_eq!((status, &problem["type"]), (404, &json!("urn:tsugite:problem:not-found")));
    let (status, problem) = other.post("/pages", &page()).await;
    assert_eq!((status, faults(&problem)), (422, vec![("team".to_owned(), "no-such-team".to_owned())]));
    let (_, mine) = server.caller().await.get("/pages/sales/demo").await;
    assert_eq!(mine["title"], "オンライン面談");
}

#[tokio::test]
async fn teams_are_made_with_their_members() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let team = json!({ "slug": "support", "name": " サポート ", "members": [
        { "name": "田中 次郎", "email": "Tanaka@demo.example" }, { "name": "高橋", "email": "takahashi@demo.example" },
    ] });
    let (status, made) = caller.post("/teams", &team).await;
    assert_eq!(
        (status, &made["name"], &made["slug"]),
        (201, &json!("サポート"), &json!("support")),
        "{made:#}"
    );
    let (_, list) = caller.get("/teams").await;
    let slugs: Vec<&Value> = list["teams"].as_array().unwrap().iter().map(|team| &team["slug"]).collect();
    assert_eq!((slugs.len(), list["teams"].as_array().unwrap().contains(&made)), (2, true));
    for (pointer, value, field, code) in [
        ("/slug", json!("support"), "slug", "taken"),
        ("/slug", json!("Sup Port"), "slug", "bad-slug"),
        ("/name", json!(""), "name", "required"),
        ("/name", json!("x".repeat(101)), "name", "too-long"),
        ("/members/1/name", json!(" "), "members[1].name", "required"),
        ("/members/0/email", json!("tanaka"), "members[0].email", "not-an-email"),
    ] {
        let other = with(&with(&team, "/slug", json!("another")), pointer, value);
        let (status, problem) = caller.post("/teams", &other).await;
        assert_eq!((status, faults(&problem)), (422, vec![(field.to_owned(), code.to_owned())]), "{pointer}");
    }
    assert_eq!(caller.get("/teams").await.1["teams"].as_array().unwrap().len(), 2);
}
