//! `tsugite demo`: a server and an org beside it, seeded and connected.

use crate::commands::print::line;
use crate::commands::{sample, seed};
use crate::config::{Config, Settings};
use crate::server::{Role, app_state, bind, open_database, serve, start_logging, stop_on_signal};
use clap::Args;
use domain::delivery::{CampaignSettings, SalesforceSettings, TodoSettings};
use domain::value::EmailAddress;
use salesforce_emulator::{Emulator, Handle, Options, Seed};
use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use storage::Clock;
use storage::org::connections;
use storage::org::connections::Flow;
use storage::workspace::api_keys::ApiKey;
use storage::workspace::{accounts, settings};
use url::Url;
use web::AppState;
use web::actions::org::connection::{ConnectRequest, connect_headless};
use web::state::DemoOrg;

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Address and port of the server.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Address and port of the org.
    #[arg(long, default_value = "127.0.0.1:8791")]
    emulator_listen: SocketAddr,
    /// Where the demo's data are kept.
    #[arg(long, default_value = "data/demo")]
    data: PathBuf,
    /// How fast the demo's clocks run: 60 makes ten minutes pass in ten seconds.
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// Begin again, without the data of earlier runs.
    #[arg(long)]
    fresh: bool,
    /// Only a team, a page and the connection, without half a year of sample data.
    #[arg(long)]
    bare: bool,
}

const EMAIL: &str = "demo@tsugite.example";
const PASSWORD: &str = "tsugite-demo";
const CONSUMER_KEY: &str = "tsugite-emulator-key";
const CONSUMER_SECRET: &str = "tsugite-emulator-secret";

impl Demo {
    pub(crate) async fn run(self, settings: Settings) -> Result<ExitCode, Box<dyn Error>> {
        if self.fresh && self.data.exists() {
            std::fs::remove_dir_all(&self.data)?;
        }
        std::fs::create_dir_all(&self.data)?;
        let stop = stop_on_signal();
        let org = self.start_org().await?;
        let config = self.config(settings, &org)?;
        start_logging(&config.log, config.log_format);
        let database = open_database(&config).await?;
        let demo_org = DemoOrg {
            url: Url::parse(org.base_url())?,
            consumer_key: CONSUMER_KEY.to_owned(),
            consumer_secret: CONSUMER_SECRET.to_owned(),
        };
        let state = app_state(&config, database, Clock::with_speed(self.speed), Some(demo_org))?;
        let listener = bind(config.listen).await?;
        let address = listener.local_addr()?;
        let (key, is_new) = fill(&state, org.base_url(), &self.data, !self.bare).await?;
        announce(address, org.base_url(), key.as_deref());
        if let Some(key) = key.filter(|_| is_new && !self.bare) {
            let org = org.base_url().to_owned();
            tokio::spawn(async move {
                if let Err(error) = sample::api_setup::set_up(&format!("http://{address}"), &org, &key).await
                {
                    tracing::warn!(%error, "the demo's syncs were not set up");
                }
            });
        }
        serve(&config, state, Role::All, listener, stop).await?;
        org.shutdown().await;
        Ok(ExitCode::SUCCESS)
    }

    async fn start_org(&self) -> Result<Handle, Box<dyn Error>> {
        let options = Options {
            listen: self.emulator_listen,
            seed: Seed::Demo,
            data_file: Some(self.data.join("org.json")),
            speed: self.speed,
            ..Options::default()
        };
        Ok(Emulator::start(options).await?)
    }

    fn config(&self, mut settings: Settings, org: &Handle) -> Result<Config, Box<dyn Error>> {
        settings.set("LISTEN", self.listen.to_string())?;
        settings.set("DATA_DIR", self.data.display().to_string())?;
        settings.set("ALLOWED_HOSTS", org.base_url().to_owned())?;
        let key_file = self.data.join("secret-key");
        if !key_file.exists() {
            write_private(&key_file, &storage::ids::new_secret())?;
        }
        let settings = settings
            .or("SECRET_KEY_FILE", key_file.display().to_string())
            .or("LOG", "warn")
            .or("SALESFORCE_TIMEOUT_SECONDS", "10");
        Ok(settings.config()?)
    }
}

