//! Lists through the API: files in each format and encoding, faults by line, and the router that asks them.

use crate::api::caller::{Caller, faults};
use crate::api::stored::{publish as publish_records, row};
use crate::support::Server;
use domain::mirror::RecordState;
use domain::synced_fields::{SyncedFields, SyncedObject};
use encoding_rs::SHIFT_JIS;
use serde_json::{Value, json};
use storage::testing::Kind;
use storage::workspace::settings;

/// Who is on the list goes to whom it names; everybody else gets a message.
fn chart(list: &str, by: &str) -> Value {
    json!({
        "slug": "inbound", "name": "受付", "start": "listed",
        "nodes": {
            "listed": { "kind": "list", "list": list, "by": by,
                "next": { "match": "theirs", "otherwise": "other", "error": "unsure" } },
            "theirs": { "kind": "outcome", "outcome": { "kind": "assigned", "page": "sales/demo" },
                "fallback": { "kind": "message", "text": { "ja": "後ほど", "en": "" } } },
            "other": { "kind": "outcome", "outcome": { "kind": "message", "text": { "ja": "対象外", "en": "" } } },
            "unsure": { "kind": "outcome", "outcome": { "kind": "message", "text": { "ja": "不明", "en": "" } } },
        },
    })
}

async fn publish(caller: &Caller<'_>, list: &str, by: &str) {
    let (status, made) = caller.post("/routers", &chart(list, by)).await;
    assert_eq!(status, 201, "{made}");
    let (status, published) = caller.post("/routers/inbound/publish", &json!({})).await;
    assert_eq!(status, 200, "{published}");
}

/// The kind of outcome, the page, and the hosts.
async fn routed(caller: &Caller<'_>, visitor: Value) -> Value {
    let (status, result) = caller.post("/routers/inbound/route", &visitor).await;
    assert_eq!(status, 201, "{result}");
    let outcome = &result["outcome"];
    match outcome["kind"].as_str().unwrap() {
        "message" => outcome["text"]["ja"].clone(),
        "nothing" => json!("nothing"),
        _ => json!([outcome["page"], outcome["hosts"]]),
    }
}

#[tokio::test]
async fn assigned_visitor_gets_the_member_of_the_row_on_both_databases() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let server = Server::start_on(kind).await;
        let caller = server.caller().await;
        let file = "メールアドレス,ユーザー/グループ,面談タイプ\r\n\
            Taro@Example.co.jp,sato@demo.example,sales/demo\r\n\
            jiro@example.co.jp,営業部,\r\n\
            both@example.co.jp,suzuki@demo.example;sato@demo.example,\r\n\
            nobody@example.co.jp,,\r\n";
        let (status, made) = caller.put_file("/lists/mine?kind=assignments&by=email", file).await;
        assert_eq!((status, &made["rows"], &made["version"]), (201, &json!(4), &json!(1)), "{made}");
        publish(&caller, "mine", "email").await;
        for (email, expected) in [
            ("taro@example.co.jp", json!(["sales/demo", ["sato@demo.example"]])),
            ("jiro@example.co.jp", json!(["sales/demo", []])),
            ("both@example.co.jp", json!(["sales/demo", ["suzuki@demo.example", "sato@demo.example"]])),
            ("nobody@example.co.jp", json!("nothing")),
            ("hanako@example.co.jp", json!("対象外")),
        ] {
            assert_eq!(routed(&caller, json!({ "email": email })).await, expected, "{email}");
        }
        let (status, refused) = caller.put_file("/lists/mine?skip_faulty=true", "{}").await;
        assert_eq!((status, faults(&refused)[0].1.as_str()), (422, "not-an-email"), "{refused}");
        let (status, refused) = caller.put_file("/lists/mine", "").await;
        assert_eq!((status, faults(&refused)), (422, vec![("file".to_owned(), "required".to_owned())]));
        let (status, replaced) =
            caller.put_file("/lists/mine", "hanako@example.co.jp,sato@demo.example").await;
        assert_eq!(
            (status, &replaced["rows"], &replaced["version"]),
            (200, &json!(1), &json!(2)),
            "{replaced}"
        );
        assert_eq!(routed(&caller, json!({ "email": "taro@example.co.jp" })).await, "対象外");
        let hanako = routed(&caller, json!({ "email": "hanako@example.co.jp" })).await;
        assert_eq!(hanako, json!(["sales/demo", ["sato@demo.example"]]));
    }
}

