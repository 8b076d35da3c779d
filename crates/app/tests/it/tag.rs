//! The tag on a website, from a form there to records in the org (B5, E2), and through kills of the server.

use crate::engagement_lists::{plant, refresh, rule, save};
use crate::harness::{TestSystem, http};
use serde_json::{Value, json};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        listed_visitor_who_converted_books_in_the_dialog_and_becomes_a_lead,
        reports_repeated_until_answered_are_conversions_once_through_kills,
        nightly_check_names_leads_without_conversions_and_the_other_way_round
    );
}

const ORIGIN: &str = "https://www.example.co.jp";
const LIST: &str = "展示会 来場者";

/// A page of the website.
#[derive(Clone)]
struct Page {
    key: String,
    token: String,
}

impl Page {
    async fn open(world: &TestSystem, settings: &Value) -> Self {
        let (status, saved) = world.server.put("/tag", settings).await;
        assert_eq!(status, 200, "{saved}");
        let mut page = Self { key: saved["key"].as_str().unwrap().to_owned(), token: String::new() };
        page.load(world).await;
        page
    }

    async fn load(&mut self, world: &TestSystem) {
        let url = format!("{}/site/{}/config?path=/contact", world.server.url(), self.key);
        let config: Value =
            http().get(url).header("origin", ORIGIN).send().await.unwrap().json().await.unwrap();
        config["token"].as_str().unwrap().clone_into(&mut self.token);
    }

    async fn post(&self, world: &TestSystem, what: &str, body: &Value) -> (u16, Value) {
        self.try_post(world.server.url(), what, body).await.unwrap()
    }

    async fn try_post(&self, server: &str, what: &str, body: &Value) -> Option<(u16, Value)> {
        let request = http().post(format!("{server}/site/{}/{what}", self.key)).header("origin", ORIGIN);
        let reply = request.header("content-type", "text/plain").body(body.to_string()).send().await.ok()?;
        Some((reply.status().as_u16(), reply.json().await.ok()?))
    }

    fn report(&self, attempt: &str, email: &str, grade: &str) -> Value {
        json!({
            "id": format!("{attempt:-<22}"), "token": self.token, "grade": grade, "evidence": ["submit"],
            "url": format!("{ORIGIN}/contact"), "form": { "name": "contact", "path": "/contact" },
            "values": { "email": email, "family_name": "見本", "given_name": "太郎", "company": "見本商事" },
            "visitor": format!("{attempt:_<22}"), "language": "ja",
        })
    }

    /// What a visitor is offered in a visit that has just begun.
    async fn visit(&mut self, world: &TestSystem, visitor: &str) -> Value {
        self.load(world).await;
        let visit = json!({ "visitor": format!("{visitor:_<22}"), "token": self.token, "seconds": 0,
            "url": format!("{ORIGIN}/pricing"), "language": "ja" });
        let (status, answer) = self.post(world, "visits", &visit).await;
        assert_eq!(status, 200);
        answer["then"].clone()
    }
}

