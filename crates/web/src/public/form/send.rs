//! Sending a form (F4).

use crate::actions::form::after;
use crate::actions::form::submission;
use crate::actions::form::submission::{NewSubmission, Sender, SubmissionProblem, TokenUse};
use crate::http::client_address::ClientAddress;
use crate::http::form::Form as Typed;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::public::booking::proof_of_work;
use crate::public::form::confirm::{self, Draft};
use crate::public::form::limit::{self, Counted};
use crate::public::form::open::{Opened, open};
use crate::public::form::show::{Trouble, form_page};
use crate::public::form::token::FormToken;
use crate::public::form::{fields, token};
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::question_input;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::form::{Answers, SpamSign, asks_for_work, email_of, is_quarantined};

/// Nobody fills in a form in less.
const FASTEST_SECONDS: i64 = 2;

/// Takes what was typed: shows it once more, or keeps it and goes on.
pub async fn send(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    visitor: RequestLanguage,
    client: ClientAddress,
    typed: Typed,
) -> Result<Response, PageError> {
    let opened = open(&state, &slug, &visitor).await?;
    if typed.is_on("draft") {
        return send_draft(&state, &opened, &visitor, client, &typed).await;
    }
    let own = Typed::of(fields::own_pairs(&opened.form, &typed));
    // Another language was chosen, or the questions are to follow the answers; nothing is sent.
    if typed.text("do") == "show" {
        let kept = Trouble { token: Some(typed.text("token").to_owned()), ..Trouble::default() };
        return form_page(&state, &opened, &visitor, &own, kept);
    }
    let answers = question_input::answers(&opened.form.fields, &own);
    let checked = match submission::check_only(&opened.form, &answers) {
        Ok(checked) => checked,
        Err(problems) => {
            let trouble =
                Trouble { problems, token: Some(typed.text("token").to_owned()), ..Trouble::default() };
            let page = form_page(&state, &opened, &visitor, &own, trouble)?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let begun = token::read(&state, opened.form.id, typed.text("token"));
    let signs = signs_of_sending(&state, begun.as_ref(), &typed);
    if opened.form.confirm {
        let draft = Draft {
            pairs: own.pairs().to_vec(),
            token: typed.text("token").to_owned(),
            signs: signs.iter().map(|sign| sign.name().to_owned()).collect(),
        };
        return confirm::confirm(&state, &opened, &visitor, &draft, &checked).await;
    }
    let sending = Sending {
        own: &own,
        checked: &checked,
        token: typed.text("token"),
        work: typed.text("work"),
        is_unworked: typed.is_on("unworked"),
        draft: None,
    };
    deliver(&state, &opened, &visitor, client, sending, signs).await
}

/// Sends what waits behind the confirm page, or goes back to it.
async fn send_draft(
    state: &AppState,
    opened: &Opened,
    visitor: &RequestLanguage,
    client: ClientAddress,
    typed: &Typed,
) -> Result<Response, PageError> {
    let secret = typed.text("draft");
    let Some(draft) = confirm::find(state, opened, secret).await? else {
        return draft_is_gone(state, opened, visitor, typed).await;
    };
    let own = Typed::of(draft.pairs.clone());
    if typed.text("do") == "back" {
        let kept = Trouble { token: Some(draft.token), ..Trouble::default() };
        return form_page(state, opened, visitor, &own, kept);
    }
    let answers = question_input::answers(&opened.form.fields, &own);
    let checked = match submission::check_only(&opened.form, &answers) {
        Ok(checked) => checked,
        // The form was changed meanwhile.
        Err(problems) => {
            let page = form_page(state, opened, visitor, &own, Trouble { problems, ..Trouble::default() })?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let named = |name: &String| SpamSign::ALL.into_iter().find(|sign| sign.name() == name);
    let signs = draft.signs.iter().filter_map(named).collect();
    let sending = Sending {
        own: &own,
        checked: &checked,
        token: &draft.token,
        work: typed.text("work"),
        is_unworked: typed.is_on("unworked"),
        draft: Some(secret),
    };
    deliver(state, opened, visitor, client, sending, signs).await
}

/// Without a draft there is nothing to send; it may have been sent already, by the first of two clicks.
async fn draft_is_gone(
    state: &AppState,
    opened: &Opened,
    visitor: &RequestLanguage,
    typed: &Typed,
) -> Result<Response, PageError> {
    let t = Translator::new(visitor.language, "Asia/Tokyo");
    if let Some(sent) = submission::sent_draft(state, opened.workspace, typed.text("draft")).await? {
        return Ok(after::go_on(state, opened.workspace, &sent, (visitor.language, &opened.embed)));
    }
    let trouble = Trouble { note: t.text("form-draft-gone"), ..Trouble::default() };
    let page = form_page(state, opened, visitor, &Typed::default(), trouble)?;
    Ok((StatusCode::GONE, page).into_response())
}

/// What is known about how the form was sent; none of it decides alone.
fn signs_of_sending(state: &AppState, begun: Option<&FormToken>, typed: &Typed) -> Vec<SpamSign> {
    let now = state.clock.now();
    let mut signs = Vec::new();
    // Only programs that fill in everything see this input.
    if typed.is_on("website") {
        signs.push(SpamSign::Trap);
    }
    match begun {
        None => signs.push(SpamSign::NoToken),
        Some(token) if token.is_old(now) => signs.push(SpamSign::OldToken),
        Some(token) if now.seconds() - token.issued.seconds() < FASTEST_SECONDS => {
            signs.push(SpamSign::TooFast);
        }
        Some(_) => {}
    }
    signs
}

struct Sending<'a> {
    own: &'a Typed,
    checked: &'a Answers,
    token: &'a str,
    work: &'a str,
    /// The browser was asked for work and runs no scripts.
    is_unworked: bool,
    draft: Option<&'a str>,
}

async fn deliver(
    state: &AppState,
    opened: &Opened,
    visitor: &RequestLanguage,
    client: ClientAddress,
    sending: Sending<'_>,
    mut signs: Vec<SpamSign>,
) -> Result<Response, PageError> {
    let t = Translator::new(visitor.language, "Asia/Tokyo");
    let email = email_of(&opened.form, sending.checked);
    // Whoever sends without a token of ours is told apart by what was sent.
    let nonce = token::read(state, opened.form.id, sending.token)
        .map_or_else(storage::ids::new_secret, |token| token.nonce);
    let used =
        submission::token_use(state, opened.workspace, opened.form.id, &nonce, sending.checked).await?;
    // Work is done for one submission.
    let has_worked = used == TokenUse::New && proof_of_work::is_solved(&nonce, sending.work);
    // Sending the same form again is answered as before, and counts as nothing.
    let is_new = used != TokenUse::SameAnswers;
    if is_new {
        match limit::count(state, client, opened.form.id, email.as_ref()).await? {
            Counted::Taken(more) => signs.extend(more),
            Counted::Full(at) => {
                let minutes = ((at.seconds() - state.clock.now().seconds()).max(1) + 59) / 60;
                let note = t.fill("form-too-often-sent", "minutes", minutes);
                let kept = Trouble { note, token: Some(sending.token.to_owned()), ..Trouble::default() };
                let page = form_page(state, opened, visitor, sending.own, kept)?;
                let headers = [(header::RETRY_AFTER, (minutes * 60).to_string())];
                return Ok((StatusCode::TOO_MANY_REQUESTS, headers, page).into_response());
            }
        }
    }
    if is_new && has_worked {
        // Work clears what volume and speed made suspicious, never what was filled in.
        signs.retain(|sign| {
            !matches!(sign, SpamSign::ManyFromAddress | SpamSign::ManyFromDomain | SpamSign::TooFast)
        });
    } else if is_new && asks_for_work(&signs) && !is_quarantined(&signs) && !sending.is_unworked {
        let kept = Trouble {
            asks_for_work: true,
            token: (used == TokenUse::New).then(|| sending.token.to_owned()),
            ..Trouble::default()
        };
        return form_page(state, opened, visitor, sending.own, kept);
    } else if is_new && asks_for_work(&signs) {
        signs.push(SpamSign::NoWork);
    }
    let new = NewSubmission {
        answers: sending.checked.clone(),
        page_url: sending.own.text("page_url").to_owned(),
        language: visitor.language,
        external_id: None,
        sender: Sender::Visitor { nonce, signs, draft: sending.draft.map(str::to_owned) },
    };
    match submission::take(state, opened.workspace, &opened.form, new).await {
        Ok(taken) => Ok(after::go_on(state, opened.workspace, &taken, (visitor.language, &opened.embed))),
        Err(SubmissionProblem::Storage(error)) => Err(PageError::from(error)),
        Err(SubmissionProblem::Invalid(problems)) => {
            let page =
                form_page(state, opened, visitor, sending.own, Trouble { problems, ..Trouble::default() })?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(SubmissionProblem::KeyReused) => {
            Ok(Redirect::to(&format!("/f/{}", opened.form.slug)).into_response())
        }
    }
}
