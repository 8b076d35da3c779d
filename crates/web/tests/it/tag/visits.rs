//! Visitors who come back: only listed ones are offered a meeting, later, within rations, and nothing else tells them apart.

use crate::support::Server;
use crate::tag::website::{ORIGIN, Website, attempt_id, by};
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};
use storage::testing::Kind;

async fn later(server: &mut Server, key: &str, minutes: i64) {
    server.pass_minutes(minutes);
    assert_eq!(server.website_at(key, ORIGIN).await.config("/").await.1["mode"], "list");
}

async fn convert(site: &Website<'_>, visitor: &str, email: &str) -> (u16, Value) {
    site.post("entries", &by(visitor, site.report(visitor, "likely", email))).await
}

#[tokio::test]
async fn listed_visitor_is_offered_a_meeting_in_a_later_visit_on_both_databases() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let mut server = Server::start_on(kind).await;
        let key = server.website().await.key;
        server.turn_lists_on(&["taro@visitor.example".to_owned()]).await;
        {
            let site = server.website_at(&key, ORIGIN).await;
            convert(&site, "listed", "taro@visitor.example").await;
            convert(&site, "unlisted", "jiro@visitor.example").await;
            assert_eq!(
                site.visit("listed", "/pricing", 5).await,
                Value::Null,
                "not in the visit that typed it"
            );
        }
        later(&mut server, &key, 31).await;
        let site = server.website_at(&key, ORIGIN).await;
        assert_eq!(site.visit("listed", "/pricing", 32 * 60).await, Value::Null, "the same visit goes on");
        for other in ["unlisted", "never-converted"] {
            assert_eq!(site.visit(other, "/pricing", 5).await, Value::Null, "{other}");
        }
        let offer = site.visit("listed", "/pricing", 5).await;
        assert_eq!((&offer["page"], &offer["delay"]), (&json!("sales/demo"), &json!("interaction")));
        let said = offer.to_string();
        assert!(!said.contains("taro") && !said.contains("スコア"), "no person, no list");
        let mut stranger = server.website_at(&key, ORIGIN).await;
        stranger.token = String::new();
        assert_eq!(stranger.visit("listed", "/pricing", 5).await, Value::Null, "no token, no answer");
        site.post("outcomes", &json!({ "handle": offer["handle"], "outcome": "never" })).await;
        assert_eq!(site.visit("listed", "/pricing", 5).await, Value::Null, "never again");
        let start = &offer["days"][0]["slots"][0];
        let booking = json!({ "handle": offer["handle"], "start": start, "language": "en",
            "attendee": { "email": "taro@visitor.example", "name": "Yamada Taro" },
            "answers": { "topic": "x", "size": "1-10" } });
        assert_eq!(site.post("bookings", &booking).await.0, 201);
    }
}

#[tokio::test]
async fn strict_mode_answers_only_addresses_that_the_site_vouches_for() {
    let mut server = Server::start().await;
    let saved = server.save_tag(&json!({ "origins": [ORIGIN], "strict": true })).await;
    let key = saved["key"].as_str().unwrap().to_owned();
    server.turn_lists_on(&["taro@visitor.example".to_owned()]).await;
    {
        let site = server.website_at(&key, ORIGIN).await;
        convert(&site, "typed", "taro@visitor.example").await;
        let proof = proof_of(&server, "taro@visitor.example");
        let mut report = by("vouched", site.report("vouched", "likely", "taro@visitor.example"));
        report["proof"] = json!(proof);
        site.post("entries", &report).await;
        let mut forged = by("forged", site.report("forged", "likely", "taro@visitor.example"));
        forged["proof"] = json!(proof_of(&server, "jiro@visitor.example"));
        site.post("entries", &forged).await;
    }
    later(&mut server, &key, 31).await;
    let site = server.website_at(&key, ORIGIN).await;
    for (visitor, offered) in [("typed", false), ("vouched", true), ("forged", false)] {
        assert_eq!(site.visit(visitor, "/", 5).await.is_object(), offered, "{visitor}");
    }
}

