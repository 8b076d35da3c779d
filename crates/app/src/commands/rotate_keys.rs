//! `tsugite rotate-keys`: everything is stored with the first key.

use crate::commands::print::line;
use crate::config::Settings;
use crate::server::open_database;
use std::error::Error;
use std::process::ExitCode;
use storage::database::key_rotation;

/// Prints a line a table; fails when something needs a key that isn't configured.
pub(crate) async fn run(settings: Settings) -> Result<ExitCode, Box<dyn Error>> {
    let database = open_database(&settings.config()?).await?;
    for done in key_rotation::rotate(&database).await? {
        let key_rotation::Rotated { table, rotated, current, unreadable } = done;
        let unreadable = if unreadable > 0 {
            format!(", {unreadable} need a key that is not configured")
        } else {
            String::new()
        };
        line(&format!("{table}: {rotated} encrypted with the first key, {current} were already{unreadable}"));
    }
    let older = key_rotation::with_older_keys(&database).await?;
    let missing = crate::server::missing_keys(&database).await;
    database.close().await?;
    missing?;
    if older > 0 {
        line(&format!("{older} rows were changed by a running server meanwhile: run this again."));
        return Ok(ExitCode::FAILURE);
    }
    line(
        "Nothing stored needs an older key. Links in mails sent so far and open pages do: keep the older keys",
    );
    line("configured until those have passed, then remove them.");
    Ok(ExitCode::SUCCESS)
}
