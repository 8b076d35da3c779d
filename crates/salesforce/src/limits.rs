//! The `limits` resource and what stands below it (contract 2.3, 2.9).

use std::collections::BTreeMap;

use http::Method;
use serde::Deserialize;
use serde_json::Value;

use crate::client::Call;
use crate::{Client, Error, Response};

/// An allowance and what is left of it. The numbers lag by up to five minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Allowance {
    /// What is allowed, in the unit the name tells: calls, megabytes, jobs.
    pub max: i64,
    /// What is left; storage can go below zero.
    pub remaining: i64,
}

/// The org's allowances by Salesforce's names, such as `DailyApiRequests`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limits(BTreeMap<String, Allowance>);

impl Limits {
    /// One allowance, if the org knows it.
    pub fn get(&self, name: &str) -> Option<Allowance> {
        self.0.get(name).copied()
    }

    /// Calls in the rolling 24 hours.
    pub fn daily_api_requests(&self) -> Option<Allowance> {
        self.get("DailyApiRequests")
    }

    /// All of them, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Allowance)> {
        self.0.iter().map(|(name, allowance)| (name.as_str(), *allowance))
    }
}

#[derive(Deserialize)]
struct RecordCounts {
    #[serde(rename = "sObjects")]
    objects: Vec<RecordCount>,
}

#[derive(Deserialize)]
struct RecordCount {
    name: String,
    count: u64,
}

impl Client {
    /// About how many records there are of these objects, by the objects' names.
    ///
    /// The org counts now and then and not when it is asked, deleted records left out. It says nothing of an object
    /// that it does not know or has not counted yet.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn record_counts(&self, objects: &[&str]) -> Result<Response<BTreeMap<String, u64>>, Error> {
        let path = format!("limits/recordCount?sObjects={}", objects.join(","));
        let answer: Response<RecordCounts> = self.send_json(Call::new(Method::GET, path)).await?;
        Ok(answer.map(|counts| counts.objects.into_iter().map(|one| (one.name, one.count)).collect()))
    }

    /// Reads the org's allowances. The user needs "View Setup and Configuration".
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn limits(&self) -> Result<Response<Limits>, Error> {
        let answer: Response<BTreeMap<String, Value>> =
            self.send_json(Call::new(Method::GET, "limits")).await?;
        // Entries of another shape are left out: apps nest their own numbers inside some.
        let read = |(name, value)| Some((name, Allowance::deserialize(value).ok()?));
        Ok(answer.map(|entries| Limits(entries.into_iter().filter_map(read).collect())))
    }
}
