//! `tsugite check`: is everything as it should be?

use crate::commands::print::line;
use crate::config::{Config, Settings};
use crate::server::{app_state, bind, engine, make_data_folder, missing_keys};
use domain::delivery::Verdict;
use domain::value::Language;
use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;
use storage::database::key_rotation;
use storage::database::migrations::SchemaState;
use storage::org::connections;
use storage::org_request::{OrgRequest, OrgResponse};
use storage::workspace::workspaces;
use storage::{Clock, Database, Vault};
use tokio_util::sync::CancellationToken;

/// How long an org may take to be looked at.
const TIMEOUT: Duration = Duration::from_secs(60);
/// How long a server on the same port may take to say that it is ours.
const NEIGHBOUR_TIMEOUT: Duration = Duration::from_secs(3);

/// What was found, a line each.
#[derive(Default)]
struct Findings {
    good: Vec<String>,
    bad: Vec<String>,
}

impl Findings {
    fn add(&mut self, what: &str, found: Result<String, Box<dyn Error>>) {
        match found {
            Ok(text) => self.good.push(format!("{what}: ok{text}")),
            Err(error) => self.bad.push(format!("{what}: FAILED: {}", with_causes(error.as_ref()))),
        }
    }
}

/// Prints a line a finding, what is wrong first; fails when something needs attention.
pub(crate) async fn run(settings: Settings) -> Result<ExitCode, Box<dyn Error>> {
    let config = settings.config()?;
    let mut findings = Findings::default();
    let vault = Vault::new(&config.secret_key);
    findings
        .add("secret key", vault.as_ref().map(|_| String::new()).map_err(|error| error.to_string().into()));
    findings.add("address", address(&config).await);
    if config.database_url.starts_with("sqlite:") {
        findings.add("data folder", data_folder(&config));
    }
    // A database whose folder can't be written to would only be named a second time.
    if findings.bad.iter().all(|line| !line.starts_with("data folder")) {
        let found = database(&config).await;
        let is_current = found.as_ref().is_ok_and(|(state, _)| *state == SchemaState::Current);
        findings.add("database", found.map(|(_, text)| text));
        if let (true, Ok(vault)) = (is_current, vault) {
            let database = Database::open(&config.database_url, vault).await?;
            findings.add("stored secrets", stored_secrets(&database).await);
            if findings.bad.is_empty() {
                orgs(&config, &database, &mut findings).await?;
            }
        }
    }
    for finding in findings.bad.iter().chain(&findings.good) {
        line(finding);
    }
    Ok(if findings.bad.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// An error with what caused it, on one line.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(reason) = cause {
        let reason_text = reason.to_string();
        if !text.contains(&reason_text) {
            text = format!("{text}: {reason_text}");
        }
        cause = reason.source();
    }
    text
}

async fn address(config: &Config) -> Result<String, Box<dyn Error>> {
    match bind(config.listen).await {
        Ok(_) => Ok(format!(", {} is free", config.listen)),
        Err(error) if is_ours(config).await => {
            drop(error);
            Ok(format!(", a Tsugite server runs at {}", config.listen))
        }
        Err(error) => Err(error),
    }
}

async fn is_ours(config: &Config) -> bool {
    let Ok(http) = salesforce::http_client("tsugite-check", NEIGHBOUR_TIMEOUT, NEIGHBOUR_TIMEOUT) else {
        return false;
    };
    let asked = async { http.get(format!("http://{}/metrics", config.listen)).send().await?.text().await };
    asked.await.is_ok_and(|text| text.contains("tsugite_"))
}

fn data_folder(config: &Config) -> Result<String, Box<dyn Error>> {
    let folder = make_data_folder(config)?;
    let name = format!(".tsugite-check-{}", std::process::id());
    let trial = folder.join(name);
    let written = std::fs::write(&trial, "x").and_then(|()| std::fs::remove_file(&trial));
    written.map_err(|error| format!("files can't be written in {}: {error}", folder.display()))?;
    Ok(format!(", {} can be written to", folder.display()))
}

async fn database(config: &Config) -> Result<(SchemaState, String), Box<dyn Error>> {
    let file = config.database_url.strip_prefix("sqlite:");
    if file.is_some_and(|file| !std::path::Path::new(file).exists()) {
        return Ok((SchemaState::Missing, ", it is made at the first start".to_owned()));
    }
    let state = Database::schema(&config.database_url).await?;
    let text = match state {
        SchemaState::Missing => ", its tables are made at the first start".to_owned(),
        SchemaState::Older { version, known } => {
            format!(", the next start brings it from version {version} to {known}; back it up before")
        }
        SchemaState::Current => String::new(),
    };
    Ok((state, text))
}

async fn stored_secrets(database: &Database) -> Result<String, Box<dyn Error>> {
    missing_keys(database).await?;
    Ok(match key_rotation::with_older_keys(database).await? {
        0 => String::new(),
        count => format!(", {count} rows need an older key until `tsugite rotate-keys` has run"),
    })
}

async fn orgs(config: &Config, database: &Database, findings: &mut Findings) -> Result<(), Box<dyn Error>> {
    let connected = connections::list(&database.read()).await?;
    if connected.is_empty() {
        return Ok(());
    }
    let known = workspaces::list(&database.read()).await?;
    let name = |id| known.iter().find(|workspace| workspace.id == id).map_or("", |found| found.slug.as_str());
    let state = app_state(config, database.clone(), Clock::default(), None)?;
    let stop = CancellationToken::new();
    let worker = tokio::spawn(::engine::run(engine(config, &state), stop.clone()));
    for workspace in connected {
        let answer =
            web::actions::org_request::request_and_wait(&state, workspace, &OrgRequest::Preflight, TIMEOUT)
                .await?;
        let workspace = name(workspace);
        let checks = match answer {
            Some(OrgResponse::Preflight { checks }) => checks,
            Some(OrgResponse::Failed { reason }) => {
                let told = web::text::catalogue::render(Language::English, "failure", &reason);
                findings.bad.push(format!("{workspace}: FAILED: {told}"));
                continue;
            }
            _ => {
                findings.bad.push(format!("{workspace}: FAILED: Salesforce did not answer in time"));
                continue;
            }
        };
        for check in checks {
            let key = format!("check-{}", check.finding.code);
            let text = web::text::catalogue::sentence(Language::English, &key, &check.finding.data);
            let finding = format!("{workspace} {:?}: {text}", check.verdict);
            if check.verdict == Verdict::Failed {
                findings.bad.push(finding);
            } else {
                findings.good.push(finding);
            }
        }
    }
    stop.cancel();
    worker.await?;
    Ok(())
}
