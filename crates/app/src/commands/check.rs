//! `tsugite check`: is everything as it should be?

use crate::commands::print::line;
use crate::config::Settings;
use crate::server::{app_state, engine, open_database};
use domain::delivery::Verdict;
use domain::value::Language;
use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;
use storage::Clock;
use storage::org::connections;
use storage::org_request::{OrgRequest, OrgResponse};
use tokio_util::sync::CancellationToken;

const TIMEOUT: Duration = Duration::from_secs(60);

/// Prints a line a finding; fails when something needs attention.
pub(crate) async fn run(settings: Settings) -> Result<ExitCode, Box<dyn Error>> {
    let config = settings.config()?;
    line("configuration: ok");
    let database = open_database(&config).await?;
    line("database: ok");
    let state = app_state(&config, database.clone(), Clock::default(), None)?;
    let stop = CancellationToken::new();
    let worker = tokio::spawn(engine::run(engine(&config, &state), stop.clone()));
    let mut good = true;
    for workspace in connections::list(&database.read()).await? {
        let answer =
            web::actions::org_request::request_and_wait(&state, workspace, &OrgRequest::Preflight, TIMEOUT)
                .await?;
        match answer {
            Some(OrgResponse::Preflight { checks }) => {
                for check in checks {
                    let key = format!("check-{}", check.finding.code);
                    let text = web::text::catalogue::sentence(Language::English, &key, &check.finding.data);
                    line(&format!("{workspace} {:?}: {text}", check.verdict));
                    good &= check.verdict != Verdict::Failed;
                }
            }
            _ => {
                line(&format!("{workspace}: could not reach Salesforce"));
                good = false;
            }
        }
    }
    stop.cancel();
    worker.await?;
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
