//! The preflight (C8): what was checked, how it turned out, what to do about it.

use crate::actions::org_request::request_and_wait;
use crate::auth::posted::SignedForm;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::catalogue::find_text;
use crate::text::translator::Translator;
use axum::extract::State;
use axum::response::Redirect;
use domain::delivery::{Check, Verdict};
use std::time::Duration;
use storage::org_request::{OrgRequest, OrgResponse};

/// How long a page waits for the engine's answer.
pub const TIMEOUT: Duration = Duration::from_secs(20);

/// A line of the preflight, told.
#[derive(Clone, Debug)]
pub struct Line {
    /// The verdict's word.
    pub verdict: &'static str,
    /// A sign, so that colour isn't needed.
    pub sign: &'static str,
    /// What was found.
    pub finding: String,
    /// What to do; empty when there is nothing to do.
    pub remedy: String,
}

/// Tells the lines, those that call for something first.
pub fn lines(t: &Translator, checks: &[Check]) -> Vec<Line> {
    let mut ordered: Vec<&Check> = checks.iter().collect();
    ordered.sort_by_key(|check| match check.verdict {
        Verdict::Failed => 0,
        Verdict::Warning => 1,
        Verdict::Unknown => 2,
        Verdict::Passed => 3,
    });
    ordered.into_iter().map(|check| line(t, check)).collect()
}

fn line(t: &Translator, check: &Check) -> Line {
    let (verdict, sign) = match check.verdict {
        Verdict::Passed => ("passed", "✓"),
        Verdict::Failed => ("failed", "✕"),
        Verdict::Warning => ("warning", "!"),
        Verdict::Unknown => ("unknown", "?"),
    };
    let code = &check.finding.code;
    let bad = check.verdict != Verdict::Passed;
    // "Can be created" and "can't be created" are two sentences of one finding.
    let own = format!("check-{verdict}");
    let family =
        if find_text(t.language, &format!("{own}-{code}")).is_some() { own.as_str() } else { "check" };
    let remedy = if bad && find_text(t.language, &format!("remedy-{code}")).is_some() {
        t.render("remedy", &check.finding)
    } else {
        String::new()
    };
    Line { verdict, sign, finding: t.render(family, &check.finding), remedy }
}

/// Runs it again.
pub async fn run(State(state): State<AppState>, posted: SignedForm) -> Result<Redirect, PageError> {
    posted.session.may_edit()?;
    let answer =
        request_and_wait(&state, posted.session.account.workspace, &OrgRequest::Preflight, TIMEOUT).await?;
    Ok(Redirect::to(match answer {
        Some(OrgResponse::Preflight { .. }) => "/console/connection?done=checked#preflight",
        Some(OrgResponse::NotConnected) => "/console/connection?failure=not-connected#preflight",
        Some(_) => "/console/connection?failure=unavailable#preflight",
        None => "/console/connection?failure=no-answer#preflight",
    }))
}
