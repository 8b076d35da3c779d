//! `/limits`: what is left of what the org may use.

use serde_json::{Map, Value as Json, json};

use super::answer::Answer;
use super::call::Call;
use crate::org::store::Org;
use crate::site::{Site, lock};

/// Limits that nothing here uses up, as a Developer Edition has them.
const UNTOUCHED: [(&str, u64); 34] = [
    ("ActiveScratchOrgs", 3),
    ("AnalyticsExternalDataSizeMB", 40_960),
    ("ConcurrentAsyncGetReportInstances", 200),
    ("ConcurrentSyncReportRuns", 20),
    ("DailyAnalyticsDataflowJobExecutions", 60),
    ("DailyAsyncApexExecutions", 250_000),
    ("DailyAsyncApexTests", 500),
    ("DailyBulkApiBatches", 15_000),
    ("DailyBulkV2QueryFileStorageMB", 976_562),
    ("DailyBulkV2QueryJobs", 10_000),
    ("DailyDeliveredPlatformEvents", 10_000),
    ("DailyDurableGenericStreamingApiEvents", 10_000),
    ("DailyDurableStreamingApiEvents", 10_000),
    ("DailyFunctionsApiCallLimit", 235_000),
    ("DailyGenericStreamingApiEvents", 10_000),
    ("DailyScratchOrgs", 6),
    ("DailyStandardVolumePlatformEvents", 10_000),
    ("DailyStreamingApiEvents", 10_000),
    ("DailyWorkflowEmails", 100_000),
    ("DurableStreamingApiConcurrentClients", 20),
    ("FileStorageMB", 20),
    ("HourlyAsyncReportRuns", 1200),
    ("HourlyDashboardRefreshes", 200),
    ("HourlyODataCallout", 1000),
    ("HourlyPublishedPlatformEvents", 50_000),
    ("HourlyPublishedStandardVolumePlatformEvents", 1000),
    ("HourlySyncReportRuns", 500),
    ("HourlyTimeBasedWorkflow", 50),
    ("MassEmail", 10),
    ("MonthlyPlatformEvents", 300_000),
    ("Package2VersionCreates", 6),
    ("PermissionSets", 1500),
    ("SingleEmail", 15),
    ("StreamingApiConcurrentClients", 20),
];

/// Megabytes of records a Developer Edition has.
const DATA_STORAGE_MB: u64 = 5;

/// Shows every limit.
pub(super) fn get(site: &Site, org: &Org) -> Answer {
    let entry = |max: u64, remaining: i64| json!({"Max": max, "Remaining": remaining});
    let mut limits: Map<String, Json> = UNTOUCHED
        .iter()
        .map(|(name, max)| ((*name).to_owned(), entry(*max, i64::try_from(*max).unwrap_or(i64::MAX))))
        .collect();
    let max = org.settings.limits.daily_api_requests;
    let used = lock(&site.usage).used(org.now());
    limits.insert("DailyApiRequests".to_owned(), entry(max, (max as i64).saturating_sub(used as i64).max(0)));
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
        .map(|object| json!({"count": org.live(&object.name).count(), "name": object.name}))
        .collect();
    Answer::json(200, json!({"sObjects": counts}))
}