#[tokio::test]
async fn values_are_read_in_every_encoding_and_found_by_their_key() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let text =
        "メールアドレス\r\n\"taro@example.co.jp\"\r\n\r\n ｊｉｒｏ＠example.co.jp\r\ntaro@example.co.jp\r\n";
    let (shift_jis, _, _) = SHIFT_JIS.encode(text);
    let with_mark = format!("\u{feff}{text}");
    for (name, file) in
        [("plain", text.as_bytes()), ("mark", with_mark.as_bytes()), ("excel", shift_jis.as_ref())]
    {
        let (status, made) = caller.put_file(&format!("/lists/{name}?kind=values&by=email"), file).await;
        assert_eq!((status, &made["rows"]), (201, &json!(2)), "{name}: {made}");
        let (_, found) = caller.get(&format!("/lists/{name}?value=JIRO@example.co.jp")).await;
        assert_eq!(
            (&found["found"]["line"], &found["first_rows"][0]["line"]),
            (&json!(4), &json!(2)),
            "{found}"
        );
        let (_, missing) = caller.get(&format!("/lists/{name}?value=saburo@example.co.jp")).await;
        assert_eq!(missing["found"], Value::Null);
    }
    let utf16 = [0xff, 0xfe, 0x41, 0x00, 0x81, 0x20];
    let (status, refused) = caller.put_file("/lists/other?kind=values&by=email", utf16).await;
    assert_eq!((status, faults(&refused)[0].1.as_str()), (422, "list-encoding"), "{refused}");
    let (_, lists) = caller.get("/lists").await;
    assert_eq!(lists["lists"].as_array().unwrap().len(), 3, "what was refused is not there");
    let stranger = server.other_workspace().await;
    let stranger = server.caller_of(stranger).await;
    assert_eq!(stranger.get("/lists/plain").await.0, 404);
    assert_eq!(stranger.delete("/lists/plain").await.0, 404);
}

#[tokio::test]
async fn faulty_rows_are_named_by_line_and_change_nothing() {
    let server = Server::start().await;
    let caller = server.caller().await;
    caller.put_file("/lists/mine?kind=assignments&by=domain", "example.co.jp,sato@demo.example").await;
    let file = "ドメイン,ユーザー,面談タイプ\n\
        example.co.jp,gone@demo.example,\n\
        https://example.com/,sato@demo.example,\n\
        \n\
        a.example.com,東京支店,\n\
        b.example.com,suzuki@demo.example,sales/gone\n\
        c.example.com,suzuki@demo.example,\n\
        C.example.com,sato@demo.example,\n\
        d.example.com,営業部,sales/demo\n";
    let (status, refused) = caller.put_file("/lists/mine", file).await;
    let expected = [
        ("lines[2].users", "member-missing"),
        ("lines[3].value", "not-a-domain-name"),
        ("lines[5].users", "group-missing"),
        ("lines[6].meeting_type", "page-missing"),
        ("lines[8].value", "list-row-differs"),
    ];
    let expected = expected.map(|(field, code)| (field.to_owned(), code.to_owned()));
    assert_eq!((status, faults(&refused)), (422, expected.to_vec()));
    let (_, kept) = caller.get("/lists/mine?value=example.co.jp").await;
    assert_eq!((&kept["version"], &kept["found"]["line"]), (&json!(1), &json!(1)), "{kept}");
    let (status, replaced) = caller.put_file("/lists/mine?skip_faulty=true", file).await;
    assert_eq!((status, &replaced["rows"], &replaced["left_out"]), (200, &json!(2), &json!(5)), "{replaced}");
    let many = "x\n".repeat(150);
    let (_, refused) = caller.put_file("/lists/mine", many).await;
    let named = faults(&refused);
    assert_eq!((named.len(), named[100].1.as_str()), (101, "list-more-faults"));
    for (path, file, fault) in [
        ("/lists/x?kind=values", "a@example.com", ("by", "required")),
        ("/lists/x?by=email", "a@example.com", ("kind", "required")),
        ("/lists/x?kind=stars&by=email", "a@example.com", ("kind", "not-an-option")),
        ("/lists/X?kind=values&by=email", "a@example.com", ("slug", "bad-slug")),
        (
            "/lists/x?kind=values&by=email",
            "メールアドレス,会社名\na@example.com,A",
            ("lines[1]", "list-column-unknown"),
        ),
        ("/lists/x?kind=values&by=email", "a@example.com,A", ("lines[1]", "list-cell-beyond")),
        (
            "/lists/x?kind=values&by=email",
            "a@example.com\n\"b@example.com\nc@example.com\n",
            ("lines[2]", "list-quote-open"),
        ),
        (
            "/lists/x?kind=values&by=corporate_number",
            "法人番号\n7000012050002\n7000012050003",
            ("lines[3].value", "not-a-corporate-number"),
        ),
    ] {
        let (status, refused) = caller.put_file(path, file).await;
        assert_eq!(
            (status, faults(&refused)),
            (422, vec![(fault.0.to_owned(), fault.1.to_owned())]),
            "{file}"
        );
    }
}