fn proof_of(server: &Server, email: &str) -> String {
    let secret = server.state.database.vault().sign("tag-identity", &server.workspace.to_string());
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
    ring::hmac::sign(&key, email.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn nobody_learns_from_answers_which_of_200_addresses_are_listed() {
    let mut server = Server::start().await;
    let key = server.website().await.key;
    let address = |n: u8| format!("person{n}@visitor.example");
    let listed: Vec<String> = (0..200).filter(|n| n % 2 == 0).map(address).collect();
    server.turn_lists_on(&listed).await;
    {
        // From one network and browser each: what anybody could do with as many of them.
        let mut site = server.website_at(&key, ORIGIN).await;
        for n in 0..200_u8 {
            site.address = IpAddr::V4(Ipv4Addr::new(198, 51, n, 1));
            let answer = convert(&site, &format!("v{n}"), &address(n)).await;
            assert_eq!(answer, (200, json!({ "stored": true, "then": null })), "the same for all");
            assert_eq!(site.visit(&format!("v{n}"), "/", 60).await, Value::Null);
        }
        // From one network only some are answered later, and of one browser only two.
        site.address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
        for n in 0..200_u8 {
            convert(&site, &format!("w{n}"), &address(n)).await;
        }
        for (n, email) in [address(0), address(2), address(4)].iter().enumerate() {
            let mut report = by("shared", site.report(&format!("shared{n}"), "likely", email));
            report["token"] = json!(site.token);
            site.address = IpAddr::V4(Ipv4Addr::new(198, 18, 0, 1));
            site.post("entries", &report).await;
        }
    }
    later(&mut server, &key, 31).await;
    let site = server.website_at(&key, ORIGIN).await;
    let mut offered = [0, 0];
    for n in 0..200_u8 {
        let is_offered = site.visit(&format!("v{n}"), "/", 5).await.is_object();
        assert_eq!(is_offered, n % 2 == 0, "{n}");
        offered[0] += usize::from(is_offered);
        offered[1] += usize::from(site.visit(&format!("w{n}"), "/", 5).await.is_object());
    }
    assert_eq!(offered, [100, 10], "20 identities of one network, half of them listed");
}

#[tokio::test]
async fn second_person_on_a_browser_gets_an_id_of_their_own() {
    let mut server = Server::start().await;
    let key = server.website().await.key;
    server.turn_lists_on(&["taro@visitor.example".to_owned()]).await;
    let renewed = {
        let site = server.website_at(&key, ORIGIN).await;
        convert(&site, "browser", "taro@visitor.example").await;
        let second = by("browser", site.report("second", "likely", "hanako@visitor.example"));
        let (_, answer) = site.post("entries", &second).await;
        assert_eq!(site.post("entries", &second).await.1, answer, "the same report, the same new ID");
        let third = by("browser", site.report("third", "likely", "saburo@visitor.example"));
        assert!(site.post("entries", &third).await.1.get("visitor").is_none(), "a third is over the ration");
        answer["visitor"].as_str().unwrap().to_owned()
    };
    assert_eq!(renewed.len(), 22);
    later(&mut server, &key, 31).await;
    let site = server.website_at(&key, ORIGIN).await;
    assert_eq!(site.visit(&renewed, "/", 5).await, Value::Null, "hanako is on no list");
    assert!(site.visit("browser", "/", 5).await.is_object());
    for call in ["forget", "not-me"] {
        assert_eq!(site.post(call, &json!({ "visitor": attempt_id("browser") })).await, (200, json!({})));
        assert_eq!(site.visit("browser", "/", 5).await, Value::Null, "{call}");
    }
}

#[tokio::test]
async fn visitor_tag_opens_the_first_rule_that_fits_as_often_as_allowed() {
    let server = Server::start().await;
    let saved = server
        .save_tag(&json!({ "mode": "visitor", "origins": [ORIGIN], "caps": { "session": 1, "month": 1 },
            "rules": [{ "url": "/pricing*", "page": "sales/demo" }],
            "wording": { "visitor": { "heading_en": "Questions about prices?" } } }))
        .await;
    let site = server.website_at(saved["key"].as_str().unwrap(), ORIGIN).await;
    assert_eq!(site.visit("someone", "/about", 5).await, Value::Null);
    let offer = site.visit("someone", "/pricing/plans?x=1", 5).await;
    assert_eq!(offer["heading"], "Questions about prices?");
    site.post("outcomes", &json!({ "handle": offer["handle"], "outcome": "offered" })).await;
    assert_eq!(site.visit("someone", "/pricing", 5).await, Value::Null, "once in 30 days");
}

#[tokio::test]
async fn diagnosis_names_what_is_in_the_way_in_both_languages() {
    let mut server = Server::start().await;
    let key = server.website().await.key;
    server.turn_lists_on(&["taro@visitor.example".to_owned()]).await;
    let answers = async |server: &Server, question: Value| {
        let mut caller = server.caller().await;
        caller.language = "ja";
        let (status, why) = caller.post("/tag/why", &question).await;
        assert_eq!(status, 200, "{why}");
        assert!(!why.to_string().contains("why-"), "{why}");
        caller.language = "en";
        let (_, why) = caller.post("/tag/why", &question).await;
        assert!(!why.to_string().contains("why-"), "{why}");
        let all = why["questions"].as_array().unwrap().clone();
        let open = all.into_iter().filter(|one| one["answer"] != "yes");
        let named = open
            .map(|one| format!("{} {}", one["question"].as_str().unwrap(), one["answer"].as_str().unwrap()));
        (why["opens"].clone(), named.collect::<Vec<String>>())
    };
    let nobody = json!({ "email": "taro@visitor.example", "url": format!("{ORIGIN}/contact") });
    let (opens, open) = answers(&server, nobody.clone()).await;
    assert_eq!(opens, "no");
    assert!(
        open.contains(&"converted no".to_owned()) && open.contains(&"form-recognised no".to_owned()),
        "{open:?}"
    );
    convert(&server.website_at(&key, ORIGIN).await, "listed", "taro@visitor.example").await;
    assert_eq!(answers(&server, nobody.clone()).await, (json!("no"), vec!["later-visit no".to_owned()]));
    later(&mut server, &key, 31).await;
    server.website_at(&key, ORIGIN).await.visit("listed", "/contact", 5).await;
    assert_eq!(answers(&server, nobody).await, (json!("yes"), vec![]));
    let elsewhere = json!({ "visitor": attempt_id("listed"), "url": "https://other.example/" });
    let (opens, open) = answers(&server, elsewhere).await;
    assert_eq!(
        (opens, open),
        (json!("no"), vec!["tag-seen unknown".to_owned(), "site-allowed no".to_owned()])
    );
    let caller = server.caller().await;
    let (status, refusal) = caller.post("/tag/why", &json!({ "visitor": "x", "email": "y" })).await;
    assert_eq!((status, refusal["errors"].as_array().unwrap().len()), (422, 2));
    assert_eq!(caller.post("/tag/why", &json!({})).await.0, 422);
}
