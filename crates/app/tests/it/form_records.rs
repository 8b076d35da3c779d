//! Submissions and the records they make: every object, every way with an existing record, campaign and record type (F1–F4).

use crate::harness::TestSystem;
use serde_json::{Value, json};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        every_object_with_every_existing_record,
        two_calls_for_one_submission_with_its_campaign,
        two_hundred_submissions_take_six_calls,
        form_that_the_org_would_refuse_is_not_published,
        value_that_does_not_fit_is_left_out_and_told,
        same_content_or_key_is_one_record,
        alerting_and_blocking_duplicate_rules,
        dry_run_of_a_form_writes_nothing,
        record_type_offers_fewer_values_than_the_picklist,
        preflight_tells_of_a_form_that_no_longer_fits
    );
}

/// An object of the table, with what a new record needs and how a record is found.
struct Case {
    object: &'static str,
    match_by: &'static str,
    /// Question, field.
    mappings: &'static [(&'static str, &'static str)],
    constants: &'static [(&'static str, &'static str)],
    /// A field that is changed, to tell an update.
    changed: &'static str,
    campaign: bool,
}

const CASES: [Case; 4] = [
    Case {
        object: "Lead",
        match_by: "Email",
        mappings: &[
            ("email", "Email"),
            ("name.family", "LastName"),
            ("company", "Company"),
            ("topic", "Title"),
        ],
        constants: &[],
        changed: "Title",
        campaign: true,
    },
    Case {
        object: "Contact",
        match_by: "Email",
        mappings: &[("email", "Email"), ("name", "LastName"), ("topic", "Title")],
        constants: &[],
        changed: "Title",
        campaign: true,
    },
    Case {
        object: "Opportunity",
        match_by: "Name",
        mappings: &[("email", "Name"), ("topic", "NextStep")],
        constants: &[("StageName", "Prospecting"), ("CloseDate", "today+30")],
        changed: "NextStep",
        campaign: false,
    },
    Case {
        object: "Request__c",
        match_by: "Email__c",
        mappings: &[("email", "Email__c"), ("topic", "Topic__c")],
        constants: &[],
        changed: "Topic__c",
        campaign: false,
    },
];

fn request_object() -> Value {
    json!({ "objects": [{
        "name": "Request__c", "label": "依頼", "fields": [
            { "name": "Email__c", "label": "メール", "type": "email" },
            { "name": "Topic__c", "label": "内容", "type": "string", "length": 255 },
        ],
    }] })
}

fn questions() -> Value {
    json!([
        { "key": "email", "label": "メール", "kind": "email", "required": true },
        { "key": "name", "label": "お名前", "kind": "name", "required": true },
        { "key": "company", "label": "会社名", "kind": "company", "required": true },
        { "key": "topic", "label": "内容", "kind": "text" },
    ])
}

fn form(slug: &str, salesforce: &Value) -> Value {
    json!({
        "slug": slug, "title": "資料請求", "active": true, "fields": questions(), "salesforce": salesforce,
        "then": { "kind": "message", "text": { "ja": "ありがとうございます" } },
    })
}

fn pairs(name: &str, pairs: &[(&str, &str)]) -> Vec<Value> {
    pairs.iter().map(|(one, field)| json!({ (name): one, "salesforce_field": field })).collect()
}

fn settings(case: &Case, existing: &str) -> Value {
    let constants: Vec<Value> = case
        .constants
        .iter()
        .map(|(field, value)| json!({ "salesforce_field": field, "value": value }))
        .collect();
    json!({
        "object": case.object, "existing": existing, "match_by": case.match_by,
        "mappings": pairs("field", case.mappings), "constants": constants,
    })
}

async fn publish(world: &TestSystem, slug: &str, salesforce: &Value) {
    let (status, body) = world.server.post("/forms", &form(slug, salesforce)).await;
    assert_eq!(status, 201, "{body:#}");
}

