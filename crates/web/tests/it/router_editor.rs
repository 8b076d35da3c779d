//! A router's chart in the console: built, published, tried, rolled back, shared (G1, G3, G4).

use crate::api::stored;
use crate::api::stored::row;
use crate::signed_in::Browser;
use crate::support::{Reply, Server};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::mirror::RecordState;
use domain::router::{Chart, Next, Node, OWNER, Outcome, Router, RouterLink, Test};
use domain::synced_fields::{SyncedFields, SyncedObject};
use domain::value::Language;
use domain::workspace::Role;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use storage::router::routers;
use storage::workspace::settings;

const BASE: &str = "/console/routers/inbound";

/// Makes an empty router.
async fn make(browser: &Browser<'_>) {
    let made = browser
        .post("/console/routers/new", &[("name", "お問い合わせ"), ("slug", "inbound"), ("template", "empty")])
        .await;
    assert_eq!(made.location(), format!("{BASE}?done=created"), "{}", made.body);
}

/// Inserts a node on an edge and gives its ID.
async fn insert(browser: &Browser<'_>, from: &str, exit: &str, node: &[(&str, &str)]) -> String {
    let kind = node.iter().find(|(name, _)| *name == "kind").unwrap().1;
    let form = browser.get(&format!("{BASE}/insert?from={from}&exit={exit}&kind={kind}")).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.body);
    let version = form.input("version");
    let mut sent = vec![("from", from), ("exit", exit), ("version", version.as_str())];
    sent.extend(node);
    let saved = browser.post(&format!("{BASE}/insert"), &sent).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    saved.location().split("#step-").nth(1).unwrap().to_owned()
}

async fn publish(browser: &Browser<'_>) -> Reply {
    let version = browser.get(BASE).await.input("version");
    browser.post(&format!("{BASE}/publish"), &[("version", &version)]).await
}

const MESSAGE: [(&str, &str); 3] = [
    ("kind", "outcome"),
    ("outcome.kind", "message"),
    ("outcome.text.ja", "会社のアドレスをご利用ください。"),
];
const TEAM: [(&str, &str); 5] = [
    ("kind", "outcome"),
    ("outcome.kind", "page"),
    ("outcome.page", "sales/demo"),
    ("fallback.kind", "message"),
    ("fallback.text.ja", "後ほどご連絡します。"),
];

/// Free mail gets a message, large companies the team, everybody else nothing: one insertion after the other.
async fn build(browser: &Browser<'_>) -> [String; 3] {
    make(browser).await;
    let end = insert(browser, "", "", &[("kind", "outcome"), ("outcome.kind", "nothing")]).await;
    let free = [
        ("kind", "condition"),
        ("name", "フリーメールか"),
        ("join", "all"),
        ("tests[0].fact", "email.free_mail"),
        ("tests[0].operator", "equals"),
        ("tests[0].values", "true"),
        ("next.match", &end),
        ("next.otherwise", &end),
        ("next.error", &end),
    ];
    let free = insert(browser, "", "", &free).await;
    let message = insert(browser, &free, "match", &MESSAGE).await;
    let size = [
        ("kind", "condition"),
        ("join", "any"),
        ("tests[0].fact", "answer.size"),
        ("tests[0].operator", "in"),
        ("tests[0].values", "1-10\n11-50"),
        ("tests[1].fact", "url.query"),
        ("tests[1].parameter", "utm_source"),
        ("tests[1].operator", "equals"),
        ("tests[1].values", "mail"),
        ("next.match", &end),
        ("next.otherwise", &end),
        ("next.error", &end),
    ];
    let size = insert(browser, &free, "otherwise", &size).await;
    insert(browser, &size, "match", &TEAM).await;
    [free, size, message]
}

