//! The words of a message, and how each channel writes them.

use crate::notification::Notice;
use crate::value::{Language, Timestamp};
use std::fmt::Write as _;

/// What a message is about; from it the words are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageContext {
    /// The workspace's name.
    pub workspace: String,
    /// The workspace's zone, for times.
    pub time_zone: String,
    /// The reader's language.
    pub language: Language,
    /// What happened.
    pub notice: Notice,
    /// How many alike it stands for.
    pub count: i64,
    /// When the first of them happened.
    pub at: Timestamp,
}

/// The words of a message in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageText {
    /// The language they are in.
    pub language: Language,
    /// One line that names the workspace and the event.
    pub subject: String,
    /// What happened, what it means, what to do.
    pub paragraphs: Vec<String>,
    /// The console's page that is concerned.
    pub link: String,
    /// What the link is called.
    pub link_label: String,
    /// Why the reader gets this; for mails.
    pub closing: String,
}

/// Slack cuts longer texts itself, in the middle of a link if need be.
const MAX_IN_SLACK: usize = 2_500;

impl MessageText {
    /// The mail as plain text.
    pub fn plain(&self) -> String {
        let body = self.paragraphs.join("\n\n");
        format!("{body}\n\n{}:\n{}\n\n-- \n{}\n", self.link_label, self.link, self.closing)
    }

    /// The mail as HTML.
    pub fn html(&self) -> String {
        let mut html = format!(
            "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head>\
             <body style=\"font-family:sans-serif;line-height:1.6;color:#1c1c1c\">",
            self.language.tag(),
            escape(&self.subject)
        );
        for paragraph in &self.paragraphs {
            let _ = write!(html, "<p>{}</p>", escape(paragraph).replace('\n', "<br>"));
        }
        let _ = write!(
            html,
            "<p><a href=\"{}\">{}</a></p><p style=\"color:#5c5c5c;font-size:small\">{}</p></body></html>",
            escape(&self.link),
            escape(&self.link_label),
            escape(&self.closing)
        );
        html
    }

    /// The text of a Slack message, in its mrkdwn.
    pub fn slack(&self) -> String {
        let body: String = self.paragraphs.join("\n").chars().take(MAX_IN_SLACK).collect();
        format!(
            "*{}*\n{}\n<{}|{}>",
            escape_slack(&self.subject),
            escape_slack(&body),
            self.link,
            escape_slack(&self.link_label)
        )
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The three characters with a special meaning in Slack; escaping them disables `<!channel>`.
fn escape_slack(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
