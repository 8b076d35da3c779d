//! `tsugite serve`: the server.

use crate::commands::print::line;
use crate::config::Settings;
use crate::server::{Role, app_state, open_database, serve, start_logging, stop_on_signal};
use clap::Args;
use std::error::Error;
use std::process::ExitCode;
use storage::Clock;
use tokio::net::TcpListener;

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

impl Serve {
    pub(crate) async fn run(self, mut settings: Settings) -> Result<ExitCode, Box<dyn Error>> {
        if let Some(listen) = self.listen {
            settings.set("LISTEN", listen)?;
        }
        if let Some(database_url) = self.database_url {
            settings.set("DATABASE_URL", database_url)?;
        }
        let config = settings.config()?;
        start_logging(&config.log, config.log_format);
        let stop = stop_on_signal();
        let database = open_database(&config).await?;
        let listener = TcpListener::bind(config.listen).await?;
        let address = listener.local_addr()?;
        let state =
            app_state(&config, database, Clock::with_speed_since(config.speed, config.speed_since), None)?;
        line(&format!("ready http://{address}"));
        serve(&config, state, self.role, listener, stop).await?;
        Ok(ExitCode::SUCCESS)
    }
}
