//! People and the org's Leads and Contacts: both ways, without doubles, lost edits or ping-pong (S).

use crate::harness::TestSystem;
use crate::syncing::over;
use serde_json::{Value, json};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        one_person_goes_both_ways_and_comes_to_rest,
        edits_of_one_field_on_both_sides_are_settled_by_its_rule_and_can_be_undone,
        people_are_found_before_they_are_created_and_a_lost_answer_makes_no_double,
        write_whose_answer_is_lost_is_settled_by_what_the_record_says,
        values_that_do_not_fit_are_told_and_the_rest_goes_over,
        addresses_that_are_swapped_or_taken_never_make_two_people_one,
        partner_follows_conversion_and_deletion_and_moves_with_edits_of_others,
        refusal_of_mail_counts_at_once_and_is_not_taken_back_by_the_org
    );
}

/// An org with so many Contacts and as many Leads, of which nothing is known yet.
pub(crate) async fn begin_with_rows(kind: Kind, rows: u32) -> TestSystem {
    let world = TestSystem::begin(kind, 1.0).await;
    world.org.control("reset", &json!({ "seed": format!("rows:{rows}") })).await;
    world.server.delete("/salesforce/connection").await;
    world.server.connect(&world.org).await;
    world
}

/// Calls may take two seconds: what becomes of a lost one is known after some more.
pub(crate) async fn begin(kind: Kind) -> TestSystem {
    let world = TestSystem::begin_with_timeout(kind, 1.0, 2).await;
    without_events(&world).await;
    world
}

/// Runs come when a story asks for them, and not as soon as the org tells of a change.
pub(crate) async fn without_events(world: &TestSystem) {
    let settings = json!({ "enabled": false, "change_events": false });
    assert_eq!(world.server.put("/people-sync", &settings).await.0, 200);
}

/// Starts the sync with all records, and waits for its first run.
async fn started(kind: Kind) -> TestSystem {
    let world = begin(kind).await;
    start(&world).await;
    world
}

pub(crate) async fn start(world: &TestSystem) {
    let (status, body) = world.server.post("/people-sync/start", &json!({ "mode": "everything" })).await;
    assert_eq!(status, 202, "{body:#}");
    let (_, runs) = world.server.get("/runs").await;
    let run = runs["runs"].as_array().unwrap().iter().find(|run| run["kind"] == "people_sync").unwrap();
    let run = over(world, &run["id"]).await;
    assert_eq!(run["state"], "done", "{run:#}");
}

/// Syncs once, and gives the run.
pub(crate) async fn sync(world: &TestSystem) -> Value {
    loop {
        let (status, body) = world.server.post("/people-sync/run", &json!({})).await;
        if status == 409 {
            // One that was left by a process that was killed is taken up again.
            let (_, runs) = world.server.get("/runs").await;
            let running =
                runs["runs"].as_array().unwrap().iter().find(|run| run["kind"] == "people_sync").unwrap();
            over(world, &running["id"]).await;
            continue;
        }
        assert_eq!(status, 202, "{body:#}");
        let run = over(world, &body["run"]).await;
        assert_eq!(run["state"], "done", "{run:#}");
        return run;
    }
}

/// Syncs until a person is as wished. What was written a moment ago is settled some seconds later.
pub(crate) async fn sync_until(world: &TestSystem, email: &str, wished: impl Fn(&Value) -> bool) -> Value {
    let until = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        let found = person(world, email).await;
        if wished(&found) {
            return found;
        }
        assert!(tokio::time::Instant::now() < until, "{found:#}");
        sync(world).await;
    }
}

pub(crate) async fn add(world: &TestSystem, email: &str, fields: Value) -> Value {
    let (status, body) = world.server.post("/people", &json!({ "email": email, "fields": fields })).await;
    assert_eq!(status, 201, "{body:#}");
    body
}

pub(crate) async fn person(world: &TestSystem, email: &str) -> Value {
    let (status, body) = world.server.get(&format!("/people?email={}", email.replace('+', "%2B"))).await;
    assert_eq!(status, 200, "{body:#}");
    body["people"][0].clone()
}

pub(crate) async fn change(world: &TestSystem, person: &Value, fields: Value) -> Value {
    let path = format!("/people/{}", person["id"].as_str().unwrap());
    let (status, body) = world.server.patch(&path, &json!({ "fields": fields })).await;
    assert_eq!(status, 200, "{body:#}");
    body
}

pub(crate) async fn lead(world: &TestSystem, email: &str) -> String {
    let fields = json!({ "LastName": "山田", "Company": "山田商事", "Email": email, "Title": "課長" });
    world.org.create("Lead", fields).await
}

