//! The next page of a job's result, asked for while the end of the one before is read.

use super::QueryResults;
use crate::{Client, Error, SalesforceId};
use tokio::task::JoinHandle;

/// Rows before the end of a page at which the next one is asked for: enough for an answer to be there in time, and
/// few enough that it does not wait for long to be read.
const ROWS_AHEAD: u64 = 20_000;

/// The next page, asked for in time.
#[derive(Debug, Default)]
pub(super) struct Prefetch {
    asked: Option<(String, Asked)>,
}

/// A running call, which is cancelled with its owner.
#[derive(Debug)]
struct Asked(JoinHandle<Result<QueryResults, Error>>);

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Prefetch {
    /// Whether it is time to ask: near the end of a page of so many rows.
    pub(super) fn is_due(&self, read: u64, told: u64) -> bool {
        self.asked.is_none() && read + ROWS_AHEAD >= told
    }

    /// Asks for the page that begins at a locator.
    pub(super) fn ask(&mut self, client: Client, job: SalesforceId, locator: &str, max_records: Option<u32>) {
        let locator = locator.to_owned();
        let from = locator.clone();
        let asked =
            tokio::spawn(async move { client.query_job_results(&job, Some(&from), max_records).await });
        self.asked = Some((locator, Asked(asked)));
    }

    /// What came of it; `None` when that page was not asked for.
    pub(super) async fn take(&mut self, locator: Option<&str>) -> Option<Result<QueryResults, Error>> {
        let (of, mut asked) = self.asked.take()?;
        if Some(of.as_str()) != locator {
            return None;
        }
        match (&mut asked.0).await {
            Ok(answer) => Some(answer),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => None,
        }
    }
}
