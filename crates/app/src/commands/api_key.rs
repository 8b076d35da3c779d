//! `tsugite api-key`: keys for the REST API.

use crate::commands::print::line;
use crate::commands::{seed, workspace};
use crate::config::Settings;
use crate::server::open_database;
use clap::Subcommand;
use domain::workspace::ApiScope;
use std::error::Error;
use std::process::ExitCode;
use storage::Clock;
use storage::workspace::api_keys;

#[derive(Debug, Subcommand)]
pub(crate) enum ApiKey {
    /// Make a key and print it once.
    Create {
        /// The workspace.
        #[arg(long)]
        workspace: String,
        /// What the key is for.
        #[arg(long)]
        name: String,
        /// What it may be used for: read, bookings or settings; given several times, for each. Default: all.
        #[arg(long = "scope")]
        scopes: Vec<String>,
        /// The days after which it stops working. Default: never.
        #[arg(long, value_parser = clap::value_parser!(u16).range(1..=3650))]
        expires_days: Option<u16>,
    },
}

impl ApiKey {
    pub(crate) async fn run(self, settings: Settings) -> Result<ExitCode, Box<dyn Error>> {
        let Self::Create { workspace, name, scopes, expires_days } = self;
        let database = open_database(&settings.config()?).await?;
        let now = Clock::default().now();
        let mut key = api_keys::ApiKey::unlimited(&name, now);
        if !scopes.is_empty() {
            let known = scopes.iter().map(|scope| ApiScope::from_name(scope)).collect::<Option<Vec<_>>>();
            key.scopes = known.ok_or("a scope is none of read, bookings and settings")?;
        }
        key.expires_at = expires_days.map(|days| now.plus_minutes(i64::from(days) * 24 * 60));
        let workspace = workspace::named(&database, &workspace, now).await?;
        line(&seed::api_key(&database, workspace.id, &key).await?);
        Ok(ExitCode::SUCCESS)
    }
}
