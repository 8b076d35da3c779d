//! Mails to many people: each once, with a way to refuse them (S14).

use crate::harness::{TIMEOUT, TestSystem, http};
use crate::smtp_sink::{SmtpSink, Trick};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        mailing_reaches_everyone_with_what_the_law_asks_for,
        looking_at_the_link_changes_nothing_and_one_click_refuses,
        answers_of_the_server_decide_about_each_mail,
        mailing_goes_to_those_whom_a_segment_has_when_it_begins,
        killed_server_sends_nothing_twice_and_leaves_nobody_out,
        mailing_that_comes_back_too_often_pauses_by_itself,
        reports_of_bounces_leave_addresses_alone
    );
}

async fn begin(kind: Kind, speed: f64, sink: &SmtpSink) -> TestSystem {
    let settings = [
        ("TSUGITE_SMTP_URL", sink.url()),
        ("TSUGITE_SMTP_FROM", "news@tsugite.example".to_owned()),
        ("TSUGITE_PUBLIC_URL", "https://tsugite.example".to_owned()),
    ];
    TestSystem::begin_with_settings(kind, speed, 2, &settings).await
}

async fn with_sender(world: &TestSystem, per_second: u32) {
    let settings = json!({
        "sender_name": "サンプル株式会社", "postal_address": "東京都千代田区丸の内1-1-1", "contact": "03-0000-0000",
        "unsubscribe_address": "stop@tsugite.example", "per_second": per_second, "per_domain_second": per_second,
    });
    let (status, body) = world.server.put("/settings/mail", &settings).await;
    assert_eq!(status, 200, "{body:#}");
    assert_eq!(body["missing"], json!([]));
}

async fn add(world: &TestSystem, email: &str, last_name: &str) -> Value {
    let body = json!({ "email": email, "fields": { "last_name": last_name } });
    let (status, body) = world.server.post("/people", &body).await;
    assert_eq!(status, 201, "{body:#}");
    body["id"].clone()
}

async fn draft(world: &TestSystem, change: Value) -> String {
    let mut mailing = json!({
        "name": "お知らせ", "subject": "{{last_name}}様へのご案内", "text": "{{ last_name }}様\n\nいつもお世話になっております。",
        "html": "<p>{{last_name}}様</p>",
    });
    mailing.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    let (status, body) = world.server.post("/mailings", &mailing).await;
    assert_eq!(status, 201, "{body:#}");
    body["id"].as_str().unwrap().to_owned()
}

async fn start(world: &TestSystem, id: &str) {
    let (status, body) = world.server.post(&format!("/mailings/{id}/start"), &json!({})).await;
    assert_eq!((status, &body["state"]), (200, &json!("sending")), "{body:#}");
}

async fn stands(world: &TestSystem, id: &str, state: &str) -> Value {
    world.server.wait_for(&format!("/mailings/{id}"), |body| body["state"] == state).await
}

async fn sent(world: &TestSystem, id: &str) -> Value {
    start(world, id).await;
    stands(world, id, "finished").await
}

/// Every recipient by address.
async fn recipients(world: &TestSystem, id: &str) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let (status, body) = world.server.get(&format!("/mailings/{id}/recipients?limit=200{cursor}")).await;
        assert_eq!(status, 200, "{body:#}");
        for one in body["recipients"].as_array().unwrap() {
            found.insert(one["email"].as_str().unwrap().to_owned(), one.clone());
        }
        let Some(next) = body["next_cursor"].as_str() else { return found };
        cursor = format!("&cursor={}", next.replace('@', "%40").replace(' ', "%20"));
    }
}

/// The value of a header that stands on one line.
fn header<'a>(mail: &'a str, name: &str) -> &'a str {
    let start = format!("{name}: ");
    mail.lines().find_map(|line| line.strip_prefix(&start)).unwrap_or_else(|| panic!("no {name}: {mail}"))
}

/// The link of a mail's header, at the server that the test talks to.
fn link(world: &TestSystem, mail: &str) -> String {
    let header = header(mail, "List-Unsubscribe");
    let link = header.split_once('<').unwrap().1.split_once('>').unwrap().0;
    link.replace("https://tsugite.example", world.server.url())
}

