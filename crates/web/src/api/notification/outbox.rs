//! `/notifications`: outgoing messages and their state (N1).

use crate::api::delivery::response::CodeResponse;
use crate::api::refusals::Refused;
use crate::api::value::{ChannelWord, Id, LanguageWord, NotificationStateWord, Time};
use crate::auth::api_caller::Caller;
use crate::http::problem::Problem;
use crate::state::AppState;
use crate::text::catalogue;
use axum::Json;
use axum::extract::State;
use domain::notification::NotificationDelivery;
use domain::value::Language;
use serde::Serialize;
use storage::notification::outbox;
use utoipa::ToSchema;

/// Messages that are listed.
const MAX_LISTED: u32 = 100;

/// The latest outgoing messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NotificationList {
    /// Messages, latest first.
    notifications: Vec<NotificationResponse>,
}

/// An outgoing message to one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Notification)]
pub struct NotificationResponse {
    /// Its ID.
    id: Id,
    /// By which channel.
    channel: ChannelWord,
    /// To which address; empty for Slack.
    #[schema(example = "owner@demo.example")]
    recipient: String,
    /// In which language.
    language: LanguageWord,
    /// What happened; the first of several alike.
    message: CodeResponse,
    /// How many alike the message stands for.
    #[schema(example = 1)]
    count: i64,
    /// When the first of them happened.
    happened_at: Time,
    /// How far it is.
    state: NotificationStateWord,
    /// Attempts so far.
    #[schema(example = 1)]
    attempts: i64,
    /// When it is attempted next.
    due_at: Time,
    /// What the channel last responded.
    answer: Option<CodeResponse>,
    /// What happened, in the caller's language.
    #[schema(example = "A delivery failed")]
    text: String,
    /// What the channel last responded, in the caller's language.
    #[schema(example = "The mail server accepted the message")]
    answer_text: Option<String>,
}

impl NotificationResponse {
    fn of(delivery: &NotificationDelivery, language: Language) -> Self {
        Self {
            id: delivery.id.into(),
            channel: delivery.channel.into(),
            recipient: delivery.recipient.clone(),
            language: delivery.language.into(),
            message: (&delivery.notice.message).into(),
            count: delivery.count,
            happened_at: delivery.happened_at.into(),
            state: delivery.state.into(),
            attempts: delivery.attempts,
            due_at: delivery.due_at.into(),
            answer: delivery.answer.as_ref().map(CodeResponse::from),
            text: catalogue::render(language, "notice", &delivery.notice.message),
            answer_text: delivery.answer.as_ref().map(|step| catalogue::step(language, step)),
        }
    }
}

/// The latest outgoing messages.
#[utoipa::path(
    get, path = "/notifications", tag = "settings", operation_id = "list_notifications",
    responses((status = 200, description = "Messages with their state, latest first", body = NotificationList), Refused),
)]
pub async fn list(State(state): State<AppState>, caller: Caller) -> Result<Json<NotificationList>, Problem> {
    let found = outbox::list(&state.database.read(), caller.workspace, MAX_LISTED).await?;
    let notifications = found.iter().map(|one| NotificationResponse::of(one, caller.language)).collect();
    Ok(Json(NotificationList { notifications }))
}