async fn listed_visitor_who_converted_books_in_the_dialog_and_becomes_a_lead(kind: Kind) {
    // Half an hour is three seconds.
    let world = TestSystem::begin(kind, 600.0).await;
    world.page(json!({ "salesforce": { "create_lead": true } })).await;
    let mut page = Page::open(&world, &json!({ "origins": [ORIGIN] })).await;
    plant(&world, 950, LIST, &[]).await;
    save(&world, &[rule(LIST)]).await;
    for (attempt, email) in [("listed", "listed@visitor.example"), ("other", "other@visitor.example")] {
        let (status, answer) = page.post(&world, "entries", &page.report(attempt, email, "likely")).await;
        assert_eq!((status, answer), (200, json!({ "stored": true, "then": null })));
    }
    plant(&world, 950, LIST, &["listed@visitor.example"]).await;
    assert_eq!(refresh(&world).await["state"], "done");
    let offer = loop {
        let offer = page.visit(&world, "listed").await;
        assert_eq!(page.visit(&world, "other").await, Value::Null, "on no list");
        assert_eq!(page.visit(&world, "never").await, Value::Null, "never converted");
        if !offer.is_null() {
            break offer;
        }
    };
    let (_, why) = world.server.post("/tag/why", &json!({ "email": "listed@visitor.example" })).await;
    let denied = why["questions"].as_array().unwrap().iter().filter(|one| one["answer"] == "no").count();
    assert_eq!(denied, 0, "{why}");
    // At this speed the times of today are soon over.
    let days = offer["days"].as_array().unwrap();
    let start = &days[3]["slots"][0];
    let booking = json!({ "handle": offer["handle"], "start": start, "language": "ja",
        "attendee": { "email": "listed@visitor.example", "name": "見本 太郎", "company": "見本商事" } });
    let (status, booked) = page.post(&world, "bookings", &booking).await;
    assert_eq!(status, 201, "{booked}");
    let (_, list) = world.server.get("/bookings").await;
    let settled = world.settled(&list["bookings"][0]).await;
    assert_eq!(settled["timeline"][0]["data"]["via"], "dialog", "{settled}");
    assert_eq!(settled["deliveries"][0]["state"], "done", "{settled}");
    let leads = world.org.rows_where("Lead", "Email", "listed@visitor.example").await;
    assert_eq!((leads.len(), &leads[0]["Company"]), (1, &json!("見本商事")));
}

