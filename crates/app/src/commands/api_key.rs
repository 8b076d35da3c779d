//! `tsugite api-key`: keys for the REST API.

use crate::commands::print::line;
use crate::commands::{seed, workspace};
use crate::config::Settings;
use crate::server::open_database;
use clap::Subcommand;
use std::error::Error;
use std::process::ExitCode;
use storage::Clock;

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
    },
}

impl ApiKey {
    pub(crate) async fn run(self, settings: Settings) -> Result<ExitCode, Box<dyn Error>> {
        let Self::Create { workspace, name } = self;
        let database = open_database(&settings.config()?).await?;
        let now = Clock::default().now();
        let workspace = workspace::named(&database, &workspace, now).await?;
        line(&seed::api_key(&database, workspace.id, &name, now).await?);
        Ok(ExitCode::SUCCESS)
    }
}
