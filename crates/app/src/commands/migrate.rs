//! `tsugite migrate`: only the schema.

use crate::config::Settings;
use crate::server::open_database;
use clap::Args;
use std::error::Error;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// sqlite:FILE or postgres://…
    #[arg(long)]
    database_url: Option<String>,
}

impl Migrate {
    pub(crate) async fn run(self, mut settings: Settings) -> Result<ExitCode, Box<dyn Error>> {
        if let Some(database_url) = self.database_url {
            settings.set_database_url(database_url)?;
        }
        open_database(&settings.config()?).await?.close().await?;
        crate::commands::print::line("The database is up to date.");
        Ok(ExitCode::SUCCESS)
    }
}
