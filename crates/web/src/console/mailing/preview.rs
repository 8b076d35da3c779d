//! A mailing as a person would get it.

use crate::actions::mailing::compose;
use crate::auth::session::SignedIn;
use crate::console::mailing::show::find;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::Input;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::people::email_key;
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
    html: String,
}

/// Shows it for the person with an address, or with sample values.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(id): Path<String>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let mailing = find(&state, &session, &id).await?;
    let (t, workspace) = (&session.words, session.account.workspace);
    let typed = visitor.query.text("email").trim();
    let key = email_key(typed);
    let found = if key.is_empty() {
        Vec::new()
    } else {
        person::by_email(&state.database.read(), workspace, std::slice::from_ref(&key)).await?
    };
    let (_, filled) = compose::preview(&state, workspace, &mailing.content, found.first()).await?;
    let frame = ConsoleFrame::new(&state, &session, "mailings", "mailing-preview").await?;
    render(&PreviewPage {
        id,
        who: Input::line(t, "email", t.text("mailing-preview-email"), typed).medium(),
        is_missing: !typed.is_empty() && found.is_empty(),
        subject: filled.subject,
        text: filled.text,
        html: filled.html,
        frame: frame
            .under(t.text("nav-mailings"), "/console/mailings")
            .under(mailing.content.name.clone(), format!("/console/mailings/{}", mailing.id)),
    })
}
