//! Reports of mail servers about mails that could not be delivered (RFC 3464).

use crate::mailing::BounceKind;

/// Lines of a report that are read at most.
const MAX_LINES: usize = 5_000;
/// Recipients of a report at most: ours go to one each.
const MAX_RECIPIENTS: usize = 20;

/// What a report says of one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryReport {
    /// The address, as the server names it.
    pub recipient: String,
    /// The enhanced status code, such as `5.1.1`.
    pub status: String,
    /// What it means.
    pub kind: BounceKind,
    /// The `Message-ID` of the mail that came back, without angle brackets; empty if the report does not hold it.
    pub message_id: String,
}

/// What a report says, recipient by recipient; nothing for a text that is no report of failures.
///
/// Only recipients whose mail failed or is delayed are told; successes and relays are no bounces.
pub fn parse_dsn(raw: &str) -> Vec<DeliveryReport> {
    let lines = unfolded(raw);
    let mut found = Vec::new();
    let mut group = Group::default();
    let mut message_id = String::new();
    let mut own_header = true;
    for line in &lines {
        if line.is_empty() {
            group.finish(&mut found);
            own_header = false;
            continue;
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "final-recipient" => group.recipient = typed(value),
            "original-recipient" if group.recipient.is_empty() => group.original = typed(value),
            "status" => group.status = value.split_whitespace().next().unwrap_or_default().to_owned(),
            "action" => group.action = value.to_ascii_lowercase(),
            // The report has a Message-ID of its own, in its own header.
            "message-id" | "x-original-message-id" if !own_header && message_id.is_empty() => {
                message_id = value.trim_matches(|letter| matches!(letter, '<' | '>')).to_owned();
            }
            _ => {}
        }
    }
    group.finish(&mut found);
    for report in &mut found {
        report.message_id.clone_from(&message_id);
    }
    found
}

#[derive(Default)]
struct Group {
    recipient: String,
    original: String,
    status: String,
    action: String,
}

impl Group {
    fn finish(&mut self, found: &mut Vec<DeliveryReport>) {
        let group = std::mem::take(self);
        let recipient = if group.recipient.is_empty() { group.original } else { group.recipient };
        if recipient.is_empty() || !is_status(&group.status) || found.len() >= MAX_RECIPIENTS {
            return;
        }
        let kind = match group.action.as_str() {
            "failed" => BounceKind::of_status(&group.status),
            // It is still being tried; a failure is reported later.
            "delayed" | "delivered" | "relayed" | "expanded" => None,
            _ => BounceKind::of_status(&group.status),
        };
        if let Some(kind) = kind {
            found.push(DeliveryReport { recipient, status: group.status, kind, message_id: String::new() });
        }
    }
}

/// Lines with those that continue them; the ends of lines may be of either kind.
fn unfolded(raw: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in raw.lines().take(MAX_LINES) {
        let line = line.trim_end_matches('\r');
        match lines.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) && !last.is_empty() && !line.trim().is_empty() => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => lines.push(if line.trim().is_empty() { String::new() } else { line.to_owned() }),
        }
    }
    lines
}

/// `rfc822; taro@example.jp` without its type.
fn typed(value: &str) -> String {
    let address = value.split_once(';').map_or(value, |(_, address)| address);
    address.trim().trim_matches(|letter| matches!(letter, '<' | '>')).to_owned()
}

/// `d.d.d`, as RFC 3463 has it.
fn is_status(status: &str) -> bool {
    let parts: Vec<&str> = status.split('.').collect();
    let is_number =
        |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(is_number)
}