/// The text part, decoded.
fn text_of(mail: &str) -> String {
    use base64::Engine as _;
    let (head, body) = mail.split_once("\r\n\r\n").unwrap();
    let part = match head.split_once("boundary=\"") {
        Some((_, rest)) => {
            let boundary = rest.split_once('"').unwrap().0;
            body.split(&format!("--{boundary}")).nth(1).unwrap().to_owned()
        }
        None => mail.to_owned(),
    };
    let (head, body) = part.split_once("\r\n\r\n").unwrap();
    if head.contains("base64") {
        let compact: String = body.split_whitespace().collect();
        let bytes = base64::engine::general_purpose::STANDARD.decode(compact).unwrap();
        return String::from_utf8(bytes).unwrap();
    }
    assert!(head.contains("quoted-printable") || head.contains("7bit"), "{head}");
    let mut bytes = Vec::new();
    let joined = body.replace("=\r\n", "");
    let mut rest = joined.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        if *first == b'=' && head.contains("quoted-printable") {
            let code = std::str::from_utf8(&behind[..2]).unwrap();
            bytes.push(u8::from_str_radix(code, 16).unwrap());
            rest = &behind[2..];
        } else {
            bytes.push(*first);
            rest = behind;
        }
    }
    String::from_utf8(bytes).unwrap()
}

