//! Who a workspace's mails come from, and how fast they go out.

use crate::actions::mailing::compose::report_address;
use crate::actions::mailing::settings as actions;
use crate::actions::seen_version::{Author, version_to_carry};
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::mailing::MailSettings;
use domain::value::FieldProblem;
use storage::workspace::settings;

#[derive(Template)]
#[template(path = "console/mailing/settings.html")]
struct MailSettingsPage {
    frame: ConsoleFrame,
    problems: Problems,
    version: String,
    legal: Vec<Input>,
    sending: Vec<Input>,
    sender: String,
    /// Where bounces are reported; empty for those who may not configure.
    reports: String,
}

/// Shows them.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let kept = settings::find::<MailSettings>(&state.database.read(), session.account.workspace).await?;
    page(&state, &session, &of_settings(&kept), &[]).await
}

/// Saves them.
pub async fn save(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let problems = match read(&posted.form) {
        Err(problems) => problems,
        Ok(given) => {
            let author = Author::of_form(session.account.email.as_str(), &posted.form);
            match actions::save(&state, session.account.workspace, given, author).await? {
                Ok(_) => {
                    return Ok(Redirect::to("/console/mailings/settings?done=saved").into_response());
                }
                Err(problems) => problems,
            }
        }
    };
    let page = page(&state, session, &posted.form, &problems).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn of_settings(kept: &MailSettings) -> Form {
    Form::of([
        ("sender_name", kept.sender_name.clone()),
        ("postal_address", kept.postal_address.clone()),
        ("contact", kept.contact.clone()),
        ("reply_to", kept.reply_to.clone()),
        ("unsubscribe_address", kept.unsubscribe_address.clone()),
        ("per_second", kept.per_second.to_string()),
        ("per_domain_second", kept.per_domain_second.to_string()),
    ])
}

fn read(form: &Form) -> Result<MailSettings, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut number = |name: &str| {
        let read = form.number(name);
        if read.is_none() {
            problems.push(FieldProblem::new(name, "not-a-number"));
        }
        read.unwrap_or(1)
    };
    let settings = MailSettings {
        per_second: number("per_second"),
        per_domain_second: number("per_domain_second"),
        sender_name: form.text("sender_name").to_owned(),
        postal_address: form.text("postal_address").to_owned(),
        contact: form.text("contact").to_owned(),
        reply_to: form.text("reply_to").to_owned(),
        unsubscribe_address: form.text("unsubscribe_address").to_owned(),
    };
    if problems.is_empty() { Ok(settings) } else { Err(problems) }
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let (t, workspace) = (&session.words, session.account.workspace);
    let (mut legal, mut sending) = (legal(t, form), sending(t, form));
    let version = version_to_carry::<MailSettings>(&state.database.read(), workspace, form, problems).await?;
    let problems = Problems::add(t, problems, legal.iter_mut().chain(&mut sending));
    let may_configure = session.account.role.may_configure();
    let frame = ConsoleFrame::new(state, session, "mailings", "mail-settings").await?;
    render(&MailSettingsPage {
        problems,
        version,
        legal,
        sending,
        sender: state.settings.mail_from.clone().unwrap_or_default(),
        reports: if may_configure { report_address(state, workspace) } else { String::new() },
        frame: frame.under(t.text("nav-mailings"), "/console/mailings"),
    })
}

fn legal(t: &Translator, form: &Form) -> Vec<Input> {
    let line = |name: &str, key: &str| Input::line(t, name, t.text(key), form.text(name));
    vec![
        line("sender_name", "mail-sender-name"),
        line("postal_address", "mail-postal-address"),
        line("contact", "mail-contact").hint(t.text("mail-contact-hint")),
    ]
}

fn sending(t: &Translator, form: &Form) -> Vec<Input> {
    let line = |name: &str, key: &str| Input::line(t, name, t.text(key), form.text(name));
    vec![
        line("reply_to", "mail-reply-to")
            .of(Control::Line("email"))
            .medium()
            .hint(t.text("mail-reply-to-hint")),
        line("unsubscribe_address", "mail-unsubscribe-address")
            .of(Control::Line("email"))
            .medium()
            .hint(t.text("mail-unsubscribe-address-hint")),
        line("per_second", "mail-per-second").number(),
        line("per_domain_second", "mail-per-domain-second").number().hint(t.text("mail-pace-hint")),
    ]
}