pub(crate) async fn row(world: &TestSystem, id: &str) -> Value {
    let object = if id.starts_with("00Q") { "Lead" } else { "Contact" };
    world.org.rows_where(object, "Id", id).await.pop().unwrap()
}

async fn one_person_goes_both_ways_and_comes_to_rest(kind: Kind) {
    let world = begin(kind).await;
    let id = lead(&world, "taro@two.example").await;
    start(&world).await;
    let found = person(&world, "TARO@two.example").await;
    assert_eq!(found["partner"]["id"], id.as_str(), "{found:#}");
    assert_eq!(
        (&found["fields"]["company"], &found["sync"]["state"]),
        (&json!("山田商事"), &json!("synced"))
    );
    // Different fields on both sides at the same time: both stay.
    change(&world, &found, json!({ "title": "部長" })).await;
    world.org.edit(&id, json!({ "Phone": "03-1234-5678" })).await;
    let found =
        sync_until(&world, "taro@two.example", |found| found["fields"]["phone"] == "03-1234-5678").await;
    assert_eq!(found["fields"]["title"], "部長");
    let kept = row(&world, &id).await;
    assert_eq!((&kept["Title"], &kept["Phone"]), (&json!("部長"), &json!("03-1234-5678")));
    // Whoever the org doesn't know becomes a Lead, with the owner that the connected user gives.
    add(&world, "hanako@two.example", json!({ "last_name": "鈴木", "company": "鈴木工業" })).await;
    sync(&world).await;
    let leads = world.org.rows_where("Lead", "Email", "hanako@two.example").await;
    assert_eq!((leads.len(), &leads[0]["Company"]), (1, &json!("鈴木工業")));
    sync_until(&world, "hanako@two.example", |found| found["sync"]["state"] == "synced").await;
    // Blank on one side is blank on the other.
    change(&world, &found, json!({ "title": null })).await;
    world.org.edit(&id, json!({ "Phone": null })).await;
    sync_until(&world, "taro@two.example", |found| found["fields"]["phone"] == "").await;
    assert_eq!(row(&world, &id).await["Title"], Value::Null);
    // At rest: one call a run, and nothing is written.
    let stamps = async || {
        let leads = world.org.rows("Lead").await;
        leads.iter().map(|lead| lead["SystemModstamp"].clone()).collect::<Vec<_>>()
    };
    sync(&world).await;
    let before = stamps().await;
    for _ in 0..5 {
        assert_eq!(sync(&world).await["receipt"]["calls"], 1);
    }
    assert_eq!(stamps().await, before);
}

async fn edits_of_one_field_on_both_sides_are_settled_by_its_rule_and_can_be_undone(kind: Kind) {
    let world = begin(kind).await;
    let id = lead(&world, "taro@rule.example").await;
    start(&world).await;
    for (rule, stays) in [("salesforce", "org"), ("local", "here")] {
        let (_, mut fields) = world.server.get("/person-fields").await;
        for field in fields["fields"].as_array_mut().unwrap() {
            if field["name"] == "title" {
                field["conflict"] = rule.into();
            }
        }
        let (status, saved) = world.server.put("/person-fields", &fields).await;
        assert_eq!(status, 200, "{saved:#}");
        let found = person(&world, "taro@rule.example").await;
        change(&world, &found, json!({ "title": format!("here {rule}") })).await;
        world.org.edit(&id, json!({ "Title": format!("org {rule}") })).await;
        let wanted = format!("{stays} {rule}");
        let is_settled =
            |found: &Value| found["fields"]["title"] == wanted.as_str() && found["sync"]["state"] == "synced";
        sync_until(&world, "taro@rule.example", is_settled).await;
        sync(&world).await;
        assert_eq!(row(&world, &id).await["Title"], wanted.as_str());
    }
    let (_, conflicts) = world.server.get("/people-sync/conflicts").await;
    let conflicts = conflicts["conflicts"].as_array().unwrap();
    assert_eq!(conflicts.len(), 2, "{conflicts:#?}");
    let (latest, lost) = (&conflicts[0], "org local");
    assert_eq!((&latest["winner"], &latest["remote"]), (&json!("local"), &json!(lost)));
    let undo = format!("/people-sync/conflicts/{}/undo", latest["id"].as_str().unwrap());
    assert_eq!(world.server.post(&undo, &json!({})).await.0, 200);
    assert_eq!(world.server.post(&undo, &json!({})).await.0, 409, "once");
    sync(&world).await;
    assert_eq!(row(&world, &id).await["Title"], lost);
    let found = person(&world, "taro@rule.example").await;
    let (_, found) = world.server.get(&format!("/people/{}", found["id"].as_str().unwrap())).await;
    let origins: Vec<&Value> =
        found["history"].as_array().unwrap().iter().map(|one| &one["origin"]).collect();
    assert!(origins.contains(&&json!("undo")) && origins.contains(&&json!("salesforce")), "{found:#}");
}

