//! The form itself (F1).

use crate::http::form::Form as Typed;
use crate::http::language::{RequestLanguage, other_language};
use crate::http::page_error::PageError;
use crate::public::booking::proof_of_work;
use crate::public::form::fields::{self, Origin, Question};
use crate::public::form::open::{Opened, of_form, open};
use crate::public::form::token;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{PublicFrame, render};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use domain::form::Form;
use domain::value::{FieldProblem, WorkspaceId};

#[derive(Template)]
#[template(path = "public/form/form.html")]
struct FormPage {
    frame: PublicFrame,
    embed: String,
    description: String,
    action: String,
    token: String,
    problems: Problems,
    /// Zero bits of the work that the browser is asked for; 0 for none.
    work_bits: u32,
    questions: Vec<Question>,
    hidden: Vec<(String, String)>,
    has_conditions: bool,
    confirms: bool,
    /// It is shown to those who make it, and can't be sent.
    is_preview: bool,
}

/// What stands above the form because it could not be sent.
#[derive(Default)]
pub(super) struct Trouble {
    pub(super) note: String,
    pub(super) problems: Vec<FieldProblem>,
    pub(super) asks_for_work: bool,
    /// The token that was sent stays: sending again is the same submission.
    pub(super) token: Option<String>,
    pub(super) is_preview: bool,
}

/// A form as its visitors see it, for those who make it.
pub(crate) async fn preview(
    state: &AppState,
    workspace: WorkspaceId,
    form: Form,
    visitor: &RequestLanguage,
    typed: &Typed,
) -> Result<Response, PageError> {
    let opened = of_form(state, workspace, form).await?;
    form_page(state, &opened, visitor, typed, Trouble { is_preview: true, ..Trouble::default() })
}

/// Shows the form, filled in from its address.
pub async fn show(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    visitor: RequestLanguage,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let opened = open(&state, &slug, &visitor).await?;
    let referrer = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // The tag names the page and where its visitor came from; a plain link has only the browser's word.
    let page = visitor.query.find("page").unwrap_or(referrer);
    let origin = Origin { page, referrer: visitor.query.find("referrer").unwrap_or(referrer) };
    let typed = fields::prefilled(&opened.form, &visitor.query, &origin);
    form_page(&state, &opened, &visitor, &typed, Trouble::default())
}

/// The form with what was typed.
pub(super) fn form_page(
    state: &AppState,
    opened: &Opened,
    visitor: &RequestLanguage,
    typed: &Typed,
    trouble: Trouble,
) -> Result<Response, PageError> {
    let form = &opened.form;
    let t = Translator::new(visitor.language, "Asia/Tokyo");
    let (questions, mut problems) = fields::questions(&t, form, typed, &trouble.problems);
    if !trouble.note.is_empty() {
        problems = problems.and(trouble.note);
    }
    let page = render(&FormPage {
        embed: opened.embed.clone(),
        description: form.description_in(t.language).to_owned(),
        action: path(opened, &t),
        token: trouble.token.unwrap_or_else(|| token::make(state, form.id)),
        problems,
        work_bits: if trouble.asks_for_work { proof_of_work::BITS } else { 0 },
        questions,
        hidden: fields::hidden(form, typed),
        has_conditions: fields::has_conditions(form),
        confirms: form.confirm,
        is_preview: trouble.is_preview,
        frame: frame(opened, t, "form"),
    })?;
    Ok(opened.framed(page))
}

/// The form's address in a language.
pub(super) fn path(opened: &Opened, t: &Translator) -> String {
    in_frame(&opened.embed, format!("/f/{}?language={}", opened.form.slug, t.tag()))
}

/// An address of the form that goes on in the same frame.
pub(super) fn in_frame(embed: &str, address: String) -> String {
    if embed.is_empty() {
        return address;
    }
    let mut parameter = url::form_urlencoded::Serializer::new(String::new());
    parameter.append_pair("embed", embed);
    format!("{address}&{}", parameter.finish())
}

/// The frame of the form's pages; switching the language sends the form with this ID along.
pub(super) fn frame(opened: &Opened, t: Translator, switch_form: &'static str) -> PublicFrame {
    let other = other_language(t.language);
    PublicFrame {
        title: opened.form.title_in(t.language).to_owned(),
        brand: opened.brand.clone(),
        switch: Some((
            other,
            in_frame(&opened.embed, format!("/f/{}?language={}", opened.form.slug, other.tag())),
        )),
        switch_form,
        look: opened.look.clone(),
        t,
    }
}
