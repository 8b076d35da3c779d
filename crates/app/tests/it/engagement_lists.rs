//! Account Engagement lists: setup, sync and matching (E1, E3, E4, C9).

use crate::harness::{TestSystem, page};
use crate::slack_server::SlackServer;
use crate::syncing::over;
use domain::engagement::MAX_RULES;
use serde_json::{Value, json};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        invalid_lists_give_errors_by_field_and_are_not_saved,
        list_tag_and_visitor_tag_exclude_each_other,
        first_rule_with_matching_member_applies,
        failed_list_sync_keeps_members_and_notifies,
        list_sync_of_100k_members_resumes_after_kill,
        disconnect_stops_list_sync_and_keeps_members,
        lists_are_synced_nightly
    );
}

const UNIT: &str = "0Uv000000000001AAA";
const LISTS: &str = "/engagement-lists";
const MEMBERSHIPS: &str = "/api/v5/objects/list-memberships";
/// A list of the demo org.
const SEMINAR: &str = "セミナー案内";

pub(crate) fn rule(list: &str) -> Value {
    json!({ "list": list, "team": "sales", "meeting_type": "demo" })
}

fn settings(rules: &[Value]) -> Value {
    json!({ "enabled": true, "business_unit_id": UNIT, "rules": rules })
}

pub(crate) async fn save(world: &TestSystem, rules: &[Value]) -> Value {
    let (status, body) = world.server.put(LISTS, &settings(rules)).await;
    assert_eq!(status, 200, "{body:#}");
    body
}

/// The faults of a refused save, by field and code.
async fn faults(world: &TestSystem, given: &Value) -> Vec<(String, String)> {
    let (status, body) = world.server.put(LISTS, given).await;
    assert_eq!(status, 422, "{given:#}: {body:#}");
    let text = |fault: &Value, name: &str| fault[name].as_str().unwrap().to_owned();
    body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (text(fault, "field"), text(fault, "code")))
        .collect()
}

/// Makes a list with members of these addresses; every number is above those of the demo.
pub(crate) async fn plant(world: &TestSystem, list: u64, name: &str, emails: &[&str]) {
    world.org.control("engagement", &json!({ "lists": [{ "id": list, "name": name }] })).await;
    for (place, email) in (0_u64..).zip(emails) {
        let prospect = list * 100 + place;
        let prospects = json!({ "prospects": [{ "id": prospect, "email": email, "lastName": "x" }] });
        world.org.control("engagement", &prospects).await;
        let member =
            json!({ "list-memberships": [{ "id": prospect, "listId": list, "prospectId": prospect }] });
        world.org.control("engagement", &member).await;
    }
}

async fn sync(world: &TestSystem) -> Value {
    let (status, body) = world.server.post("/engagement-lists/sync", &json!({})).await;
    assert_eq!(status, 202, "{body:#}");
    body["run"].clone()
}

pub(crate) async fn refresh(world: &TestSystem) -> Value {
    over(world, &sync(world).await).await
}

/// Asks for a refresh as soon as one is allowed, and waits until it is over.
async fn refresh_when_allowed(world: &TestSystem) -> Value {
    loop {
        let (status, body) = world.server.post("/engagement-lists/sync", &json!({})).await;
        match status {
            202 => return over(world, &body["run"]).await,
            // Its two hours are not over, or a night came in between.
            409 | 429 => tokio::task::yield_now().await,
            _ => panic!("{status} {body:#}"),
        }
    }
}

async fn verdict(world: &TestSystem, email: &str) -> Value {
    let (status, body) = world.server.get(&format!("{LISTS}/match?email={email}")).await;
    assert_eq!(status, 200, "{body:#}");
    body
}

async fn kept(world: &TestSystem) -> Value {
    world.server.get(LISTS).await.1["kept"].clone()
}

