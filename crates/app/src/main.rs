//! The binary `tsugite`: configuration, wiring and commands.

mod commands;
mod config;
mod http_server;
mod server;

use clap::Parser as _;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = commands::Arguments::parse();
    match commands::run(arguments).await {
        Ok(code) => code,
        Err(error) => {
            use std::io::Write as _;
            let mut text = format!("tsugite: {error}\n");
            let mut cause = error.source();
            while let Some(reason) = cause {
                text.push_str(&format!("  because: {reason}\n"));
                cause = reason.source();
            }
            // Nothing can be done about a standard error that can't be written to.
            let _ = std::io::stderr().write_all(text.as_bytes());
            ExitCode::FAILURE
        }
    }
}
