//! `/u/…`: refusing further mails. Looking at the link changes nothing, as programs look at links, too.

use crate::actions::mailing::compose::TEST_TOKEN;
use crate::actions::mailing::unsubscribe;
use crate::http::form::Form;
use crate::http::language::{RequestLanguage, other_language};
use crate::http::page_error::PageError;
use crate::public::brand::look;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{PublicFrame, render};
use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::mailing::MailSettings;
use storage::mailing::links::NamedRecipient;
use storage::mailing::recipients::Recipient;
use storage::workspace::settings;

#[derive(Template)]
#[template(path = "public/mailing/unsubscribe.html")]
struct UnsubscribePage {
    frame: PublicFrame,
    action: String,
    /// The reader's address, with most of it left out.
    address: String,
    question: String,
    is_refused: bool,
    /// It was just changed, or never is.
    done: &'static str,
}

/// Asks whether mails are refused, or says that they are.
pub async fn show(
    State(state): State<AppState>,
    Path(token): Path<String>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    if token == TEST_TOKEN {
        return test_page(&visitor);
    }
    let found = find(&state, &token, &visitor).await?;
    page(&state, &found, &visitor, "").await
}

/// Refuses mails, or takes that back.
///
/// Mail programs send this in the name of their user (RFC 8058): without cookies, from anywhere, in a form of either kind.
/// The token alone says whose wish it is. It is answered by a page and no redirect, and a second time changes nothing.
pub async fn send(
    State(state): State<AppState>,
    Path(token): Path<String>,
    visitor: RequestLanguage,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, PageError> {
    if token == TEST_TOKEN {
        return test_page(&visitor);
    }
    let found = find(&state, &token, &visitor).await?;
    let kind = headers.get(axum::http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_form = kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let takes_back = is_form && Form::parse(&body).text("do") == "resume";
    unsubscribe::set(&state, (found.0, &found.1), !takes_back).await?;
    page(&state, &found, &visitor, if takes_back { "resumed" } else { "refused" }).await
}

async fn find(
    state: &AppState,
    token: &str,
    visitor: &RequestLanguage,
) -> Result<(NamedRecipient, Recipient), PageError> {
    let bad = PageError::bad_link().in_language(visitor.language);
    unsubscribe::find(state, token).await?.ok_or(bad)
}

async fn page(
    state: &AppState,
    (named, recipient): &(NamedRecipient, Recipient),
    visitor: &RequestLanguage,
    done: &'static str,
) -> Result<Response, PageError> {
    let read = state.database.read();
    let is_refused = unsubscribe::is_refused(state, named.workspace, recipient).await?;
    let sender = settings::find::<MailSettings>(&read, named.workspace).await?.sender_name;
    let look = look(&read, named.workspace).await?;
    let (frame, address) = (frame(visitor, &sender), masked(&recipient.email_key));
    let question = if sender.is_empty() {
        frame.t.fill("unsubscribe-question", "address", &address)
    } else {
        frame.t.sentence("unsubscribe-question-of", [("address", address.clone()), ("sender", sender)])
    };
    render(&UnsubscribePage {
        frame: PublicFrame { look, ..frame },
        action: format!("{}?language={}", visitor.path, visitor.language.tag()),
        address,
        question,
        is_refused,
        done,
    })
}

fn test_page(visitor: &RequestLanguage) -> Result<Response, PageError> {
    render(&UnsubscribePage {
        frame: frame(visitor, ""),
        action: String::new(),
        address: String::new(),
        question: String::new(),
        is_refused: false,
        done: "test",
    })
}

fn frame(visitor: &RequestLanguage, sender: &str) -> PublicFrame {
    let t = Translator::new(visitor.language, "Asia/Tokyo");
    let other = other_language(visitor.language);
    PublicFrame {
        brand: if sender.is_empty() { t.text("product-name") } else { sender.to_owned() },
        title: t.text("unsubscribe-title"),
        t,
        switch: Some((other, format!("{}?language={}", visitor.path, other.tag()))),
        switch_form: "",
        look: None,
    }
}

/// `t***@example.jp`: enough for its owner, as mails are forwarded with their links.
fn masked(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}***@{domain}")
}