#[tokio::test]
async fn routing_list_decides_by_answers_and_keeps_what_it_saw() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let server = Server::start_on(kind).await;
        let caller = server.caller().await;
        let text = "順番,項目,演算子,値,ユーザー,面談タイプ\r\n\
            1,ドメイン,次と一致する,example.co.jp;example.com,suzuki@demo.example;sato@demo.example,sales/demo\r\n\
            1,質問 size,等しい,11-50,,\r\n\
            2,answer.industry,含む,製,営業部,\r\n\
            3,url.query.utm_source,等しい,mail,,\r\n";
        let (file, _, _) = SHIFT_JIS.encode(text);
        let (status, made) = caller.put_file("/lists/order?kind=table&name=順番表", file.as_ref()).await;
        assert_eq!((status, &made["rows"], &made["by"]), (201, &json!(4), &Value::Null), "{made}");
        publish(&caller, "order", "email").await;
        for (email, size, industry, url, expected) in [
            (
                "a@example.com",
                "11-50",
                "",
                "",
                json!(["sales/demo", ["suzuki@demo.example", "sato@demo.example"]]),
            ),
            ("a@example.com", "1-10", "製造", "", json!(["sales/demo", []])),
            ("a@example.com", "1-10", "IT", "https://www.example.jp/?utm_source=mail", json!("nothing")),
            ("a@example.com", "1-10", "IT", "", json!("対象外")),
        ] {
            let visitor =
                json!({ "email": email, "url": url, "answers": { "size": size, "industry": industry } });
            assert_eq!(routed(&caller, visitor).await, expected, "{size} {industry}");
        }
        let (_, decisions) = caller.get("/routing-decisions?limit=4").await;
        let kept = &decisions["decisions"][3]["facts"]["lists"]["order email"]["found"];
        assert_eq!(kept["line"], json!(2), "{decisions}");
        let (status, refused) = caller.put_file("/lists/order?skip_faulty=true", "1,星座,等しい,x,,").await;
        assert_eq!((status, faults(&refused)[0].1.as_str()), (422, "fact-unknown"), "{refused}");
    }
}

#[tokio::test]
async fn group_company_is_found_by_its_main_domain() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let aliases =
        "グループ会社のドメイン,代表ドメイン\neast.example.com,main.example.com\nexample.net,example.co.jp\n";
    assert_eq!(caller.put_file("/lists/group?kind=aliases", aliases).await.0, 201);
    let (status, refused) = caller.put_file("/lists/again?kind=aliases", "a.example,b.example").await;
    assert_eq!((status, faults(&refused).len()), (422, 1), "{refused}");
    let (_, refused) = caller.put_file("/lists/again?kind=aliases", "example.org,example.com").await;
    assert_eq!(faults(&refused)[0].1, "list-aliases-twice");
    caller.put_file("/lists/mine?kind=assignments&by=domain", "example.co.jp,sato@demo.example").await;
    publish(&caller, "mine", "domain").await;
    for (email, expected) in [
        ("a@example.co.jp", json!(["sales/demo", ["sato@demo.example"]])),
        ("a@mail.example.co.jp", json!(["sales/demo", ["sato@demo.example"]])),
        ("a@tokyo.example.net", json!(["sales/demo", ["sato@demo.example"]])),
        ("a@example.com", json!("対象外")),
    ] {
        assert_eq!(routed(&caller, json!({ "email": email })).await, expected, "{email}");
    }
    let (_, found) = caller.get("/lists/group?value=a@tokyo.example.net").await;
    assert_eq!(found["found"]["says"], json!({ "main": "example.co.jp" }), "{found}");
}

