//! Who is on a list, by e-mail.

use domain::value::EmailAddress;
use salesforce::Record;
use salesforce::engagement::{EngagementObject, EngagementQuery};

/// What came of some memberships.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Members {
    /// The keys of the prospects' e-mails.
    pub(crate) email_keys: Vec<String>,
    /// Prospects whose e-mail is none, so that no visitor can be one of them.
    pub(crate) unreadable: u64,
}

/// The members of a list.
pub(crate) fn query(list_id: u64) -> EngagementQuery {
    let fields = ["prospect.email", "prospect.isDeleted"];
    EngagementQuery::of(EngagementObject::ListMemberships, fields).filter("listId", list_id)
}

/// Reads memberships. Prospects in the recycle bin are on no list.
pub(crate) fn read(rows: &[Record]) -> Members {
    let mut members = Members::default();
    for row in rows.iter().filter(|row| row.boolean("prospect.isDeleted") != Some(true)) {
        match row.text("prospect.email").map(EmailAddress::parse) {
            Some(Ok(email)) => members.email_keys.push(email.key()),
            _ => members.unreadable += 1,
        }
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn living_prospects_are_members_by_the_key_of_their_email() {
        let row = |prospect: Value| json!({ "id": 1, "prospect": prospect });
        for (what, prospect, email_key, unreadable) in [
            (
                "a prospect",
                json!({ "email": "Taro@Example.co.jp", "isDeleted": false }),
                Some("taro@example.co.jp"),
                0,
            ),
            (
                "one that does not say",
                json!({ "email": "taro@example.co.jp" }),
                Some("taro@example.co.jp"),
                0,
            ),
            ("one in the recycle bin", json!({ "email": "taro@example.co.jp", "isDeleted": true }), None, 0),
            ("one in it without e-mail", json!({ "email": null, "isDeleted": true }), None, 0),
            ("no e-mail", json!({ "email": null, "isDeleted": false }), None, 1),
            ("no address", json!({ "email": "不明", "isDeleted": false }), None, 1),
            ("no prospect", Value::Null, None, 1),
        ] {
            let rows: Vec<Record> = serde_json::from_value(json!([row(prospect)])).unwrap();
            let email_keys = email_key.into_iter().map(str::to_owned).collect();
            assert_eq!(read(&rows), Members { email_keys, unreadable }, "{what}");
        }
    }
}
