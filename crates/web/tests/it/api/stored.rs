//! Records that a sync or an import has stored, and runs that have ended.

use crate::api::caller::Caller;
use crate::support::Server;
use domain::mirror::StreamState;
use domain::mirror::{MirrorRow, RecordChange, RecordState, ValueChange};
use domain::run::{Receipt, RunState};
use serde_json::{Value, json};
use storage::mirror::lookup_index::KeyBuffer;
use storage::mirror::streams::Mirror;
use storage::mirror::{history, lookup_index, row_layouts, staging, streams};
use storage::run::runs;

/// Ends the run that waits, as a worker does.
pub(crate) async fn finish_run(server: &Server) {
    let now = server.state.clock.now();
    let write = server.state.database.write().await.unwrap();
    let claimed = runs::claim(&write, "worker", now, std::time::Duration::from_secs(60), 1).await.unwrap();
    let (claim, _) = claimed.first().unwrap();
    let receipt = Receipt {
        calls: 3,
        received: [("Account".to_owned(), 2)].into(),
        covered_until: Some(now),
        ..Receipt::default()
    };
    runs::finish(&write, *claim, RunState::Done, &receipt, None, now).await.unwrap();
    write.commit().await.unwrap();
}

/// A stored record.
pub(crate) fn row(
    server: &Server,
    id: &str,
    key: Option<&str>,
    state: RecordState,
    values: &Value,
) -> MirrorRow {
    let now = server.state.clock.now();
    MirrorRow {
        record_id: id.to_owned(),
        system_modstamp: now,
        match_key: key.map(str::to_owned),
        state,
        successor_id: (state == RecordState::Merged).then(|| "001000000000009AAA".to_owned()),
        changed_at: now,
        body: values.to_string(),
    }
}

/// Publishes records of a stream, as the end of a run does.
pub(crate) async fn publish(
    server: &Server,
    stream: &str,
    all: &[MirrorRow],
    changes: &[(String, RecordChange)],
) {
    let (workspace, now) = (server.workspace, server.state.clock.now());
    let encoded = row_layouts::encode(&server.state.database, workspace, all).await.unwrap();
    let write = server.state.database.write().await.unwrap();
    let partition = staging::partition(&write, workspace, stream, 1).await.unwrap();
    staging::stage(&write, partition, &encoded).await.unwrap();
    let mut keys = KeyBuffer::default();
    lookup_index::collect(&write, workspace, stream, 1, "", usize::MAX, &mut keys).await.unwrap();
    lookup_index::flush(&write, workspace, stream, 1, 0, &mut keys).await.unwrap();
    let stored = i64::try_from(all.iter().filter(|row| row.state.is_stored()).count()).unwrap();
    let state =
        StreamState { covered_until: Some(now), stale: vec!["Phone".to_owned()], ..StreamState::default() };
    let before = Mirror { stream: stream.to_owned(), generation: 0, state, refreshed_at: now, rows: stored };
    history::stage(&write, workspace, &before, changes, now).await.unwrap();
    streams::publish(&write, workspace, &Mirror { generation: 1, ..before }).await.unwrap();
    write.commit().await.unwrap();
}

#[tokio::test]
async fn synced_records_are_found_and_paged() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let ids: Vec<String> = (1..=3).map(|number| format!("00Q00000000000{number}AAA")).collect();
    let values = json!({ "Email": "taro@sample.example", "Score__c": 1.5, "Title": null });
    let all = [
        row(&server, &ids[0], Some("taro@sample.example"), RecordState::Present, &values),
        row(&server, &ids[1], Some("taro@sample.example"), RecordState::Converted, &values),
        row(&server, &ids[2], None, RecordState::Deleted, &values),
    ];
    publish(&server, "synced_fields/Lead", &all, &[]).await;
    let (status, list) = caller.get("/synced-records/lead?limit=1").await;
    assert_eq!((status, &list["cursor"], &list["records"][0]["id"]), (200, &json!(ids[0]), &json!(ids[0])));
    assert_eq!(list["records"][0]["fields"], values);
    let (_, list) = caller.get(&format!("/synced-records/lead?limit=1&cursor={}", ids[0])).await;
    assert_eq!(
        (&list["records"][0]["id"], &list["records"][0]["state"]),
        (&json!(ids[1]), &json!("converted"))
    );
    let (_, list) = caller.get("/synced-records/lead").await;
    assert_eq!(
        (list["records"].as_array().unwrap().len(), &list["cursor"]),
        (2, &Value::Null),
        "deleted ones are left out"
    );
    for (key, count) in
        [("taro@sample.example", 2), ("TARO@sample.example", 2), ("x@y.example", 0), ("nobody", 0)]
    {
        let (_, list) = caller.get(&format!("/synced-records/lead?key={key}")).await;
        assert_eq!(list["records"].as_array().unwrap().len(), count, "{key}");
    }
    let (status, gone) = caller.get(&format!("/synced-records/Lead/{}", ids[2])).await;
    assert_eq!((status, &gone["state"], &gone["key"]), (200, &json!("deleted"), &Value::Null));
    let (_, fields) = caller.get("/synced-fields").await;
    let kept = &fields["kept"][0];
    assert_eq!(
        (&kept["object"], &kept["rows"], &kept["stale"]),
        (&json!("Lead"), &json!(2), &json!(["Phone"]))
    );
}