/// Writes a file that only its owner may read.
fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut made =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file)?;
    made.write_all(text.as_bytes())
}

/// Makes what a demo shows, unless an earlier run made it; gives the API key, and whether it is new.
async fn fill(
    state: &AppState,
    org: &str,
    data: &Path,
    with_history: bool,
) -> Result<(Option<String>, bool), Box<dyn Error>> {
    let now = state.clock.now();
    let workspace = seed::workspace(&state.database, "demo", "継手デモ株式会社", now).await?;
    let email = EmailAddress::parse(EMAIL)?;
    let first_run = accounts::find_by_email(&state.database.read(), &email).await?.is_none();
    if !first_run {
        let key = std::fs::read_to_string(data.join("api-key")).ok();
        return Ok((key, false));
    }
    let hash = web::auth::password_hash::hash(PASSWORD.to_owned().into())
        .await
        .ok_or("the password could not be hashed")?;
    let mut account = seed::account(workspace.id, email, domain::workspace::Role::Owner, hash, now);
    account.name = "デモ 管理者".to_owned();
    seed::demo_team(&state.database, workspace.id, now).await?;
    if connections::find(&state.database.read(), workspace.id).await?.is_none() {
        let request = ConnectRequest {
            environment: org.to_owned(),
            consumer_key: CONSUMER_KEY.to_owned(),
            consumer_secret: CONSUMER_SECRET.to_owned().into(),
            actor: "system".to_owned(),
            ..ConnectRequest::default()
        };
        connect_headless(state, workspace.id, Flow::ClientCredentials, &request).await?;
    }
    let campaign = first_campaign(org).await?;
    let write = state.database.write().await?;
    accounts::create(&write, &account, now).await?;
    let chosen = SalesforceSettings {
        todo: TodoSettings { enabled: true, lag_minutes: 0, ..TodoSettings::default() },
        campaign: CampaignSettings { enabled: campaign.is_some(), campaign_id: campaign.unwrap_or_default() },
        ..SalesforceSettings::default()
    };
    settings::save(&write, workspace.id, &chosen, now).await?;
    write.commit().await?;
    if with_history {
        let access = (org, CONSUMER_KEY, CONSUMER_SECRET);
        sample::fill(&state.database, &account, access, now).await?;
    }
    let key = seed::api_key(&state.database, workspace.id, &ApiKey::unlimited("demo", now)).await?;
    write_private(&data.join("api-key"), &key)?;
    Ok((Some(key), true))
}

/// The demo's org has campaigns; the first active one is chosen.
async fn first_campaign(org: &str) -> Result<Option<String>, Box<dyn Error>> {
    let rows: serde_json::Value =
        reqwest::get(format!("{org}/emulator/records/Campaign")).await?.error_for_status()?.json().await?;
    let list = rows.as_array().or_else(|| rows["records"].as_array()).cloned().unwrap_or_default();
    let active = list.iter().find(|row| row["IsActive"] == true);
    Ok(active.and_then(|row| row["Id"].as_str()).map(str::to_owned))
}

fn announce(server: SocketAddr, org: &str, api_key: Option<&str>) {
    let text = format!(
        "
  Tsugite (継手) demo — ready

  Book a meeting        http://{server}/b/sales/demo
  Console               http://{server}/console
      sign in with      {EMAIL} / {PASSWORD}
  Salesforce (emulator) {org}/
      sign in with      admin@emulator.example / emulator
  API key               {}

  Ctrl-C ends both.
",
        api_key.unwrap_or("(made in the first run)")
    );
    line(&text);
    line(&format!("ready http://{server}"));
}
