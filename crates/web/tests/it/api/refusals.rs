//! How every operation refuses: without a key, with a body that can't be read, with foreign IDs.

use crate::api::caller::{Caller, faults};
use crate::api::description::{description, operations};
use crate::signed_in::fill;
use crate::support::Server;
use serde_json::{Value, json};

/// A path for a template that names nothing of the workspace.
fn nowhere(template: &str) -> String {
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    template.replace("{id}", id).replace("{path}", "nobody/nothing").replace("{object}", "account")
}

#[tokio::test]
async fn every_operation_needs_a_key() {
    let server = Server::start().await;
    let good = server.caller().await;
    let description = description();
    for (language, title) in [("en", "The API key is not valid"), ("ja", "APIキー")] {
        for key in ["", "tsk_wrong", "' OR 1=1 --", &good.key.to_uppercase()] {
            let caller = Caller { server: &server, key: key.to_owned(), language };
            for (method, template, operation) in operations(&description) {
                let body = operation.get("requestBody").map(|_| "{}".to_owned());
                let (status, problem) = caller.send(&method, &nowhere(&template), body, &[]).await;
                assert_eq!(status, 401, "{method} {template}: {problem:#}");
                assert_eq!(problem["type"], "urn:tsugite:problem:unauthorized");
                assert!(problem["title"].as_str().unwrap().contains(title), "{problem:#}");
            }
        }
    }
}

#[tokio::test]
async fn unreadable_bodies_are_refused_by_every_operation() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let description = description();
    let huge = format!("{{\"page\": \"{}\"}}", "あ".repeat(100_000));
    let mut tried = 0;
    for (method, template, _) in operations(&description)
        .into_iter()
        // Files are no JSON; what is wrong with them is told by line.
        .filter(|(_, _, operation)| operation["requestBody"]["content"].get("application/json").is_some())
    {
        let path = template.replace("{path}", "sales/demo");
        for (body, kind, expected, code) in [
            ("{", "application/json", 400, "malformed-json"),
            ("", "application/json", 400, "malformed-json"),
            ("{}", "text/plain", 415, "not-json"),
            (huge.as_str(), "application/json", 413, "too-large"),
            ("\"text\"", "application/json", 422, "invalid"),
            ("{\"surprise\": 1}", "application/json", 422, "invalid"),
            ("[]", "application/json", 422, "invalid"),
            ("null", "application/json", 422, "invalid"),
        ] {
            let headers = [("content-type", kind)];
            let (status, problem) = caller.send(&method, &path, Some(body.to_owned()), &headers).await;
            let found = problem["type"].as_str().unwrap().rsplit(':').next().unwrap();
            assert_eq!((status, found), (expected, code), "{method} {path}: {problem:#}");
            if code == "invalid" {
                // The objects of synced fields are keys themselves, so that an unknown one is the body's fault.
                let named = body.contains("surprise") && path != "/synced-fields";
                let field = if named { "surprise" } else { "" };
                assert_eq!(faults(&problem), [(field.to_owned(), "bad-body".to_owned())], "{method} {path}");
            }
            tried += 1;
        }
    }
    assert!(tried >= 80, "{tried}");
}