async fn people_are_found_before_they_are_created_and_a_lost_answer_makes_no_double(kind: Kind) {
    let world = started(kind).await;
    // Known to the org only since the last read: found by the look-up.
    let contact =
        world.org.create("Contact", json!({ "LastName": "佐藤", "Email": "found@new.example" })).await;
    add(&world, "found@new.example", json!({ "last_name": "佐藤", "company": "A" })).await;
    for n in 0..30 {
        add(&world, &format!("new{n}@new.example"), json!({ "last_name": "新規", "company": "A" })).await;
    }
    world
        .org
        .control("faults", &json!({ "kind": "lost_answer", "times": 1, "path": "composite", "after": 2 }))
        .await;
    let (status, body) = world.server.post("/people-sync/run", &json!({})).await;
    assert_eq!(status, 202, "{body:#}");
    over(&world, &body["run"]).await;
    world.org.heal().await;
    for n in 0..30 {
        sync_until(&world, &format!("new{n}@new.example"), |found| found["sync"]["state"] == "synced").await;
    }
    let leads = world.org.rows("Lead").await;
    let made: Vec<&Value> = leads
        .iter()
        .filter_map(|lead| lead.get("Email"))
        .filter(|email| email.as_str().is_some_and(|email| email.ends_with("@new.example")))
        .collect();
    assert_eq!(made.len(), 30, "one each, none for the Contact: {made:?}");
    let found = sync_until(&world, "found@new.example", |found| found["partner"] != Value::Null).await;
    assert_eq!(found["partner"]["id"], contact.as_str());
}

async fn write_whose_answer_is_lost_is_settled_by_what_the_record_says(kind: Kind) {
    let world = begin(kind).await;
    let id = lead(&world, "taro@lost.example").await;
    let other = lead(&world, "jiro@lost.example").await;
    start(&world).await;
    for email in ["taro@lost.example", "jiro@lost.example"] {
        let found = person(&world, email).await;
        change(&world, &found, json!({ "title": "部長" })).await;
    }
    world
        .org
        .control("faults", &json!({ "kind": "lost_answer", "times": 1, "path": "composite", "after": 1 }))
        .await;
    sync(&world).await;
    world.org.heal().await;
    assert_eq!(row(&world, &id).await["Title"], "部長", "it was written, and nobody knows");
    world.org.edit(&other, json!({ "Title": "社長" })).await;
    sync_until(&world, "taro@lost.example", |found| found["sync"]["state"] == "synced").await;
    let found = sync_until(&world, "jiro@lost.example", |found| found["sync"]["state"] == "synced").await;
    assert_eq!(found["fields"]["title"], "社長", "the user's edit stays: {found:#}");
    assert_eq!(row(&world, &other).await["Title"], "社長");
}

