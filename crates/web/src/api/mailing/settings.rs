//! `/settings/mail`: who a workspace's mails come from, and how fast they go out.

use crate::actions::mailing::compose::report_address;
use crate::actions::mailing::settings::save as save_settings;
use crate::actions::seen_version::Author;
use crate::api::refusals::{InvalidBody, Refused};
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use domain::mailing::{MailSettings, missing_for_sending};
use serde::{Deserialize, Serialize};
use storage::workspace::settings;
use utoipa::ToSchema;

/// Who mails come from, and how fast they go out.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = MailSettings)]
pub struct MailSettingsBody {
    /// The sender's name or company.
    #[schema(example = "サンプル株式会社")]
    sender_name: String,
    /// The sender's postal address.
    #[schema(example = "東京都千代田区丸の内1-1-1")]
    postal_address: String,
    /// A telephone number, mail address or URL for questions and complaints.
    #[schema(example = "https://sample.example/contact")]
    contact: String,
    /// Where replies go; empty for the sender's address.
    #[schema(example = "info@sample.example")]
    reply_to: String,
    /// A mailbox that takes refusals besides the link; empty for none.
    #[schema(example = "unsubscribe@sample.example")]
    unsubscribe_address: String,
    /// Mails a second at most, 1 to 5,000.
    #[schema(example = 20)]
    per_second: u32,
    /// Mails a second at most to one domain, 1 to 5,000.
    #[schema(example = 10)]
    per_domain_second: u32,
}

/// The settings, and whether mails can be sent with them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MailSettingsDetails {
    /// The sender's name or company.
    #[schema(example = "サンプル株式会社")]
    sender_name: String,
    /// The sender's postal address.
    #[schema(example = "東京都千代田区丸の内1-1-1")]
    postal_address: String,
    /// A contact for questions and complaints.
    #[schema(example = "https://sample.example/contact")]
    contact: String,
    /// Where replies go; empty for the sender's address.
    #[schema(example = "info@sample.example")]
    reply_to: String,
    /// A mailbox that takes refusals besides the link; empty for none.
    #[schema(example = "unsubscribe@sample.example")]
    unsubscribe_address: String,
    /// Mails a second at most.
    #[schema(example = 20)]
    per_second: u32,
    /// Mails a second at most to one domain.
    #[schema(example = 10)]
    per_domain_second: u32,
    /// What is missing for sending: names of the settings above.
    #[schema(example = json!(["postal_address"]))]
    missing: Vec<String>,
    /// The address in whose name mails go out; null if the operator set up no mail server.
    #[schema(example = "news@sample.example")]
    sender_address: Option<String>,
    /// Where a mail service reports bounces and complaints; null for those who may only read.
    #[schema(example = "https://tsugite.example/hooks/mail/…")]
    reports_url: Option<String>,
}

impl Default for MailSettingsBody {
    fn default() -> Self {
        let settings = MailSettings::default();
        Self {
            sender_name: settings.sender_name,
            postal_address: settings.postal_address,
            contact: settings.contact,
            reply_to: settings.reply_to,
            unsubscribe_address: settings.unsubscribe_address,
            per_second: settings.per_second,
            per_domain_second: settings.per_domain_second,
        }
    }
}

/// Who mails come from, and how fast they go out.
#[utoipa::path(
    get, path = "/settings/mail", tag = "settings", operation_id = "show_mail_settings",
    responses((status = 200, description = "The settings", body = MailSettingsDetails), Refused),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<MailSettingsDetails>, Problem> {
    let found = settings::find::<MailSettings>(&state.database.read(), caller.workspace).await?;
    Ok(Json(details(&state, found, None)))
}

/// Replaces the settings.
#[utoipa::path(
    put, path = "/settings/mail", tag = "settings", operation_id = "save_mail_settings", request_body = MailSettingsBody,
    responses((status = 200, description = "The settings as saved", body = MailSettingsDetails), Refused, InvalidBody),
)]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<MailSettingsBody>,
) -> Result<Json<MailSettingsDetails>, Problem> {
    let given = MailSettings {
        sender_name: body.sender_name,
        postal_address: body.postal_address,
        contact: body.contact,
        reply_to: body.reply_to,
        unsubscribe_address: body.unsubscribe_address,
        per_second: body.per_second,
        per_domain_second: body.per_domain_second,
    };
    let author = Author::program(&caller.actor);
    let saved = save_settings(&state, caller.workspace, given, author).await?.map_err(Problem::invalid)?;
    let reports_url = report_address(&state, caller.workspace);
    Ok(Json(details(&state, saved, Some(reports_url))))
}

fn details(state: &AppState, settings: MailSettings, reports_url: Option<String>) -> MailSettingsDetails {
    let missing = missing_for_sending(&settings).into_iter();
    MailSettingsDetails {
        missing: missing.filter_map(|problem| problem.data.get("setting").cloned()).collect(),
        sender_address: state.settings.mail_from.clone(),
        reports_url,
        sender_name: settings.sender_name,
        postal_address: settings.postal_address,
        contact: settings.contact,
        reply_to: settings.reply_to,
        unsubscribe_address: settings.unsubscribe_address,
        per_second: settings.per_second,
        per_domain_second: settings.per_domain_second,
    }
}
