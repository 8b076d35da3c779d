//! `tsugite workspace`: the customers of this server.

use crate::commands::print::{line, notice};
use crate::config::Settings;
use crate::server::open_database;
use clap::Subcommand;
use domain::value::{Language, Timestamp};
use std::error::Error;
use std::process::ExitCode;
use storage::workspace::workspaces;
use storage::workspace::workspaces::Workspace;
use storage::{Clock, Database};

#[derive(Debug, Subcommand)]
pub(crate) enum WorkspaceCommand {
    /// Make a workspace.
    Create {
        /// Its name on the command line: lower-case letters, digits and hyphens.
        slug: String,
        /// Its name on the screen.
        #[arg(long)]
        name: Option<String>,
        /// The time zone of its meetings.
        #[arg(long, default_value = "Asia/Tokyo")]
        time_zone: String,
        /// The language of what it writes to Salesforce: ja or en.
        #[arg(long, default_value = "ja")]
        language: String,
        /// Do nothing when there is one already.
        #[arg(long)]
        if_missing: bool,
    },
    /// List the workspaces of this server.
    List,
}

impl WorkspaceCommand {
    pub(crate) async fn run(self, settings: Settings) -> Result<ExitCode, Box<dyn Error>> {
        let database = open_database(&settings.config()?).await?;
        match self {
            Self::List => {
                for workspace in workspaces::list(&database.read()).await? {
                    line(&format!("{}  {}", workspace.slug, workspace.name));
                }
            }
            Self::Create { slug, name, time_zone, language, if_missing } => {
                if !is_slug(&slug) {
                    return Err(
                        "a workspace's name has lower-case letters, digits and hyphens, 40 at most".into()
                    );
                }
                if jiff::tz::TimeZone::get(&time_zone).is_err() {
                    return Err(format!("there is no time zone {time_zone}; one is Asia/Tokyo").into());
                }
                let language = Language::from_tag(&language).ok_or("the language is neither ja nor en")?;
                let write = database.write().await?;
                if workspaces::find_by_slug(&write, &slug).await?.is_some() {
                    if if_missing {
                        return Ok(ExitCode::SUCCESS);
                    }
                    return Err(format!("there is a workspace {slug} already").into());
                }
                let now = Clock::default().now();
                let name = name.unwrap_or_else(|| slug.clone());
                let made = Workspace { id: storage::ids::new(now), slug, name, time_zone, language };
                workspaces::create(&write, &made, now).await?;
                write.commit().await?;
                line(&format!("made the workspace {}", made.slug));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn is_slug(text: &str) -> bool {
    let known = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    (1..=40).contains(&text.len()) && text.chars().all(known) && !text.starts_with('-')
}

/// The workspace that a command names. On a server without any the first one is made, as nothing can be mistyped yet.
pub(crate) async fn named(
    database: &Database,
    slug: &str,
    now: Timestamp,
) -> Result<Workspace, Box<dyn Error>> {
    let all = workspaces::list(&database.read()).await?;
    if all.is_empty() && is_slug(slug) {
        let made = crate::commands::seed::workspace(database, slug, slug, now).await?;
        notice(&format!("made the workspace {slug}, the first of this server"));
        return Ok(made);
    }
    let slugs: Vec<String> = all.iter().map(|workspace| workspace.slug.clone()).collect();
    all.into_iter().find(|workspace| workspace.slug == slug).ok_or_else(|| unknown(slug, &slugs).into())
}

/// Names those that are most like what was typed.
fn unknown(typed: &str, known: &[String]) -> String {
    const SHOWN: usize = 3;
    let mut near: Vec<&String> = known.iter().collect();
    near.sort_by_key(|slug| strsim::damerau_levenshtein(typed, slug));
    near.truncate(SHOWN);
    let near: Vec<&str> = near.into_iter().map(String::as_str).collect();
    format!(
        "there is no workspace {typed}. The nearest: {}. `tsugite workspace list` shows all, \
         `tsugite workspace create {typed}` makes it",
        near.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::unknown;

    #[test]
    fn mistyped_name_is_refused_with_the_nearest() {
        let known = ["acme", "main", "sales-jp", "sales-us", "zeta"].map(str::to_owned);
        let told = unknown("sales-pj", &known);
        assert!(told.contains("The nearest: sales-jp, sales-us, "), "{told}");
    }
}
