//! `tsugite user`: accounts for the console.

use crate::commands::print::line;
use crate::commands::{seed, workspace};
use crate::config::Settings;
use crate::server::open_database;
use clap::Subcommand;
use domain::value::EmailAddress;
use domain::workspace::Role;
use std::error::Error;
use std::process::ExitCode;
use storage::Clock;
use storage::workspace::accounts;

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Make an account and print its password once.
    Add {
        /// The address with which they sign in.
        email: String,
        /// owner, admin, editor or contributor.
        #[arg(long)]
        role: String,
        /// The workspace.
        #[arg(long, default_value = "main")]
        workspace: String,
    },
    /// Give an account a new password and print it once.
    ResetPassword {
        /// The address with which they sign in.
        email: String,
    },
}

impl User {
    pub(crate) async fn run(self, settings: Settings) -> Result<ExitCode, Box<dyn Error>> {
        let database = open_database(&settings.config()?).await?;
        let now = Clock::default().now();
        let password = storage::ids::new_secret();
        let hash = web::auth::password_hash::hash(password.clone().into())
            .await
            .ok_or("the password could not be hashed")?;
        match self {
            Self::Add { email, role, workspace } => {
                let email = EmailAddress::parse(&email)?;
                let role = Role::from_name(&role)
                    .ok_or("the role is none of owner, admin, editor and contributor")?;
                let workspace = workspace::named(&database, &workspace, now).await?;
                let account = seed::account(workspace.id, email, role, hash, now);
                let write = database.write().await?;
                if !accounts::create(&write, &account, now).await? {
                    return Err(
                        "an account with this address exists already; reset-password gives it a new password"
                            .into(),
                    );
                }
                write.commit().await?;
                line(&format!("{} may sign in with this password: {password}", account.email));
            }
            Self::ResetPassword { email } => {
                let email = EmailAddress::parse(&email)?;
                let write = database.write().await?;
                let account = accounts::find_by_email(&write, &email).await?;
                let account = account.ok_or("no account has this address")?;
                accounts::set_password(&write, account.workspace, account.id, &hash).await?;
                accounts::end_sessions(&write, account.workspace, account.id).await?;
                write.commit().await?;
                line(&format!("{} may sign in with this password: {password}", account.email));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
