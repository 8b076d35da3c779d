//! Which lists a business unit has.

use crate::engagement::client::EngagementAsking;
use crate::engagement::failure::EngagementFailure;
use domain::engagement::EngagementList;
use salesforce::Record;
use salesforce::engagement::{EngagementObject, EngagementQuery};
use serde_json::Value;

/// Every list that is not in the recycle bin, in the order of their numbers.
pub(crate) async fn all(asking: &mut EngagementAsking<'_>) -> Result<Vec<EngagementList>, EngagementFailure> {
    let query = EngagementQuery::of(EngagementObject::Lists, ["name", "isDynamic"]);
    let mut lists = Vec::new();
    let mut after_id = 0;
    loop {
        let page = asking.page(&query, after_id).await?;
        lists.extend(page.rows.iter().filter_map(read));
        if page.has_ended {
            return Ok(lists);
        }
        after_id = page.last_id;
    }
}

fn read(row: &Record) -> Option<EngagementList> {
    Some(EngagementList {
        id: row.get("id").and_then(Value::as_u64)?,
        name: row.text("name").unwrap_or_default().to_owned(),
        is_dynamic: row.boolean("isDynamic").unwrap_or(false),
    })
}
