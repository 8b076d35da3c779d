//! `tsugite serve`: the server.

use crate::commands::print::line;
use crate::config::Settings;
use crate::server::{
    Role, app_state, bind, missing_keys, open_database, serve, start_logging, stop_on_signal,
};
use clap::Args;
use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;
use storage::queue::lease::database_time;
use storage::{Clock, Database};

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Address and port to listen on.
    #[arg(long)]
    listen: Option<String>,
    /// sqlite:FILE or postgres://…
    #[arg(long)]
    database_url: Option<String>,
    /// Which parts run in this process.
    #[arg(long, default_value = "all")]
    role: Role,
}

/// Refuses to work with a clock that is far from the database's: what is due, and which times can be booked, would be
/// decided differently by each node.
async fn check_clock(database: &Database, clock: Clock, most: Duration) -> Result<(), Box<dyn Error>> {
    let before = clock.wall();
    let database_time = database_time(&database.read()).await?;
    // The answer was made between these two moments.
    let after = clock.wall();
    let ahead = before.microseconds() - database_time.microseconds();
    let behind = database_time.microseconds() - after.microseconds();
    let skew = Duration::from_micros(u64::try_from(ahead.max(behind)).unwrap_or_default());
    if skew <= most {
        return Ok(());
    }
    let by = if ahead > 0 { "ahead of" } else { "behind" };
    Err(format!(
        "this machine's clock is {} seconds {by} the database's. Synchronize both clocks (NTP) and start again; \
         TSUGITE_MAX_CLOCK_SKEW_SECONDS sets how much is accepted",
        skew.as_secs()
    )
    .into())
}

impl Serve {
    pub(crate) async fn run(self, mut settings: Settings) -> Result<ExitCode, Box<dyn Error>> {
        if let Some(listen) = self.listen {
            settings.set("LISTEN", listen)?;
        }
        if let Some(database_url) = self.database_url {
            settings.set_database_url(database_url)?;
        }
        let config = settings.config()?;
        start_logging(&config.log, config.log_format);
        let stop = stop_on_signal();
        let database = open_database(&config).await?;
        let clock =
            Clock::with_speed_since(config.speed, config.speed_since).with_offset(config.clock_offset);
        check_clock(&database, clock, config.max_clock_skew).await?;
        missing_keys(&database).await?;
        let listener = bind(config.listen).await?;
        let address = listener.local_addr()?;
        let state = app_state(&config, database.clone(), clock, None)?;
        line(&format!("ready http://{address}"));
        serve(&config, state, self.role, listener, stop).await?;
        // The last connection to an SQLite file copies the log into it.
        if tokio::time::timeout(config.connections.drain, database.close()).await.is_err() {
            tracing::warn!("the database took too long to close");
        }
        Ok(ExitCode::SUCCESS)
    }
}
