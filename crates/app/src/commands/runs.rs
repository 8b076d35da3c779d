//! `tsugite runs`: what syncs and imports have done, and how far the one is that is under way.

use crate::commands::print::line;
use crate::config::Settings;
use crate::server::open_database;
use clap::Args;
use domain::run::{Receipt, Run, RunState};
use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;
use storage::Database;
use storage::run::runs;
use storage::workspace::workspaces;

/// Runs that are listed.
const MAX: u32 = 20;
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Debug, Args)]
pub(crate) struct Runs {
    /// The workspace.
    #[arg(long, default_value = "main")]
    workspace: String,
    /// Tell how far the latest run is until it is over; the exit status says whether it was done.
    #[arg(long)]
    follow: bool,
}

impl Runs {
    pub(crate) async fn run(self, settings: Settings) -> Result<ExitCode, Box<dyn Error>> {
        let database = open_database(&settings.config()?).await?;
        let Some(workspace) = workspaces::find_by_slug(&database.read(), &self.workspace).await? else {
            return Err(format!("there is no workspace {}", self.workspace).into());
        };
        let list = runs::list(&database.read(), workspace.id, None, MAX).await?;
        if self.follow {
            return match list.into_iter().next() {
                Some(latest) => follow(&database, workspace.id, latest).await,
                None => Err("nothing was synced or imported yet".into()),
            };
        }
        for run in list.iter().rev() {
            line(&render(run));
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn follow(
    database: &Database,
    workspace: domain::value::WorkspaceId,
    mut run: Run,
) -> Result<ExitCode, Box<dyn Error>> {
    let mut said = String::new();
    loop {
        let now = render(&run);
        if now != said {
            line(&now);
            said = now;
        }
        if run.state.is_over() {
            let done = run.state == RunState::Done;
            return Ok(if done { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        tokio::time::sleep(PAUSE).await;
        let found = runs::find(&database.read(), workspace, run.id).await?;
        run = found.ok_or("the run is remembered no longer")?;
    }
}

/// One line: when, what, who, how it stands, and its receipt.
fn render(run: &Run) -> String {
    let Receipt { calls, bytes, changed, unchanged, failed, .. } = &run.receipt;
    let mut text =
        format!("{}  {}  {}  {}", run.requested_at, run.kind.name(), run.origin.name(), run.state.name());
    for (object, expected) in &run.receipt.expected {
        let received = run.receipt.received.get(object).copied().unwrap_or(0);
        text.push_str(&format!("  {object} {received}/{expected}"));
    }
    text.push_str(&format!("  changed {changed}  unchanged {unchanged}  failed {failed}"));
    for (state, count) in &run.receipt.gone {
        text.push_str(&format!("  {state} {count}"));
    }
    text.push_str(&format!("  calls {calls}  bytes {bytes}"));
    if let Some(reason) = &run.reason {
        let detail = reason.data.get("detail").map_or("", String::as_str);
        text.push_str(&format!("  {} {}", reason.code, detail.replace('\n', " ")));
    }
    text
}
