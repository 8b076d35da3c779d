//! `/limits`: what is left of what the org may use.

use serde_json::{Map, Value as Json, json};

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::lock::lock;
use crate::org::store::Org;
use crate::state::EmulatorState;

/// Limits that nothing here uses up, as a Developer Edition of 2026 has them.
const UNTOUCHED: &str = include_str!("../../schema/limits.txt");
/// Permission sets of one's own, a limit within a limit.
const CUSTOM_PERMISSION_SETS: u64 = 1000;

/// Megabytes of records a Developer Edition has.
const DATA_STORAGE_MB: u64 = 5;
/// Megabytes of results that query jobs may make a day.
const QUERY_RESULTS_MB: u64 = 976_562;

/// Shows every limit.
pub(super) fn get(state: &EmulatorState, org: &Org) -> Answer {
    let entry = |max: u64, remaining: i64| json!({"Max": max, "Remaining": remaining});
    let untouched = UNTOUCHED.lines().filter_map(|line| {
        let (name, max) = line.split_once(' ')?;
        let max: u64 = max.parse().ok()?;
        Some((name.to_owned(), entry(max, max as i64)))
    });
    let mut limits: Map<String, Json> = untouched.collect();
    if let Some(sets) = limits.get_mut("PermissionSets") {
        sets["CreateCustom"] = entry(CUSTOM_PERMISSION_SETS, CUSTOM_PERMISSION_SETS as i64);
    }
    let max = org.settings.limits.daily_api_requests;
    let used = lock(&state.usage).used(org.now());
    limits.insert("DailyApiRequests".to_owned(), entry(max, (max as i64).saturating_sub(used as i64).max(0)));
    let allowed = &org.settings.limits;
    for (name, used) in lock(&state.jobs).quota.used(org.now()) {
        let max = match name {
            "DailyBulkApiBatches" => allowed.daily_bulk_batches,
            "DailyBulkV2QueryJobs" => allowed.daily_bulk_query_jobs,
            _ => QUERY_RESULTS_MB,
        };
        limits.insert(name.to_owned(), entry(max, max.saturating_sub(used) as i64));
    }
    let max = org.events.settings.daily_deliveries;
    let left = i64::try_from(org.events.deliveries_left(org.clock.now())).unwrap_or(i64::MAX);
    limits.insert("DailyDeliveredPlatformEvents".to_owned(), entry(max, left));
    let most = org.settings.limits.data_storage_mb.unwrap_or(DATA_STORAGE_MB);
    let left =
        i64::try_from(most).unwrap_or(i64::MAX) - i64::try_from(org.storage_used_mb()).unwrap_or(i64::MAX);
    limits.insert("DataStorageMB".to_owned(), entry(most, left));
    limits.sort_keys();
    Answer::json(200, Json::Object(limits))
}

/// Shows how many records some objects have; unknown names are left out.
pub(super) fn record_count(org: &Org, call: &Call) -> Answer {
    let asked = call.parameter("sObjects").unwrap_or_default();
    let counts: Vec<Json> = asked
        .split(',')
        .filter_map(|name| org.schema.visible(name.trim()))
        .map(|object| json!({"count": org.count_live(object), "name": object.name}))
        .collect();
    Answer::json(200, json!({"sObjects": counts}))
}
