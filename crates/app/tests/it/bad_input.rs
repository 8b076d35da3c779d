//! Invalid input gives an error that names the field, never a 500, and changes nothing (Q4).

use crate::harness::{TestSystem, booking, http, start};
use serde_json::{Value, json};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        invalid_booking_gives_errors_by_field,
        no_key_gives_401,
        special_characters_in_email_are_escaped_in_soql
    );
}

async fn invalid_booking_gives_errors_by_field(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let text = json!({ "key": "memo", "label": "メモ", "kind": "text", "required": true });
    let radio = json!({ "key": "plan", "label": "プラン", "kind": "radio", "options": ["松", "竹"] });
    world.page(json!({ "fields": [text, radio], "window_days": 30 })).await;
    let good = booking(1, "good@input.example", json!({ "memo": "x" }));
    let huge = "あ".repeat(34_000);
    let rows: Vec<(&str, Value, &str, &str)> = vec![
        ("/page", json!("sales/nothing"), "page", "no-such-page"),
        ("/start", json!("tomorrow"), "start", "not-a-time"),
        ("/start", json!("2020-01-01T00:00:00Z"), "start", "slot-too-soon"),
        ("/start", json!(start(288 * 300)), "start", "slot-too-far"),
        ("/start", json!(start(1).replace(":00Z", ":30Z")), "start", "slot-not-offered"),
        ("/attendee/email", json!("nobody"), "attendee.email", "not-an-email"),
        ("/attendee/email", json!(""), "attendee.email", "required"),
        ("/attendee/name", json!("  "), "attendee.name", "required"),
        ("/attendee/name", json!("あ".repeat(81)), "attendee.name", "too-long"),
        ("/attendee/company", json!("あ".repeat(256)), "attendee.company", "too-long"),
        ("/answers", json!({}), "answers.memo", "required"),
        ("/answers/memo", json!(huge), "answers.memo", "too-long"),
        ("/answers/plan", json!("梅"), "answers.plan", "not-an-option"),
        ("/answers/gone", json!("x"), "answers.gone", "unknown-field"),
        ("/guests", json!(["x"]), "guests[0]", "not-an-email"),
        ("/hosts", json!(["stranger@example.jp"]), "hosts[0]", "not-a-member"),
        ("/surprise", json!(1), "surprise", "bad-body"),
    ];
    for (path, value, field, code) in rows {
        let mut body = good.clone();
        let (parent, key) = path.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[key] = value;
        let (status, answer) = world.server.post("/bookings", &body).await;
        let fault = &answer["errors"][0];
        assert_eq!(
            (status, fault["field"].as_str(), fault["code"].as_str()),
            (422, Some(field), Some(code)),
            "{path}: {answer:#}"
        );
        let message = fault["message"].as_str().unwrap();
        assert!(!message.starts_with("problem-"), "a sentence, not a key: {message}");
    }
    let (_, list) = world.server.get("/bookings").await;
    assert_eq!(list["bookings"], json!([]), "nothing was kept");
    let full_width = booking(1, "ｇｏｏｄ＠ｉｎｐｕｔ．ｅｘａｍｐｌｅ", json!({ "memo": "x" }));
    let (status, body) = world.server.post("/bookings", &full_width).await;
    assert_eq!((status, body["attendee"]["email"].as_str()), (201, Some("good@input.example")));
    assert_eq!(world.server.post("/bookings", &good).await.0, 409, "a taken time");
    for (settings, field) in [
        (json!({ "todo": { "lag_minutes": 11 } }), "todo.lag_minutes"),
        (json!({ "todo": { "lag_minutes": -1 } }), "todo.lag_minutes"),
        (json!({ "campaign": { "enabled": true, "campaign_id": "701" } }), "campaign.campaign_id"),
        (
            json!({ "campaign": { "enabled": true, "campaign_id": "00Q000000000001EAA" } }),
            "campaign.campaign_id",
        ),
        (json!({ "todo": { "lag_minutes": "3" } }), "todo.lag_minutes"),
        (json!({ "unknown": 1 }), "unknown"),
    ] {
        let (status, body) = world.server.put("/settings/salesforce", &settings).await;
        assert_eq!((status, body["errors"][0]["field"].as_str()), (422, Some(field)), "{settings}: {body:#}");
    }
}

async fn no_key_gives_401(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let made = world.book(1, "mine@input.example", json!({})).await;
    let id = made["id"].as_str().unwrap();
    let other = world.server.other_workspace().await;
    let (status, _) = world.server.post_as(&other, &format!("/bookings/{id}/cancel"), &json!({})).await;
    assert_eq!(status, 404, "another workspace's id");
    let (status, body) =
        world.server.post_as(&other, "/bookings", &booking(2, "x@input.example", json!({}))).await;
    assert_eq!((status, body["errors"][0]["code"].as_str()), (422, Some("no-such-page")));
    let url = format!("{}/api/v1/bookings", world.server.url());
    for key in ["", "tsk_wrong", "' OR 1=1 --"] {
        let answer = http().get(&url).bearer_auth(key).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{key}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
    }
    let raw = async |body: &str, kind: &str| {
        let request = http().post(&url).bearer_auth(world.server.key()).header("content-type", kind);
        request.body(body.to_owned()).send().await.unwrap().status().as_u16()
    };
    assert_eq!(raw("{", "application/json").await, 400);
    assert_eq!(raw("[]", "application/json").await, 422);
    assert_eq!(raw("{}", "text/plain").await, 415);
    assert_eq!(raw(&"x".repeat(300_000), "application/json").await, 413);
    for path in
        ["/bookings/nothing", "/bookings/01890a5d-ac96-774b-bcce-b302099a8057", "/pages/nothing", "/nowhere"]
    {
        assert_eq!(world.server.get(path).await.0, 404, "{path}");
    }
    assert_eq!(world.server.delete("/bookings").await.0, 405);
    for path in ["/bookings?limit=-1", "/bookings?cursor=x", "/bookings?limit=99999999999999"] {
        let status = world.server.get(path).await.0;
        assert!((400..500).contains(&status), "{path}: {status}");
    }
}

/// Quotes, backslashes and percent signs in an address can't leave their place in SOQL.
async fn special_characters_in_email_are_escaped_in_soql(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    world.page(json!({ "salesforce": { "create_lead": true } })).await;
    let before = world.org.rows("Lead").await.len();
    let odd = ["o'neil@odd.example", "a'or'1'@odd.example", "100%_x@odd.example"];
    for (slot, email) in (0..).zip(odd) {
        let booking = world.book(slot, email, json!({})).await;
        let settled = world.settled(&booking).await;
        assert_eq!(settled["deliveries"][0]["state"], "done", "{settled:#}");
        assert_eq!(world.org.rows_where("Lead", "Email", email).await.len(), 1, "{email}");
    }
    assert_eq!(world.org.rows("Lead").await.len(), before + odd.len());
    // The org takes no such address for a Lead, but it can be looked for.
    let trial = json!({ "page": "demo", "email": "back\\slash'@odd.example" });
    let (status, body) = world.server.post("/dry-run", &trial).await;
    assert_eq!(
        (status, body["plans"][0]["explanation"][1]["code"].as_str()),
        (200, Some("person-not-found"))
    );
}