async fn invalid_lists_give_errors_by_field_and_are_not_saved(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let other = json!({ "slug": "support", "name": "サポート", "members": [
        { "name": "鈴木 一", "email": "hajime@tsugite.example" } ] });
    assert_eq!(world.server.post("/teams", &other).await.0, 201);
    let support = page("only", json!({ "team": "support" }));
    assert_eq!(world.server.post("/pages", &support).await.0, 201);
    for id in [901, 902] {
        world.org.control("engagement", &json!({ "lists": [{ "id": id, "name": "展示会" }] })).await;
    }
    world
        .org
        .control(
            "engagement",
            &json!({ "business_units": [{ "id": "0Uv5g0000008OVCCA2", "active": false }] }),
        )
        .await;
    let with = |change: Value| {
        let mut given = settings(&[rule(SEMINAR)]);
        for (key, value) in change.as_object().unwrap() {
            given[key] = value.clone();
        }
        given
    };
    let of_rule = |change: Value| {
        let mut one = rule(SEMINAR);
        for (key, value) in change.as_object().unwrap() {
            one[key] = value.clone();
        }
        with(json!({ "rules": [rule(SEMINAR), one] }))
    };
    for (given, field, code) in [
        (with(json!({ "business_unit_id": "" })), "business_unit_id", "required"),
        (with(json!({ "business_unit_id": "0Uv00000000" })), "business_unit_id", "not-a-business-unit"),
        (
            with(json!({ "business_unit_id": "00D000000000001AAA" })),
            "business_unit_id",
            "not-a-business-unit",
        ),
        (
            with(json!({ "business_unit_id": "0Uv5g0000008OVCCA2" })),
            "business_unit_id",
            "unknown-business-unit",
        ),
        (
            with(json!({ "business_unit_id": "0Uv5g0000008OVCCA3" })),
            "business_unit_id",
            "business-unit-mistyped",
        ),
        (with(json!({ "rules": [] })), "rules", "no-rules"),
        (with(json!({ "rules": vec![rule(SEMINAR); MAX_RULES + 1] })), "rules", "too-many"),
        (of_rule(json!({ "list": " " })), "rules[1].list", "required"),
        (of_rule(json!({ "list": "セミナー案" })), "rules[1].list", "no-such-list"),
        (of_rule(json!({ "list": "展示会" })), "rules[1].list", "list-name-repeated"),
        (of_rule(json!({ "team": "" })), "rules[1].team", "required"),
        (of_rule(json!({ "team": "nobody" })), "rules[1].team", "no-such-team"),
        (of_rule(json!({ "meeting_type": "" })), "rules[1].meeting_type", "required"),
        (of_rule(json!({ "meeting_type": "nothing" })), "rules[1].meeting_type", "no-such-meeting-type"),
        (of_rule(json!({ "meeting_type": "only" })), "rules[1].meeting_type", "meeting-type-of-another-team"),
    ] {
        assert_eq!(faults(&world, &given).await, [(field.to_owned(), code.to_owned())], "{given:#}");
    }
    let (_, body) = world.server.put(LISTS, &of_rule(json!({ "list": "セミナー案" }))).await;
    let told = body["errors"][0]["message"].as_str().unwrap();
    assert!(told.contains("もしかして：セミナー案内"), "{told}");
    let several = of_rule(json!({ "list": "なし", "team": "nobody" }));
    let all: Vec<String> = faults(&world, &several).await.into_iter().map(|(field, _)| field).collect();
    assert_eq!(all, ["rules[1].team", "rules[1].list"], "everything that is wrong is told at once");
    let (status, body) = world.server.put(LISTS, &with(json!({ "rulez": [] }))).await;
    assert_eq!((status, &body["errors"][0]["code"]), (422, &json!("bad-body")));

    let user = world.server.get("/salesforce/connection").await.1["user_id"].clone();
    let user = if user.is_null() { world.org.rows("User").await[0]["Id"].clone() } else { user };
    world.org.control("engagement", &json!({ "users_without_access": [user] })).await;
    let refused = faults(&world, &with(json!({}))).await;
    assert_eq!(refused, [("business_unit_id".to_owned(), "business-unit-no-access".to_owned())]);
    world.org.control("engagement", &json!({ "users_without_access": [] })).await;

    let (_, shown) = world.server.get(LISTS).await;
    assert_eq!(
        (&shown["enabled"], &shown["rules"], &shown["api_key"]),
        (&json!(false), &json!([]), &Value::Null)
    );
    let (status, body) = world.server.post("/engagement-lists/sync", &json!({})).await;
    assert_eq!((status, &body["type"]), (409, &json!("urn:tsugite:problem:nothing-to-refresh")));

    // Width and letter case are no faults, and a meeting type may be named with its team.
    plant(&world, 903, "Webinar 2026", &[]).await;
    let one = json!({ "list": " ｗｅｂｉｎａｒ 2026", "team": "support", "meeting_type": "support/only" });
    let saved = save(&world, &[rule("ｾﾐﾅｰ案内"), one]).await;
    let clean = json!({ "list": "Webinar 2026", "team": "support", "meeting_type": "only" });
    assert_eq!(saved["rules"], json!([rule(SEMINAR), clean]));
    let key = saved["api_key"].as_str().unwrap();
    let tag = saved["tag"].as_str().unwrap();
    assert!(key.starts_with("tsp_") && tag.contains("/tag.js\"") && tag.contains(key), "{saved:#}");
    assert_eq!(world.server.get(LISTS).await.1["rules"], saved["rules"]);

    world.server.delete("/salesforce/connection").await;
    let (status, body) = world.server.put(LISTS, &with(json!({}))).await;
    assert_eq!((status, &body["type"]), (409, &json!("urn:tsugite:problem:not-connected")));
    let (_, shown) = world.server.get(LISTS).await;
    assert_eq!((&shown["rules"], &shown["api_key"]), (&saved["rules"], &saved["api_key"]), "kept (C5)");
    let off = json!({ "enabled": false, "business_unit_id": UNIT, "rules": [rule("後で作るリスト")] });
    assert_eq!(
        world.server.put(LISTS, &off).await.0,
        200,
        "what is off can be prepared without a connection"
    );
}