async fn submit(world: &TestSystem, slug: &str, email: &str, topic: &str) -> Value {
    let answers = json!({ "email": email, "name": "見本 太郎", "company": "見本商事", "topic": topic });
    let (status, body) =
        world.server.post(&format!("/forms/{slug}/submissions"), &json!({ "answers": answers })).await;
    assert_eq!(status, 201, "{body:#}");
    settled(world, &body).await
}

async fn settled(world: &TestSystem, submission: &Value) -> Value {
    let path = format!("/submissions/{}", submission["id"].as_str().unwrap());
    let is_settled = |body: &Value| {
        let deliveries = body["deliveries"].as_array().unwrap();
        deliveries.iter().all(|delivery| delivery["state"] != "due")
    };
    world.server.wait_for(&path, is_settled).await
}

fn codes(submission: &Value) -> Vec<&str> {
    submission["timeline"].as_array().unwrap().iter().map(|line| line["code"].as_str().unwrap()).collect()
}

async fn every_object_with_every_existing_record(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    world.org.control("schema", &request_object()).await;
    for object in ["Lead", "Contact", "Opportunity", "Request__c"] {
        let types = json!({ "record_types": [{ "object": object, "name": "Web" }] });
        world.org.control("schema", &types).await;
    }
    let campaign = world.org.campaign().await;
    for case in &CASES {
        let record_type = world.org.rows_where("RecordType", "SobjectType", case.object).await;
        let record_type = record_type.iter().find(|one| one["Name"] == "Web").unwrap()["Id"].clone();
        for existing in ["create", "update", "skip"] {
            let slug = format!("{}-{existing}", case.object.trim_end_matches("__c").to_lowercase());
            let mut chosen = settings(case, existing);
            chosen["record_type_id"] = record_type.clone();
            if case.campaign {
                chosen["campaign"] = json!({ "id": campaign, "status": "Responded" });
            }
            publish(&world, &slug, &chosen).await;
            for there in 0..3_usize {
                let what = format!("{} {existing} with {there} there", case.object);
                let email = format!("{slug}-{there}@table.example");
                for _ in 0..there {
                    world.org.create(case.object, existing_record(case, &email)).await;
                }
                let sent = submit(&world, &slug, &email, "新しい内容").await;
                let nothing_to_write = existing == "skip" && there > 0 && !case.campaign;
                let state = if nothing_to_write { "skipped" } else { "done" };
                assert_eq!(sent["deliveries"][0]["state"], state, "{what}: {sent:#}");
                let rows = world.org.rows_where(case.object, case.match_by, &email).await;
                let changed: Vec<&Value> =
                    rows.iter().filter(|row| row[case.changed] == "新しい内容").collect();
                let (records, with_new) = match (existing, there) {
                    ("create", there) => (there + 1, 1),
                    (_, 0) => (1, 1),
                    ("update", there) => (there, 1),
                    (_, there) => (there, 0),
                };
                assert_eq!((rows.len(), changed.len()), (records, with_new), "{what}: {rows:#?}");
                let is_new = existing == "create" || there == 0;
                if is_new {
                    assert_eq!(changed[0]["RecordTypeId"], record_type, "{what}");
                }
                for (field, value) in
                    case.constants.iter().filter(|(field, _)| is_new && *field != "CloseDate")
                {
                    assert_eq!(changed[0][*field], *value, "{what}");
                }
                if case.campaign {
                    let members = members(&world, &campaign, &rows).await;
                    assert_eq!(members.len(), 1, "{what}: {members:#?}");
                    assert_eq!(members[0]["Status"], "Responded", "{what}");
                }
            }
        }
    }
}

fn existing_record(case: &Case, email: &str) -> Value {
    let mut record = json!({ (case.match_by): email });
    let required = match case.object {
        "Lead" => json!({ "LastName": "既存", "Company": "既存商事" }),
        "Contact" => json!({ "LastName": "既存" }),
        "Opportunity" => json!({ "StageName": "Prospecting", "CloseDate": "2026-12-24" }),
        _ => json!({}),
    };
    for (field, value) in required.as_object().unwrap() {
        record[field] = value.clone();
    }
    record
}

