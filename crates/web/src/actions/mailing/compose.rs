//! What a mailing becomes for its readers.

use crate::state::AppState;
use crate::text::translator::Translator;
use domain::mailing::{ComposedMailing, FilledMailing, FooterWords, MailSettings, MailingContent};
use domain::people::{Person, STANDARD_PERSON_FIELDS, Values};
use domain::value::{Language, WorkspaceId};
use storage::StorageError;
use storage::workspace::settings;

/// The token of links in previews and tests, which concern nobody.
pub(crate) const TEST_TOKEN: &str = "test";

/// The words of what is appended.
pub(crate) fn footer_words(language: Language) -> FooterWords {
    let t = Translator::new(language, "UTC");
    FooterWords {
        sender: t.text("mailing-footer-sender"),
        address: t.text("mailing-footer-address"),
        contact: t.text("mailing-footer-contact"),
        refuse: t.text("mailing-footer-refuse"),
        separator: match language {
            Language::Japanese => "：".to_owned(),
            Language::English => ": ".to_owned(),
        },
    }
}

/// What the links by which people refuse begin with.
pub(crate) fn link_base(state: &AppState) -> String {
    format!("{}/u/", state.settings.public_url.as_str().trim_end_matches('/'))
}

/// The address to which a mail service reports what came back to a workspace.
pub(crate) fn report_address(state: &AppState, workspace: WorkspaceId) -> String {
    let token = storage::mailing::links::report_token(state.database.vault(), workspace);
    format!("{}/hooks/mail/{token}", state.settings.public_url.as_str().trim_end_matches('/'))
}

/// A mailing as a person would get it now; the names of the fields stand for somebody if there is no person.
pub(crate) async fn preview(
    state: &AppState,
    workspace: WorkspaceId,
    content: &MailingContent,
    person: Option<&Person>,
) -> Result<(ComposedMailing, FilledMailing), StorageError> {
    let settings = settings::find::<MailSettings>(&state.database.read(), workspace).await?;
    let words = footer_words(content.language);
    let composed = ComposedMailing::preview(content, &settings, (&words, &link_base(state)));
    let values = person.map_or_else(|| sample(content.language), |person| person.snapshot.values.clone());
    let filled = composed.fill(&values, TEST_TOKEN);
    Ok((composed, filled))
}

fn sample(language: Language) -> Values {
    let t = Translator::new(language, "UTC");
    STANDARD_PERSON_FIELDS.map(|name| (name.to_owned(), t.word("mailing-sample", name))).into()
}