async fn list_tag_and_visitor_tag_exclude_each_other(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let switch = async |enabled: bool, language: &str| {
        let url = format!("{}/api/v1/settings/visitor-tag", world.server.url());
        let request = crate::harness::http().put(url).bearer_auth(world.server.key());
        let answer = request.header("accept-language", language).json(&json!({ "enabled": enabled }));
        let answer = answer.send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    assert_eq!(switch(true, "ja").await.0, 200);
    assert_eq!(world.server.get("/settings/visitor-tag").await.1, json!({ "enabled": true }));
    let refused = faults(&world, &settings(&[rule(SEMINAR)])).await;
    assert_eq!(refused, [("enabled".to_owned(), "visitor-tag-is-on".to_owned())]);
    assert_eq!(switch(false, "ja").await.0, 200);
    save(&world, &[rule(SEMINAR)]).await;
    for (language, reason) in
        [("ja", "リスト連携のタグがオンになっています"), ("en", "is on. Both tags would open")]
    {
        let (status, body) = switch(true, language).await;
        let fault = &body["errors"][0];
        assert_eq!((status, &fault["code"]), (422, &json!("list-tag-is-on")), "{body:#}");
        assert!(fault["message"].as_str().unwrap().contains(reason), "{body:#}");
    }
    assert_eq!(world.server.get("/settings/visitor-tag").await.1, json!({ "enabled": false }));
    let mut off = settings(&[rule(SEMINAR)]);
    off["enabled"] = false.into();
    assert_eq!(world.server.put(LISTS, &off).await.0, 200);
    assert_eq!(switch(true, "en").await.0, 200);
}

async fn first_rule_with_matching_member_applies(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    plant(&world, 50, "上", &["Taro@Example.co.jp", "both@x.example"]).await;
    plant(&world, 60, "下", &["both@x.example", "ｈａｎａｋｏ＠x.example", "both@x.example", "no address"])
        .await;
    let deleted = json!({ "prospects": [{ "id": 99, "email": "gone@x.example", "isDeleted": true }],
        "list-memberships": [{ "id": 99, "listId": 50, "prospectId": 99 }] });
    world.org.control("engagement", &deleted).await;
    assert_eq!(world.server.get(&format!("{LISTS}/match?email=x")).await.0, 422);
    assert_eq!(verdict(&world, "taro@example.co.jp").await["verdict"], "not_listed", "there are no rules");
    save(&world, &[rule("上"), rule("下")]).await;
    assert_eq!(verdict(&world, "taro@example.co.jp").await["verdict"], "unknown", "nothing was ever fetched");

    world.org.count_calls().await;
    let run = refresh(&world).await;
    assert_eq!((&run["kind"], &run["state"]), (&json!("engagement_lists"), &json!("done")), "{run:#}");
    let receipt = &run["receipt"];
    assert_eq!(receipt["received"], json!({ "上": 3, "下": 4 }));
    assert_eq!((&receipt["failed"], &receipt["calls"]), (&json!(1), &json!(3)), "{run:#}");
    assert!(receipt["bytes"].as_u64() > Some(100), "{run:#}");
    assert_eq!(world.org.requests_to(MEMBERSHIPS).await, 2, "a call a list");
    let shown = kept(&world).await;
    assert_eq!(
        shown["lists"][1],
        json!({ "id": 60, "name": "下", "members": 2 }),
        "each e-mail once: {shown:#}"
    );

    for (email, expected) in [
        ("taro@example.co.jp", json!({ "verdict": "matches", "rule": 0, "list": "上" })),
        ("TARO@EXAMPLE.CO.JP", json!({ "verdict": "matches", "rule": 0, "list": "上" })),
        ("both@x.example", json!({ "verdict": "matches", "rule": 0, "list": "上" })),
        ("hanako@x.example", json!({ "verdict": "matches", "rule": 1, "list": "下" })),
        ("nobody@x.example", json!({ "verdict": "not_listed", "rule": null, "list": null })),
        ("gone@x.example", json!({ "verdict": "not_listed" })),
    ] {
        let found = verdict(&world, email).await;
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&found[name], value, "{email}: {found:#}");
        }
    }
    save(&world, &[rule("下"), rule("上")]).await;
    let found = verdict(&world, "both@x.example").await;
    assert_eq!((&found["list"], &found["team"]), (&json!("下"), &json!("sales")), "the order counts");
    save(&world, &[rule(SEMINAR), rule("上")]).await;
    let found = verdict(&world, "taro@example.co.jp").await;
    assert_eq!(found["verdict"], "unknown", "the list above was not fetched yet");

    let (status, body) = world.server.post("/engagement-lists/sync", &json!({})).await;
    assert_eq!((status, &body["type"]), (429, &json!("urn:tsugite:problem:sync-too-soon")));
    let allowed = body["allowed_at"].as_str().unwrap();
    let asked = run["requested_at"].as_str().unwrap();
    let moment = |text: &str| domain::value::Timestamp::parse(text).unwrap();
    assert_eq!(moment(allowed), moment(asked).plus_minutes(120));
    assert_eq!(world.server.get(LISTS).await.1["sync_allowed_at"], allowed);
    let (_, other) = world
        .server
        .post_as(&world.server.other_workspace().await, "/engagement-lists/sync", &json!({}))
        .await;
    assert_eq!(other["type"], "urn:tsugite:problem:not-connected", "workspaces are apart");
}

