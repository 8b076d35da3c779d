//! A mailing as a person would get it.

use crate::actions::mailing::compose;
use crate::auth::session::SignedIn;
use crate::console::mailing::show::find;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::http::security_headers::MailView;
use crate::state::AppState;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::Input;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Response};
use domain::mailing::FilledMailing;
use domain::people::email_key;
use storage::mailing::mailings::Mailing;
use storage::people::person;

#[derive(Template)]
#[template(path = "console/mailing/preview.html")]
struct PreviewPage {
    frame: ConsoleFrame,
    id: String,
    who: Input,
    is_missing: bool,
    subject: String,
    text: String,
    /// Where the HTML part is; empty if there is none.
    mail: String,
}

/// A mailing as one person would get it.
struct Filled {
    mailing: Mailing,
    /// The address that was typed.
    typed: String,
    /// Nobody has it.
    is_missing: bool,
    mail: FilledMailing,
}

/// Shows it for the person with an address, or with sample values.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(id): Path<String>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let Filled { mailing, typed, is_missing, mail } = fill(&state, &session, &id, &visitor).await?;
    let t = &session.words;
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("email", &typed).finish();
    let frame = ConsoleFrame::new(&state, &session, "mailings", "mailing-preview").await?;
    let mut page = render(&PreviewPage {
        who: Input::line(t, "email", t.text("mailing-preview-email"), &typed).medium(),
        is_missing,
        subject: mail.subject,
        text: mail.text,
        mail: if mail.html.is_empty() {
            String::new()
        } else {
            format!("/console/mailings/{id}/preview/mail?{query}")
        },
        id,
        frame: frame
            .under(t.text("nav-mailings"), "/console/mailings")
            .under(mailing.content.name.clone(), format!("/console/mailings/{}", mailing.id)),
    })?;
    page.extensions_mut().insert(MailView::Framing);
    Ok(page)
}

/// The HTML part alone, for the frame of the preview.
pub async fn mail(
    State(state): State<AppState>,
    session: SignedIn,
    Path(id): Path<String>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let Filled { mail, .. } = fill(&state, &session, &id, &visitor).await?;
    let mut document = Html(mail.html).into_response();
    document.extensions_mut().insert(MailView::Mail);
    Ok(document)
}

async fn fill(
    state: &AppState,
    session: &SignedIn,
    id: &str,
    visitor: &RequestLanguage,
) -> Result<Filled, PageError> {
    let mailing = find(state, session, id).await?;
    let workspace = session.account.workspace;
    let typed = visitor.query.text("email").trim().to_owned();
    let key = email_key(&typed);
    let found = if key.is_empty() {
        Vec::new()
    } else {
        person::by_email(&state.database.read(), workspace, std::slice::from_ref(&key)).await?
    };
    let (_, mail) = compose::preview(state, workspace, &mailing.content, found.first()).await?;
    Ok(Filled { mailing, is_missing: !typed.is_empty() && found.is_empty(), typed, mail })
}