async fn values_that_do_not_fit_are_told_and_the_rest_goes_over(kind: Kind) {
    let world = begin(kind).await;
    let field =
        |name: &str, kind: &str| json!({ "object": "Lead", "name": name, "label": name, "type": kind });
    let fields = json!({ "fields": [field("Birthday__c", "date"), field("Vip__c", "boolean")] });
    world.org.control("schema", &fields).await;
    let (_, mut fields) = world.server.get("/person-fields").await;
    let list = fields["fields"].as_array_mut().unwrap();
    list.push(json!({ "name": "birthday", "label": "誕生日", "type": "date", "lead_field": "Birthday__c" }));
    list.push(json!({ "name": "vip", "label": "VIP", "type": "text", "lead_field": "Vip__c" }));
    let (status, saved) = world.server.put("/person-fields", &fields).await;
    assert_eq!(status, 200, "{saved:#}");
    let id = lead(&world, "taro@fit.example").await;
    start(&world).await;
    let found = person(&world, "taro@fit.example").await;
    change(&world, &found, json!({ "birthday": "3月4日", "vip": "True", "title": "部長" })).await;
    let found = sync_until(&world, "taro@fit.example", |found| found["sync"]["state"] == "failed").await;
    let reasons = found["sync"]["reasons"].as_array().unwrap();
    assert_eq!((reasons.len(), &reasons[0]["field"]), (1, &json!("birthday")), "{found:#}");
    assert!(reasons[0]["reason"]["text"].as_str().unwrap().contains("3月4日"), "{found:#}");
    let kept = row(&world, &id).await;
    assert_eq!(
        (&kept["Title"], &kept["Vip__c"], &kept["Birthday__c"]),
        (&json!("部長"), &json!(true), &Value::Null)
    );
    let (_, errors) = world.server.get("/people-sync/errors").await;
    assert_eq!(errors["causes"], json!([{ "code": "people-not-a-date", "count": 1 }]), "{errors:#}");
    // Told once, however many runs find it again (S11).
    sync(&world).await;
    let database = crate::tag::open_database(&world).await;
    let workspace = storage::workspace::workspaces::list(&database.read()).await.unwrap().remove(0).id;
    let messages = storage::notification::inbox::list(&database.read(), workspace, 100).await.unwrap();
    let told: Vec<_> = messages
        .iter()
        .filter(|one| one.notice.kind == domain::notification::NoticeKind::PeopleErrors)
        .map(|one| (one.notice.message.data["count"].as_str(), one.notice.message.data["cause"].as_str()))
        .collect();
    assert_eq!(told, [("1", "not-a-date")]);
    change(&world, &found, json!({ "birthday": "1980/03/04" })).await;
    let found = sync_until(&world, "taro@fit.example", |found| found["sync"]["state"] == "synced").await;
    assert_eq!(row(&world, &id).await["Birthday__c"], "1980-03-04", "{found:#}");
    // A Lead needs a company, and a rule of the org refuses a title.
    add(&world, "jiro@fit.example", json!({ "last_name": "次郎" })).await;
    let rule = json!({ "validation_rules": [{ "object": "Lead", "name": "No_boss", "field": "Title",
        "message": "社長は登録できません", "when": { "field": "Title", "operator": "=", "value": "社長" } }] });
    world.org.control("schema", &rule).await;
    change(&world, &found, json!({ "title": "社長" })).await;
    sync(&world).await;
    let jiro = person(&world, "jiro@fit.example").await;
    assert_eq!(jiro["sync"]["reasons"][0]["field"], "company", "{jiro:#}");
    assert!(world.org.rows_where("Lead", "Email", "jiro@fit.example").await.is_empty());
    let found = person(&world, "taro@fit.example").await;
    let told = found["sync"]["reasons"][0]["reason"]["text"].as_str().unwrap_or_default();
    assert!(told.contains("社長は登録できません"), "{found:#}");
    change(&world, &jiro, json!({ "company": "次郎商店" })).await;
    sync(&world).await;
    assert_eq!(world.org.rows_where("Lead", "Email", "jiro@fit.example").await.len(), 1);
}

async fn addresses_that_are_swapped_or_taken_never_make_two_people_one(kind: Kind) {
    let world = begin(kind).await;
    let (one, two) = (lead(&world, "one@key.example").await, lead(&world, "two@key.example").await);
    start(&world).await;
    world.org.edit(&one, json!({ "Email": "two@key.example", "Title": "first" })).await;
    world.org.edit(&two, json!({ "Email": "one@key.example", "Title": "second" })).await;
    let found = sync_until(&world, "two@key.example", |found| found["fields"]["title"] == "first").await;
    assert_eq!(found["partner"]["id"], one.as_str(), "{found:#}");
    let other = person(&world, "one@key.example").await;
    assert_eq!((&other["partner"]["id"], &other["fields"]["title"]), (&json!(two), &json!("second")));
    // Here it is changed to an address that another Lead of the org has.
    let third = world
        .org
        .create("Lead", json!({ "LastName": "三", "Company": "C", "Email": "three@key.example" }))
        .await;
    sync(&world).await;
    let three = person(&world, "three@key.example").await;
    assert_eq!(three["partner"]["id"], third.as_str());
    let path = format!("/people/{}", other["id"].as_str().unwrap());
    let taken = json!({ "fields": { "email": "three@key.example" } });
    let (status, refused) = world.server.patch(&path, &taken).await;
    assert_eq!((status, &refused["errors"][0]["code"]), (422, &json!("taken")), "{refused:#}");
    change(&world, &other, json!({ "email": "fresh@key.example" })).await;
    sync_until(&world, "fresh@key.example", |found| found["sync"]["state"] == "synced").await;
    assert_eq!(row(&world, &two).await["Email"], "fresh@key.example");
    // In the org an address is changed to one that another person has here.
    world.org.edit(&two, json!({ "Email": "three@key.example" })).await;
    let parked = sync_until(&world, "fresh@key.example", |found| found["sync"]["state"] == "parked").await;
    assert_eq!(parked["fields"]["email"], "fresh@key.example", "{parked:#}");
    assert_eq!(world.org.rows_where("Lead", "Email", "fresh@key.example").await.len(), 0, "no new Lead");
}