/// Two hours pass in a second here.
const FAST: f64 = 7200.0;

async fn failed_list_sync_keeps_members_and_notifies(kind: Kind) {
    let slack = SlackServer::start().await;
    let hosts = [
        ("TSUGITE_ALLOWED_HOSTS", slack.origin().to_owned()),
        ("TSUGITE_PUBLIC_URL", "https://booking.example.com".to_owned()),
    ];
    let world = TestSystem::begin_with_settings(kind, FAST, 20, &hosts).await;
    plant(&world, 50, "上", &["taro@example.co.jp"]).await;
    world.org.control("engagement", &json!({ "lists": [{ "id": 80, "name": "大", "members": 2500 }] })).await;
    save(&world, &[rule("上"), rule("大")]).await;
    let first = refresh_when_allowed(&world).await;
    assert_eq!(first["state"], "done", "{first:#}");
    let before = kept(&world).await["lists"].clone();
    let chosen = json!({ "slack": { "webhook_url": slack.webhook() } });
    assert_eq!(world.server.put("/settings/notifications", &chosen).await.0, 200);

    let gone = json!({ "lists": [{ "id": 50, "name": "上", "isDeleted": true }] });
    let back = json!({ "lists": [{ "id": 50, "name": "上", "isDeleted": false }] });
    let inactive = json!({ "business_units": [{ "id": UNIT, "active": false }] });
    let active = json!({ "business_units": [{ "id": UNIT, "active": true }] });
    // Four fifths are used up when one of three pages of the long list is there, even if the org's day ends before.
    let few = json!({ "limits": { "daily_requests": 4, "used": 0 } });
    let many = json!({ "limits": { "daily_requests": 1000000, "used": 0 } });
    for (trouble, cure, code) in [
        (gone, back, "run-list-gone"),
        (inactive, active, "run-engagement-unit"),
        (few, many, "run-engagement-spared"),
    ] {
        world.org.control("engagement", &trouble).await;
        let failed = refresh_when_allowed(&world).await;
        assert_eq!(
            (&failed["state"], &failed["reason"]["code"]),
            (&json!("failed"), &json!(code)),
            "{failed:#}"
        );
        assert_eq!(kept(&world).await["lists"], before, "{code}: the members stay");
        assert_eq!(verdict(&world, "taro@example.co.jp").await["verdict"], "matches", "{code}");
        world.org.control("engagement", &cure).await;
    }
    let until = tokio::time::Instant::now() + crate::harness::TIMEOUT;
    let told = |part: &str| slack.texts().iter().any(|text| text.contains(part));
    let expected = [
        "「上」というリストがなくなりました",
        "ビジネスユニットがAccount Engagementに見つからない",
        "残り回数が少ないため",
    ];
    while !expected.iter().all(|part| told(part)) {
        assert!(tokio::time::Instant::now() < until, "{:?}", slack.texts());
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let link = "<https://booking.example.com/console/engagement-lists|";
    assert!(told("前回取り込んだ内容はそのまま使えます") && told(link), "{:?}", slack.texts());
    plant(&world, 60, "下", &["hanako@x.example"]).await;
    save(&world, &[rule("上"), rule("下")]).await;
    let again = refresh_when_allowed(&world).await;
    assert_eq!(again["state"], "done", "{again:#}");
    assert_eq!(verdict(&world, "hanako@x.example").await["list"], "下");
}

/// A chain of page tokens ends after 100,000 rows without an error.
const MANY: u64 = 100_500;

async fn list_sync_of_100k_members_resumes_after_kill(kind: Kind) {
    // A short time-out, and so a short lease: the run is taken up again soon after its server died.
    let mut world = TestSystem::begin_with_timeout(kind, 60.0, 2).await;
    let limits = json!({ "limits": { "daily_requests": 100_000 } });
    world.org.control("engagement", &limits).await;
    world
        .org
        .control("engagement", &json!({ "lists": [{ "id": 70, "name": "全員", "members": MANY }] }))
        .await;
    save(&world, &[rule("全員"), rule(SEMINAR)]).await;
    let run = sync(&world).await;
    let path = format!("/runs/{}", run.as_str().unwrap());
    let received = |run: &Value| run["receipt"]["received"]["全員"].as_u64().unwrap_or(0);
    world.server.wait_for(&path, |run| received(run) >= 3_000).await;
    assert!(kept(&world).await.is_null(), "nothing is visible yet");
    world.server.kill_and_restart().await;
    let run = over(&world, &run).await;
    assert_eq!(run["state"], "done", "{run:#}");
    assert_eq!(received(&run), MANY, "no page came twice, none was passed over: {run:#}");
    // The lists once, 101 pages of the long list, one of the short; and what was on its way when the power went.
    let calls = run["receipt"]["calls"].as_u64().unwrap();
    assert!((103..=105).contains(&calls), "continued, not started again: {run:#}");
    let lists = kept(&world).await["lists"].clone();
    assert_eq!((&lists[0]["members"], &lists[1]["members"]), (&json!(MANY), &json!(8)), "{lists:#}");
    let last = format!("prospect{}@list70.example", MANY - 1);
    assert_eq!(verdict(&world, &last).await["rule"], 0);
}

async fn disconnect_stops_list_sync_and_keeps_members(kind: Kind) {
    let world = TestSystem::begin(kind, FAST).await;
    plant(&world, 50, "上", &["taro@example.co.jp"]).await;
    save(&world, &[rule("上")]).await;
    assert_eq!(refresh_when_allowed(&world).await["state"], "done");
    let before = kept(&world).await["lists"].clone();
    let slow = json!({ "kind": "slow", "milliseconds": 10_000, "path": "/list-memberships", "times": 1 });
    world.org.control("faults", &slow).await;
    // Whichever comes first, someone's or the night's, meets the slow answer.
    loop {
        let (status, body) = world.server.post("/engagement-lists/sync", &json!({})).await;
        match status {
            202 => break,
            409 if body["type"] == "urn:tsugite:problem:sync-running" => break,
            429 => tokio::task::yield_now().await,
            _ => panic!("{status} {body:#}"),
        }
    }
    world.org.faults_spent().await;
    let running = |run: &Value| run["state"] == "running";
    let runs = world.server.wait_for("/runs", |body| body["runs"].as_array().unwrap().iter().any(running));
    let run = runs.await["runs"].as_array().unwrap().iter().find(|run| running(run)).unwrap()["id"].clone();
    world.server.delete("/salesforce/connection").await;
    let stopped = over(&world, &run).await;
    assert_eq!(
        (&stopped["state"], &stopped["reason"]["code"]),
        (&json!("stopped"), &json!("run-disconnected")),
        "{stopped:#}"
    );
    assert_eq!(kept(&world).await["lists"], before, "what was fetched stays");
    assert_eq!(verdict(&world, "taro@example.co.jp").await["verdict"], "matches");
    let (status, body) = world.server.post("/engagement-lists/sync", &json!({})).await;
    assert_eq!((status, &body["type"]), (409, &json!("urn:tsugite:problem:not-connected")));
    world.server.connect(&world.org).await;
    assert_eq!(refresh_when_allowed(&world).await["state"], "done", "works again after reconnecting (C5)");
}

async fn lists_are_synced_nightly(kind: Kind) {
    // A day is two seconds.
    let world = TestSystem::begin(kind, 43_200.0).await;
    let (status, body) = world.server.put(LISTS, &json!({ "refresh_at": "25:00" })).await;
    assert_eq!((status, &body["errors"][0]["code"]), (422, &json!("bad-body")));
    let mut given = settings(&[rule(SEMINAR)]);
    given["refresh_at"] = "02:30".into();
    assert_eq!(world.server.put(LISTS, &given).await.0, 200);
    let nights = |body: &Value| {
        let runs = body["runs"].as_array().unwrap();
        let done = |run: &&Value| run["origin"] == "nightly" && run["state"] == "done";
        runs.iter().filter(done).count()
    };
    world.server.wait_for("/runs", |body| nights(body) >= 2).await;
    assert_eq!(kept(&world).await["lists"][0]["members"], 8);
    given["enabled"] = false.into();
    assert_eq!(world.server.put(LISTS, &given).await.0, 200);
    let (status, body) = world.server.post("/engagement-lists/sync", &json!({})).await;
    assert_eq!((status, &body["type"]), (409, &json!("urn:tsugite:problem:nothing-to-refresh")));
}
