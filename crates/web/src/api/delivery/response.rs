//! Deliveries and explanations as the API shows them.

use crate::api::value::{DeliveryKindWord, DeliveryStateWord, Id, RecordActionWord, Time};
use crate::text::catalogue;
use domain::delivery::Delivery;
use domain::value::{Language, Step};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One reason of an explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Reason)]
pub struct StepResponse {
    /// A code for programs.
    #[schema(example = "record-created")]
    pub code: String,
    /// The same for people, in the caller's language.
    #[schema(example = "Created the Task 00T000000000001AAA")]
    pub text: String,
    /// The values that the text names.
    #[schema(example = json!({ "object": "Task", "id": "00T000000000001AAA" }))]
    pub data: BTreeMap<String, String>,
}

impl StepResponse {
    /// Shows a step in a language.
    pub fn of(step: &Step, language: Language) -> Self {
        Self { code: step.code.clone(), text: catalogue::step(language, step), data: step.data.clone() }
    }

    /// Shows several steps in a language.
    pub fn all(steps: &[Step], language: Language) -> Vec<Self> {
        steps.iter().map(|step| Self::of(step, language)).collect()
    }
}

/// A code with its values, for programs only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Code)]
pub struct CodeResponse {
    /// What it is about.
    #[schema(example = "run-disconnected")]
    code: String,
    /// The values that belong to it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(required = false, example = json!({ "object": "Account" }))]
    data: BTreeMap<String, String>,
}

impl From<&Step> for CodeResponse {
    fn from(step: &Step) -> Self {
        Self { code: step.code.clone(), data: step.data.clone() }
    }
}

/// A record that a delivery wrote or used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DeliveredRecord)]
pub struct RecordResponse {
    /// The API name of its object.
    #[schema(example = "Task")]
    object: String,
    /// Its ID, 18 characters.
    #[schema(example = "00T000000000001AAA")]
    id: String,
    /// Its address in the org; null without a connection.
    #[schema(example = "https://demo.my.salesforce.com/lightning/r/Task/00T000000000001AAA/view")]
    url: Option<String>,
    /// What happened to it.
    action: RecordActionWord,
}

/// One effect of a booking in Salesforce.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Delivery)]
pub struct DeliveryResponse {
    /// Its ID.
    id: Id,
    /// What it writes.
    kind: DeliveryKindWord,
    /// How far it is.
    state: DeliveryStateWord,
    /// When it is attempted next.
    due_at: Time,
    /// Attempts so far.
    #[schema(example = 1)]
    attempts: u32,
    /// Records that it wrote or used.
    records: Vec<RecordResponse>,
    /// Why it is in this state.
    explanation: Vec<StepResponse>,
    /// The code of the last error, Salesforce's own where it sent one.
    #[schema(example = "REQUIRED_FIELD_MISSING")]
    error_code: Option<String>,
}

impl DeliveryResponse {
    /// Shows a delivery; `instance_url` is the address of the connected org.
    pub fn of(delivery: &Delivery, instance_url: Option<&str>, language: Language) -> Self {
        let records = delivery.records.iter().map(|record| RecordResponse {
            object: record.object.clone(),
            id: record.id.clone(),
            url: instance_url.map(|instance| record_url(instance, &record.object, &record.id)),
            action: record.action.into(),
        });
        Self {
            id: delivery.id.into(),
            kind: delivery.kind.into(),
            state: delivery.state.into(),
            due_at: delivery.due_at.into(),
            attempts: delivery.attempts,
            records: records.collect(),
            explanation: StepResponse::all(&delivery.explanation, language),
            error_code: delivery.error_code.clone(),
        }
    }
}

/// The address of a record in the org.
fn record_url(instance_url: &str, object: &str, id: &str) -> String {
    format!("{instance_url}/lightning/r/{object}/{id}/view")
}