#[tokio::test]
async fn chart_is_built_published_tried_and_rolled_back_in_the_console() {
    let server = Server::start().await;
    let browser = server.browser(Role::Editor, Language::Japanese).await;
    let [free, size, message] = build(&browser).await;
    let shown = browser.get(BASE).await.body;
    for told in [
        "フリーメールか",
        "フリーメールである",
        "質問「質問 size」が「1-10、11-50」のいずれかに等しい、またはURLパラメータ「utm_source」が「mail」に等しい",
        "面談する（グループ）：オンライン面談",
        "できない場合 → メッセージを表示する：後ほどご連絡します。",
        "<svg viewBox=",
        "aria-hidden=\"true\"",
        "class=\"steplist",
    ] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    let team = browser.get(&format!("{BASE}/nodes/outcome-3")).await.body;
    assert!(team.contains("<option value=\"sales/demo\" selected>オンライン面談（sales/demo）"), "{team}");
    assert_eq!(publish(&browser).await.location(), format!("{BASE}?done=published"));
    let listed = browser.get("/console/routers").await.body;
    assert!(listed.contains("公開中：バージョン1"), "{listed}");

    let caller = server.caller().await;
    let taro = json!({ "email": "taro@example.co.jp", "answers": { "size": "11-50" } });
    let (status, decided) = caller.post("/routers/inbound/route", &taro).await;
    assert_eq!((status, &decided["outcome"]["page"]), (201, &json!("sales/demo")), "{decided}");
    let decision = decided["decision"].as_str().unwrap();
    let decisions = browser.get(&format!("{BASE}/decisions")).await.body;
    assert!(decisions.contains("taro@example.co.jp") && decisions.contains(decision), "{decisions}");
    let told = browser.get(&format!("{BASE}/decisions/{decision}")).await.body;
    assert!(
        told.contains("質問「質問 size」：いずれかに等しい 1-10 / 11-50 → 一致（実際の値「11-50」）"),
        "{told}"
    );
    assert!(told.contains("通過") && told.contains("class=\"way match on\""), "{told}");

    let tried = [("email", "hanako@gmail.com"), ("answers.size", "11-50")];
    let tried = browser.post(&format!("{BASE}/try"), &tried).await.body;
    assert!(tried.contains("メッセージを表示する：会社のアドレスをご利用ください。"), "{tried}");
    assert!(tried.contains("フリーメール：等しい true → 一致（実際の値「true」）"), "{tried}");
    let wrong = browser.post(&format!("{BASE}/try"), &[("email", "hanako")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

    let version = browser.get(&format!("{BASE}/nodes/{free}")).await.input("version");
    let removed = [("version", version.as_str()), ("heir", "otherwise")];
    let removed = browser.post(&format!("{BASE}/nodes/{free}/remove"), &removed).await;
    assert_eq!(removed.location(), format!("{BASE}?done=removed"));
    let refused = publish(&browser).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "the message is left unreached");
    assert!(refused.body.contains("どこからもつながっていません"), "{}", refused.body);
    assert!(refused.body.contains("未公開の変更：2件"), "{}", refused.body);
    let version = browser.get(BASE).await.input("version");
    let removed = [("version", version.as_str())];
    browser.post(&format!("{BASE}/nodes/{message}/remove"), &removed).await;
    assert_eq!(publish(&browser).await.location(), format!("{BASE}?done=published"));
    let (_, decided) = caller.post("/routers/inbound/route", &json!({ "email": "a@gmail.com" })).await;
    assert_eq!(decided["outcome"]["kind"], "nothing", "{decided}");

    let versions = browser.get(&format!("{BASE}/versions?from=1&to=2")).await;
    for told in ["バージョン1", "バージョン2", "フリーメールか", "削除", "開始"] {
        assert!(versions.body.contains(told), "{told}: {}", versions.body);
    }
    let first = browser.get(&format!("{BASE}/versions/1")).await.body;
    assert!(first.contains("フリーメールか") && !first.contains("/insert?"), "{first}");
    let version = versions.input("version");
    let restored = browser.post(&format!("{BASE}/versions/1/restore"), &[("version", &version)]).await;
    assert_eq!(restored.location(), format!("{BASE}?done=restored"));
    assert_eq!(publish(&browser).await.location(), format!("{BASE}?done=published"));
    let (_, decided) = caller.post("/routers/inbound/route", &json!({ "email": "a@gmail.com" })).await;
    assert_eq!((&decided["version"], &decided["outcome"]["kind"]), (&json!(3), &json!("message")));
    assert_eq!(browser.get(&format!("{BASE}/versions/9")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get(&format!("{BASE}/nodes/{size}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn second_editor_is_told_and_a_change_can_be_undone() {
    let server = Server::start().await;
    let browser = server.browser(Role::Editor, Language::Japanese).await;
    let other = server.browser(Role::Admin, Language::Japanese).await;
    let [free, ..] = build(&browser).await;
    let node = format!("{BASE}/nodes/{free}");
    let seen = other.get(&node).await.input("version");
    let form = |name: &'static str, version: &'static str| {
        vec![
            ("version", version),
            ("kind", "condition"),
            ("name", name),
            ("join", "all"),
            ("tests[0].fact", "email.free_mail"),
            ("tests[0].operator", "equals"),
            ("tests[0].values", "false"),
        ]
    };
    let seen: &'static str = seen.leak();
    assert_eq!(browser.post(&node, &form("一人目", seen)).await.status, StatusCode::SEE_OTHER);
    let told = other.post(&node, &form("二人目", seen)).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.body.contains("ほかのユーザーが先に保存しました"), "{}", told.body);
    assert!(told.body.contains("value=\"二人目\""), "what was typed stays: {}", told.body);
    for button in ["publish", "undo"] {
        let told = other.post(&format!("{BASE}/{button}"), &[("version", seen)]).await;
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{button}");
        assert!(told.body.contains("ほかのユーザーが先に下書きを変更しました"), "{}", told.body);
    }
    let open = browser.get(BASE).await;
    assert!(
        open.body.contains("一人目") && open.body.contains("出口「一致」の先がありません"),
        "{}",
        open.body
    );
    let undone = browser.post(&format!("{BASE}/undo"), &[("version", &open.input("version"))]).await;
    assert_eq!(undone.location(), format!("{BASE}?done=undone"));
    let back = browser.get(BASE).await.body;
    assert!(back.contains("フリーメールか") && !back.contains("一人目"), "{back}");
    for _ in 0..5 {
        let version = browser.get(BASE).await.input("version");
        let undone = browser.post(&format!("{BASE}/undo"), &[("version", &version)]).await;
        assert_eq!(undone.location(), format!("{BASE}?done=undone"));
    }
    let empty = browser.get(BASE).await;
    assert!(empty.body.contains("まだノードがありません"), "{}", empty.body);
    let nothing = browser.post(&format!("{BASE}/undo"), &[("version", &empty.input("version"))]).await;
    assert_eq!(nothing.location(), format!("{BASE}?done=nothing-to-undo"));
}

#[tokio::test]
async fn node_form_follows_its_buttons_and_names_what_it_cannot_read() {
    let server = Server::start().await;
    let browser = server.browser(Role::Editor, Language::English).await;
    make(&browser).await;
    let kinds = browser.get(&format!("{BASE}/insert?from=&exit=")).await.body;
    for kind in ["condition", "list", "find", "split", "outcome"] {
        assert!(kinds.contains(&format!("kind={kind}")), "{kind}: {kinds}");
        let form = browser.get(&format!("{BASE}/insert?from=&exit=&kind={kind}")).await;
        assert_eq!(form.status, StatusCode::OK, "{kind}");
    }
    assert_eq!(browser.get(&format!("{BASE}/insert?from=x&exit=match")).await.status, StatusCode::NOT_FOUND);
    let version = browser.get(BASE).await.input("version");
    let start = [("from", ""), ("exit", ""), ("version", version.as_str())];
    let post = async |more: &[(&str, &str)]| {
        let mut sent = start.to_vec();
        sent.extend(more);
        browser.post(&format!("{BASE}/insert"), &sent).await
    };
    let condition = [("kind", "condition"), ("tests[0].fact", "answer.size"), ("tests[0].values", "1-10")];
    let more = post(&[&condition[..], &[("do", "add-test")]].concat()).await.body;
    assert!(more.contains("tests[1].fact") && more.contains("Options: "), "{more}");
    let fewer = post(&[&condition[..], &[("do", "remove-test-0")]].concat()).await.body;
    assert!(!fewer.contains("tests[0].fact"), "{fewer}");
    let split = [("kind", "split"), ("ways[0].weight", "1"), ("ways[1].weight", "two")];
    let more = post(&[&split[..], &[("do", "add-way")]].concat()).await.body;
    assert!(more.contains("ways[2].weight"), "{more}");
    for (sent, expected) in [
        (&condition[..], "Choose an option"),
        (&split[..], "Enter a number"),
        (&[("kind", "outcome")][..], "Choose an option"),
        (&[("kind", "robot")][..], "field is required"),
        (&[("kind", "find"), ("object", "Robot")][..], "Choose an option"),
        (&[("kind", "split"), ("ways[0].weight", "1"), ("ways[0].next", "x")][..], "doesn’t exist"),
    ] {
        let refused = post(sent).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{sent:?}");
        assert!(refused.body.contains(expected), "{sent:?}: {}", refused.body);
    }
    let id = insert(&browser, "", "", &[("kind", "outcome"), ("outcome.kind", "page")]).await;
    let form = browser.get(&format!("{BASE}/nodes/{id}")).await.body;
    assert!(form.contains("There is no active booking page") && form.contains("class=\"fault\""), "{form}");
    let condition = [
        ("kind", "condition"),
        ("name", "Size"),
        ("next.match", id.as_str()),
        ("next.otherwise", id.as_str()),
    ];
    let other = insert(&browser, "", "", &condition).await;
    let version = browser.get(BASE).await.input("version");
    let point = [("from", other.as_str()), ("exit", "error"), ("to", id.as_str()), ("version", &version)];
    assert_eq!(browser.post(&format!("{BASE}/point"), &point).await.status, StatusCode::SEE_OTHER);
    let version = browser.get(BASE).await.input("version");
    let place = format!("match {other}");
    let moved = [("place", place.as_str()), ("version", version.as_str())];
    let moved = browser.post(&format!("{BASE}/nodes/{id}/move"), &moved).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.body);
    let version = browser.get(BASE).await.input("version");
    let itself = format!("match {other}");
    let refused = [("place", itself.as_str()), ("version", version.as_str())];
    let refused = browser.post(&format!("{BASE}/nodes/{other}/move"), &refused).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn archived_router_decides_nothing_and_a_copy_is_a_draft() {
    let server = Server::start().await;
    let browser = server.browser(Role::Editor, Language::English).await;
    build(&browser).await;
    publish(&browser).await;
    let copied = browser.post(&format!("{BASE}/copy"), &[]).await;
    assert_eq!(copied.location(), "/console/routers/inbound-copy?done=created");
    let copied = browser.post(&format!("{BASE}/copy"), &[]).await;
    assert_eq!(copied.location(), "/console/routers/inbound-copy-2?done=created");
    let archived = browser.post(&format!("{BASE}/archive"), &[("archived", "on")]).await;
    assert_eq!(archived.location(), format!("{BASE}?done=archived"));
    let caller = server.caller().await;
    let visitor = json!({ "email": "taro@example.co.jp" });
    assert_eq!(caller.post("/routers/inbound/route", &visitor).await.0, 404);
    let (status, refused) = caller.post("/routers/inbound/publish", &json!({})).await;
    assert_eq!((status, &refused["errors"][0]["code"]), (422, &json!("router-archived")));
    assert!(publish(&browser).await.body.contains("An archived router can’t be published"));
    browser.post(&format!("{BASE}/archive"), &[("archived", "")]).await;
    assert_eq!(caller.post("/routers/inbound/route", &visitor).await.0, 201);
}

#[tokio::test]
async fn read_only_link_opens_the_draft_until_a_new_one_is_made() {
    let mut server = Server::start().await;
    let link = |page: &Reply| {
        let address = page.body.split("http://localhost:8080/routers/").nth(1).unwrap();
        format!("/routers/{}", address.split('"').next().unwrap())
    };
    let cookie = {
        let browser = server.browser(Role::Editor, Language::English).await;
        build(&browser).await;
        assert!(!browser.get(BASE).await.body.contains("localhost:8080/routers/"));
        browser.post(&format!("{BASE}/link"), &[("do", "make")]).await;
        let first = link(&browser.get(BASE).await);
        let shown = server.get(&first).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
        assert_eq!(shown.headers["x-robots-tag"], "noindex");
        assert!(shown.body.contains("フリーメールか") && !shown.body.contains("/console"), "{}", shown.body);
        browser.post(&format!("{BASE}/link"), &[("do", "make")]).await;
        let second = link(&browser.get(BASE).await);
        assert_eq!(server.get(&first).await.status, StatusCode::NOT_FOUND);
        assert_eq!(server.get(&second).await.status, StatusCode::OK);
        assert_eq!(server.get("/routers/forged").await.status, StatusCode::NOT_FOUND);
        browser.post(&format!("{BASE}/link"), &[("do", "end")]).await;
        assert_eq!(server.get(&second).await.status, StatusCode::NOT_FOUND);
        browser.post(&format!("{BASE}/link"), &[("do", "make")]).await;
        link(&browser.get(BASE).await)
    };
    server.change_clock(storage::Clock::default().with_offset(31 * 24 * 60 * 60));
    assert_eq!(server.get(&cookie).await.status, StatusCode::NOT_FOUND, "it expires");
}

/// A file as a browser sends it.
fn multipart(fields: &[(&str, &str)]) -> Body {
    let part = |(name, value): &(&str, &str)| {
        format!("--xyz\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    Body::from(fields.iter().map(part).collect::<String>() + "--xyz--\r\n")
}

#[tokio::test]
async fn draft_goes_out_as_json_and_comes_back() {
    let server = Server::start().await;
    let browser = server.browser(Role::Editor, Language::English).await;
    build(&browser).await;
    let file = browser.get(&format!("{BASE}/export.json")).await;
    assert_eq!(file.headers[header::CONTENT_DISPOSITION], "attachment; filename=\"router-inbound.json\"");
    let body: Value = serde_json::from_str(&file.body).unwrap();
    let mut other = body.clone();
    other["slug"] = json!("other");
    assert_eq!(server.caller().await.post("/routers", &other).await.0, 201, "the API takes it");
    let import = async |fields: &[(&str, &str)]| {
        let version = browser.get(&format!("{BASE}/import")).await.input("version");
        let mut sent = vec![("csrf", browser.csrf.as_str()), ("version", version.as_str())];
        sent.extend(fields);
        let request = Request::post(format!("{BASE}/import"))
            .header(header::COOKIE, &browser.cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xyz");
        server.send(request.body(multipart(&sent)).unwrap()).await
    };
    let mut changed = body.clone();
    changed["nodes"]["condition-1"]["name"] = json!("Imported");
    let taken = import(&[("file", &changed.to_string()), ("json", "ignored")]).await;
    assert_eq!(taken.location(), format!("{BASE}?done=saved"), "{}", taken.body);
    assert!(browser.get(BASE).await.body.contains("Imported"));
    changed["nodes"]["condition-1"]["kind"] = json!("robot");
    let end = json!({ "kind": "outcome", "outcome": { "kind": "nothing" } });
    let too_many: BTreeMap<String, Value> = (0..501).map(|at| (format!("end-{at}"), end.clone())).collect();
    for (text, expected) in [
        (changed.to_string(), "Node “condition-1” in line 1 can’t be read: “robot” can’t be used there."),
        ("{".to_owned(), "The JSON ends too early, in line 1."),
        ("{\n \"start\": x }".to_owned(), "at line 2, character 11"),
        ("[]".to_owned(), "The JSON of a flowchart begins with “{”"),
        ("{}".to_owned(), "There are no nodes, so nothing was imported."),
        (json!({ "nodes": { "": end } }).to_string(), "A node has an empty ID."),
        (json!({ "nodes": { "a\0b": end } }).to_string(), "The node ID “a\\0b” has characters"),
        (json!({ "robots": 1 }).to_string(), "robots"),
        (json!({ "nodes": too_many }).to_string(), "at most 500"),
        (String::new(), "field is required"),
    ] {
        let refused = import(&[("json", &text)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
        assert!(refused.body.contains(expected), "{expected}: {}", refused.body);
    }
}

#[tokio::test]
async fn usual_chart_begins_with_what_the_workspace_has() {
    let server = Server::start().await;
    let browser = server.browser(Role::Editor, Language::Japanese).await;
    let form = [("name", "受付"), ("slug", "usual"), ("template", "usual"), ("page", "sales/demo")];
    let made = browser.post("/console/routers/new", &form).await;
    let shown = browser.get(made.location()).await.body;
    for told in ["取引先を検索", "取引先の所有者", "公開できない理由"] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    assert!(shown.contains("取引先を同期していません"), "nothing is synced yet: {shown}");
    for (form, expected) in [
        ([("name", ""), ("slug", "x"), ("template", "empty")], "入力してください"),
        ([("name", "x"), ("slug", "new"), ("template", "empty")], "すでに使われています"),
        ([("name", "x"), ("slug", "usual"), ("template", "empty")], "すでに使われています"),
        ([("name", "x"), ("slug", "y"), ("template", "robot")], "選択してください"),
    ] {
        let refused = browser.post("/console/routers/new", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form:?}");
        assert!(refused.body.contains(expected), "{form:?}: {}", refused.body);
    }
}

#[tokio::test]
async fn usual_chart_leads_customers_to_their_owner() {
    let server = Server::start().await;
    let synced =
        SyncedFields::default().with(SyncedObject::Account, vec!["Name".to_owned(), OWNER.to_owned()]);
    let write = server.state.database.write().await.unwrap();
    settings::save(&write, server.workspace, &synced, server.state.clock.now()).await.unwrap();
    write.commit().await.unwrap();
    let acme = json!({ "Name": "アクメ", OWNER: "suzuki@demo.example" });
    let acme = row(&server, "001000000000001AAA", Some("acme.co.jp"), RecordState::Present, &acme);
    stored::publish(&server, SyncedObject::Account.stream(), &[acme], &[]).await;
    let browser = server.browser(Role::Editor, Language::Japanese).await;
    let form = [("name", "受付"), ("slug", "inbound"), ("template", "usual"), ("page", "sales/demo")];
    browser.post("/console/routers/new", &form).await;
    assert_eq!(publish(&browser).await.location(), format!("{BASE}?done=published"));
    let caller = server.caller().await;
    for (email, kind, hosts) in [
        ("taro@acme.co.jp", "owner", json!(["suzuki@demo.example"])),
        ("taro@other.co.jp", "page", json!([])),
        ("taro@gmail.com", "message", Value::Null),
    ] {
        let (_, decided) = caller.post("/routers/inbound/route", &json!({ "email": email })).await;
        assert_eq!((&decided["outcome"]["kind"], &decided["outcome"]["hosts"]), (&json!(kind), &hosts));
    }
    let tried = browser.post(&format!("{BASE}/try"), &[("email", "taro@acme.co.jp")]).await.body;
    assert!(
        tried.contains("取引先「アクメ」が見つかりました") && tried.contains("担当者：suzuki@demo.example"),
        "{tried}"
    );
}

#[tokio::test]
async fn filters_and_tie_breaks_of_a_search_are_typed_shown_compared_and_found_again() {
    let server = Server::start().await;
    let fields = ["Name", "Type", "Since__c", OWNER].map(str::to_owned).to_vec();
    let synced = SyncedFields::default().with(SyncedObject::Account, fields);
    let write = server.state.database.write().await.unwrap();
    settings::save(&write, server.workspace, &synced, server.state.clock.now()).await.unwrap();
    write.commit().await.unwrap();
    let acme = json!({ "Name": "アクメ", "Type": "Customer", "Since__c": "2020-01-01", OWNER: "suzuki@demo.example" });
    let acme = row(&server, "001000000000001AAA", Some("acme.co.jp"), RecordState::Present, &acme);
    let other = json!({ "Name": "別会社", "Type": "Partner", "Since__c": "2021-01-01", OWNER: null });
    let other = row(&server, "001000000000002AAA", Some("acme.co.jp"), RecordState::Present, &other);
    stored::publish(&server, SyncedObject::Account.stream(), &[acme, other], &[]).await;
    let browser = server.browser(Role::Editor, Language::Japanese).await;
    make(&browser).await;
    let end = insert(&browser, "", "", &[("kind", "outcome"), ("outcome.kind", "nothing")]).await;
    let ends = [("next.match", end.as_str()), ("next.otherwise", &end), ("next.error", &end)];
    let plain = [&[("kind", "find"), ("object", "account")][..], &ends].concat();
    let find = insert(&browser, "", "", &plain).await;
    assert_eq!(publish(&browser).await.location(), format!("{BASE}?done=published"));

    let node = format!("{BASE}/nodes/{find}");
    let version = browser.get(&node).await.input("version");
    let start = [&plain[..], &[("version", version.as_str())]].concat();
    let form = browser.post(&node, &[&start[..], &[("do", "add-test")]].concat()).await.body;
    assert!(form.contains("value=\"account.Type\"") && !form.contains("value=\"contact.Title\""), "{form}");
    assert!(!form.contains("value=\"answer.size\""), "a filter compares the record only: {form}");
    let form = browser.post(&node, &[&start[..], &[("do", "add-preference")]].concat()).await.body;
    assert!(form.contains("prefer[0].order") && form.contains("所有者がメンバー"), "{form}");
    let rows = [
        ("tests[0].fact", "account.Type"),
        ("tests[0].operator", "equals"),
        ("tests[0].values", "Customer"),
        ("prefer[0].order", "owner_is_member"),
        ("prefer[0].field", ""),
        ("prefer[1].order", "newest"),
        ("prefer[1].field", "Since__c"),
        ("prefer[2].order", ""),
        ("prefer[2].field", ""),
    ];
    let wrong = [&start[..], &[("prefer[0].order", "tallest"), ("prefer[0].field", "Since__c")]].concat();
    let wrong = browser.post(&node, &wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.body);
    let saved = browser.post(&node, &[&start[..], &rows].concat()).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let told = "会社のドメインで取引先を検索する。絞り込み：取引先の「Type」が「Customer」に等しい。優先順：所有者がメンバー → Since__c：新しい順";
    let shown = browser.get(BASE).await.body;
    assert!(shown.contains(told), "{shown}");
    let form = browser.get(&node).await.body;
    assert!(form.contains("prefer[1].field") && !form.contains("prefer[2].field"), "{form}");
    let fewer = [&start[..], &rows, &[("do", "remove-preference-0")]].concat();
    let fewer = browser.post(&node, &fewer).await.body;
    assert!(!fewer.contains("prefer[2].field"), "{fewer}");
    assert_eq!(publish(&browser).await.location(), format!("{BASE}?done=published"));
    let compared = browser.get(&format!("{BASE}/versions?from=1&to=2")).await.body;
    assert!(compared.contains(told), "{compared}");
    let file: Value = serde_json::from_str(&browser.get(&format!("{BASE}/export.json")).await.body).unwrap();
    assert_eq!(
        file["nodes"][&find]["prefer"],
        json!([{ "order": "owner_is_member" }, { "field": "Since__c", "order": "newest" }])
    );
    let tried = browser.post(&format!("{BASE}/try"), &[("email", "taro@acme.co.jp")]).await.body;
    assert!(
        tried.contains("該当した2件のうち1件は絞り込み条件に合わないため除き、残りは1件です。"),
        "{tried}"
    );
    let caller = server.caller().await;
    let (_, decided) = caller.post("/routers/inbound/route", &json!({ "email": "taro@acme.co.jp" })).await;
    let decision = decided["decision"].as_str().unwrap();
    let told = browser.get(&format!("{BASE}/decisions/{decision}")).await.body;
    assert!(told.contains("残りは1件です。") && !told.contains("account domain #"), "{told}");
}

/// A chain of conditions with as many ends.
fn large(nodes: usize) -> Chart {
    let id = |at: usize| format!("node-{at:03}");
    let half = nodes / 2;
    let mut chart = Chart { start: id(0), nodes: BTreeMap::new() };
    for at in 0..half {
        let test: Test = serde_json::from_value(
            json!({ "fact": "url.query.utm_source", "operator": "equals", "value": format!("source-{at}") }),
        )
        .unwrap();
        let next = if at + 1 < half { id(at + 1) } else { id(half) };
        let next = Next { matched: id(half + at), otherwise: next, error: id(half) };
        let name = if at % 2 == 0 { format!("キャンペーン{at}から来たか") } else { String::new() };
        chart.nodes.insert(id(at), Node::Condition { name, all: vec![test], any: Vec::new(), next });
        let outcome = Outcome::Redirect { url: format!("https://www.example.co.jp/campaign/{at}") };
        chart.nodes.insert(id(half + at), Node::Outcome { name: String::new(), outcome, fallback: None });
    }
    chart
}

#[tokio::test]
async fn page_of_a_large_chart_stays_small() {
    let server = Server::start().await;
    let browser = server.browser(Role::Editor, Language::Japanese).await;
    let now = server.state.clock.now();
    let router = Router {
        id: storage::ids::new(now),
        slug: "inbound".to_owned(),
        name: "大".to_owned(),
        draft: large(200),
        draft_version: 1,
        published: 0,
        updated_at: now,
        archived_at: None,
        link: RouterLink::default(),
    };
    let write = server.state.database.write().await.unwrap();
    routers::create(&write, server.workspace, &router).await.unwrap();
    write.commit().await.unwrap();
    let page = browser.get(BASE).await.body;
    assert_eq!(page.matches("<li id=\"step-").count(), 200);
    // About an eighth of it travels; a page that is twice as large is noticed here.
    assert!(page.len() < 700_000, "{}", page.len());
}
