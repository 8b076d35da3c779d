//! What a sync of people would do is shown before; what would change too many waits; who is left out stays out (S).

use crate::harness::TestSystem;
use crate::people_sync::{add, begin, change, lead, person, row, start, sync, sync_until};
use crate::syncing::over;
use serde_json::{Value, json};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        preview_tells_what_the_first_sync_then_does_and_changes_nothing,
        who_is_erased_does_not_come_back_by_a_sync,
        run_that_would_change_most_people_waits_until_somebody_agrees,
        who_is_left_out_is_not_synced_but_may_refuse_mail
    );
}

/// The latest run of the sync, once it is over.
async fn last_run(world: &TestSystem) -> Value {
    let (_, runs) = world.server.get("/runs").await;
    let run = runs["runs"].as_array().unwrap().iter().find(|run| run["kind"] == "people_sync").unwrap();
    over(world, &run["id"]).await
}

async fn preview(world: &TestSystem) -> Value {
    let (status, found) = world.server.get("/people-sync/preview?limit=200").await;
    assert_eq!(status, 200, "{found:#}");
    found
}

fn line<'a>(preview: &'a Value, email: &str) -> Vec<(&'a str, Value)> {
    let lines = preview["lines"].as_array().unwrap().iter().filter(|line| line["email"] == email);
    lines.map(|line| (line["action"].as_str().unwrap(), line["reason"]["code"].clone())).collect()
}

async fn preview_tells_what_the_first_sync_then_does_and_changes_nothing(kind: Kind) {
    let world = begin(kind).await;
    let known = lead(&world, "known@preview.example").await;
    lead(&world, "new@preview.example").await;
    world.org.create("Lead", json!({ "LastName": "無名", "Company": "無名商事" })).await;
    add(&world, "known@preview.example", json!({ "last_name": "山田", "phone": "03-1111-2222" })).await;
    add(&world, "here@preview.example", json!({ "last_name": "鈴木", "company": "鈴木工業" })).await;
    add(&world, "poor@preview.example", json!({ "company": "佐藤商店" })).await;
    let before = (world.org.rows("Lead").await, world.org.rows("Contact").await);
    let (status, _) = world.server.post("/people-sync/preview", &json!({})).await;
    assert_eq!(status, 202);
    assert_eq!(last_run(&world).await["state"], "done");
    let shown = preview(&world).await;
    assert_eq!(line(&shown, "new@preview.example"), [("create_here", Value::Null)], "{shown:#}");
    assert_eq!(line(&shown, "here@preview.example"), [("create_there", Value::Null)]);
    let known_lines = line(&shown, "known@preview.example");
    assert!(known_lines.contains(&("update_here", Value::Null)), "{known_lines:?}");
    assert!(known_lines.contains(&("update_there", Value::Null)), "{known_lines:?}");
    assert_eq!(line(&shown, "poor@preview.example"), [("skip", json!("people-required"))]);
    assert!(shown["reasons"]["people-no-email"].as_u64() >= Some(1), "{shown:#}");
    // Nothing has changed, here or there.
    let (_, people) = world.server.get("/people").await;
    assert_eq!(people["people"].as_array().unwrap().len(), 3);
    assert_eq!(before, (world.org.rows("Lead").await, world.org.rows("Contact").await));
    // What was shown is what is done.
    let all: u64 = shown["counts"]["create_here"].as_u64().unwrap() + 3;
    start(&world).await;
    let (_, details) = world.server.get("/people-sync").await;
    assert_eq!(details["people"].as_u64(), Some(all), "{details:#}");
    assert_eq!(row(&world, &known).await["Phone"], "03-1111-2222");
    assert_eq!(person(&world, "known@preview.example").await["fields"]["title"], "課長");
    assert_eq!(world.org.rows_where("Lead", "Email", "here@preview.example").await.len(), 1);
    assert_eq!(world.org.rows_where("Lead", "Email", "poor@preview.example").await.len(), 0);
}

async fn who_is_erased_does_not_come_back_by_a_sync(kind: Kind) {
    let world = begin(kind).await;
    let id = lead(&world, "erased@out.example").await;
    lead(&world, "deleted@out.example").await;
    start(&world).await;
    for (email, erase) in [("erased@out.example", true), ("deleted@out.example", false)] {
        let person = person(&world, email).await;
        let path = format!("/people/{}?erase={erase}", person["id"].as_str().unwrap());
        assert_eq!(world.server.delete(&path).await.0, 204);
    }
    world.org.edit(&id, json!({ "Title": "部長" })).await;
    sync(&world).await;
    assert_eq!(person(&world, "erased@out.example").await, Value::Null);
    assert_eq!(row(&world, &id).await["Title"], "部長", "the record is the org's");
}

