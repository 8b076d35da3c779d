//! Replays every recorded exchange against the emulator.

use std::collections::HashMap;

use reqwest::Method;
use salesforce_emulator::{Options, Seed};
use serde_json::{Value, json};

use super::difference;
use super::files::{self, Exchange};
use crate::harness::{Org, Told};

/// The recordings of exchanges.
const RECORDINGS: [&str; 21] = [
    "nango__collections_create_update_upsert_delete.json",
    "nango__composite_and_composite_batch.json",
    "nango__composite_graph_v66.json",
    "nango__create_account_201.json",
    "nango__describe_global_v59_subset.json",
    "nango__get_record_Account_and_User_full.json",
    "nango__limits_v60_developer_edition_2026.json",
    "nango__query_pagination_locators.json",
    "nango__query_users_parent_null_opportunities_cases.json",
    "nango__search_recent_basicinfo_quickactions.json",
    "nango__update_and_delete_204.json",
    "nango__upsert_external_id_201_created_200_updated.json",
    "nango__userinfo_developer_edition_2026.json",
    "nango__versions_list_2026.json",
    "cumulusci__collections_update_accounts.json",
    "cumulusci__collections_upsert_and_queries.json",
    "cumulusci__composite_count_and_INVALID_TYPE.json",
    "cumulusci__composite_create_then_queries.json",
    "cumulusci__composite_if_modified_since_304.json",
    "cumulusci__composite_subrequest_404.json",
    "cumulusci__query_accounts_all_fields_and_recordtype.json",
];

/// What is different and why: recording, part of the difference, reason.
const EXPLAINED: &[(&str, &str, &str)] = &[
    ("nango__composite_and", "PlatformEventTriggers", "a limit that the oldest versions did not show yet"),
    ("nango__get_record", "__c is missing", "sample fields of that org"),
    (
        "nango__get_record",
        "Code is missing",
        "state and country picklists are off until an administrator turns them on",
    ),
    ("nango__query_pagination", "#7 ", "the first page of this result was not recorded"),
    ("nango__query_users", "'Case' is not supported", "cases are not here"),
];

/// Headers that clients act on or that every answer carries.
const HEADERS: [&str; 9] = [
    "content-type",
    "cache-control",
    "sforce-limit-info",
    "location",
    "last-modified",
    "etag",
    "x-robots-tag",
    "x-sfdc-request-id",
    "vary",
];

#[tokio::test]
async fn recorded_exchanges_replay_identically() {
    let mut unexplained = Vec::new();
    let mut used = vec![false; EXPLAINED.len()];
    for name in RECORDINGS {
        let Some(recording) = files::read(name) else { continue };
        // The pages that were recorded are those of 2,086 accounts.
        let rows = if name.contains("pagination") { 2086 } else { 6 };
        for difference in replay(&files::exchanges(&recording), rows).await {
            let place = EXPLAINED
                .iter()
                .position(|(file, part, _)| name.starts_with(file) && difference.contains(part));
            match place {
                Some(place) => used[place] = true,
                None => unexplained.push(format!("{name} {difference}")),
            }
        }
    }
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
    let stale: Vec<_> = EXPLAINED.iter().zip(&used).filter(|(_, used)| !**used).map(|(one, _)| one).collect();
    let recorded = files::read(RECORDINGS[0]).is_some();
    assert!(stale.is_empty() || !recorded, "these are no longer different: {stale:?}");
}

/// Asks every request of a recording, one org for all of them, and tells what is different.
async fn replay(exchanges: &[Exchange], rows: u64) -> Vec<String> {
    let org = Org::with(Options { seed: Seed::Rows(rows), ..Options::default() }).await;
    let record_type =
        json!({"object": "Account", "name": "Recorded", "developer_name": "Recorded", "active": true});
    if exchanges.iter().any(|exchange| exchange.target.contains("RecordTypeId")) {
        org.control("/schema", json!({"record_types": [record_type]})).await;
    }
    let mut known = Known { org: &org, names: HashMap::new() };
    let mut differences = Vec::new();
    for (place, exchange) in exchanges.iter().enumerate() {
        let at =
            format!("#{place} {} {}", exchange.method, exchange.target.chars().take(60).collect::<String>());
        let target = known.translated(&exchange.target).await;
        let body = match &exchange.body {
            Some(body) => Some(known.translated(&body.to_string()).await),
            None => None,
        };
        let told = ask(&org, &exchange.method, &target, body).await;
        if u64::from(told.status) != exchange.status {
            differences
                .push(format!("{at}: status {} instead of {}: {}", told.status, exchange.status, told.body));
            continue;
        }
        let headers = HEADERS.iter().filter(|header| exchange.headers.iter().any(|known| known == *header));
        for header in headers.filter(|header| told.header(header).is_empty()) {
            differences.push(format!("{at}: header {header} is missing"));
        }
        known.learn(&exchange.answer, &told.body);
        difference::shapes(&exchange.answer, &told.body, &format!("{at}: body"), &mut differences);
    }
    differences
}

async fn ask(org: &Org, method: &str, target: &str, body: Option<String>) -> Told {
    let method: Method = method.parse().unwrap();
    let mut request = org.http.request(method, org.url(target)).bearer_auth(&org.token);
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body);
    }
    Told::read(request.send().await.unwrap()).await
}

/// Which of our ids and locators stand for recorded ones.
struct Known<'a> {
    org: &'a Org,
    names: HashMap<String, String>,
}

impl Known<'_> {
    /// The text with our ids in place of the recorded ones; records are made as they are met.
    async fn translated(&mut self, text: &str) -> String {
        let mut words: Vec<String> = Vec::new();
        for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
            let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            let ours = self.stands_for(bare).await;
            words.push(format!("{ours}{}", &word[bare.len()..]));
        }
        words.concat()
    }

    async fn stands_for(&mut self, word: &str) -> String {
        if let Some(known) = self.names.get(word) {
            return known.clone();
        }
        // Ids that no one ever had were recorded to show what an org says to them.
        let made_up = word.starts_with("001xx") || word.starts_with("0010000");
        if !difference::is_id(word) || made_up {
            return word.to_owned();
        }
        let ours = match &word[..3] {
            "001" => self.org.create("Account", json!({"Name": "recorded", "Phone": "1"})).await,
            "003" => self.org.create("Contact", json!({"LastName": "recorded"})).await,
            "005" => self.org.rows("SELECT Id FROM User LIMIT 1").await[0]["Id"].as_str().unwrap().to_owned(),
            _ => return word.to_owned(),
        };
        self.names.insert(word.to_owned(), ours.clone());
        ours
    }

    /// Remembers which locator and which ids of an answer stand for recorded ones.
    fn learn(&mut self, recorded: &Value, ours: &Value) {
        let locator = |answer: &Value| {
            let url = answer["nextRecordsUrl"].as_str()?;
            Some(url.rsplit('/').next()?.split('-').next()?.to_owned())
        };
        if let (Some(theirs), Some(own)) = (locator(recorded), locator(ours)) {
            self.names.insert(theirs, own);
        }
    }
}