#[tokio::test]
async fn foreign_ids_name_nothing() {
    let server = Server::start().await;
    let booking = fill(&server).await;
    let mine = server.caller().await;
    let (_, found) = mine.get(&format!("/bookings/{booking}")).await;
    let delivery = found["deliveries"][0]["id"].as_str().unwrap();
    let other = server.caller_of(server.other_workspace().await).await;
    let nobody = "01890a5d-ac96-774b-bcce-b302099a8057";
    for language in ["ja", "en"] {
        for caller in [
            &Caller { language, key: other.key.clone(), ..other },
            &Caller { language, key: mine.key.clone(), ..mine },
        ] {
            let is_mine = caller.key == mine.key;
            let (booking, delivery, page) = if is_mine {
                (nobody.to_owned(), nobody.to_owned(), "sales/nothing")
            } else {
                (booking.to_string(), delivery.to_owned(), "sales/demo")
            };
            for (method, path) in [
                ("get", format!("/bookings/{booking}")),
                ("post", format!("/bookings/{booking}/cancel")),
                ("post", format!("/deliveries/{delivery}/retry")),
                ("get", format!("/pages/{page}")),
                ("get", format!("/runs/{nobody}")),
                ("get", "/companies/001000000000001AAA".to_owned()),
                ("get", "/synced-records/lead/00Q000000000001AAA".to_owned()),
                ("get", "/synced-records/opportunity".to_owned()),
                ("get", "/bookings/nothing".to_owned()),
                ("get", "/bookings/%FF".to_owned()),
                ("get", "/runs/%00".to_owned()),
            ] {
                let (status, problem) = caller.send(method, &path, None, &[]).await;
                assert_eq!(
                    (status, &problem["type"]),
                    (404, &json!("urn:tsugite:problem:not-found")),
                    "{path}"
                );
                assert_eq!(problem["title"] == "Not found", language == "en", "{problem:#}");
            }
        }
    }
    let (_, untouched) = mine.get(&format!("/bookings/{booking}")).await;
    assert_eq!(untouched["state"], "confirmed", "nobody else cancels it");
}

#[tokio::test]
async fn lists_are_empty_for_another_workspace() {
    let server = Server::start().await;
    fill(&server).await;
    let other = server.caller_of(server.other_workspace().await).await;
    for (path, name) in [
        ("/bookings", "bookings"),
        ("/pages", "pages"),
        ("/teams", "teams"),
        ("/runs", "runs"),
        ("/companies", "companies"),
        ("/notifications", "notifications"),
        ("/synced-records/lead", "records"),
    ] {
        let (status, list) = other.get(path).await;
        assert_eq!((status, &list[name]), (200, &json!([])), "{path}");
    }
    assert_eq!(other.get("/salesforce/connection").await, (200, json!({ "state": "not_connected" })));
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems() {
    let server = Server::start().await;
    let caller = server.caller().await;
    for (method, path, status, code) in [
        ("get", "/nowhere", 404, "no-such-address"),
        ("post", "/bookings/x/y/z", 404, "no-such-address"),
        ("delete", "/bookings", 405, "method-not-allowed"),
        ("put", "/runs", 405, "method-not-allowed"),
        ("patch", "/pages/sales/demo", 405, "method-not-allowed"),
    ] {
        let (found, problem) = caller.send(method, path, None, &[]).await;
        assert_eq!(found, status, "{method} {path}: {problem:#}");
        assert_eq!(problem["type"], format!("urn:tsugite:problem:{code}"), "{method} {path}");
    }
}

#[tokio::test]
async fn invalid_parameters_are_named() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let table: [(&str, Value); 13] = [
        ("/bookings?limit=many", json!([["", "bad-body"]])),
        ("/bookings?limit=-1", json!([["limit", "out-of-range"]])),
        ("/bookings?cursor=x", json!([["cursor", "bad-cursor"]])),
        ("/companies?limit=0", json!([["limit", "out-of-range"]])),
        ("/companies?limit=1001", json!([["limit", "out-of-range"]])),
        ("/companies?standing=gone", json!([["standing", "unknown-choice"]])),
        ("/companies?order=name", json!([["", "bad-body"]])),
        ("/synced-records/lead?limit=0", json!([["limit", "out-of-range"]])),
        ("/synced-records/lead?limit=x", json!([["", "bad-body"]])),
        ("/synced-records/lead?after=x", json!([["", "bad-body"]])),
        ("/engagement-lists/match", json!([["email", "not-an-email"]])),
        ("/engagement-lists/match?email=nobody", json!([["email", "not-an-email"]])),
        ("/engagement-lists/match?mail=x@y.example", json!([["", "bad-body"]])),
    ];
    for (path, expected) in table {
        let (status, problem) = caller.get(path).await;
        assert_eq!((status, json!(faults(&problem))), (422, expected), "{path}");
    }
}
