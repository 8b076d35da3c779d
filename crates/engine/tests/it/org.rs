//! An emulated org, a database with a connection to it, and an engine that holds the org's lease.

use engine::delivery::job::DeliveryJob;
use engine::delivery::round::{Round, deliver};
use engine::{Engine, EngineSettings, Renderer};
use salesforce::AllowedHosts;
use salesforce_emulator::{Emulator, Handle, Options, Seed};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::time::Duration;
use storage::delivery::deliveries;
use storage::org::connections::{self, Connection, Flow, Secrets};
use storage::queue::org_lease::{self, OrgLease};
use storage::testing::{Kind, TestDatabase, open};
use storage::workspace::workspaces::{self, Workspace};
use storage::{Clock, StorageError};
use url::Url;

const KEY: &str = "tsugite-emulator-key";
const SECRET: &str = "tsugite-emulator-secret";

pub(crate) struct TestOrg {
    pub(crate) test: TestDatabase,
    pub(crate) lease: OrgLease,
    engine: Engine,
    http: reqwest::Client,
    handle: Handle,
}

impl TestOrg {
    /// Starts an empty org and connects a workspace to it.
    pub(crate) async fn start(kind: Kind) -> Self {
        let handle =
            Emulator::start(Options { seed: Seed::Empty, ..Options::default() }).await.expect("an org");
        let http =
            salesforce::http_client("engine-test", Duration::from_secs(5), Duration::from_secs(20)).unwrap();
        let (test, clock) = (open(kind).await, Clock::default());
        let url: Url = handle.base_url().parse().unwrap();
        let settings = EngineSettings {
            worker: "test".to_owned(),
            request_timeout: Duration::from_secs(5),
            poll: Duration::from_secs(1),
            allowed_hosts: AllowedHosts::new(vec![url.clone()]),
            webhook_origins: Vec::new(),
            mail: None,
            change_events: None,
            writer: Renderer::new(|_| unreachable!("no message is sent")),
        };
        let engine = Engine::new(test.database.clone(), clock, http.clone(), settings);
        let lease = connect(&test, &http, &url, clock).await;
        Self { test, lease, engine, http, handle }
    }

    /// One round with these jobs.
    pub(crate) async fn deliver(&self, jobs: Vec<DeliveryJob>) -> Round {
        self.try_deliver(jobs).await.expect("the database answers")
    }

    /// One round that our own database may stop.
    pub(crate) async fn try_deliver(&self, jobs: Vec<DeliveryJob>) -> Result<Round, StorageError> {
        deliver(&self.engine, self.lease, jobs).await
    }

    /// Which of the tokens that were had so far is the stored one; `None` without a connection.
    pub(crate) async fn token_version(&self) -> Option<i64> {
        let found = connections::find_with_secrets(self.test.database.read(), self.lease.workspace).await;
        found.unwrap().map(|found| found.token_version)
    }

    /// Stores a job's delivery, as what it is about would in its own transaction.
    pub(crate) async fn store(&self, job: &DeliveryJob) {
        let write = self.test.database.write().await.unwrap();
        deliveries::create(&write, self.lease.workspace, &job.delivery, Clock::default().now())
            .await
            .unwrap();
        write.commit().await.unwrap();
    }

    /// The job with its delivery as it is stored now.
    pub(crate) async fn reload(&self, job: &DeliveryJob) -> DeliveryJob {
        let read = self.test.database.read();
        let found = deliveries::find(&read, self.lease.workspace, job.delivery.id).await.unwrap();
        DeliveryJob { delivery: found.expect("a stored delivery"), ..job.clone() }
    }

    pub(crate) async fn control(&self, path: &str, body: Value) {
        let url = format!("{}/emulator/{path}", self.handle.base_url());
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
    }

    /// Living rows of an object.
    pub(crate) async fn rows(&self, object: &str) -> Vec<Value> {
        let url = format!("{}/emulator/records/{object}", self.handle.base_url());
        let body: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        body.as_array().or_else(|| body["records"].as_array()).cloned().expect("rows")
    }

    /// Calls that Salesforce would have counted.
    pub(crate) async fn calls(&self) -> i64 {
        let url = format!("{}/emulator/requests", self.handle.base_url());
        let body: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        body["api_calls"].as_i64().expect("a number of calls")
    }
}

async fn connect(test: &TestDatabase, http: &reqwest::Client, url: &Url, clock: Clock) -> OrgLease {
    let form = [("grant_type", "client_credentials"), ("client_id", KEY), ("client_secret", SECRET)];
    let token = http.post(url.join("services/oauth2/token").unwrap()).form(&form).send().await.unwrap();
    let token: Value = token.json().await.unwrap();
    let who: Value = http
        .get(url.join("services/oauth2/userinfo").unwrap())
        .bearer_auth(token["access_token"].as_str().unwrap())
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let now = clock.now();
    let workspace = Workspace {
        id: storage::ids::new(now),
        slug: "main".to_owned(),
        name: "Main".to_owned(),
        time_zone: "Asia/Tokyo".to_owned(),
        language: domain::value::Language::English,
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let connection = Connection {
        flow: Flow::ClientCredentials,
        environment: url.to_string(),
        login_url: url.to_string(),
        consumer_key: KEY.to_owned(),
        jwt_username: String::new(),
        instance_url: url.as_str().trim_end_matches('/').to_owned(),
        org_id: text(&who["organization_id"]),
        org_name: "Org".to_owned(),
        user_id: text(&who["user_id"]),
        username: text(&who["preferred_username"]),
        scopes: vec!["api".to_owned()],
        connected_at: now,
        api_usage: None,
    };
    let secrets = Secrets {
        consumer_secret: SecretString::from(SECRET),
        private_key: SecretString::default(),
        access_token: SecretString::from(text(&token["access_token"])),
        refresh_token: SecretString::default(),
    };
    let write = test.database.write().await.unwrap();
    workspaces::create(&write, &workspace, now).await.unwrap();
    connections::save(&write, workspace.id, &connection, &secrets).await.unwrap();
    org_lease::open(&write, workspace.id, now).await.unwrap();
    write.commit().await.unwrap();
    let fence = test_lease(test, workspace.id, now).await;
    OrgLease { workspace: workspace.id, fence }
}

/// The lease of an org in which nothing is due is not handed out, so something is due for a moment.
async fn test_lease(
    test: &TestDatabase,
    workspace: domain::value::WorkspaceId,
    now: domain::value::Timestamp,
) -> i64 {
    let delivery = crate::fixtures::delivery(now);
    let write = test.database.write().await.unwrap();
    deliveries::create(&write, workspace, &delivery, now).await.unwrap();
    let claimed = org_lease::claim(&write, "test", now, Duration::from_secs(3600), 1).await.unwrap();
    deliveries::cancel_waiting(&write, workspace, delivery.subject, now).await.unwrap();
    write.commit().await.unwrap();
    claimed.first().expect("the org's lease").fence
}

/// A schema with one custom object: a name, a long text and an external ID.
pub(crate) fn visit_object() -> Value {
    json!({ "objects": [{
        "name": "Visit__c", "label": "Visit", "fields": [
            { "name": "Page__c", "label": "Page", "type": "string", "length": 255 },
            { "name": "Note__c", "label": "Note", "type": "textarea", "length": 32000 },
            { "name": "Key__c", "label": "Key", "type": "string", "length": 80, "external_id": true, "unique": true },
        ],
    }] })
}
