//! A server process on either database, and an emulated org.

use salesforce_emulator::{Emulator, Handle, Options, Seed};
use serde_json::{Value, json};
use std::process::Stdio;
use std::time::Duration;
use storage::testing::{Kind, SECRET_KEY, new_address};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Where the servers of a story write their logs.
pub(crate) const LOG_FILE: &str = "TEST_LOG_FILE";

/// How long anything in a story may take before it has failed.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(90);

/// An emulated org and a workspace that is connected to it.
pub(crate) struct TestSystem {
    pub(crate) org: Org,
    pub(crate) server: Server,
}

impl TestSystem {
    /// Begins with the demo org, a team, one page and a connection by client credentials.
    pub(crate) async fn begin(kind: Kind, speed: f64) -> Self {
        Self::begin_with_timeout(kind, speed, 20).await
    }

    /// The same with another bound on each call to the org, in seconds.
    pub(crate) async fn begin_with_timeout(kind: Kind, speed: f64, seconds: u32) -> Self {
        Self::begin_with_settings(kind, speed, seconds, &[]).await
    }

    /// The same with further settings of the server; those of `ALLOWED_HOSTS` are added to the org's.
    pub(crate) async fn begin_with_settings(
        kind: Kind,
        speed: f64,
        seconds: u32,
        settings: &[(&'static str, String)],
    ) -> Self {
        let org = Org::start(speed).await;
        let server = Server::start(kind, speed, &org, seconds, settings).await;
        let world = Self { org, server };
        world.set_up().await;
        world
    }

    async fn set_up(&self) {
        let team = json!({ "slug": "sales", "name": "営業", "members": [
            { "name": "佐藤 遥", "email": "haruka.sato@tsugite.example" },
            { "name": "山田 花", "email": "nobody@tsugite.example" },
        ] });
        assert_eq!(self.server.post("/teams", &team).await.0, 201);
        self.server.connect(&self.org).await;
        let (status, page) = self.server.post("/pages", &page("demo", json!({}))).await;
        assert_eq!(status, 201, "{page}");
    }

    /// Saves the workspace-wide settings.
    pub(crate) async fn settings(&self, settings: Value) {
        let (status, body) = self.server.put("/settings/salesforce", &settings).await;
        assert_eq!(status, 200, "{body}");
    }

    /// Saves what the page does in Salesforce.
    pub(crate) async fn page(&self, change: Value) {
        let (status, body) = self.server.put("/pages/sales/demo", &page("demo", change)).await;
        assert_eq!(status, 200, "{body}");
    }

    /// Adds the field that an admin of the org may create, and looks at the org again.
    pub(crate) async fn add_external_ids(&self) {
        let field = |object: &str| {
            json!({
                "object": object, "name": "Tsugite_Id__c", "label": "Tsugite ID", "type": "string", "length": 64,
                "external_id": true, "unique": object == "Lead",
            })
        };
        self.org.control("schema", &json!({ "fields": [field("Lead"), field("Activity")] })).await;
        let (status, body) = self.server.post("/salesforce/preflight", &json!({})).await;
        assert_eq!(status, 200, "{body}");
    }

    /// Makes a booking that must succeed, at the n-th five minutes of the second day from now.
    pub(crate) async fn book(&self, slot: i64, email: &str, answers: Value) -> Value {
        let (status, body) = self.server.post("/bookings", &booking(slot, email, answers)).await;
        assert_eq!(status, 201, "{body}");
        body
    }

    /// Waits until every delivery of a booking has come to an end, and gives the booking.
    pub(crate) async fn settled(&self, booking: &Value) -> Value {
        let path = format!("/bookings/{}", booking["id"].as_str().unwrap());
        let settled = |body: &Value| {
            let deliveries = body["deliveries"].as_array().unwrap();
            deliveries.iter().all(|delivery| delivery["state"] != "due")
        };
        self.server.wait_for(&path, settled).await
    }
}

/// A page whose every five minutes of every day can be booked.
pub(crate) fn page(slug: &str, change: Value) -> Value {
    let hours: Vec<Value> = (1..=7).map(|day| json!({ "weekday": day, "from": 0, "to": 1440 })).collect();
    let mut page = json!({
        "team": "sales", "slug": slug, "title": "製品デモ", "slot_minutes": 5, "hours": hours,
        "window_days": 365, "closures": { "japanese_holidays": false }, "attendance": "all", "ask_guests": true,
    });
    for (key, value) in change.as_object().unwrap() {
        page[key] = value.clone();
    }
    page
}

/// The n-th five minutes from the day after tomorrow on.
pub(crate) fn start(slot: i64) -> String {
    let now = storage::Clock::default().now();
    let day = (now.seconds().div_euclid(86_400) + 2) * 86_400;
    domain::value::Timestamp::from_seconds(day + slot * 300).to_string()
}

/// A booking's body.
pub(crate) fn booking(slot: i64, email: &str, answers: Value) -> Value {
    json!({
        "page": "sales/demo", "start": start(slot), "answers": answers,
        "attendee": { "email": email, "name": "見本 太郎", "company": "見本商事" },
    })
}

/// The emulated org.
pub(crate) struct Org {
    handle: Handle,
    http: reqwest::Client,
}

impl Org {
    pub(crate) async fn start(speed: f64) -> Self {
        let options = Options { seed: Seed::Demo, speed, ..Options::default() };
        let handle = Emulator::start(options).await.expect("the emulator starts");
        Self { handle, http: http() }
    }

    pub(crate) fn url(&self) -> &str {
        self.handle.base_url()
    }

    /// A control call; its answer as JSON.
    pub(crate) async fn control(&self, path: &str, body: &Value) -> Value {
        let (status, text) = self.try_control(path, body).await;
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// A control call that the org may refuse.
    pub(crate) async fn try_control(&self, path: &str, body: &Value) -> (reqwest::StatusCode, String) {
        let url = format!("{}/emulator/{path}", self.url());
        let answer = self.http.post(url).json(body).send().await.expect("the emulator answers");
        (answer.status(), answer.text().await.unwrap_or_default())
    }

    /// Waits until every fault with a number of times has been met.
    pub(crate) async fn faults_spent(&self) {
        let url = format!("{}/emulator/faults", self.url());
        let until = tokio::time::Instant::now() + TIMEOUT;
        loop {
            let body: Value = self.http.get(&url).send().await.unwrap().json().await.unwrap();
            if body["faults"].as_array().unwrap().iter().all(|fault| fault["times"] == 0) {
                return;
            }
            assert!(tokio::time::Instant::now() < until, "never met: {body}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Ends every fault.
    pub(crate) async fn heal(&self) {
        let url = format!("{}/emulator/faults", self.url());
        assert!(self.http.delete(url).send().await.expect("the emulator answers").status().is_success());
    }

    /// Calls that Salesforce would have counted since the last reset.
    pub(crate) async fn calls(&self) -> i64 {
        let url = format!("{}/emulator/requests", self.url());
        let body: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        body["api_calls"].as_i64().expect("a number of calls")
    }

    /// How often each kind of fault hit a request.
    pub(crate) async fn faults_met(&self) -> std::collections::BTreeMap<String, usize> {
        let url = format!("{}/emulator/requests", self.url());
        let body: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        let mut met = std::collections::BTreeMap::new();
        for request in body["requests"].as_array().unwrap() {
            for fault in request["fault"].as_str().unwrap_or_default().split_whitespace() {
                *met.entry(fault.to_owned()).or_default() += 1;
            }
        }
        met
    }

    /// Requests to an address, since the last reset.
    pub(crate) async fn requests_to(&self, path: &str) -> usize {
        let url = format!("{}/emulator/requests", self.url());
        let body: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        let to =
            |request: &&Value| request["path"].as_str().unwrap_or_default().split('?').next() == Some(path);
        body["requests"].as_array().unwrap().iter().filter(to).count()
    }

    /// Counts calls from now on.
    pub(crate) async fn count_calls(&self) {
        let url = format!("{}/emulator/requests", self.url());
        assert!(self.http.delete(url).send().await.unwrap().status().is_success());
    }

    /// Living rows of an object.
    pub(crate) async fn rows(&self, object: &str) -> Vec<Value> {
        let url = format!("{}/emulator/records/{object}", self.url());
        let body: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        let rows = body.as_array().cloned().or_else(|| body["records"].as_array().cloned()).expect("rows");
        rows.into_iter().filter(|row| row["IsDeleted"] != true).collect()
    }

    /// Rows whose field has a value.
    pub(crate) async fn rows_where(&self, object: &str, field: &str, value: &str) -> Vec<Value> {
        self.rows(object).await.into_iter().filter(|row| row[field] == value).collect()
    }

    /// Makes a row through the REST API and gives its id.
    pub(crate) async fn create(&self, object: &str, fields: Value) -> String {
        let (status, body) = self.rest("POST", &format!("sobjects/{object}"), &fields).await;
        assert_eq!(status, 201, "{body}");
        body["id"].as_str().unwrap().to_owned()
    }

    /// Changes a row as a colleague in the org does.
    pub(crate) async fn edit(&self, id: &str, fields: Value) {
        let object = if id.starts_with("00Q") { "Lead" } else { "Contact" };
        let form = [
            ("grant_type", "password"),
            ("client_id", "tsugite-emulator-key"),
            ("client_secret", "tsugite-emulator-secret"),
            ("username", "haruka.sato@tsugite.example"),
            ("password", "emulator"),
        ];
        let (status, body) = self.call(&form, "PATCH", &format!("sobjects/{object}/{id}"), &fields).await;
        assert_eq!(status, 204, "{body}");
    }

    /// A REST call as the connected user.
    pub(crate) async fn rest(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", "tsugite-emulator-key"),
            ("client_secret", "tsugite-emulator-secret"),
        ];
        self.call(&form, method, path, body).await
    }

    async fn call(&self, form: &[(&str, &str)], method: &str, path: &str, body: &Value) -> (u16, Value) {
        let token = self.http.post(format!("{}/services/oauth2/token", self.url())).form(form);
        let token: Value = token.send().await.unwrap().json().await.unwrap();
        let url = format!("{}/services/data/v66.0/{path}", self.url());
        let request = self.http.request(method.parse().unwrap(), url).json(body);
        let answer = request.bearer_auth(token["access_token"].as_str().unwrap()).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// The id of the demo org's first active campaign.
    pub(crate) async fn campaign(&self) -> String {
        let rows = self.rows("Campaign").await;
        rows.iter().find(|row| row["IsActive"] == true).unwrap()["Id"].as_str().unwrap().to_owned()
    }
}

/// A server process.
pub(crate) struct Server {
    child: Child,
    url: String,
    key: String,
    environment: Vec<(&'static str, String)>,
    http: reqwest::Client,
    _folder: TempDir,
}

impl Server {
    async fn start(
        kind: Kind,
        speed: f64,
        org: &Org,
        timeout: u32,
        settings: &[(&'static str, String)],
    ) -> Self {
        let (address, folder) = new_address(kind);
        let mut environment = vec![
            ("TSUGITE_DATABASE_URL", address),
            ("TSUGITE_SECRET_KEY", SECRET_KEY.to_owned()),
            ("TSUGITE_ALLOWED_HOSTS", org.url().to_owned()),
            ("TSUGITE_LISTEN", "127.0.0.1:0".to_owned()),
            ("TSUGITE_SALESFORCE_TIMEOUT_SECONDS", timeout.to_string()),
            ("TSUGITE_SPEED", speed.to_string()),
            // One time for every process of the story, or a lease would be hours away for the next one.
            ("TSUGITE_SPEED_SINCE", storage::Clock::default().now().seconds().to_string()),
            ("TSUGITE_LOG", std::env::var("TSUGITE_TEST_LOG").unwrap_or_else(|_| "error".to_owned())),
        ];
        for (name, value) in settings {
            match environment.iter_mut().find(|(known, _)| known == name) {
                Some((known, hosts)) if *known == "TSUGITE_ALLOWED_HOSTS" => {
                    *hosts = format!("{hosts},{value}");
                }
                Some((_, kept)) => kept.clone_from(value),
                None => environment.push((name, value.clone())),
            }
        }
        let key = new_key(&environment, "main").await;
        let (child, url) = launch(&environment).await;
        Self { child, url, key, environment, http: http(), _folder: folder }
    }

    /// SIGKILL, as a power cut would, and a new process on the same database.
    pub(crate) async fn kill_and_restart(&mut self) {
        let killed = self.process();
        self.child.kill().await.expect("the process is killed");
        let (child, url) = launch(&self.environment).await;
        self.child = child;
        self.url = url;
        assert_ne!(self.process(), killed, "a new process");
    }

    /// A new process on the same database, to which the size of files can be limited without killing it.
    pub(crate) async fn restart_with_file_limits(&mut self) {
        self.child.kill().await.expect("the process is killed");
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; exec \"$0\" serve", env!("CARGO_BIN_EXE_tsugite")]);
        let (child, url) = launch_by(command, &self.environment).await;
        self.child = child;
        self.url = url;
    }

    /// Lets the process write files up to so many bytes, as if the disk were full beyond.
    pub(crate) async fn limit_files(&self, bytes: &str) {
        let arguments =
            ["--pid".to_owned(), self.process().to_string(), format!("--fsize={bytes}:unlimited")];
        assert!(Command::new("prlimit").args(arguments).status().await.unwrap().success());
    }

    /// The status of an address outside of the API.
    pub(crate) async fn status_of(&self, path: &str) -> u16 {
        self.http
            .get(format!("{}{path}", self.url))
            .send()
            .await
            .expect("the server answers")
            .status()
            .as_u16()
    }

    /// Asks the process to end, and how it did.
    pub(crate) async fn terminate(&mut self) -> std::process::ExitStatus {
        let process = self.process().to_string();
        assert!(Command::new("kill").args(["-TERM", &process]).status().await.unwrap().success());
        self.child.wait().await.expect("it ends")
    }

    /// Makes an account in the workspace `main`.
    pub(crate) async fn add_account(&self, email: &str, role: &str) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tsugite"));
        command.args(["user", "add", email, "--role", role]);
        command.envs(self.environment.iter().map(|(name, value)| (*name, value)));
        let made = command.output().await.expect("the binary runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    /// What a command prints that ends well, run beside the server.
    pub(crate) async fn command(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tsugite"));
        command.args(arguments).envs(self.environment.iter().map(|(name, value)| (*name, value)));
        let ended = command.output().await.expect("the binary runs");
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        String::from_utf8(ended.stdout).unwrap()
    }

    /// How a command ends that is run beside the server with other settings: well or not, and all that it prints.
    pub(crate) async fn outcome(
        &self,
        arguments: &[&str],
        settings: &[(&'static str, String)],
    ) -> (bool, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tsugite"));
        command.args(arguments).envs(self.environment.iter().map(|(name, value)| (*name, value)));
        command.envs(settings.iter().map(|(name, value)| (*name, value))).kill_on_drop(true);
        let ended = tokio::time::timeout(TIMEOUT, command.output()).await;
        let ended = ended.expect("it ends in time").expect("the binary runs");
        let told = [ended.stdout, ended.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        (ended.status.success(), told.concat())
    }

    /// The key of another workspace on the same server.
    pub(crate) async fn other_workspace(&self) -> String {
        self.command(&["workspace", "create", "other", "--if-missing"]).await;
        new_key(&self.environment, "other").await
    }

    /// The same server, called with another key.
    pub(crate) async fn post_as(&self, key: &str, path: &str, body: &Value) -> (u16, Value) {
        let url = format!("{}/api/v1{path}", self.url);
        let answer =
            self.http.post(url).bearer_auth(key).json(body).send().await.expect("the server answers");
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    /// Another process on the same database, as a second node is.
    pub(crate) async fn second_node(&self) -> (Child, String) {
        launch(&self.environment).await
    }

    /// The same with other settings.
    pub(crate) async fn second_node_with(&self, settings: &[(&'static str, String)]) -> (Child, String) {
        let changed = |name: &str| settings.iter().any(|(changed, _)| *changed == name);
        let kept = self.environment.iter().filter(|(name, _)| !changed(name));
        launch(&kept.chain(settings).cloned().collect::<Vec<_>>()).await
    }

    /// What `tsugite serve` says when it refuses to start with other settings.
    pub(crate) async fn refusal_to_start(&self, settings: &[(&'static str, String)]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tsugite"));
        command.arg("serve").envs(self.environment.iter().map(|(name, value)| (*name, value)));
        command.envs(settings.iter().map(|(name, value)| (*name, value))).kill_on_drop(true);
        let ended = tokio::time::timeout(TIMEOUT, command.output()).await;
        let ended = ended.expect("it does not start to serve").expect("the binary runs");
        assert!(!ended.status.success());
        String::from_utf8_lossy(&ended.stderr).into_owned()
    }

    /// Ends the process and starts another one on a copy of the database made earlier, as a restored backup is.
    pub(crate) async fn restore(&mut self, backup: &str) {
        self.child.kill().await.expect("the process is killed");
        for (name, value) in &mut self.environment {
            if *name == "TSUGITE_DATABASE_URL" {
                backup.clone_into(value);
            }
        }
        let (child, url) = launch(&self.environment).await;
        self.child = child;
        self.url = url;
    }

    /// The process, to look at from outside.
    pub(crate) fn process(&self) -> u32 {
        self.child.id().expect("a running process")
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The address of its database.
    pub(crate) fn database(&self) -> &str {
        let address = self.environment.iter().find(|(name, _)| *name == "TSUGITE_DATABASE_URL");
        &address.expect("every server has one").1
    }

    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    pub(crate) async fn connect(&self, org: &Org) {
        let connection = json!({
            "flow": "client_credentials", "environment": org.url(),
            "consumer_key": "tsugite-emulator-key", "consumer_secret": "tsugite-emulator-secret",
        });
        let (status, body) = self.post("/salesforce/connection", &connection).await;
        assert_eq!(status, 201, "{body}");
        // The preflight that every connect asks for brings the describes that mappings are checked against.
        let (status, body) = self.post("/salesforce/preflight", &json!({})).await;
        assert_eq!(status, 200, "{body}");
    }

    /// How many deliveries are in a state, as `/metrics` says.
    pub(crate) async fn deliveries(&self, state: &str) -> u64 {
        let text = self.http.get(format!("{}/metrics", self.url)).send().await.unwrap().text().await.unwrap();
        let name = format!("tsugite_deliveries{{state=\"{state}\"}} ");
        text.lines().find_map(|line| line.strip_prefix(&name)).expect("the figure").parse().expect("a number")
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        self.send("GET", path, None).await.expect("the server answers")
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.send("POST", path, Some(body)).await.expect("the server answers")
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> (u16, Value) {
        self.send("PUT", path, Some(body)).await.expect("the server answers")
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> (u16, Value) {
        self.send("PATCH", path, Some(body)).await.expect("the server answers")
    }

    pub(crate) async fn delete(&self, path: &str) -> (u16, Value) {
        self.send("DELETE", path, None).await.expect("the server answers")
    }

    async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> reqwest::Result<(u16, Value)> {
        let url = format!("{}/api/v1{path}", self.url);
        let mut request = self.http.request(method.parse().unwrap(), url).bearer_auth(&self.key);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        Ok((status, answer.json().await.unwrap_or(Value::Null)))
    }

    /// Reads an address again and again until its body is as wished.
    pub(crate) async fn wait_for(&self, path: &str, wished: impl Fn(&Value) -> bool) -> Value {
        let until = tokio::time::Instant::now() + TIMEOUT;
        loop {
            let (status, body) = self.get(path).await;
            assert_eq!(status, 200, "{path}: {body}");
            if wished(&body) {
                return body;
            }
            assert!(tokio::time::Instant::now() < until, "{path} stayed {body:#}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

async fn new_key(environment: &[(&'static str, String)], workspace: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tsugite"));
    command.args(["api-key", "create", "--workspace", workspace, "--name", "test"]);
    command.envs(environment.iter().map(|(name, value)| (*name, value)));
    let made = command.output().await.expect("the binary runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

async fn launch(environment: &[(&'static str, String)]) -> (Child, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tsugite"));
    command.arg("serve");
    launch_by(command, environment).await
}

async fn launch_by(mut command: Command, environment: &[(&'static str, String)]) -> (Child, String) {
    command.envs(environment.iter().map(|(name, value)| (*name, value)));
    command.stdout(Stdio::piped()).kill_on_drop(true);
    // A story that reads the log names a file for it; the others let it pass by.
    if let Some((_, file)) = environment.iter().find(|(name, _)| *name == LOG_FILE) {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(file).expect("a log file");
        command.stderr(log).env_remove(LOG_FILE);
    }
    let mut child = command.spawn().expect("the server starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its standard output")).lines();
    let line = tokio::time::timeout(TIMEOUT, lines.next_line()).await;
    let line =
        line.expect("the server starts in time").expect("a readable line").expect("the server did not start");
    let url = line.strip_prefix("ready ").expect("a ready line").to_owned();
    (child, url)
}

pub(crate) fn http() -> reqwest::Client {
    salesforce::http_client("tsugite-test", Duration::from_secs(5), Duration::from_secs(60)).unwrap()
}

/// Runs one story on both databases.
#[macro_export]
macro_rules! on_both_databases {
    ($($name:ident),* $(,)?) => {
        $(
            mod $name {
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    super::super::$name(storage::testing::Kind::Sqlite).await;
                }
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    super::super::$name(storage::testing::Kind::Postgres).await;
                }
            }
        )*
    };
}