#[tokio::test]
async fn companies_are_listed_searched_and_shown_with_changes() {
    let server = Server::start().await;
    let write = server.state.database.write().await.unwrap();
    let import = serde_json::from_value(json!({
        "enabled": true, "object": "Account", "when_gone": "mark",
        "fields": [{ "key": "industry", "label": "業種", "kind": "text" }],
        "mappings": [{ "field": "industry", "path": "Industry" }],
    }));
    let now = server.state.clock.now();
    storage::workspace::settings::save_company_import(&write, server.workspace, &import.unwrap(), now)
        .await
        .unwrap();
    write.commit().await.unwrap();
    let ids: Vec<String> = (1..=3).map(|number| format!("00100000000000{number}AAA")).collect();
    let values = |name: &str| json!({ "Name": name, "Industry": "IT" });
    let all = [
        row(&server, &ids[0], Some("sample.example"), RecordState::Present, &values("株式会社サンプル")),
        row(&server, &ids[1], None, RecordState::FilteredOut, &values("Other <b>Inc.")),
        row(&server, &ids[2], None, RecordState::Merged, &values("合併商事")),
    ];
    let change = RecordChange {
        state: Some(RecordState::FilteredOut),
        values: vec![
            ValueChange { path: "Industry".to_owned(), from: json!("Finance"), to: json!("IT") },
            ValueChange { path: "Website".to_owned(), from: Value::Null, to: json!("https://x.example") },
        ],
    };
    publish(&server, "companies/Account", &all, &[(ids[1].clone(), change)]).await;
    let caller = server.caller().await;
    let (status, list) = caller.get("/companies").await;
    let companies = list["companies"].as_array().unwrap();
    assert_eq!((status, companies.len(), list["synced_at"].is_string()), (200, 3, true));
    assert_eq!(companies[0]["fields"], json!({ "industry": "IT" }));
    assert_eq!(
        (&companies[1]["standing"], &companies[1]["state"]),
        (&json!("marked"), &json!("filtered_out"))
    );
    assert_eq!(companies[2]["leads_to"], "001000000000009AAA");
    for (query, expected) in [
        ("standing=active", vec![0]),
        ("standing=marked", vec![1, 2]),
        ("standing=archived", vec![]),
        ("search=taro@sample.example", vec![0]),
        ("search=https://www.sample.example/x", vec![0]),
        ("search=%E5%90%88%E4%BD%B5", vec![2]),
        ("search=001000000000002AAA", vec![1]),
        ("search=001000000000002AAA&standing=active", vec![]),
        ("search=nothing", vec![]),
        ("limit=2", vec![0, 1]),
        ("cursor=001000000000002AAA", vec![2]),
    ] {
        let (_, list) = caller.get(&format!("/companies?{query}")).await;
        let found: Vec<&Value> =
            list["companies"].as_array().unwrap().iter().map(|one| &one["external_id"]).collect();
        let expected: Vec<&String> = expected.into_iter().map(|index: usize| &ids[index]).collect();
        assert_eq!(found, expected, "{query}");
        assert_eq!(list["cursor"].is_string(), query == "limit=2", "{query}");
    }
    let (status, one) = caller.get(&format!("/companies/{}", ids[1])).await;
    let change = &one["changes"][0];
    assert_eq!(
        (status, &change["state"], &one["name"]),
        (200, &json!("filtered_out"), &json!("Other <b>Inc."))
    );
    assert_eq!(
        change["values"],
        json!([
            { "field": "industry", "path": "Industry", "from": "Finance", "to": "IT" },
            { "field": null, "path": "Website", "from": null, "to": "https://x.example" },
        ])
    );
    let other = Caller { language: "ja", ..server.caller_of(server.other_workspace().await).await };
    assert_eq!(other.get(&format!("/companies/{}", ids[0])).await.0, 404);
    assert_eq!(
        other.get("/companies").await.1,
        json!({ "companies": [], "cursor": null, "synced_at": null })
    );
}