async fn partner_follows_conversion_and_deletion_and_moves_with_edits_of_others(kind: Kind) {
    let world = begin(kind).await;
    let id = lead(&world, "taro@move.example").await;
    start(&world).await;
    let found = person(&world, "taro@move.example").await;
    change(&world, &found, json!({ "title": "部長" })).await;
    let converted = world.org.control("convert", &json!({ "lead_id": id })).await;
    let contact = converted["contact_id"].as_str().unwrap().to_owned();
    let found =
        sync_until(&world, "taro@move.example", |found| found["partner"]["id"] == contact.as_str()).await;
    assert_eq!(found["fields"]["title"], "部長", "{found:#}");
    sync_until(&world, "taro@move.example", |found| found["sync"]["state"] == "synced").await;
    assert_eq!(row(&world, &contact).await["Title"], "部長", "the Contact has what was not yet sent");
    // A second record with the address: the partner is the one that a colleague edited last, whatever we write.
    let second = lead(&world, "taro@move.example").await;
    world.org.edit(&second, json!({ "Title": "顧問" })).await;
    let found =
        sync_until(&world, "taro@move.example", |found| found["partner"]["id"] == second.as_str()).await;
    change(&world, &found, json!({ "phone": "03-0000-0000" })).await;
    sync_until(&world, "taro@move.example", |found| found["sync"]["state"] == "synced").await;
    assert_eq!(row(&world, &second).await["Phone"], "03-0000-0000");
    world.org.control("clock", &json!({ "advance_seconds": 2 })).await;
    world.org.edit(&contact, json!({ "Department": "営業部" })).await;
    sync_until(&world, "taro@move.example", |found| found["partner"]["id"] == contact.as_str()).await;
    // Deleted there: the other record is the partner; when all are gone, none is made anew.
    for (deleted, object) in [(&contact, "Contact"), (&second, "Lead")] {
        let (status, body) =
            world.org.rest("DELETE", &format!("sobjects/{object}/{deleted}"), &Value::Null).await;
        assert_eq!(status, 204, "{body}");
        sync(&world).await;
    }
    let gone = person(&world, "taro@move.example").await;
    assert_eq!(
        (&gone["sync"]["state"], &gone["sync"]["reason"]),
        (&json!("parked"), &json!("gone")),
        "{gone:#}"
    );
    sync(&world).await;
    let living = world.org.rows_where("Lead", "Email", "taro@move.example").await;
    assert!(
        living.iter().all(|lead| lead["IsDeleted"] == true || lead["IsConverted"] == true),
        "{living:#?}"
    );
}

async fn refusal_of_mail_counts_at_once_and_is_not_taken_back_by_the_org(kind: Kind) {
    let world = begin(kind).await;
    let id = lead(&world, "taro@out.example").await;
    let contact =
        world.org.create("Contact", json!({ "LastName": "山田", "Email": "taro@out.example" })).await;
    start(&world).await;
    assert_eq!(person(&world, "taro@out.example").await["opted_out"], false);
    world.org.edit(&id, json!({ "HasOptedOutOfEmail": true })).await;
    sync_until(&world, "taro@out.example", |found| found["opted_out"] == true).await;
    sync(&world).await;
    assert_eq!(row(&world, &contact).await["HasOptedOutOfEmail"], true, "every record with the address");
    for record in [&id, &contact] {
        world.org.edit(record, json!({ "HasOptedOutOfEmail": false })).await;
    }
    sync(&world).await;
    let found = person(&world, "taro@out.example").await;
    assert_eq!(found["opted_out"], true, "the org does not take it back");
    let path = format!("/people/{}", found["id"].as_str().unwrap());
    assert_eq!(world.server.patch(&path, &json!({ "opted_out": false })).await.0, 200);
    sync(&world).await;
    let found = person(&world, "taro@out.example").await;
    assert_eq!(found["opted_out"], false);
    assert_eq!(world.server.patch(&path, &json!({ "opted_out": true })).await.0, 200);
    sync(&world).await;
    assert_eq!(row(&world, &id).await["HasOptedOutOfEmail"], true);
}
