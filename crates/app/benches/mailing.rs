//! How fast a mailing goes out to a mail server of this machine, and how much memory it takes (S14).

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a measurement that fails has to fail loudly"
)]

#[path = "../tests/it/harness.rs"]
#[expect(dead_code, reason = "the stories use more of it")]
mod harness;
#[path = "../tests/it/smtp_sink.rs"]
#[expect(dead_code, reason = "the stories use more of it")]
mod smtp_sink;

use domain::people::{Person, PersonSnapshot, Values};
use domain::value::WorkspaceId;
use harness::TestSystem;
use serde_json::json;
use smtp_sink::SmtpSink;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::time::Duration;
use storage::testing::{Kind, SECRET_KEY};
use tokio::time::Instant;

const PEOPLE: usize = 20_000;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for kind in [Kind::Sqlite, Kind::Postgres] {
        runtime.block_on(measure(kind));
    }
}

async fn measure(kind: Kind) {
    let sink = SmtpSink::start_with(false).await;
    let settings =
        [("TSUGITE_SMTP_URL", sink.url()), ("TSUGITE_SMTP_FROM", "news@tsugite.example".to_owned())];
    let world = TestSystem::begin_with_settings(kind, 1.0, 20, &settings).await;
    let sender = json!({ "sender_name": "サンプル", "postal_address": "東京都", "contact": "03-0000-0000",
        "per_second": 5_000, "per_domain_second": 5_000 });
    assert_eq!(world.server.put("/settings/mail", &sender).await.0, 200);
    add_people(&world).await;
    let mailing = json!({ "name": "x", "subject": "{{last_name}}様へのご案内",
        "text": "{{last_name}}様\n\nいつもお世話になっております。".repeat(20), "html": "<p>{{last_name}}様</p>".repeat(20) });
    let (status, made) = world.server.post("/mailings", &mailing).await;
    assert_eq!(status, 201, "{made}");
    let path = format!("/mailings/{}", made["id"].as_str().unwrap());
    let begun = Instant::now();
    assert_eq!(world.server.post(&format!("{path}/start"), &json!({})).await.0, 200);
    let mut first = None;
    while sink.count() < PEOPLE {
        if sink.count() > 0 {
            first.get_or_insert_with(Instant::now);
        }
        assert!(begun.elapsed() < Duration::from_secs(300), "{} mails came", sink.count());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (whole, sending) = (begun.elapsed(), first.unwrap_or(begun).elapsed());
    let to: BTreeSet<String> = sink.mails().into_iter().map(|(to, _)| to).collect();
    assert_eq!((to.len(), sink.count()), (PEOPLE, PEOPLE), "each address once");
    let status =
        std::fs::read_to_string(format!("/proc/{}/status", world.server.process())).expect("the process");
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its peak").trim().to_owned();
    let rate = PEOPLE as f64 / sending.as_secs_f64();
    writeln!(
        std::io::stdout().lock(),
        "{kind:?}: {PEOPLE} mails in {:.1} s, {rate:.0} a second once the first was out; peak memory {peak}",
        whole.as_secs_f64()
    )
    .expect("standard output");
}

/// Adds them without the API, which is measured elsewhere.
async fn add_people(world: &TestSystem) {
    let vault = storage::Vault::new(&SECRET_KEY.to_owned().into()).unwrap();
    let database = storage::Database::open(world.server.database(), vault).await.unwrap();
    let now = storage::Clock::default().now();
    let write = database.write().await.unwrap();
    let workspace: WorkspaceId =
        storage::workspace::workspaces::find_by_slug(&write, "main").await.unwrap().unwrap().id;
    for n in 0..PEOPLE {
        let values = Values::from([
            ("email".to_owned(), format!("person{n}@domain{}.example", n % 500)),
            ("last_name".to_owned(), format!("山田{n}")),
        ]);
        let person = Person {
            id: storage::ids::new(now),
            snapshot: PersonSnapshot { version: 1, values, ..PersonSnapshot::default() },
            opted_out: false,
            opt_out_pending: false,
            is_pending: false,
            create_over_at: None,
            created_at: now,
            updated_at: now,
        };
        assert!(storage::people::person::add(&write, workspace, &person).await.unwrap());
    }
    write.commit().await.unwrap();
}
