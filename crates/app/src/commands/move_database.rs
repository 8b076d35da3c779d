//! `tsugite move-database`: from SQLite to PostgreSQL or back.

use crate::commands::print::line;
use clap::Args;
use std::error::Error;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(crate) struct MoveDatabase {
    /// The database to copy, which no server may use meanwhile.
    from: String,
    /// The database to fill; it must hold nothing.
    to: String,
}

impl MoveDatabase {
    pub(crate) async fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let moved = storage::database::copy::copy_database(&self.from, &self.to).await?;
        for (table, rows) in moved {
            line(&format!("{table}: {rows} rows"));
        }
        Ok(ExitCode::SUCCESS)
    }
}
