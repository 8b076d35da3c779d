//! `UserRecordAccess`: what a user may do with records that a query names.
//!
//! Records that never were, or are no more, have no row; the documentation leaves open what an org says of them.

use std::sync::Arc;

use crate::org::ids::RecordId;
use crate::org::seed::row;
use crate::org::store::Org;
use crate::org::value::Value;

const OBJECT: &str = "UserRecordAccess";
const TABLE: &str = include_str!("../../schema/record_access.txt");

/// The small org that answers the query, if it is one of these.
pub(super) fn of(org: &Org, soql: &str) -> Option<Org> {
    let lower = soql.to_ascii_lowercase();
    let mut words = lower.split_whitespace().skip_while(|word| *word != "from");
    (words.nth(1)? == OBJECT.to_ascii_lowercase()).then(|| rights(org, soql))
}

/// Rows of every record and every user that the query names.
fn rights(org: &Org, soql: &str) -> Org {
    let mut rights = Org::with_tables(Arc::clone(&org.clock), &[TABLE]);
    let named: Vec<RecordId> = soql.split('\'').skip(1).step_by(2).filter_map(RecordId::parse).collect();
    let is_user = |id: &&RecordId| org.row("User", **id).is_some();
    let users: Vec<RecordId> = named.iter().filter(is_user).copied().collect();
    for record in named {
        let Some((object, found)) = org.record(record) else { continue };
        if found.is_deleted(object) {
            continue;
        }
        let seen = !org.hidden_records.contains(&record);
        for user in &users {
            let flag = |name: &'static str| (name, Value::Boolean(seen));
            let level = if seen { "All" } else { "None" };
            row(
                &mut rights,
                OBJECT,
                &[
                    ("UserId", Value::Id(*user)),
                    ("RecordId", Value::Id(record)),
                    flag("HasReadAccess"),
                    flag("HasEditAccess"),
                    flag("HasDeleteAccess"),
                    flag("HasTransferAccess"),
                    flag("HasAllAccess"),
                    ("MaxAccessLevel", Value::text(level)),
                ],
            );
        }
    }
    rights
}
