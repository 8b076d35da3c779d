//! What changed between two moments: the `updated` and `deleted` resources (contract 2.10).

use http::Method;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use crate::cells::moment::moment;
use crate::client::Call;
use crate::query_page::encode;
use crate::sobjects::object_path;
use crate::{Client, Error, Response, SalesforceId};

/// Days back that the org still tells what was created or changed.
pub const UPDATED_DAYS: i64 = 30;
/// Days back that it still tells what was deleted.
pub const DELETED_DAYS: i64 = 15;

/// The rows of an object that were created or changed in a window.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Updated {
    /// Their ids, in no order.
    pub ids: Vec<SalesforceId>,
    /// Until when the answer is complete: where the next window starts.
    ///
    /// Earlier than the window's end while a long transaction is running that may still commit rows into it.
    #[serde(deserialize_with = "read_date_time")]
    pub latest_date_covered: Timestamp,
}

/// The rows of an object that were deleted in a window.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deleted {
    /// The rows, in no order. One that was undeleted meanwhile is not among them; one that was purged is, as long as the
    /// org has not forgotten it.
    pub deleted_records: Vec<DeletedRecord>,
    /// How far back the org remembers: with a start before it, rows can be missing.
    #[serde(deserialize_with = "read_date_time")]
    pub earliest_date_available: Timestamp,
    /// Until when the answer is complete: where the next window starts.
    #[serde(deserialize_with = "read_date_time")]
    pub latest_date_covered: Timestamp,
}

/// One row that was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeletedRecord {
    /// The row.
    pub id: SalesforceId,
    /// When it was deleted.
    #[serde(deserialize_with = "read_date_time")]
    pub deleted_date: Timestamp,
}

impl Client {
    /// Asks which rows were created or changed; both ends count in whole minutes, seconds are cut off.
    ///
    /// # Errors
    /// Any [`Error`]; see [`Error::is_outside_replication_window`] and [`Error::is_too_many_ids`].
    pub async fn updated(
        &self,
        object: &str,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Response<Updated>, Error> {
        self.send_json(Call::new(Method::GET, path(object, "updated", start, end)?)).await
    }

    /// Asks which rows were deleted; otherwise as [`Client::updated`].
    ///
    /// # Errors
    /// As for [`Client::updated`].
    pub async fn deleted(
        &self,
        object: &str,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Response<Deleted>, Error> {
        self.send_json(Call::new(Method::GET, path(object, "deleted", start, end)?)).await
    }
}

impl Error {
    /// Whether a window reached further back than the org remembers: [`UPDATED_DAYS`], [`DELETED_DAYS`], or less
    /// where so much is deleted that it is forgotten sooner. Only reading everything helps.
    pub fn is_outside_replication_window(&self) -> bool {
        self.has_code("INVALID_REPLICATION_DATE")
    }

    /// Whether a window holds more than the 600,000 ids an answer can: a shorter one helps.
    pub fn is_too_many_ids(&self) -> bool {
        self.has_code("EXCEEDED_ID_LIMIT")
    }
}

pub(crate) fn path(object: &str, resource: &str, start: Timestamp, end: Timestamp) -> Result<String, Error> {
    let minute = |at: Timestamp| at.as_second().div_euclid(60);
    if minute(start) >= minute(end) {
        // The org would refuse it with the same code as a window too far back.
        return Err(Error::InvalidRequest { reason: "the window is shorter than a minute".to_owned() });
    }
    let text = |at: Timestamp| encode(&at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string());
    Ok(format!("{}/{resource}?start={}&end={}", object_path(object), text(start), text(end)))
}

fn read_date_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
    moment(&text).ok_or_else(|| serde::de::Error::custom("no date with a time"))
}
