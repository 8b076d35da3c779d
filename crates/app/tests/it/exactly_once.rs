//! Written once where nodes stand still, clocks differ and backups are restored (Q1, Q5).

use crate::harness::{TestSystem, booking, http};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use storage::testing::{Kind, new_empty_address};
use tokio::process::{Child, Command};

mod both {
    crate::on_both_databases!(
        external_id_field_makes_creates_into_upserts,
        restored_backup_finds_what_it_has_forgotten,
        restored_backup_finds_it_by_external_id
    );
}

/// A second is a minute of the story's clocks: what may still happen in an org is over after ten seconds.
const SPEED: f64 = 60.0;
/// Of a call to the org, so that a lease is three seconds long.
const TIMEOUT_SECONDS: u32 = 1;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

async fn set_up(world: &TestSystem) {
    let campaign = world.org.campaign().await;
    world
        .settings(json!({
            "todo": { "enabled": true, "lag_minutes": 1 },
            "campaign": { "enabled": true, "campaign_id": campaign },
        }))
        .await;
    world.page(json!({ "salesforce": { "create_lead": true, "create_event": true } })).await;
}

/// Each visitor has one Lead, one Event, one ToDo and one campaign member.
async fn assert_written_once(world: &TestSystem, emails: &[String]) {
    let count = |rows: &[Value], field: &str| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for row in rows {
            *counts.entry(row[field].as_str().unwrap_or_default().to_owned()).or_default() += 1;
        }
        counts
    };
    let leads = world.org.rows("Lead").await;
    let by_email = count(&leads, "Email");
    let events = count(&world.org.rows("Event").await, "WhoId");
    let tasks = count(&world.org.rows("Task").await, "WhoId");
    let members = count(&world.org.rows("CampaignMember").await, "LeadId");
    for email in emails {
        assert_eq!(by_email.get(email), Some(&1), "Leads of {email}");
        let lead = leads.iter().find(|lead| lead["Email"] == email.as_str()).expect("counted above");
        let id = lead["Id"].as_str().expect("an ID");
        let counts = (events.get(id).copied().unwrap_or(0), tasks.get(id), members.get(id));
        // A Lead that the booking itself creates gets no Event (K12).
        assert!(counts.0 <= 1 && counts.1 == Some(&1) && counts.2 == Some(&1), "{email}: {counts:?}");
    }
}

