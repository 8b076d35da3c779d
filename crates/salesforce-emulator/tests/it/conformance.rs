//! Cases that take only an address and a token, and clean up after themselves.
//!
//! They always run against the emulator. With `CONFORMANCE_URL` and `CONFORMANCE_TOKEN` set they run against that org
//! too, which tells whether the emulator and a real org still agree.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Org, Told};

/// An org, known only by its address and a token.
struct Target {
    base: String,
    token: String,
    http: reqwest::Client,
}

impl Target {
    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Told {
        let url = format!("{}/services/data/v66.0{path}", self.base);
        let mut request = self.http.request(method, url).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        Told::read(request.send().await.unwrap()).await
    }

    async fn get(&self, path: &str) -> Told {
        self.call(Method::GET, path, None).await
    }

    async fn query(&self, soql: &str) -> Told {
        let text: String = url::form_urlencoded::byte_serialize(soql.as_bytes()).collect();
        self.get(&format!("/query?q={text}")).await
    }
}

async fn targets() -> (Org, Vec<Target>) {
    let org = Org::start().await;
    let emulator =
        Target { base: org.handle.base_url().to_owned(), token: org.token.clone(), http: org.http.clone() };
    let mut targets = vec![emulator];
    if let (Ok(base), Ok(token)) = (std::env::var("CONFORMANCE_URL"), std::env::var("CONFORMANCE_TOKEN")) {
        targets.push(Target { base: base.trim_end_matches('/').to_owned(), token, http: org.http.clone() });
    }
    (org, targets)
}

#[tokio::test]
async fn a_record_is_made_read_changed_and_deleted() {
    let (_org, targets) = targets().await;
    for target in targets {
        let contact =
            json!({"LastName": "Conformance", "Email": "conformance@tsugite.example", "Description": ""});
        let made = target.call(Method::POST, "/sobjects/Contact", Some(contact)).await;
        assert_eq!(made.status, 201, "{:?}", made.body);
        assert_eq!((&made.body["success"], &made.body["errors"]), (&json!(true), &json!([])));
        let path = format!("/sobjects/Contact/{}", made.body["id"].as_str().unwrap());
        assert!(made.header("location").ends_with(&path));
        let read = target.get(&format!("{path}?fields=Id,Name,Email,Description,IsDeleted")).await;
        assert_eq!(read.body["Name"], "Conformance");
        assert_eq!(read.body["Description"], Value::Null, "an empty text is no text");
        assert!(read.header("sforce-limit-info").starts_with("api-usage="));
        let changed = target.call(Method::PATCH, &path, Some(json!({"Title": "x", "Email": null}))).await;
        assert_eq!(changed.status, 204, "{:?}", changed.body);
        let found = target
            .query(&format!(
                "SELECT Title, Email, Owner.Name FROM Contact WHERE Id = '{}'",
                made.body["id"].as_str().unwrap()
            ))
            .await;
        assert_eq!(found.body["records"][0]["Title"], "x");
        assert_eq!(found.body["records"][0]["Email"], Value::Null);
        assert!(found.body["records"][0]["Owner"]["Name"].is_string());
        assert_eq!(target.call(Method::DELETE, &path, None).await.status, 204);
        assert_eq!(target.get(&path).await.status, 404);
    }
}

#[tokio::test]
async fn refusals_carry_the_same_codes() {
    let (_org, targets) = targets().await;
    for target in targets {
        for (method, path, body, status, code) in [
            (
                Method::POST,
                "/sobjects/Contact",
                Some(json!({"FirstName": "x"})),
                400,
                "REQUIRED_FIELD_MISSING",
            ),
            (
                Method::POST,
                "/sobjects/Contact",
                Some(json!({"LastName": "x", "Nope__c": 1})),
                400,
                "INVALID_FIELD",
            ),
            (
                Method::POST,
                "/sobjects/Contact",
                Some(json!({"LastName": "x", "Email": "x"})),
                400,
                "INVALID_EMAIL_ADDRESS",
            ),
            (
                Method::POST,
                "/sobjects/Contact",
                Some(json!({"LastName": "x".repeat(81)})),
                400,
                "STRING_TOO_LONG",
            ),
            (
                Method::POST,
                "/sobjects/Contact",
                Some(json!({"LastName": "x", "CreatedDate": "2020-01-01T00:00:00Z"})),
                400,
                "INVALID_FIELD_FOR_INSERT_UPDATE",
            ),
            (Method::POST, "/sobjects/Nope__c", Some(json!({})), 404, "NOT_FOUND"),
            (Method::GET, "/sobjects/Contact/23foo", None, 404, "NOT_FOUND"),
            (Method::GET, "/query?q=SELECT+Nope__c+FROM+Contact", None, 400, "INVALID_FIELD"),
            (Method::GET, "/query?q=SELECT+Id+FROM+Nope__c", None, 400, "INVALID_TYPE"),
            (Method::GET, "/query?q=SELEKT", None, 400, "MALFORMED_QUERY"),
        ] {
            let told = target.call(method, path, body).await;
            assert_eq!((told.status, told.code()), (status, code), "{path}: {:?}", told.body);
        }
    }
}

#[tokio::test]
async fn collections_and_composite_report_the_same_way() {
    let (_org, targets) = targets().await;
    for target in targets {
        let kind = json!({"type": "Account"});
        let records =
            json!([{"attributes": kind, "Name": "Conformance"}, {"attributes": kind, "Phone": "1"}]);
        let body = json!({"allOrNone": false, "records": records});
        let told = target.call(Method::POST, "/composite/sobjects", Some(body)).await;
        assert_eq!(told.status, 200);
        assert_eq!(told.body[1]["errors"][0]["statusCode"], "REQUIRED_FIELD_MISSING");
        assert_eq!(told.body[1].get("id"), None);
        let id = told.body[0]["id"].as_str().unwrap().to_owned();
        let parts = json!({"allOrNone": true, "compositeRequest": [
            {"method": "POST", "url": "/services/data/v66.0/sobjects/Contact", "referenceId": "contact",
             "body": {"LastName": "Conformance", "AccountId": id}},
            {"method": "GET", "url": "/services/data/v66.0/sobjects/Contact/@{contact.id}?fields=AccountId", "referenceId": "read"},
            {"method": "DELETE", "url": "/services/data/v66.0/sobjects/Contact/@{contact.id}", "referenceId": "gone"},
        ]});
        let told = target.call(Method::POST, "/composite", Some(parts)).await;
        let parts = told.body["compositeResponse"].as_array().unwrap();
        let statuses: Vec<i64> = parts.iter().filter_map(|part| part["httpStatusCode"].as_i64()).collect();
        assert_eq!(statuses, [201, 200, 204], "{:?}", told.body);
        assert_eq!(parts[1]["body"]["AccountId"], id.as_str());
        assert_eq!(parts[2]["body"], Value::Null);
        let gone = target.call(Method::DELETE, &format!("/composite/sobjects?ids={id}"), None).await;
        assert_eq!(gone.body[0]["success"], true);
    }
}
