//! What a mailing says, and what is made of it for one person.

use crate::mailing::footer::{as_html, as_text};
use crate::mailing::html::{check_html, insert_footer};
use crate::mailing::template::{UNSUBSCRIBE_URL, escape, fill, unknown_placeholders};
use crate::mailing::{Audience, FooterWords, MailSettings};
use crate::people::{PersonFields, Values};
use crate::value::{FieldProblem, Language, clean_line, clean_text};
use serde::{Deserialize, Serialize};

/// Characters of a mailing's text, and of its HTML, at most.
pub const MAX_MAILING_TEXT: usize = 100_000;
const MAX_NAME: usize = 100;
const MAX_SUBJECT: usize = 200;

/// What a mailing says, as its author wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MailingContent {
    /// What it is called here.
    pub name: String,
    /// The language of what is appended, and of the page behind the link.
    pub language: Language,
    /// To whom it goes.
    pub audience: Audience,
    /// The subject, with placeholders.
    pub subject: String,
    /// The text part, with placeholders.
    pub text: String,
    /// The HTML part, with placeholders; empty for none.
    pub html: String,
}

/// A mailing with what the law asks for; its placeholders are yet to be filled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComposedMailing {
    /// Its language.
    pub language: Language,
    /// The sender's name.
    pub sender_name: String,
    /// Where replies go; empty for the sender's address.
    pub reply_to: String,
    /// A mailbox that takes refusals; empty for none.
    pub unsubscribe_address: String,
    /// What the links by which people refuse begin with; their token follows.
    pub link_base: String,
    /// The subject.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part; empty for none.
    pub html: String,
}

/// A mailing as one person gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledMailing {
    /// The subject, one line.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part; empty for none.
    pub html: String,
}

/// A mailing as it is kept, or its faults. A draft may be unfinished: only what can't be is refused.
pub fn check_content(
    given: MailingContent,
    fields: &PersonFields,
) -> Result<MailingContent, Vec<FieldProblem>> {
    let content = MailingContent {
        name: clean_line(&given.name),
        subject: clean_line(&given.subject),
        text: clean_text(&given.text),
        html: given.html.trim().to_owned(),
        ..given
    };
    let mut problems = Vec::new();
    if content.name.is_empty() {
        problems.push(FieldProblem::new("name", "required"));
    }
    for (input, value, max) in [
        ("name", &content.name, MAX_NAME),
        ("subject", &content.subject, MAX_SUBJECT),
        ("text", &content.text, MAX_MAILING_TEXT),
        ("html", &content.html, MAX_MAILING_TEXT),
    ] {
        if value.chars().count() > max {
            problems.push(FieldProblem::new(input, "too-long").with("max", max));
        }
    }
    problems.extend(unknown_placeholders("subject", &content.subject, fields, &[]));
    problems.extend(unknown_placeholders("text", &content.text, fields, &[UNSUBSCRIBE_URL]));
    problems.extend(unknown_placeholders("html", &content.html, fields, &[UNSUBSCRIBE_URL]));
    problems.extend(check_html("html", &content.html));
    if problems.is_empty() { Ok(content) } else { Err(problems) }
}

/// Appends what the law asks for; it can't be left out. The faults are what is missing for sending.
pub fn compose(
    content: &MailingContent,
    settings: &MailSettings,
    (words, link_base): (&FooterWords, &str),
) -> Result<ComposedMailing, Vec<FieldProblem>> {
    let mut problems = super::missing_for_sending(settings);
    for (input, value) in [("subject", &content.subject), ("text", &content.text)] {
        if value.trim().is_empty() {
            problems.push(FieldProblem::new(input, "required"));
        }
    }
    if problems.is_empty() {
        Ok(ComposedMailing::preview(content, settings, (words, link_base)))
    } else {
        Err(problems)
    }
}

impl ComposedMailing {
    /// The same with whatever is there, to look at.
    pub fn preview(
        content: &MailingContent,
        settings: &MailSettings,
        (words, link_base): (&FooterWords, &str),
    ) -> Self {
        let html = if content.html.is_empty() {
            String::new()
        } else {
            document(&insert_footer(&content.html, &as_html(settings, words)), content.language)
        };
        Self {
            language: content.language,
            sender_name: settings.sender_name.clone(),
            reply_to: settings.reply_to.clone(),
            unsubscribe_address: settings.unsubscribe_address.clone(),
            link_base: link_base.to_owned(),
            subject: content.subject.clone(),
            text: format!("{}{}", content.text.trim_end(), as_text(settings, words)),
            html,
        }
    }

    /// The link by which a person refuses further mails.
    pub fn link(&self, token: &str) -> String {
        format!("{}{token}", self.link_base)
    }

    /// The mailing as a person gets it, with the token of the link by which it refuses further ones.
    pub fn fill(&self, values: &Values, token: &str) -> FilledMailing {
        let mut values = values.clone();
        values.insert(UNSUBSCRIBE_URL.to_owned(), self.link(token));
        let html = if self.html.is_empty() { String::new() } else { fill(&self.html, &values, escape) };
        FilledMailing {
            subject: clean_line(&fill(&self.subject, &values, str::to_owned)),
            text: fill(&self.text, &values, str::to_owned),
            html,
        }
    }
}

/// A whole document; what was written may be one already.
fn document(html: &str, language: Language) -> String {
    if html.to_ascii_lowercase().contains("<html") {
        return html.to_owned();
    }
    format!(
        "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\"></head><body>{html}</body></html>",
        language.tag()
    )
}