async fn members(world: &TestSystem, campaign: &str, people: &[Value]) -> Vec<Value> {
    let all = world.org.rows_where("CampaignMember", "CampaignId", campaign).await;
    let is_one = |member: &Value| {
        people.iter().any(|person| member["LeadId"] == person["Id"] || member["ContactId"] == person["Id"])
    };
    all.into_iter().filter(is_one).collect()
}

fn lead() -> Value {
    settings(&CASES[0], "update")
}

async fn two_calls_for_one_submission_with_its_campaign(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let campaign = world.org.campaign().await;
    let mut chosen = lead();
    chosen["campaign"] = json!({ "id": campaign });
    publish(&world, "request", &chosen).await;
    submit(&world, "request", "first@calls.example", "").await;
    world.org.count_calls().await;
    for (email, what) in [("new@calls.example", "a new Lead"), ("new@calls.example", "one that is there")] {
        let before = world.org.calls().await;
        submit(&world, "request", email, what).await;
        assert_eq!(world.org.calls().await - before, 2, "{what}");
    }
    let rows = world.org.rows_where("Lead", "Email", "new@calls.example").await;
    assert_eq!(members(&world, &campaign, &rows).await.len(), 1);
}

async fn two_hundred_submissions_take_six_calls(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let campaign = world.org.campaign().await;
    let mut chosen = lead();
    chosen["campaign"] = json!({ "id": campaign });
    publish(&world, "request", &chosen).await;
    submit(&world, "request", "first@many.example", "").await;
    // They gather while the org does not answer.
    let (status, body) = world.server.delete("/salesforce/connection").await;
    assert!(status < 300, "{body}");
    for number in 0..200 {
        let answers =
            json!({ "email": format!("n{number}@many.example"), "name": "見本 太郎", "company": "見本" });
        let body = json!({ "answers": answers });
        assert_eq!(world.server.post("/forms/request/submissions", &body).await.0, 201);
    }
    world.org.count_calls().await;
    world.server.connect(&world.org).await;
    let before = world.org.calls().await;
    let until = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    while world.server.deliveries("due").await + world.server.deliveries("held").await > 0 {
        assert!(tokio::time::Instant::now() < until, "200 submissions were not delivered");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let calls = world.org.calls().await - before;
    let rows: Vec<Value> = world.org.rows("Lead").await;
    let ours: Vec<Value> = rows
        .into_iter()
        .filter(|row| row["Email"].as_str().is_some_and(|email| email.ends_with("@many.example")))
        .collect();
    assert_eq!(ours.len(), 201);
    assert_eq!(members(&world, &campaign, &ours).await.len(), 201);
    assert!(calls <= 6, "{calls} calls for 200 submissions");
}

async fn form_that_the_org_would_refuse_is_not_published(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let types = json!({ "record_types": [{ "object": "Lead", "name": "Old", "active": false }] });
    world.org.control("schema", &types).await;
    let old = world.org.rows_where("RecordType", "Name", "Old").await[0]["Id"].clone();
    let campaign = world.org.campaign().await;
    let change = |changes: Value| {
        let mut chosen = lead();
        for (key, value) in changes.as_object().unwrap() {
            chosen[key] = value.clone();
        }
        chosen
    };
    for (chosen, field, code) in [
        (change(json!({ "object": "Nothing__c" })), "salesforce.object", "no-such-object"),
        (change(json!({ "mappings": [] })), "salesforce.mappings", "required-field-missing"),
        (
            change(
                json!({ "mappings": [{ "field": "email", "salesforce_field": "Email" }, { "field": "topic", "salesforce_field": "LastName" }, { "field": "company", "salesforce_field": "Company" }] }),
            ),
            "salesforce.mappings[1].field",
            "required-field-may-be-blank",
        ),
        (
            change(json!({ "mappings": [{ "field": "topic", "salesforce_field": "NumberOfEmployees_" }] })),
            "salesforce.mappings[0].salesforce_field",
            "no-such-field-of-object",
        ),
        (change(json!({ "record_type_id": old })), "salesforce.record_type_id", "record-type-not-available"),
        (
            change(json!({ "record_type_id": "012000000000777AAA" })),
            "salesforce.record_type_id",
            "no-such-record-type",
        ),
        (change(json!({ "match_by": "Phone" })), "salesforce.match_by", "match-field-not-mapped"),
        (
            change(json!({ "campaign": { "id": "701000000000999AAA" } })),
            "salesforce.campaign.id",
            "no-such-campaign",
        ),
        (
            change(json!({ "campaign": { "id": campaign, "status": "Nothing" } })),
            "salesforce.campaign.status",
            "no-such-member-status",
        ),
        (
            change(json!({ "constants": [{ "salesforce_field": "LeadSource", "value": "Nowhere" }] })),
            "salesforce.constants[0].value",
            "not-an-option",
        ),
        (
            change(json!({ "owner": { "kind": "user", "id": "005000000000999AAA" } })),
            "salesforce.owner.id",
            "owner-not-active",
        ),
    ] {
        let (status, body) = world.server.post("/forms", &form("refused", &chosen)).await;
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        let named = errors.iter().any(|error| error["field"] == field && error["code"] == code);
        assert!(status == 422 && named, "{field} {code}: {status} {body:#}");
        let text = errors[0]["message"].as_str().unwrap();
        assert!(!text.starts_with("problem-"), "{text}");
        let mut draft = form("refused", &chosen);
        draft["active"] = json!(false);
        let (status, _) = world.server.post("/forms", &draft).await;
        assert_eq!(status, 201, "a draft can wait for the org");
        assert_eq!(world.server.delete("/forms/refused").await.0, 204);
    }
}

async fn value_that_does_not_fit_is_left_out_and_told(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let mut chosen = lead();
    chosen["mappings"] = json!([
        { "field": "email", "salesforce_field": "Email" },
        { "field": "name", "salesforce_field": "LastName" },
        { "field": "company", "salesforce_field": "Company" },
        { "field": "topic", "salesforce_field": "NumberOfEmployees" },
    ]);
    publish(&world, "request", &chosen).await;
    let sent = submit(&world, "request", "number@fit.example", "12,5").await;
    assert_eq!(sent["deliveries"][0]["state"], "done", "{sent:#}");
    assert!(codes(&sent).contains(&"value-dropped"), "{:?}", codes(&sent));
    let rows = world.org.rows_where("Lead", "Email", "number@fit.example").await;
    assert_eq!((rows.len(), &rows[0]["NumberOfEmployees"]), (1, &Value::Null));
    for line in sent["timeline"].as_array().unwrap() {
        let text = line["text"].as_str().unwrap();
        assert!(!text.starts_with("step-"), "a sentence, not a key: {text}");
    }
}

async fn same_content_or_key_is_one_record(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    publish(&world, "request", &settings(&CASES[0], "create")).await;
    let first = submit(&world, "request", "same@once.example", "x").await;
    let second = submit(&world, "request", "same@once.example", "x").await;
    assert_eq!((first["state"].as_str(), second["state"].as_str()), (Some("accepted"), Some("repeated")));
    assert_eq!(second["repeats"], first["id"]);
    let path = format!("/submissions/{}", first["id"].as_str().unwrap());
    assert!(codes(&world.server.get(&path).await.1).contains(&"submission-repeated"), "both timelines tell");
    assert_eq!(world.org.rows_where("Lead", "Email", "same@once.example").await.len(), 1);
}

async fn alerting_and_blocking_duplicate_rules(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    for existing in ["create", "update", "skip"] {
        publish(&world, &format!("dup-{existing}"), &settings(&CASES[0], existing)).await;
    }
    for (action, number) in [("alert", 1), ("block", 2)] {
        let rule = json!({ "duplicate_rules": [{ "name": "Same_email", "object": "Lead", "match": ["Email"], "action": action }] });
        let (status, body) = world.org.try_control("schema", &rule).await;
        assert!(status.is_success(), "{body}");
        let email = format!("rule{number}@dup.example");
        let fields = json!({ "LastName": "既存", "Company": "既存商事", "Email": email });
        world.org.create("Lead", fields).await;
        for existing in ["update", "skip", "create"] {
            let sent =
                submit(&world, &format!("dup-{existing}"), &email, &format!("{action} {existing}")).await;
            let state = if existing == "skip" { "skipped" } else { "done" };
            assert_eq!(sent["deliveries"][0]["state"], state, "{action} {existing}: {sent:#}");
        }
        let rows = world.org.rows_where("Lead", "Email", &email).await;
        // A rule that only alerts lets "always create" create; one that blocks leaves the record that it names.
        assert_eq!(rows.len(), if action == "alert" { 2 } else { 1 }, "{action}: {rows:#?}");
        assert!(rows.iter().any(|row| row["Title"] == format!("{action} update")), "{action}: {rows:#?}");
    }
}

async fn dry_run_of_a_form_writes_nothing(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    publish(&world, "request", &lead()).await;
    let leads = world.org.rows("Lead").await.len();
    let answers =
        json!({ "email": "dry@run.example", "name": "見本 太郎", "company": "見本", "topic": "部長" });
    let (status, body) = world.server.post("/forms/request/dry-run", &json!({ "answers": answers })).await;
    assert_eq!(status, 200, "{body}");
    let write = &body["plans"][0]["writes"][0];
    assert_eq!(
        (write["object"].as_str(), write["fields"]["Title"].as_str()),
        (Some("Lead"), Some("部長")),
        "{body:#}"
    );
    assert_eq!(world.org.rows("Lead").await.len(), leads);
}

async fn record_type_offers_fewer_values_than_the_picklist(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let types = json!({ "record_types": [
        { "object": "Lead", "name": "Web", "picklists": { "LeadSource": ["Web"] } },
    ] });
    world.org.control("schema", &types).await;
    let web = world.org.rows_where("RecordType", "Name", "Web").await[0]["Id"].clone();
    let mut chosen = lead();
    chosen["record_type_id"] = web;
    chosen["constants"] = json!([{ "salesforce_field": "LeadSource", "value": "Partner Referral" }]);
    let (status, body) = world.server.post("/forms", &form("typed", &chosen)).await;
    assert_eq!((status, &body["errors"][0]["code"]), (422, &json!("not-an-option")), "{body:#}");
    chosen["constants"] = json!([{ "salesforce_field": "LeadSource", "value": "Web" }]);
    publish(&world, "typed", &chosen).await;
    chosen.as_object_mut().unwrap().remove("record_type_id");
    chosen["constants"] = json!([{ "salesforce_field": "LeadSource", "value": "Partner Referral" }]);
    publish(&world, "untyped", &chosen).await;
}

async fn preflight_tells_of_a_form_that_no_longer_fits(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    publish(&world, "request", &lead()).await;
    let verdict = async || {
        let (status, body) = world.server.post("/salesforce/preflight", &json!({})).await;
        assert_eq!(status, 200, "{body}");
        let checks = body["checks"].as_array().unwrap().clone();
        let one =
            checks.into_iter().find(|check| check["code"].as_str().unwrap().starts_with("form-")).unwrap();
        (one["code"].as_str().unwrap().to_owned(), one["verdict"].as_str().unwrap().to_owned())
    };
    assert_eq!(verdict().await, ("form-accepted".to_owned(), "passed".to_owned()));
    let hidden = json!({ "hide_fields": [{ "object": "Lead", "field": "Title" }] });
    world.org.control("schema", &hidden).await;
    assert_eq!(verdict().await, ("form-refused".to_owned(), "failed".to_owned()));
    // The rest of a submission is saved all the same.
    let sent = submit(&world, "request", "vanished@fit.example", "部長").await;
    assert_eq!(sent["deliveries"][0]["state"], "done", "{sent:#}");
    assert!(codes(&sent).contains(&"value-dropped"), "{:?}", codes(&sent));
}
