//! What an import would bring, looked at before it is switched on (Y8).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// How many records match, and some of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyPreview {
    /// Records that meet all conditions now.
    pub count: u64,
    /// The first few of them.
    pub sample: Vec<SampleCompany>,
}

/// One record as the company it would become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleCompany {
    /// The record's id (Y2).
    pub external_id: String,
    /// Its name (Y2).
    pub name: String,
    /// Values by company field, as the org gave them; fields without a value are null.
    pub fields: BTreeMap<String, Value>,
}
