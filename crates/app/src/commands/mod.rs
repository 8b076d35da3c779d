//! The commands, one file each.

mod api_key;
mod backup;
mod check;
mod demo;
mod emulator;
mod migrate;
mod move_database;
pub(crate) mod print;
mod rotate_keys;
mod runs;
mod sample;
mod seed;
mod serve;
mod user;
mod workspace;

use crate::config::Settings;
use clap::{Parser, Subcommand};
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

/// Tsugite connects a company's website to its Salesforce org: each booking creates the right Leads, Events,
/// Tasks and campaign members exactly once, and a timeline explains why.
#[derive(Debug, Parser)]
#[command(name = "tsugite", version, after_help = settings_help())]
pub(crate) struct Arguments {
    /// A TOML file with the same keys as the TSUGITE_* variables, in lower case.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a server with an emulated Salesforce org, seeded and connected.
    Demo(demo::Demo),
    /// Run the server.
    Serve(serve::Serve),
    /// Update the database schema and exit.
    Migrate(migrate::Migrate),
    /// Run an emulated Salesforce org.
    Emulator(emulator::Emulator),
    /// Create users.
    #[command(subcommand)]
    User(user::User),
    /// Create keys for the REST API.
    #[command(subcommand)]
    ApiKey(api_key::ApiKey),
    /// Check the configuration, the database and, if connected, the org; exits with 1 if a check fails.
    Check,
    /// List recent syncs and imports, or follow the current one.
    Runs(runs::Runs),
    /// Print the description of the REST API.
    Openapi,
    /// Write everything to one file while the server runs.
    Backup(backup::Backup),
    /// Fill an empty database from a backup.
    Restore(backup::Restore),
    /// Encrypt everything that is stored with the first of SECRET_KEY's keys.
    RotateKeys,
    /// Make and list workspaces.
    #[command(subcommand)]
    Workspace(workspace::WorkspaceCommand),
    /// Copy all data from one database to an empty one.
    MoveDatabase(move_database::MoveDatabase),
}

fn settings_help() -> String {
    let mut help = "Settings (as variables TSUGITE_… or in the file named by --config):\n".to_owned();
    for (key, what) in crate::config::KEYS {
        help.push_str(&format!("  {key:<28}{what}\n"));
    }
    help
}

/// Runs the command that was asked for.
pub(crate) async fn run(arguments: Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let settings = || Settings::read(arguments.config.as_deref());
    match arguments.command {
        Command::Demo(demo) => demo.run(settings()?).await,
        Command::Serve(serve) => serve.run(settings()?).await,
        Command::Migrate(migrate) => migrate.run(settings()?).await,
        Command::Emulator(emulator) => emulator.run().await,
        Command::User(user) => user.run(settings()?).await,
        Command::ApiKey(api_key) => api_key.run(settings()?).await,
        Command::Check => check::run(settings()?).await,
        Command::Runs(command) => command.run(settings()?).await,
        Command::Openapi => {
            print::text(&web::api::openapi::text());
            Ok(ExitCode::SUCCESS)
        }
        Command::Backup(command) => command.run(settings()?).await,
        Command::Restore(command) => command.run(settings()?).await,
        Command::RotateKeys => rotate_keys::run(settings()?).await,
        Command::Workspace(command) => command.run(settings()?).await,
        Command::MoveDatabase(command) => command.run().await,
    }
}