async fn run_that_would_change_most_people_waits_until_somebody_agrees(kind: Kind) {
    let world = begin(kind).await;
    let mut leads = Vec::new();
    for number in 0..70 {
        leads.push(lead(&world, &format!("many{number}@hold.example")).await);
    }
    start(&world).await;
    // Stamps have whole seconds: what is edited in a later one is seen at once.
    world.org.control("clock", &json!({ "advance_seconds": 10 })).await;
    for id in leads.iter().take(60) {
        world.org.edit(id, json!({ "Title": "部長" })).await;
    }
    let (status, body) = world.server.post("/people-sync/run", &json!({})).await;
    assert_eq!(status, 202, "{body:#}");
    let run = over(&world, &body["run"]).await;
    assert_eq!(
        (&run["state"], &run["reason"]["code"]),
        (&json!("stopped"), &json!("people-must-ask")),
        "{run:#}"
    );
    let title = async |email: &str| person(&world, email).await["fields"]["title"].clone();
    assert_eq!(title("many0@hold.example").await, "課長", "nothing was taken over");
    let shown = preview(&world).await;
    assert_eq!((&shown["is_held"], &shown["counts"]["update_here"]), (&json!(true), &json!(60)), "{shown:#}");
    world.org.control("clock", &json!({ "advance_seconds": 10 })).await;
    // The next runs only read; a refusal of mail is passed on all the same.
    world.org.edit(&leads[65], json!({ "HasOptedOutOfEmail": true })).await;
    let (_, body) = world.server.post("/people-sync/run", &json!({})).await;
    let run = over(&world, &body["run"]).await;
    assert_eq!(run["reason"]["code"], "people-held", "{run:#}");
    assert_eq!(title("many0@hold.example").await, "課長");
    assert_eq!(person(&world, "many65@hold.example").await["opted_out"], true);
    // Somebody agrees.
    let (status, _) = world.server.post("/people-sync/confirm", &json!({})).await;
    assert_eq!(status, 202);
    assert_eq!(last_run(&world).await["state"], "done");
    assert_eq!(title("many0@hold.example").await, "部長");
    let (status, _) = world.server.post("/people-sync/confirm", &json!({})).await;
    assert_eq!(status, 409, "nothing is held any more");
    // Agreed to once, not for ever; fewer than that need nobody.
    world.org.control("clock", &json!({ "advance_seconds": 10 })).await;
    for id in leads.iter().take(40) {
        world.org.edit(id, json!({ "Title": "次長" })).await;
    }
    sync(&world).await;
    assert_eq!(title("many0@hold.example").await, "次長");
}

async fn who_is_left_out_is_not_synced_but_may_refuse_mail(kind: Kind) {
    let world = begin(kind).await;
    let inside = lead(&world, "inside@filter.example").await;
    let outside = world
        .org
        .create(
            "Lead",
            json!({ "LastName": "競合", "Company": "競合株式会社", "Email": "out@filter.example" }),
        )
        .await;
    let filter = json!({
        "people": [{ "field": "email", "operator": "is_none_of", "values": ["private@filter.example"] }],
        "records": [{ "field": "company", "operator": "is_none_of", "values": ["競合株式会社"] }],
    });
    let settings = json!({ "enabled": false, "change_events": false, "filter": filter });
    let (status, body) = world.server.put("/people-sync", &settings).await;
    assert_eq!(status, 200, "{body:#}");
    add(&world, "private@filter.example", json!({ "last_name": "私", "company": "私商店" })).await;
    add(&world, "out@filter.example", json!({ "last_name": "競合", "company": "別名商事" })).await;
    start(&world).await;
    assert_eq!(person(&world, "inside@filter.example").await["partner"]["id"], inside.as_str());
    assert!(world.org.rows_where("Lead", "Email", "private@filter.example").await.is_empty());
    let leads = world.org.rows_where("Lead", "Email", "out@filter.example").await;
    assert_eq!((leads.len(), &leads[0]["Id"]), (1, &json!(outside)), "no second Lead");
    assert_eq!(person(&world, "out@filter.example").await["partner"], Value::Null);
    // A record that ceases to fit is left alone, and comes back.
    world.org.edit(&inside, json!({ "Company": "競合株式会社", "Title": "社長" })).await;
    sync(&world).await;
    let found = person(&world, "inside@filter.example").await;
    assert_eq!((&found["sync"]["state"], &found["fields"]["title"]), (&json!("excluded"), &json!("課長")));
    change(&world, &found, json!({ "phone": "03-9999-0000" })).await;
    sync(&world).await;
    assert_eq!(row(&world, &inside).await["Phone"], Value::Null);
    // A refusal of mail is told to everybody (S6).
    world.org.edit(&outside, json!({ "HasOptedOutOfEmail": true })).await;
    sync(&world).await;
    assert_eq!(person(&world, "out@filter.example").await["opted_out"], true);
    let (status, body) = world
        .server
        .put("/people-sync", &json!({ "enabled": true, "change_events": false, "filter": {} }))
        .await;
    assert_eq!(status, 200, "{body:#}");
    let found = sync_until(&world, "inside@filter.example", |found| found["sync"]["state"] == "synced").await;
    assert_eq!(
        (&found["fields"]["title"], &found["fields"]["company"]),
        (&json!("社長"), &json!("競合株式会社"))
    );
    assert_eq!(row(&world, &inside).await["Phone"], "03-9999-0000");
    let out = person(&world, "out@filter.example").await;
    assert_eq!(out["partner"]["id"], outside.as_str(), "{out:#}");
    // A rule about a field that is not there is refused by its place.
    let filter = json!({ "people": [{ "field": "vanished", "operator": "is_blank" }] });
    let (status, body) =
        world.server.put("/people-sync", &json!({ "enabled": true, "filter": filter })).await;
    assert_eq!((status, &body["errors"][0]["field"]), (422, &json!("filter.people[0].field")), "{body:#}");
}
