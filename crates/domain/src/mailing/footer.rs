//! What the law asks of every mail (特定電子メール法4条): who sends it, where they are, and how to refuse it.

use crate::mailing::MailSettings;
use crate::mailing::template::{UNSUBSCRIBE_URL, escape};
use serde::{Deserialize, Serialize};

/// The words of what is appended, in the mailing's language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FooterWords {
    /// Before the sender's name.
    pub sender: String,
    /// Before the address.
    pub address: String,
    /// Before the contact for questions and complaints.
    pub contact: String,
    /// Says that no more mails come after the link is followed.
    pub refuse: String,
    /// Between a word and its value.
    pub separator: String,
}

/// What is appended to the text part.
pub(super) fn as_text(settings: &MailSettings, words: &FooterWords) -> String {
    let mut lines = vec![format!("{}\n{{{{{UNSUBSCRIBE_URL}}}}}", words.refuse), String::new()];
    lines.extend(pairs(settings, words).map(|(word, value)| format!("{word}{}{value}", words.separator)));
    // A signature's mark, as mail programs know it.
    format!("\n\n-- \n{}\n", lines.join("\n"))
}

/// What is appended to the HTML part. It does not rely on styles of the mailing.
pub(super) fn as_html(settings: &MailSettings, words: &FooterWords) -> String {
    let rows: String = pairs(settings, words)
        .map(|(word, value)| {
            let value = escape(value).replace('\n', "<br>");
            format!("<br>{}{}{value}", escape(word), escape(&words.separator))
        })
        .collect();
    format!(
        "<hr><p style=\"display:block!important;color:#555555!important;background:#ffffff!important;\
         font:13px/1.6 sans-serif!important;margin:1em 0\"><a href=\"{{{{{UNSUBSCRIBE_URL}}}}}\" \
         style=\"color:#0b5cad!important\">{}</a>{rows}</p>",
        escape(&words.refuse)
    )
}

fn pairs<'a>(settings: &'a MailSettings, words: &'a FooterWords) -> impl Iterator<Item = (&'a str, &'a str)> {
    let all = [
        (words.sender.as_str(), settings.sender_name.as_str()),
        (words.address.as_str(), settings.postal_address.as_str()),
        (words.contact.as_str(), settings.contact.as_str()),
    ];
    all.into_iter()
}
