//! Concurrent bookings of one time: one succeeds (B3).

use crate::harness::{TestSystem, booking, http};
use serde_json::{Value, json};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        sixty_four_concurrent_requests_make_one_booking,
        repeated_idempotency_key_makes_one_booking
    );
}

async fn sixty_four_concurrent_requests_make_one_booking(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let (_second, second_url) = world.server.second_node().await;
    let client = http();
    let requests: Vec<_> = (0..64)
        .map(|number| {
            let node =
                if kind == Kind::Postgres && number % 2 == 1 { &second_url } else { world.server.url() };
            let body = booking(10, &format!("wants.it.{number}@example.jp"), json!({}));
            let request = client.post(format!("{node}/api/v1/bookings")).bearer_auth(world.server.key());
            tokio::spawn(request.json(&body).send())
        })
        .collect();
    let mut answers = std::collections::BTreeMap::new();
    for request in requests {
        *answers.entry(request.await.unwrap().unwrap().status().as_u16()).or_insert(0) += 1;
    }
    assert_eq!(answers, std::collections::BTreeMap::from([(201, 1), (409, 63)]));
    let (_, list) = world.server.get("/bookings").await;
    assert_eq!(list["bookings"].as_array().unwrap().len(), 1);
}

async fn repeated_idempotency_key_makes_one_booking(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let client = http();
    let send = |slot: i64| {
        let body = booking(slot, "once@example.jp", json!({}));
        let request = client.post(format!("{}/api/v1/bookings", world.server.url()));
        request.bearer_auth(world.server.key()).header("Idempotency-Key", "the-key").json(&body).send()
    };
    let together: Vec<_> = (0..8).map(|_| tokio::spawn(send(20))).collect();
    let mut ids = std::collections::BTreeSet::new();
    for one in together {
        let answer = one.await.unwrap().unwrap();
        assert_eq!(answer.status(), 201);
        let body: Value = answer.json().await.unwrap();
        ids.insert(body["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(ids.len(), 1, "one key, one booking");
    let other = send(21).await.unwrap();
    assert_eq!(other.status(), 422, "the same key for something else");
}
