//! Slack's incoming webhooks.

use crate::channel::send_error::{SendError, excerpt};
use domain::notification::{MessageText, SlackWebhook};
use reqwest::StatusCode;
use reqwest::header::RETRY_AFTER;
use serde_json::json;

/// Posts a message and gives Slack's answer. The webhook's address is a secret and stands in no error.
pub(crate) async fn post(
    http: &reqwest::Client,
    webhook: &SlackWebhook,
    wording: &MessageText,
) -> Result<String, SendError> {
    let body = json!({ "text": wording.slack(), "unfurl_links": false });
    let sent = http.post(webhook.expose().clone()).json(&body).send().await;
    let mut answer = sent.map_err(|error| SendError::Unreachable(reason(error)))?;
    let status = answer.status();
    let pause = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    // Slack answers with a word or two; whatever else comes is not read to its end.
    let first = answer.chunk().await.ok().flatten().unwrap_or_default();
    let said = excerpt(&format!("{} {}", status.as_u16(), String::from_utf8_lossy(&first)));
    if status == StatusCode::OK {
        return Ok(said);
    }
    // A webhook that was removed or a channel that was archived can be fixed by an admin within the day.
    Err(SendError::Refused { said, for_good: false, pause })
}

fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    excerpt(&text)
}

#[cfg(test)]
#[path = "slack_tests.rs"]
mod tests;
