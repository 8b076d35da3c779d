//! A running emulator, and a client logged in to it.

use std::time::Duration;

use salesforce::auth::{ConnectedApp, Token};
use salesforce::{AllowedHosts, ApiVersion, Client, Describe, Described, Record, SalesforceId, WriteOptions};
use salesforce_emulator::{Emulator, Handle, Options, Seed};
use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use crate::server::http;

pub(crate) struct Org {
    pub(crate) client: Client,
    pub(crate) url: Url,
    _handle: Handle,
}

impl Org {
    pub(crate) async fn start(seed: Seed) -> Self {
        let options = Options { seed, ..Options::default() };
        let handle = Emulator::start(options).await.unwrap();
        let url = Url::parse(handle.base_url()).unwrap();
        Org { client: sign_in(&url).await, url, _handle: handle }
    }

    pub(crate) async fn empty() -> Self {
        Self::start(Seed::Empty).await
    }

    /// A client with a new session.
    pub(crate) async fn sign_in(&self) -> Client {
        sign_in(&self.url).await
    }

    /// A new access token.
    pub(crate) async fn token(&self) -> SecretString {
        token(&self.url).await.access_token
    }

    /// Steers the emulator.
    pub(crate) async fn control(&self, path: &str, body: Value) {
        let url = self.url.join(&format!("/emulator/{path}")).unwrap();
        // Some of it is a lot of work for a busy machine.
        let told = http().post(url).timeout(Duration::from_secs(60)).json(&body).send().await.unwrap();
        assert!(told.status().is_success(), "{path}: {}", told.text().await.unwrap());
    }

    /// How many subscriptions to change events are open.
    pub(crate) async fn subscriptions(&self) -> u64 {
        let url = self.url.join("/emulator/change-events").unwrap();
        let told: Value = http().get(url).send().await.unwrap().json().await.unwrap();
        told["subscriptions"].as_u64().unwrap()
    }

    /// The next request whose path has this part goes wrong.
    pub(crate) async fn fault(&self, path: &str, mut fault: Value) {
        fault["path"] = path.into();
        fault["times"] = 1.into();
        self.control("faults", fault).await;
    }

    pub(crate) async fn no_more_faults(&self) {
        let url = self.url.join("/emulator/faults").unwrap();
        assert!(http().delete(url).send().await.unwrap().status().is_success());
    }

    /// The requests so far, as method and path.
    pub(crate) async fn requests(&self) -> Vec<String> {
        let url = self.url.join("/emulator/requests").unwrap();
        let told: Value = http().get(url).send().await.unwrap().json().await.unwrap();
        let word = |request: &Value, key: &str| request[key].as_str().unwrap().to_owned();
        let requests = told["requests"].as_array().unwrap().iter();
        requests.map(|request| format!("{} {}", word(request, "method"), word(request, "path"))).collect()
    }

    pub(crate) async fn create(&self, object: &str, fields: Value) -> SalesforceId {
        let record: Record = serde_json::from_value(fields).unwrap();
        self.client.create(object, &record, &WriteOptions::default()).await.unwrap().value
    }

    /// Creates accounts named `00000`, `00001` and so on.
    pub(crate) async fn accounts(&self, number: usize) -> Vec<SalesforceId> {
        let account = |n| Record::of("Account").with("Name", format!("{n:05}"));
        let records: Vec<Record> = (0..number).map(account).collect();
        let mut ids = Vec::new();
        for some in records.chunks(salesforce::MAX_RECORDS) {
            let saved = self.client.create_many(some, &WriteOptions::default()).await.unwrap().value;
            ids.extend(saved.into_iter().map(|saved| saved.into_id().unwrap()));
        }
        ids
    }

    pub(crate) async fn describe(&self, object: &str) -> Describe {
        match self.client.describe(object, None).await.unwrap().value {
            Described::Fresh { describe, .. } => *describe,
            Described::NotModified => panic!("nothing was known before"),
        }
    }
}

async fn sign_in(url: &Url) -> Client {
    let token = token(url).await;
    Client::new(http(), token.instance_url, token.access_token, ApiVersion::DEFAULT)
}

async fn token(url: &Url) -> Token {
    let app = ConnectedApp {
        login_url: url.clone(),
        client_id: "tsugite-emulator-key".to_owned(),
        client_secret: Some("tsugite-emulator-secret".into()),
    };
    let hosts = AllowedHosts::new([url.clone()]);
    app.client_credentials().send(&http(), &hosts).await.unwrap()
}
