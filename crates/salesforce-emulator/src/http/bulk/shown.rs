//! Jobs as JSON.

use serde_json::{Map, Value as Json, json};

use crate::bulk::ingest::IngestJob;
use crate::bulk::job::Head;
use crate::bulk::query::QueryJob;
use crate::org::value::print_datetime;

/// How much of a job is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// What it was asked to be.
    Made,
    /// And which kind of job it is.
    Listed,
    /// And how it goes.
    Full,
}

/// A job that loads records.
pub(super) fn ingest(job: &IngestJob, extent: Extent) -> Json {
    let mut shown = beginning(&job.head);
    if let Some(field) = &job.external_id {
        shown.insert("externalIdFieldName".to_owned(), json!(field));
    }
    if let Some(rule) = job.assignment_rule {
        shown.insert("assignmentRuleId".to_owned(), json!(rule.to_string()));
    }
    middle(&mut shown, &job.head, (extent != Extent::Made).then_some("V2Ingest"));
    let (id, version) = (job.head.id, job.head.version);
    // Salesforce leaves the slash in front away.
    let url = format!("services/data/v{version}.0/jobs/ingest/{id}/batches");
    shown.insert("contentUrl".to_owned(), json!(url));
    ending(&mut shown, &job.head);
    if extent == Extent::Full {
        let time = job.head.milliseconds();
        shown.insert("numberRecordsProcessed".to_owned(), json!(job.head.processed));
        shown.insert("numberRecordsFailed".to_owned(), json!(job.failed()));
        shown.insert("retries".to_owned(), json!(job.head.retries));
        shown.insert("totalProcessingTime".to_owned(), json!(time));
        shown.insert("apiActiveProcessingTime".to_owned(), json!(time));
        shown.insert("apexProcessingTime".to_owned(), json!(0));
        message(&mut shown, &job.head);
    }
    Json::Object(shown)
}

/// A job that answers a query.
pub(super) fn query(job: &QueryJob, extent: Extent) -> Json {
    let mut shown = beginning(&job.head);
    middle(&mut shown, &job.head, (extent != Extent::Made).then_some("V2Query"));
    ending(&mut shown, &job.head);
    if extent == Extent::Full {
        shown.insert("numberRecordsProcessed".to_owned(), json!(job.head.processed));
        shown.insert("retries".to_owned(), json!(job.head.retries));
        shown.insert("totalProcessingTime".to_owned(), json!(job.head.milliseconds()));
        shown.insert("isPkChunkingSupported".to_owned(), json!(supports_chunking(&job.head.object)));
        message(&mut shown, &job.head);
    }
    Json::Object(shown)
}

fn beginning(head: &Head) -> Map<String, Json> {
    let mut shown = Map::new();
    shown.insert("id".to_owned(), json!(head.id.to_string()));
    shown.insert("operation".to_owned(), json!(head.operation));
    shown.insert("object".to_owned(), json!(head.object));
    shown.insert("createdById".to_owned(), json!(head.user.to_string()));
    shown.insert("createdDate".to_owned(), json!(print_datetime(head.created)));
    shown.insert("systemModstamp".to_owned(), json!(print_datetime(head.changed)));
    shown.insert("state".to_owned(), json!(head.state.name()));
    shown
}

fn middle(shown: &mut Map<String, Json>, head: &Head, kind: Option<&str>) {
    shown.insert("concurrencyMode".to_owned(), json!("Parallel"));
    shown.insert("contentType".to_owned(), json!("CSV"));
    shown.insert("apiVersion".to_owned(), json!(f64::from(head.version)));
    if let Some(kind) = kind {
        shown.insert("jobType".to_owned(), json!(kind));
    }
}

fn ending(shown: &mut Map<String, Json>, head: &Head) {
    shown.insert("lineEnding".to_owned(), json!(head.format.line_ending.name()));
    shown.insert("columnDelimiter".to_owned(), json!(head.format.delimiter.name()));
}

fn message(shown: &mut Map<String, Json>, head: &Head) {
    if let Some(message) = &head.message {
        shown.insert("errorMessage".to_owned(), json!(message));
    }
}

/// Salesforce cuts the queries of these objects, and of every custom one, by the primary key.
fn supports_chunking(object: &str) -> bool {
    const KNOWN: [&str; 10] = [
        "Account",
        "Campaign",
        "CampaignMember",
        "Case",
        "Contact",
        "Event",
        "Lead",
        "Opportunity",
        "Task",
        "User",
    ];
    object.ends_with("__c") || KNOWN.contains(&object)
}
