//! The page after a form was sent.

use crate::actions::form::after;
use crate::actions::router::after_form;
use crate::http::form::Form as Typed;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::http::redirect::in_a_header;
use crate::public::booking::{days, url};
use crate::public::form::open::{Opened, open};
use crate::public::form::show::frame;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{PublicFrame, render};
use crate::ui::question_input::answer_name;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use domain::booking::BookingPage;
use domain::form::{AfterSubmission, Answer, FieldKind, Form, Submission};
use domain::router::{MessageText, Outcome};
use domain::value::{RoutingDecisionId, WorkspaceId};
use storage::form::submissions;

#[derive(Template)]
#[template(path = "public/form/done.html")]
struct DonePage {
    frame: PublicFrame,
    embed: String,
    message: String,
    /// Where the visitor goes on in the page around the frame; empty for nowhere.
    onward: String,
}

/// Shows the message, or the booking page with what the form was told.
pub async fn show(
    State(state): State<AppState>,
    Path((slug, token)): Path<(String, String)>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let opened = open(&state, &slug, &visitor).await?;
    let t = Translator::new(visitor.language, "Asia/Tokyo");
    let Some((workspace, submission)) = after::read(&state, &token) else {
        return message(&opened, t, String::new());
    };
    let submission = submissions::find(&state.database.read(), workspace, submission).await?;
    let submission = submission.filter(|_| workspace == opened.workspace);
    let Some(submission) = submission else { return message(&opened, t, String::new()) };
    let follows = follows(&state, workspace, &opened.form, &submission).await?;
    match follows {
        Follows::Message { text } => {
            let text = text.text_in(t.language).to_owned();
            done_page(&opened, t, (text, String::new()))
        }
        Follows::Default => message(&opened, t, String::new()),
        // In a frame there is no room for another page: the page around it goes on.
        Follows::Redirect { url } if !opened.embed.is_empty() => message(&opened, t, url),
        Follows::Page { .. } if !opened.embed.is_empty() => {
            let onward = after::done_address(&state, workspace, &submission);
            message(&opened, t, onward)
        }
        Follows::Page { page, decision } => {
            match booking(&state, &opened, &visitor, (&page, decision), &submission).await {
                // The form was sent, whatever became of the booking page.
                Err(error) if error.status().is_client_error() => message(&opened, t, String::new()),
                shown => shown,
            }
        }
        // A redirect would count as where the form leads, which its policy and other sites' redirects may forbid.
        Follows::Redirect { url } => {
            let mut page = message(&opened, t, url.clone())?;
            if let Ok(refresh) = HeaderValue::from_str(&format!("0; url={url}")) {
                page.headers_mut().insert(header::REFRESH, refresh);
            }
            Ok(page)
        }
    }
}

/// What a visitor gets after the form.
enum Follows {
    /// The form's own message, or ours.
    Default,
    /// A router's text.
    Message { text: MessageText },
    /// Another page of the website.
    Redirect { url: String },
    /// A booking page, as a router decided or the form says.
    Page { page: String, decision: Option<RoutingDecisionId> },
}

async fn follows(
    state: &AppState,
    workspace: WorkspaceId,
    form: &Form,
    submission: &Submission,
) -> Result<Follows, PageError> {
    let router = match &form.then {
        AfterSubmission::Message { .. } => return Ok(Follows::Default),
        AfterSubmission::Redirect { url } => return Ok(Follows::Redirect { url: in_a_header(url) }),
        AfterSubmission::Page { page } => {
            return Ok(Follows::Page { page: page.clone(), decision: None });
        }
        AfterSubmission::Router { router } => router,
    };
    let Some(decided) = after_form::decide(state, workspace, router, submission).await? else {
        return Ok(Follows::Default);
    };
    Ok(match (decided.result.page(), &decided.result.outcome) {
        (Some(page), _) => Follows::Page { page: page.to_owned(), decision: Some(decided.id) },
        (None, Outcome::Message { text }) => Follows::Message { text: text.clone() },
        (None, Outcome::Redirect { url }) => Follows::Redirect { url: in_a_header(url) },
        (None, _) => Follows::Default,
    })
}

fn message(opened: &Opened, t: Translator, onward: String) -> Result<Response, PageError> {
    let text = after::message(&opened.form.then, t.language);
    done_page(opened, t, (text, onward))
}

fn done_page(
    opened: &Opened,
    t: Translator,
    (message, onward): (String, String),
) -> Result<Response, PageError> {
    let page = render(&DonePage {
        embed: opened.embed.clone(),
        onward,
        message,
        frame: PublicFrame { title: t.text("form-sent-title"), switch: None, ..frame(opened, t, "") },
    })?;
    Ok(opened.framed(page))
}

async fn booking(
    state: &AppState,
    opened: &Opened,
    visitor: &RequestLanguage,
    (page, decision): (&str, Option<RoutingDecisionId>),
    submission: &Submission,
) -> Result<Response, PageError> {
    let (team, slug) = page.split_once('/').unwrap_or((page, ""));
    let booking = url::open_routed(state, (team, slug), visitor.language, |_| decision).await?;
    let typed = carried(&opened.form, &booking.page, submission);
    days::after_form(state, &booking, visitor, typed).await
}

/// What the booking form needn't ask again: the person, and answers to questions with the same key.
fn carried(form: &Form, page: &BookingPage, submission: &Submission) -> Typed {
    let text = |key: &str| match submission.answers.get(key) {
        Some(Answer::One(text)) => text.clone(),
        Some(Answer::Many(_)) | None => String::new(),
    };
    let of_kind = |kind: FieldKind| form.fields.iter().find(|field| field.kind == kind);
    let mut pairs: Vec<(String, String)> = Vec::new();
    if let Some(email) = &submission.email {
        pairs.push(("attendee.email".to_owned(), email.to_string()));
    }
    if let Some(name) = of_kind(FieldKind::Name) {
        pairs.push(("attendee.name".to_owned(), text(&name.key)));
        pairs.push(("attendee.family_name".to_owned(), text(&name.part("family"))));
        pairs.push(("attendee.given_name".to_owned(), text(&name.part("given"))));
    }
    if let Some(company) = of_kind(FieldKind::Company) {
        pairs.push(("attendee.company".to_owned(), text(&company.key)));
    }
    for field in &page.fields {
        match submission.answers.get(&field.key) {
            Some(Answer::One(text)) => pairs.push((answer_name(&field.key), text.clone())),
            Some(Answer::Many(chosen)) => {
                pairs.extend(chosen.iter().map(|choice| (answer_name(&field.key), choice.clone())));
            }
            None => {}
        }
    }
    Typed::of(pairs)
}
