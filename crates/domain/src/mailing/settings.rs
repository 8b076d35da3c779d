//! Who a workspace's mails come from, and how fast they go out.

use crate::value::{EmailAddress, FieldProblem, clean_line, clean_text};
use serde::{Deserialize, Serialize};

/// Characters of a setting at most.
const MAX_LINE: usize = 100;
const MAX_ADDRESS: usize = 300;
/// Mails a second at most.
const MAX_PER_SECOND: u32 = 5_000;

/// Who a workspace's mails come from, and how fast they go out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailSettings {
    /// The sender's name or company; the law asks for it.
    pub sender_name: String,
    /// The sender's postal address (住所); the law asks for it.
    pub postal_address: String,
    /// A telephone number, mail address or URL for questions and complaints; the law asks for it.
    pub contact: String,
    /// Where replies go; empty for the sender's address.
    pub reply_to: String,
    /// A mailbox that takes refusals besides the link; empty for none.
    pub unsubscribe_address: String,
    /// Mails a second at most.
    pub per_second: u32,
    /// Mails a second at most to one domain.
    pub per_domain_second: u32,
}

impl Default for MailSettings {
    fn default() -> Self {
        Self {
            sender_name: String::new(),
            postal_address: String::new(),
            contact: String::new(),
            reply_to: String::new(),
            unsubscribe_address: String::new(),
            per_second: 20,
            per_domain_second: 10,
        }
    }
}

/// Settings as they are kept, or their faults. What the law asks for may be left for later.
pub fn check_mail_settings(given: MailSettings) -> Result<MailSettings, Vec<FieldProblem>> {
    let settings = MailSettings {
        sender_name: clean_line(&given.sender_name),
        postal_address: clean_text(&given.postal_address).trim().to_owned(),
        contact: clean_line(&given.contact),
        reply_to: given.reply_to.trim().to_owned(),
        unsubscribe_address: given.unsubscribe_address.trim().to_owned(),
        ..given
    };
    let mut problems = Vec::new();
    for (field, value, max) in [
        ("sender_name", &settings.sender_name, MAX_LINE),
        ("postal_address", &settings.postal_address, MAX_ADDRESS),
        ("contact", &settings.contact, MAX_ADDRESS),
    ] {
        if value.chars().count() > max {
            problems.push(FieldProblem::new(field, "too-long").with("max", max));
        } else if value.contains("{{") {
            // It would be read as a placeholder of the mailing.
            problems.push(FieldProblem::new(field, "mail-setting-braces"));
        }
    }
    for (field, value) in
        [("reply_to", &settings.reply_to), ("unsubscribe_address", &settings.unsubscribe_address)]
    {
        if !value.is_empty() && EmailAddress::parse(value).is_err() {
            problems.push(FieldProblem::new(field, "not-an-email"));
        }
    }
    for (field, value) in
        [("per_second", settings.per_second), ("per_domain_second", settings.per_domain_second)]
    {
        if !(1..=MAX_PER_SECOND).contains(&value) {
            problems
                .push(FieldProblem::new(field, "out-of-range").with("min", 1).with("max", MAX_PER_SECOND));
        }
    }
    if problems.is_empty() { Ok(settings) } else { Err(problems) }
}

/// What the law asks for and is missing (特定電子メール法4条, 施行規則9条). Where to refuse is the link that is appended.
pub fn missing_for_sending(settings: &MailSettings) -> Vec<FieldProblem> {
    let needed = [
        ("sender_name", &settings.sender_name),
        ("postal_address", &settings.postal_address),
        ("contact", &settings.contact),
    ];
    let missing = needed.into_iter().filter(|(_, value)| value.trim().is_empty());
    missing
        .map(|(field, _)| {
            FieldProblem::new(format!("settings.{field}"), "mail-setting-missing").with("setting", field)
        })
        .collect()
}