#[tokio::test]
async fn list_of_a_published_chart_stays_and_faults_of_its_node_are_told() {
    let server = Server::start().await;
    let caller = server.caller().await;
    caller.post("/routers", &chart("mine", "email")).await;
    let codes = async || {
        let (_, checked) = caller.post("/routers/inbound/check", &json!({})).await;
        let faults = checked["faults"].as_array().unwrap().clone();
        faults.iter().map(|fault| fault["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (status, _) = caller.post("/routers/inbound/publish", &json!({})).await;
    assert_eq!((status, codes().await), (422, vec!["list-missing".to_owned()]));
    caller.put_file("/lists/mine?kind=values&by=domain", "\n").await;
    assert_eq!(codes().await, ["list-empty", "list-key-unfit"]);
    caller.put_file("/lists/mine?kind=values&by=corporate_number", "7000012050002").await;
    assert_eq!(codes().await, ["list-key-unfit", "question-missing"]);
    caller.put_file("/lists/mine?kind=values&by=email", "a@example.com").await;
    assert_eq!(caller.post("/routers/inbound/publish", &json!({})).await.0, 200);
    for (path, file, code) in [
        ("/lists/mine?by=domain", "example.com", "list-kind-in-use"),
        ("/lists/mine?kind=assignments", "a@example.com", "list-kind-in-use"),
        ("/lists/mine", "\n", "list-empty-in-use"),
    ] {
        let (status, refused) = caller.put_file(path, file).await;
        assert_eq!((status, faults(&refused)[0].1.as_str()), (422, code), "{path}");
        assert!(refused["errors"][0]["message"].as_str().unwrap().contains("受付"), "{refused}");
    }
    let (status, refused) = caller.delete("/lists/mine").await;
    assert_eq!((status, faults(&refused)[0].1.as_str()), (422, "list-in-use"));
    let mut other = chart("mine", "email");
    other["nodes"]["listed"] = json!({ "kind": "split", "weights": [1, 1], "next": ["theirs", "other"] });
    other["nodes"].as_object_mut().unwrap().remove("unsure");
    other["nodes"]["theirs"]["outcome"] = json!({ "kind": "nothing" });
    caller.put("/routers/inbound", &other).await;
    assert_eq!(caller.delete("/lists/mine").await.0, 422, "a draft changes nothing");
    assert_eq!(caller.post("/routers/inbound/publish", &json!({})).await.0, 200);
    assert_eq!(caller.delete("/lists/mine").await.0, 204);
    assert_eq!(caller.delete("/lists/mine").await.0, 404);
}

#[tokio::test]
async fn list_that_is_gone_leads_to_the_error_exit() {
    let server = Server::start().await;
    let caller = server.caller().await;
    caller.post("/routers", &chart("gone", "email")).await;
    let (_, tried) = caller.post("/routers/inbound/try", &json!({ "email": "a@example.com" })).await;
    assert_eq!(
        (&tried["path"][0]["exit"], &tried["outcome"]["text"]["ja"]),
        (&json!("error"), &json!("不明"))
    );
}

#[tokio::test]
async fn two_hundred_thousand_rows_are_kept_and_replaced_on_both_databases() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let server = Server::start_on(kind).await;
        let caller = server.caller().await;
        let file = |first: u32| -> String {
            (first..first + 200_000)
                .map(|number| format!("visitor-{number}@company-{number}.example.com\r\n"))
                .collect()
        };
        let first = "visitor-0@company-0.example.com";
        assert_eq!(caller.put_file("/lists/large?kind=values&by=email", first).await.0, 201);
        let (status, replaced) = caller.put_file("/lists/large", file(1)).await;
        assert_eq!((status, &replaced["rows"]), (200, &json!(200_000)), "{replaced}");
        let last = "visitor-200000@company-200000.example.com";
        let (_, found) = caller.get(&format!("/lists/large?value={last}")).await;
        assert_eq!(found["found"]["line"], json!(200_000), "{found}");
        assert_eq!(caller.get(&format!("/lists/large?value={first}")).await.1["found"], Value::Null);
        let (_, refused) = caller.put_file("/lists/large", format!("{}broken\r\n", file(0))).await;
        assert_eq!(faults(&refused), [("lines[200001].value".to_owned(), "not-an-email".to_owned())]);
    }
}

#[tokio::test]
async fn file_above_the_limit_is_refused() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let (status, refused) =
        caller.put_file("/lists/large?kind=values&by=email", vec![b'a'; 33 * 1024 * 1024]).await;
    assert_eq!((status, &refused["type"]), (413, &json!("urn:tsugite:problem:file-too-large")));
}