async fn reports_repeated_until_answered_are_conversions_once_through_kills(kind: Kind) {
    const ATTEMPTS: usize = 400;
    const KILLS: usize = 4;
    let mut world = TestSystem::begin(kind, 1.0).await;
    let page = Page::open(&world, &json!({ "origins": [ORIGIN] })).await;
    let grade = |n: usize| if n.is_multiple_of(5) { "failed" } else { "confirmed" };
    for part in 0..KILLS {
        let attempts = part * ATTEMPTS / KILLS..(part + 1) * ATTEMPTS / KILLS;
        let url = world.server.url().to_owned();
        // Many at once, so that the kill meets some of them half done.
        let mut sending = tokio::task::JoinSet::new();
        for n in attempts.clone() {
            let (page, url) = (page.clone(), url.clone());
            let report = page.report(&format!("a{n}"), &format!("v{n}@visitor.example"), grade(n));
            sending.spawn(async move { page.try_post(&url, "entries", &report).await.is_some() });
        }
        world.server.kill_and_restart().await;
        sending.join_all().await;
        // Whatever got no answer, and what did as well: the tag can't know what became of a lost one.
        for n in attempts {
            let report = page.report(&format!("a{n}"), &format!("v{n}@visitor.example"), grade(n));
            assert_eq!(page.post(&world, "entries", &report).await.0, 200);
        }
    }
    let (mut emails, mut cursor) = (Vec::new(), String::new());
    loop {
        let (_, list) = world.server.get(&format!("/conversions?limit=200{cursor}")).await;
        let rows = list["conversions"].as_array().unwrap();
        emails.extend(rows.iter().map(|row| row["values"]["email"].as_str().unwrap().to_owned()));
        match list["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    emails.sort();
    let mut expected: Vec<String> =
        (0..ATTEMPTS).filter(|n| !n.is_multiple_of(5)).map(|n| format!("v{n}@visitor.example")).collect();
    expected.sort();
    assert_eq!(emails, expected, "none lost, none twice, none of those that failed");
}

async fn nightly_check_names_leads_without_conversions_and_the_other_way_round(kind: Kind) {
    // A day is two seconds.
    let world = TestSystem::begin(kind, 43_200.0).await;
    let page = Page::open(&world, &json!({ "origins": [ORIGIN] })).await;
    plant_silent_form(&world).await;
    // Some nights, so that one of them meets both within its window.
    let report = loop {
        world
            .org
            .create("Lead", json!({ "LastName": "手入力", "Company": "x", "Email": "typed@visitor.example" }))
            .await;
        let mut fresh = page.clone();
        fresh.load(&world).await;
        let attempt = format!("s{}", world.org.rows("Lead").await.len());
        let sent = fresh.report(&attempt, "seen@visitor.example", "likely");
        assert_eq!(fresh.post(&world, "entries", &sent).await.0, 200);
        let (_, report) = world.server.get("/tag/reconciliation").await;
        let unseen = report["leads"]["without_conversion"].as_u64().unwrap_or(0);
        let forms = report["forms"].as_array().cloned().unwrap_or_default();
        let missing = forms.iter().any(|form| form["without_lead"].as_u64().is_some_and(|count| count > 0));
        if unseen > 0 && missing {
            break report;
        }
    };
    assert_eq!(report["forms"][0]["form"], "contact (/contact)", "{report}");
    let runs = world.server.wait_for("/runs", |body| {
        body["runs"]
            .as_array()
            .unwrap()
            .iter()
            .any(|run| run["kind"] == "tag_reconciliation" && run["state"] == "done")
    });
    runs.await;
    // Told once, however many nights have passed.
    let database = open_database(&world).await;
    let workspace = storage::workspace::workspaces::list(&database.read()).await.unwrap().remove(0).id;
    let messages = storage::notification::inbox::list(&database.read(), workspace, 100).await.unwrap();
    let silent: Vec<_> = messages
        .iter()
        .filter(|one| one.notice.kind == domain::notification::NoticeKind::FormSilent)
        .map(|one| one.notice.message.data["form"].clone())
        .collect();
    assert_eq!(silent, ["old (/old)"]);
    let read = database.read();
    let is_kept = storage::tag::conversions::is_known(&read, workspace, "attempt-of-long-ago").await.unwrap();
    assert!(!is_kept, "attempts are kept for 30 days");
}

/// The server's database, for what no API tells.
pub(crate) async fn open_database(world: &TestSystem) -> storage::Database {
    let key = secrecy::SecretString::from(storage::testing::SECRET_KEY);
    let vault = storage::Vault::new(&key).unwrap();
    storage::Database::open(world.server.database(), vault).await.unwrap()
}

/// A form with conversions in each of the four weeks before this one, and an attempt of two months ago.
async fn plant_silent_form(world: &TestSystem) {
    use domain::tag::{Conversion, Grade, Report, ReportedForm};
    use storage::tag::conversions::StoredConversion;
    use storage::tag::forms_seen;
    let database = open_database(world).await;
    let workspace = storage::workspace::workspaces::list(&database.read()).await.unwrap().remove(0).id;
    let now = storage::Clock::default().now();
    let form = ReportedForm { name: "old".to_owned(), path: "/old".to_owned(), ..ReportedForm::default() };
    let key = forms_seen::key(ORIGIN, &form);
    let write = database.write().await.unwrap();
    let conversion = |days: i64, grade: Grade, attempt: String| {
        let at = now.plus_minutes(-days * 24 * 60);
        let report = Report {
            at,
            grade,
            evidence: std::collections::BTreeSet::new(),
            url: format!("{ORIGIN}/old"),
            referrer: String::new(),
            form: form.clone(),
            values: std::collections::BTreeMap::new(),
            revision: 0,
            language: domain::value::Language::Japanese,
        };
        StoredConversion {
            id: storage::ids::new(at),
            attempt,
            conversion: Conversion::of(report),
            quarantine: None,
            form_id: String::new(),
            form_key: key.clone(),
            origin: ORIGIN.to_owned(),
            visitor_hash: String::new(),
            booking: None,
            updated_at: at,
        }
    };
    for days in [8, 9, 15, 16, 22, 23, 29, 30] {
        let planted = conversion(days, Grade::Confirmed, format!("conversion-{days}-days-ago"));
        storage::tag::conversions::merge(&write, workspace, &planted).await.unwrap();
    }
    let old = conversion(60, Grade::Attempt, "attempt-of-long-ago".to_owned());
    storage::tag::conversions::merge(&write, workspace, &old).await.unwrap();
    let seen = forms_seen::FormSeen {
        key,
        origin: ORIGIN.to_owned(),
        path: "/old".to_owned(),
        name: "old".to_owned(),
        form_id: String::new(),
        fields: Vec::new(),
        first_seen_at: now,
        last_seen_at: now,
        submissions: 8,
        successes: 8,
        is_told_silent: false,
    };
    forms_seen::note(&write, workspace, &seen, (true, true)).await.unwrap();
    write.commit().await.unwrap();
}
