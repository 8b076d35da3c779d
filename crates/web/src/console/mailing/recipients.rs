//! Who gets a mailing, and what has become of it.

use crate::auth::session::SignedIn;
use crate::console::mailing::show::find;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::list::{Key, Position};
use domain::mailing::RecipientState;
use domain::value::MailingRecipientId;
use storage::mailing::recipients;
use storage::mailing::recipients::Recipient;

const SHOWN: u32 = 100;

struct RecipientRow {
    email: String,
    person: String,
    state: &'static str,
    tone: &'static str,
    more: Vec<String>,
    when: String,
}

#[derive(Template)]
#[template(path = "console/mailing/recipients.html")]
struct RecipientsPage {
    frame: ConsoleFrame,
    /// Each state with its address and whether it is chosen.
    tabs: Vec<(String, String, bool)>,
    rows: Vec<RecipientRow>,
    next: String,
}

/// Shows them, all or those in one state.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(id): Path<String>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let mailing = find(&state, &session, &id).await?;
    let t = &session.words;
    let wanted = RecipientState::parse(visitor.query.text("state"));
    let position = match visitor.query.text("after").rsplit_once(' ') {
        Some((value, row)) if row.parse::<MailingRecipientId>().is_ok() => {
            Position::After(Key { value: value.to_owned(), id: row.to_owned() })
        }
        _ => Position::Start,
    };
    let (read, workspace) = (state.database.read(), session.account.workspace);
    let found = recipients::select(&read, workspace, mailing.id, (wanted, ""), &position, SHOWN).await?;
    let base = format!("/console/mailings/{}/recipients", mailing.id);
    let address = |state: Option<RecipientState>, after: &str| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if let Some(state) = state {
            query.append_pair("state", state.name());
        }
        if !after.is_empty() {
            query.append_pair("after", after);
        }
        format!("{base}?{}", query.finish())
    };
    let mut tabs = vec![(t.text("mailing-all"), address(None, ""), wanted.is_none())];
    tabs.extend(
        RecipientState::ALL.map(|one| {
            (t.word("mailing-recipient", one.name()), address(Some(one), ""), wanted == Some(one))
        }),
    );
    let next = found.after.map(|key| address(wanted, &format!("{} {}", key.value, key.id)));
    let frame = ConsoleFrame::new(&state, &session, "mailings", "mailing-recipients").await?;
    render(&RecipientsPage {
        tabs,
        rows: found.rows.iter().map(|one| row(t, one)).collect(),
        next: next.unwrap_or_default(),
        frame: frame
            .under(t.text("nav-mailings"), "/console/mailings")
            .under(mailing.content.name.clone(), format!("/console/mailings/{}", mailing.id)),
    })
}

fn row(t: &Translator, recipient: &Recipient) -> RecipientRow {
    let mut more = Vec::new();
    if !recipient.reason.is_empty() {
        more.push(t.word("mailing-skip", &recipient.reason));
    }
    more.extend(recipient.bounce.map(|kind| t.word("mailing-bounce", kind.name())));
    if !recipient.answer.is_empty() {
        more.push(recipient.answer.clone());
    }
    if recipient.state == RecipientState::Deferred {
        more.push(t.fill("mailing-next-try", "when", t.date_time(recipient.due_at)));
    }
    RecipientRow {
        email: recipient.email_key.clone(),
        person: format!("/console/people/{}", recipient.person),
        state: recipient.state.name(),
        tone: match recipient.state {
            RecipientState::Sent => "done",
            RecipientState::Failed => "failed",
            RecipientState::Unknown | RecipientState::Deferred => "warn",
            RecipientState::Suppressed => "skipped",
            RecipientState::Queued | RecipientState::Sending => "due",
        },
        more,
        when: t.date_time(recipient.updated_at),
    }
}
