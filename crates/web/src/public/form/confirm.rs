//! The confirm page (確認画面): what was typed, to be read once more before it is sent.

use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::public::form::open::Opened;
use crate::public::form::show::{frame, path};
use crate::public::form::token;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{PublicFrame, render};
use askama::Template;
use axum::response::Response;
use domain::form::{Answers, FieldKind};
use serde::{Deserialize, Serialize};
use storage::form::drafts;

/// What waits behind the confirm page.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Draft {
    /// What was typed, by input.
    pub(super) pairs: Vec<(String, String)>,
    /// The form's token: sending it makes one submission, however often.
    pub(super) token: String,
    /// What the way it was typed tells, by name.
    pub(super) signs: Vec<String>,
}

#[derive(Template)]
#[template(path = "public/form/confirm.html")]
struct ConfirmPage {
    frame: PublicFrame,
    embed: String,
    action: String,
    draft: String,
    token: String,
    lines: Vec<(String, String)>,
}

/// Keeps a draft and shows it.
pub(super) async fn confirm(
    state: &AppState,
    opened: &Opened,
    visitor: &RequestLanguage,
    draft: &Draft,
    answers: &Answers,
) -> Result<Response, PageError> {
    let secret = storage::ids::new_secret();
    let write = state.database.write().await?;
    let place = (opened.form.id, secret.as_str());
    drafts::save(&write, state.database.vault(), opened.workspace, place, draft, state.clock.now()).await?;
    write.commit().await?;
    let t = Translator::new(visitor.language, "Asia/Tokyo");
    let visible = opened.form.fields.iter().filter(|field| field.kind != FieldKind::Hidden);
    let mut lines = Vec::new();
    for field in visible {
        let Some(answer) = answers.get(&field.key) else { continue };
        let label = field.label_in(t.language).to_owned();
        let text = match field.kind {
            FieldKind::Consent => t.text("question-agreed"),
            _ => t.answer(answer),
        };
        lines.push((label, text));
        let kana: Vec<String> = ["family_kana", "given_kana"]
            .iter()
            .filter_map(|part| answers.get(&field.part(part)).map(domain::form::Answer::to_text))
            .collect();
        if !kana.is_empty() {
            lines.push((t.text("question-kana"), kana.join(" ")));
        }
    }
    let page = render(&ConfirmPage {
        embed: opened.embed.clone(),
        action: path(opened, &t),
        draft: secret,
        token: token::make(state, opened.form.id),
        lines,
        frame: PublicFrame { switch: None, ..frame(opened, t, "") },
    })?;
    Ok(opened.framed(page))
}

/// The draft under a secret.
pub(super) async fn find(
    state: &AppState,
    opened: &Opened,
    secret: &str,
) -> Result<Option<Draft>, PageError> {
    let read = state.database.read();
    let place = (opened.form.id, secret);
    Ok(drafts::find(&read, state.database.vault(), opened.workspace, place, state.clock.now()).await?)
}