async fn mailing_reaches_everyone_with_what_the_law_asks_for(kind: Kind) {
    let sink = SmtpSink::start().await;
    let world = begin(kind, 1.0, &sink).await;
    add(&world, "taro@one.example", "山田<b>").await;
    add(&world, "Jiro@two.example", "佐藤").await;
    let refusing = add(&world, "no@three.example", "鈴木").await;
    let path = format!("/people/{}", refusing.as_str().unwrap());
    assert_eq!(world.server.patch(&path, &json!({ "opted_out": true })).await.0, 200);

    // What can't be filled in is named at its place.
    let wrong = json!({ "name": "x", "subject": "{{last_name}}", "text": "a\n{{lastname}}\n{{company}}", "html": "<!-- {{nothing}}" });
    let (status, body) = world.server.post("/mailings", &wrong).await;
    assert_eq!(status, 422, "{body:#}");
    let faults: Vec<_> =
        body["errors"].as_array().unwrap().iter().map(|one| (&one["field"], &one["code"])).collect();
    let unknown = json!("unknown-person-placeholder");
    assert_eq!(
        faults,
        [
            (&json!("text"), &unknown),
            (&json!("html"), &unknown),
            (&json!("html"), &json!("mailing-html-open"))
        ]
    );
    assert!(body["errors"][0]["message"].as_str().unwrap().contains("{{lastname}}"), "{body:#}");

    // Nothing goes out without the sender's details.
    let id = draft(&world, json!({})).await;
    let (status, body) = world.server.post(&format!("/mailings/{id}/start"), &json!({})).await;
    assert_eq!(status, 422, "{body:#}");
    let missing: Vec<_> = body["errors"].as_array().unwrap().iter().map(|one| &one["field"]).collect();
    assert_eq!(missing, ["settings.sender_name", "settings.postal_address", "settings.contact"]);
    with_sender(&world, 100).await;

    let (_, preview) = world.server.get(&format!("/mailings/{id}/preview")).await;
    assert_eq!(preview["subject"], "山田様へのご案内");
    let (status, tested) =
        world.server.post(&format!("/mailings/{id}/test"), &json!({ "address": "me@tsugite.example" })).await;
    assert_eq!((status, &tested["sent"]), (200, &json!(true)), "{tested:#}");
    assert!(text_of(&sink.mail_to("me@tsugite.example")).contains("https://tsugite.example/u/test"));

    let done = sent(&world, &id).await;
    assert_eq!(done["counts"], json!({ "sent": 2 }), "{done:#}");
    let mail = sink.mail_to("taro@one.example");
    assert!(header(&mail, "From").contains("<news@tsugite.example>"));
    let unsubscribe = header(&mail, "List-Unsubscribe");
    assert!(
        unsubscribe.starts_with("<https://tsugite.example/u/")
            && unsubscribe.ends_with(">, <mailto:stop@tsugite.example?subject=unsubscribe>"),
        "{unsubscribe}"
    );
    assert_eq!(header(&mail, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    let text = text_of(&mail);
    for part in [
        "山田<b>様",
        "送信者：サンプル株式会社",
        "住所：東京都千代田区丸の内1-1-1",
        "受付先：03-0000-0000",
        "メールの配信停止はこちら",
        "https://tsugite.example/u/",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains("{{"), "{text}");
    sink.mail_to("Jiro@two.example");
    assert_eq!(sink.count(), 3, "with the test");
    let (status, body) = world.server.post(&format!("/mailings/{id}/start"), &json!({})).await;
    assert_eq!((status, &body["type"]), (409, &json!("urn:tsugite:problem:mailing-state")), "{body:#}");

    let english =
        draft(&world, json!({ "language": "en", "html": "", "subject": "News", "text": "Hello" })).await;
    sent(&world, &english).await;
    let mails = sink.mails();
    let (_, mail) = mails.iter().rfind(|(to, _)| to == "taro@one.example").unwrap();
    let text = text_of(mail);
    assert!(
        text.contains("Sender: サンプル株式会社") && text.contains("Unsubscribe from these mails"),
        "{text}"
    );
    assert!(!mail.contains("text/html"), "{mail}");
}

async fn looking_at_the_link_changes_nothing_and_one_click_refuses(kind: Kind) {
    let sink = SmtpSink::start().await;
    let world = begin(kind, 1.0, &sink).await;
    with_sender(&world, 100).await;
    let person = add(&world, "taro@one.example", "山田").await;
    add(&world, "jiro@two.example", "佐藤").await;
    let first = draft(&world, json!({})).await;
    sent(&world, &first).await;
    let link = link(&world, &sink.mail_to("taro@one.example"));
    let client = http();
    let refuses = async || {
        let (_, body) = world.server.get(&format!("/people/{}", person.as_str().unwrap())).await;
        body["opted_out"].as_bool().unwrap()
    };
    for language in ["ja", "en"] {
        let page = client.get(&link).header("accept-language", language).send().await.unwrap();
        assert_eq!(page.status(), 200);
        let page = page.text().await.unwrap();
        assert!(page.contains("t***@one.example") && page.contains("<form method=\"post\""), "{page}");
    }
    client.head(&link).send().await.unwrap();
    assert!(!refuses().await, "programs look at links, too");
    let changed = client.get(format!("{link}x")).send().await.unwrap();
    assert_eq!(changed.status(), 404);

    let one_click = || client.post(&link).header("content-type", "application/x-www-form-urlencoded");
    let answer = one_click().body("List-Unsubscribe=One-Click").send().await.unwrap();
    assert_eq!(answer.status(), 200, "no redirect");
    assert!(refuses().await);
    assert_eq!(one_click().body("List-Unsubscribe=One-Click").send().await.unwrap().status(), 200);
    let (_, details) = world.server.get(&format!("/people/{}", person.as_str().unwrap())).await;
    assert_eq!(details["history"][0]["origin"], "mail", "{details:#}");

    let second = draft(&world, json!({})).await;
    let done = sent(&world, &second).await;
    assert_eq!(done["counts"], json!({ "sent": 1 }), "{done:#}");

    // Only the person takes it back; the form of a mail program may be of the other kind.
    let answer = one_click().body("do=resume").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(!refuses().await);
    let multipart =
        "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
    let sent_so =
        client.post(&link).header("content-type", "multipart/form-data; boundary=b").body(multipart);
    assert_eq!(sent_so.send().await.unwrap().status(), 200);
    assert!(refuses().await);
}

async fn answers_of_the_server_decide_about_each_mail(kind: Kind) {
    let sink = SmtpSink::start().await;
    // A minute passes in a second.
    let world = begin(kind, 60.0, &sink).await;
    with_sender(&world, 100).await;
    for name in ["busy", "gone", "full", "spam", "lost", "fine"] {
        add(&world, &format!("{name}@one.example"), name).await;
    }
    sink.play("busy@one.example", &[Trick::Refuse("454 4.7.0 Throttling"), Trick::Refuse("451 4.3.2 later")]);
    sink.play("gone@one.example", &[Trick::Refuse("550 5.1.1 no such user")]);
    sink.play("full@one.example", &[Trick::Refuse("552 5.2.2 mailbox full")]);
    sink.play("spam@one.example", &[Trick::RefuseContent("554 5.7.1 not wanted")]);
    sink.play("lost@one.example", &[Trick::KeepAndHangUp]);
    let id = draft(&world, json!({})).await;
    let done = sent(&world, &id).await;
    assert_eq!(done["counts"], json!({ "sent": 2, "failed": 3, "unknown": 1 }), "{done:#}");
    let found = recipients(&world, &id).await;
    for (name, state, bounce, attempts) in [
        ("busy", "sent", Value::Null, 3),
        ("gone", "failed", json!("hard"), 1),
        ("full", "failed", json!("soft"), 1),
        ("spam", "failed", Value::Null, 1),
        ("lost", "unknown", Value::Null, 1),
        ("fine", "sent", Value::Null, 1),
    ] {
        let one = &found[&format!("{name}@one.example")];
        assert_eq!(
            (&one["state"], &one["bounce"], &one["attempts"]),
            (&json!(state), &bounce, &json!(attempts)),
            "{one:#}"
        );
    }
    sink.mail_to("busy@one.example");
    sink.mail_to("lost@one.example");

    let second = draft(&world, json!({})).await;
    let done = sent(&world, &second).await;
    assert_eq!(done["counts"], json!({ "sent": 5, "suppressed": 1 }), "{done:#}");
    let found = recipients(&world, &second).await;
    assert_eq!(found["gone@one.example"]["reason"], "bounced", "a hard bounce is enough");
}

async fn mailing_goes_to_those_whom_a_segment_has_when_it_begins(kind: Kind) {
    let sink = SmtpSink::start().await;
    let world = begin(kind, 1.0, &sink).await;
    with_sender(&world, 100).await;
    for (name, last_name) in [("taro", "山田"), ("jiro", "佐藤"), ("hanako", "山田")] {
        add(&world, &format!("{name}@one.example"), last_name).await;
    }
    let named = json!({ "kind": "field", "field": "last_name", "operator": "equals", "value": "山田" });
    let segment = json!({ "name": "山田様", "condition": { "any": [{ "all": [named] }] } });
    let (status, segment) = world.server.post("/segments", &segment).await;
    assert_eq!(status, 201, "{segment:#}");
    let audience = json!({ "kind": "segment", "segment": segment["id"] });
    let id = draft(&world, json!({ "audience": audience })).await;
    let done = sent(&world, &id).await;
    assert_eq!(done["counts"], json!({ "sent": 2 }), "{done:#}");
    assert_eq!(
        recipients(&world, &id).await.into_keys().collect::<Vec<_>>(),
        ["hanako@one.example", "taro@one.example"]
    );
    let nobody = json!({ "name": "x", "audience": { "kind": "segment", "segment": "019df4a0-7c1e-7d7b-9a55-2f6d7f0a3c11" } });
    let (status, body) = world.server.post("/mailings", &nobody).await;
    assert_eq!((status, &body["errors"][0]["code"]), (422, &json!("mailing-no-such-segment")), "{body:#}");
}

async fn killed_server_sends_nothing_twice_and_leaves_nobody_out(kind: Kind) {
    const PEOPLE: usize = 300;
    let sink = SmtpSink::start().await;
    let mut world = begin(kind, 1.0, &sink).await;
    with_sender(&world, 150).await;
    let addresses: BTreeSet<String> = (0..PEOPLE).map(|n| format!("person{n}@many.example")).collect();
    for address in &addresses {
        add(&world, address, "山田").await;
    }
    let id = draft(&world, json!({})).await;
    start(&world, &id).await;
    for kill_at in [60, 150] {
        let until = tokio::time::Instant::now() + TIMEOUT;
        while sink.count() < kill_at {
            assert!(tokio::time::Instant::now() < until, "{} mails came", sink.count());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        world.server.kill_and_restart().await;
    }
    stands(&world, &id, "finished").await;
    let found = recipients(&world, &id).await;
    assert_eq!(found.keys().cloned().collect::<BTreeSet<_>>(), addresses);
    let mut came: BTreeMap<String, usize> = BTreeMap::new();
    for (to, _) in sink.mails() {
        *came.entry(to).or_default() += 1;
    }
    for (address, one) in &found {
        let count = came.get(address).copied().unwrap_or_default();
        match one["state"].as_str().unwrap() {
            "sent" => assert_eq!(count, 1, "{one:#}"),
            "unknown" => assert!(count <= 1, "{one:#}"),
            other => panic!("{address} is {other}"),
        }
    }
    let unknown = found.values().filter(|one| one["state"] == "unknown").count();
    assert!(unknown <= 2 * 48, "{unknown} are not known");
}

async fn mailing_that_comes_back_too_often_pauses_by_itself(kind: Kind) {
    let sink = SmtpSink::start().await;
    let world = begin(kind, 1.0, &sink).await;
    with_sender(&world, 100).await;
    for n in 0..160 {
        let address = format!("person{n:03}@many.example");
        add(&world, &address, "山田").await;
        if n % 8 == 0 {
            sink.play(&address, &[Trick::Refuse("550 5.1.1 no such user")]);
        }
    }
    let id = draft(&world, json!({})).await;
    start(&world, &id).await;
    let held = stands(&world, &id, "paused").await;
    assert_eq!(held["pause_reason"], "bounces", "{held:#}");
    let (status, body) = world.server.post(&format!("/mailings/{id}/resume"), &json!({})).await;
    assert_eq!((status, &body["state"]), (200, &json!("sending")), "{body:#}");
    let done = stands(&world, &id, "finished").await;
    assert_eq!(done["counts"], json!({ "sent": 140, "failed": 20 }), "{done:#}");
}

async fn reports_of_bounces_leave_addresses_alone(kind: Kind) {
    let sink = SmtpSink::start().await;
    let world = begin(kind, 1.0, &sink).await;
    with_sender(&world, 100).await;
    for name in ["hard", "soft", "angry", "fine"] {
        add(&world, &format!("{name}@one.example"), name).await;
    }
    let (_, settings) = world
        .server
        .put(
            "/settings/mail",
            &json!({
                "sender_name": "サンプル", "postal_address": "東京都", "contact": "03-0000-0000",
            }),
        )
        .await;
    let hook =
        settings["reports_url"].as_str().unwrap().replace("https://tsugite.example", world.server.url());
    let client = http();
    let id = draft(&world, json!({})).await;
    sent(&world, &id).await;
    let message = |name: &str| header(&sink.mail_to(&format!("{name}@one.example")), "Message-ID").to_owned();
    let events = json!({ "events": [
        { "message_id": message("angry"), "kind": "complaint" },
        { "message_id": message("soft"), "kind": "soft", "status": "4.2.2" },
        { "message_id": "<somebody@else.example>", "kind": "hard" },
    ] });
    let answer = client.post(&hook).json(&events).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.json::<Value>().await.unwrap(), json!({ "kept": 2, "ignored": 1 }));
    let notification = format!(
        "From: MAILER-DAEMON\r\nMessage-ID: <own@relay.example>\r\nContent-Type: multipart/report; \
        report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
        Reporting-MTA: dns; relay.example\r\n\r\nFinal-Recipient: rfc822; hard@one.example\r\nAction: failed\r\n\
        Status: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {}\r\n\r\n--b--\r\n",
        message("hard")
    );
    let sent_so = client.post(&hook).header("content-type", "message/rfc822").body(notification);
    assert_eq!(
        sent_so.send().await.unwrap().json::<Value>().await.unwrap(),
        json!({ "kept": 1, "ignored": 0 })
    );
    let wrong = client.post(format!("{hook}x")).json(&events).send().await.unwrap();
    assert_eq!(wrong.status(), 404);

    let second = draft(&world, json!({})).await;
    let done = sent(&world, &second).await;
    assert_eq!(done["counts"], json!({ "sent": 2, "suppressed": 2 }), "{done:#}");
    let found = recipients(&world, &second).await;
    assert_eq!(found["angry@one.example"]["reason"], "complained");
    assert_eq!(found["hard@one.example"]["reason"], "bounced");
    assert_eq!(found["soft@one.example"]["state"], "sent", "once is not enough");
}
