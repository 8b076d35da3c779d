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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn list_is_known_by_its_number() {
        let list = |name: &str, is_dynamic| Some(EngagementList { id: 7, name: name.to_owned(), is_dynamic });
        for (row, expected) in [
            (json!({ "id": 7, "name": "展示会", "isDynamic": true }), list("展示会", true)),
            (json!({ "id": 7, "name": "展示会", "isDynamic": false }), list("展示会", false)),
            (json!({ "id": 7, "name": null }), list("", false)),
            (json!({ "id": "7", "name": "展示会" }), None),
            (json!({ "id": -7, "name": "展示会" }), None),
            (json!({ "name": "展示会" }), None),
        ] {
            assert_eq!(read(&serde_json::from_value(row.clone()).unwrap()), expected, "{row}");
        }
    }
}