#[tokio::test]
async fn routing_list_reads_the_account_that_the_main_domain_of_a_group_finds() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let write = server.state.database.write().await.unwrap();
    let mut synced = SyncedFields::default();
    synced.of_mut(SyncedObject::Account).push("Industry".to_owned());
    settings::save(&write, server.workspace, &synced, server.state.clock.now()).await.unwrap();
    write.commit().await.unwrap();
    let account = json!({ "Industry": "小売" });
    let row = row(&server, "001000000000001AAA", Some("example.co.jp"), RecordState::Present, &account);
    publish_records(&server, "synced_fields/Account", &[row], &[]).await;
    let aliases = "example.net,example.co.jp";
    assert_eq!(caller.put_file("/lists/group?kind=aliases", aliases).await.0, 201);
    let table = "1,account.industry,equals,小売,sato@demo.example,";
    let (status, made) = caller.put_file("/lists/order?kind=table", table).await;
    assert_eq!(status, 201, "{made}");
    publish(&caller, "order", "domain").await;
    let expected = json!(["sales/demo", ["sato@demo.example"]]);
    for (email, expected) in [
        ("a@example.co.jp", &expected),
        ("a@tokyo.example.net", &expected),
        ("a@example.com", &json!("対象外")),
    ] {
        assert_eq!(routed(&caller, json!({ "email": email })).await, *expected, "{email}");
    }
}

#[tokio::test]
async fn page_that_published_charts_and_lists_name_keeps_its_address_on_both_databases() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let server = Server::start_on(kind).await;
        let caller = server.caller().await;
        caller.put_file("/lists/mine?kind=assignments&by=email", "a@example.com,,sales/demo").await;
        publish(&caller, "mine", "email").await;
        let moved = json!({ "slug": "talk", "title": "相談" });
        let (status, refused) = caller.put("/pages/sales/demo", &moved).await;
        let told = |code: &str| ("slug".to_owned(), code.to_owned());
        assert_eq!(status, 422, "{refused}");
        assert_eq!(faults(&refused), [told("page-in-routers"), told("page-in-lists")]);
        let said = refused.to_string();
        assert!(said.contains("受付") && said.contains("mine"), "the users are named: {said}");
        let renamed = json!({ "slug": "demo", "title": "別の名前" });
        assert_eq!(caller.put("/pages/sales/demo", &renamed).await.0, 200, "only the address has to stay");
        caller.put_file("/lists/mine", "a@example.com,sato@demo.example").await;
        let (_, refused) = caller.put("/pages/sales/demo", &moved).await;
        assert_eq!(faults(&refused), [told("page-in-routers")]);
        let mut other = chart("mine", "email");
        other["nodes"]["theirs"]["outcome"] = json!({ "kind": "nothing" });
        other["nodes"]["theirs"].as_object_mut().unwrap().remove("fallback");
        caller.put("/routers/inbound", &other).await;
        assert_eq!(caller.post("/routers/inbound/publish", &json!({})).await.0, 200);
        assert_eq!(caller.put("/pages/sales/demo", &moved).await.0, 200);
    }
}