async fn external_id_field_makes_creates_into_upserts(kind: Kind) {
    let world = TestSystem::begin(kind, SPEED).await;
    world.add_external_ids().await;
    set_up(&world).await;
    world.org.count_calls().await;
    let booking = world.book(1, "keyed@once.example", json!({})).await;
    let settled = world.settled(&booking).await;
    let ids: BTreeMap<&str, &str> = settled["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|delivery| (delivery["kind"].as_str().unwrap(), delivery["id"].as_str().unwrap()))
        .collect();
    for (object, kind) in [("Lead", "page"), ("Task", "todo")] {
        let rows = world.org.rows_where(object, "Tsugite_Id__c", ids[kind]).await;
        assert_eq!(rows.len(), 1, "{object}: {settled:#}");
    }
    assert!(world.org.requests_to("Tsugite_Id__c").await > 0 || world.org.calls().await <= 6, "{settled:#}");
    assert_written_once(&world, &["keyed@once.example".to_owned()]).await;
}

async fn restored_backup_finds_what_it_has_forgotten(kind: Kind) {
    restore_a_backup(kind, false).await;
}

async fn restored_backup_finds_it_by_external_id(kind: Kind) {
    restore_a_backup(kind, true).await;
}

/// The backup is from after the bookings and before their deliveries: it knows of nothing that is in the org.
async fn restore_a_backup(kind: Kind, with_external_ids: bool) {
    let mut world = TestSystem::begin_with_timeout(kind, SPEED, TIMEOUT_SECONDS).await;
    if with_external_ids {
        world.add_external_ids().await;
    }
    set_up(&world).await;
    let mut emails = Vec::new();
    // Some are known to the org already, so that they get Events.
    for number in 0..6_i64 {
        let email = format!("visitor.{number}@backup.example");
        if number < 3 {
            let fields = json!({ "LastName": "既存", "Company": "見本", "Email": email });
            world.org.create("Lead", fields).await;
        }
        emails.push(email);
    }
    // Disconnecting deletes the settings of ToDo and campaign.
    assert_eq!(world.server.delete("/salesforce/connection").await.0, 204);
    set_up(&world).await;
    let mut bookings = Vec::new();
    for (number, email) in (0..).zip(&emails) {
        bookings.push(world.book(number, email, json!({})).await);
    }
    let (backup, _folder) = new_empty_address(kind);
    let from = world.server.database().to_owned();
    world.server.command(&["move-database", &from, &backup]).await;
    world.server.connect(&world.org).await;
    for booking in &bookings {
        world.settled(booking).await;
    }
    assert_written_once(&world, &emails).await;
    world.server.restore(&backup).await;
    world.server.connect(&world.org).await;
    for booking in &bookings {
        let settled = world.settled(booking).await;
        let states: Vec<_> =
            settled["deliveries"].as_array().unwrap().iter().map(|one| one["state"].clone()).collect();
        assert!(states.iter().all(|state| *state == "done"), "{settled:#}");
    }
    assert_written_once(&world, &emails).await;
}

#[tokio::test]
async fn clock_far_from_the_database_refuses_to_start() {
    let world = TestSystem::begin(Kind::Postgres, 1.0).await;
    for (offset, told) in [(900, "ahead of the database's"), (-900, "behind the database's")] {
        let said =
            world.server.refusal_to_start(&[("TSUGITE_CLOCK_OFFSET_SECONDS", offset.to_string())]).await;
        assert!(said.contains(told) && said.contains("NTP"), "{said}");
    }
}

/// Two nodes, clocks a quarter of an hour apart both ways, each stopped again and again for longer than a lease.
///
/// `TSUGITE_TEST_PAUSES` and `TSUGITE_TEST_BOOKINGS` make it longer.
#[tokio::test]
async fn nodes_that_stand_still_write_each_record_once() {
    let pauses = number("TSUGITE_TEST_PAUSES", 5);
    let bookings = number("TSUGITE_TEST_PAUSED_BOOKINGS", 60);
    let settings = [("TSUGITE_MAX_CLOCK_SKEW_SECONDS", "10000".to_owned())];
    let world = TestSystem::begin_with_settings(Kind::Postgres, SPEED, TIMEOUT_SECONDS, &settings).await;
    set_up(&world).await;
    let (fast, _) =
        world.server.second_node_with(&[("TSUGITE_CLOCK_OFFSET_SECONDS", "900".to_owned())]).await;
    let (slow, _) =
        world.server.second_node_with(&[("TSUGITE_CLOCK_OFFSET_SECONDS", "-900".to_owned())]).await;
    let nodes = [fast, slow];
    let client = http();
    let mut emails = Vec::new();
    for pause in 0..pauses {
        for number in (pause * bookings / pauses)..((pause + 1) * bookings / pauses) {
            let email = format!("visitor.{number}@pauses.example");
            let body = booking(i64::try_from(number).unwrap(), &email, json!({}));
            let url = format!("{}/api/v1/bookings", world.server.url());
            let made = client.post(url).bearer_auth(world.server.key()).json(&body).send().await.unwrap();
            assert_eq!(made.status(), 201);
            emails.push(email);
        }
        let stopped = &nodes[usize::try_from(pause % 2).unwrap()];
        signal(stopped, "-STOP").await;
        // Longer than a lease, and long enough for another node to read back and go on.
        tokio::time::sleep(Duration::from_secs(if pause % 3 == 2 { 16 } else { 5 })).await;
        signal(stopped, "-CONT").await;
    }
    for email in &emails {
        world.server.wait_for(&format!("/bookings?email={email}"), |_| true).await;
    }
    wait_until_done(&world).await;
    assert_written_once(&world, &emails).await;
}

async fn signal(node: &Child, signal: &str) {
    let process = node.id().expect("a running process").to_string();
    assert!(Command::new("kill").args([signal, &process]).status().await.unwrap().success());
}

async fn wait_until_done(world: &TestSystem) {
    let until = tokio::time::Instant::now() + Duration::from_secs(240);
    while world.server.deliveries("due").await > 0 {
        assert!(tokio::time::Instant::now() < until, "deliveries stay due");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(world.server.deliveries("failed").await, 0);
}
