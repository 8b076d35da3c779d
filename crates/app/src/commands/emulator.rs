//! `tsugite emulator`: a Salesforce org for people and tests.

use crate::commands::print::line;
use crate::config::LogFormat;
use crate::server::{start_logging, stop_on_signal};
use clap::Args;
use salesforce_emulator::{Options, Seed};
use std::error::Error;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(crate) struct Emulator {
    /// Address and port to listen on.
    #[arg(long, default_value = "127.0.0.1:8791")]
    listen: SocketAddr,
    /// What the org holds at first: empty, demo, or rows:N.
    #[arg(long, default_value = "empty")]
    seed: Seed,
    /// The connected app's consumer key.
    #[arg(long, default_value = "tsugite-emulator-key")]
    client_id: String,
    /// The connected app's consumer secret.
    #[arg(long, default_value = "tsugite-emulator-secret")]
    client_secret: String,
    /// Keep the org in this file between runs.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// How fast the org's clock runs.
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// The address that the org gives as its own, behind a TLS proxy.
    #[arg(long)]
    public_url: Option<String>,
}

impl Emulator {
    pub(crate) async fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        start_logging("info", LogFormat::Text);
        let stop = stop_on_signal();
        let org = salesforce_emulator::Emulator::start(Options {
            listen: self.listen,
            public_url: self.public_url,
            seed: self.seed,
            client_id: self.client_id,
            client_secret: self.client_secret,
            data_file: self.data,
            speed: self.speed,
        })
        .await?;
        line(&format!("ready {}", org.base_url()));
        stop.cancelled().await;
        org.shutdown().await;
        Ok(ExitCode::SUCCESS)
    }
}
