//! Error responses of an org (contract 3).

use serde_json::Value;

use crate::SalesforceId;

/// One reason for a refusal, whichever API family it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiError {
    /// The code to decide by, such as `REQUIRED_FIELD_MISSING`; sent as `errorCode` or, in collections, `statusCode`.
    pub code: String,
    /// The text for people, in the language of the org's user. Never decide by it.
    pub message: String,
    /// API names of the fields to blame; often empty.
    pub fields: Vec<String>,
    /// The rows a duplicate rule found, for `DUPLICATES_DETECTED` on a single record.
    pub duplicates: Vec<DuplicateMatch>,
}

/// A row that a duplicate rule took for the same thing (contract 3.4).
#[derive(Debug, Clone, PartialEq)]
pub struct DuplicateMatch {
    /// The matching row.
    pub id: SalesforceId,
    /// Its object, such as `Contact`; it can differ from the object that was written.
    pub object: String,
    /// API name of the duplicate rule.
    pub rule: String,
    /// Whether the rule only warns: repeating with `allowSave` would save.
    pub allow_save: bool,
    /// Its e-mail; only with [`crate::WriteOptions::duplicate_details`], and when the user may see it.
    pub email: Option<String>,
    /// The rule's confidence in percent, when given.
    pub confidence: Option<f64>,
}

/// Codes that go away by themselves (contract 3.3, "Retryable set").
const TRANSIENT: &[&str] = &[
    "UNABLE_TO_LOCK_ROW",
    "REQUEST_RUNNING_TOO_LONG",
    "QUERY_TIMEOUT",
    "SERVER_UNAVAILABLE",
    "TXN_SECURITY_METERING_ERROR",
    "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE",
];

impl ApiError {
    /// Whether the same request can succeed later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        TRANSIENT.contains(&self.code.as_str())
    }

    /// Whether a field of this name is blamed, whatever its case.
    pub fn names_field(&self, field: &str) -> bool {
        self.fields.iter().any(|blamed| blamed.eq_ignore_ascii_case(field))
    }

    /// Reads the reasons out of an error body: an array, a single object, or a collections item's `errors`.
    ///
    /// Returns an empty list when the value is nothing of the kind.
    pub fn read_all(body: &Value) -> Vec<Self> {
        match body {
            Value::Array(items) => items.iter().filter_map(Self::read).collect(),
            Value::Object(_) => Self::read(body).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    fn read(item: &Value) -> Option<Self> {
        let code = text(item, &["errorCode", "statusCode"])?;
        let fields = item.get("fields").and_then(Value::as_array);
        let fields = fields.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        // The first spelling is what orgs really send.
        let duplicates = item.get("duplicateResut").or_else(|| item.get("duplicateResult"));
        Some(Self {
            code,
            message: text(item, &["message"]).unwrap_or_default(),
            fields,
            duplicates: duplicates.map(read_duplicates).unwrap_or_default(),
        })
    }
}

fn text(value: &Value, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| value.get(key)).and_then(Value::as_str).map(str::to_owned)
}

fn read_duplicates(result: &Value) -> Vec<DuplicateMatch> {
    let rule = text(result, &["duplicateRule"]).unwrap_or_default();
    let allow_save = result.get("allowSave").and_then(Value::as_bool).unwrap_or(false);
    let items =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut matches = Vec::new();
    for group in items(result, "matchResults") {
        for found in items(&group, "matchRecords") {
            let record = found.get("record").unwrap_or(&Value::Null);
            let Some(id) = text(record, &["Id", "id"]).and_then(|id| id.parse().ok()) else { continue };
            let object = record.get("attributes").and_then(|attributes| text(attributes, &["type"]));
            matches.push(DuplicateMatch {
                id,
                object: object.or_else(|| text(&group, &["entityType"])).unwrap_or_default(),
                rule: rule.clone(),
                allow_save,
                email: text(record, &["Email"]),
                confidence: found.get("matchConfidence").and_then(Value::as_f64),
            });
        }
    }
    matches
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        if !self.fields.is_empty() {
            write!(f, " ({})", self.fields.join(", "))?;
        }
        Ok(())
    }
}
