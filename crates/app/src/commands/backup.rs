//! `tsugite backup` and `tsugite restore`: everything in one file, and back.

use crate::commands::print::line;
use crate::config::Settings;
use clap::Args;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use storage::database::backup;

#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The file to write; it must not exist. Only its owner may read it.
    file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// A file that `tsugite backup` wrote, of this or an earlier release.
    file: PathBuf,
    /// Remove everything that the database holds; without this only an empty one is filled.
    #[arg(long)]
    replace: bool,
}

impl Backup {
    pub(crate) async fn run(self, settings: Settings) -> Result<ExitCode, Box<dyn Error>> {
        let config = settings.config()?;
        let counts = backup::backup(&config.database_url, &self.file).await?;
        let bytes = std::fs::metadata(&self.file)?.len();
        let shown = self.file.display();
        line(&format!("{shown}: {} rows, {bytes} bytes, written and read back", total(&counts)));
        line("The secrets in it are encrypted: keep the secret key too, in another place.");
        Ok(ExitCode::SUCCESS)
    }
}

impl Restore {
    pub(crate) async fn run(self, settings: Settings) -> Result<ExitCode, Box<dyn Error>> {
        let config = settings.config()?;
        crate::server::make_data_folder(&config)?;
        let restored = backup::restore(&self.file, &config.database_url, self.replace).await;
        let counts = restored.map_err(|error| match error {
            storage::StorageError::NotEmpty => {
                "the database is not empty. To remove what it holds, stop the servers that use it and run this again \
                 with --replace"
                    .into()
            }
            other => Box::<dyn Error>::from(other),
        })?;
        for (table, rows) in counts.iter().filter(|(_, rows)| *rows > 0) {
            line(&format!("{table}: {rows} rows"));
        }
        line(&format!("{} rows are restored.", total(&counts)));
        let database = crate::server::open_database(&config).await?;
        let missing = crate::server::missing_keys(&database).await;
        database.close().await?;
        missing?;
        Ok(ExitCode::SUCCESS)
    }
}

fn total(counts: &[(&'static str, i64)]) -> i64 {
    counts.iter().map(|(_, rows)| rows).sum()
}
