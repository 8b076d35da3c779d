//! The log of requests and responses, for tests and for the pages.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use crate::lock::lock;
use crate::org::value::print_datetime;

/// Requests remembered.
const KEPT: usize = 5_000;
/// Requests whose bodies are remembered too.
const KEPT_WHOLE: usize = 500;
/// Bytes of a body remembered.
pub(crate) const BODY: usize = 20_000;

/// One request and its answer.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) number: u64,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) api_calls: u64,
    pub(crate) at: Timestamp,
    pub(crate) faults: Vec<String>,
    pub(crate) request: String,
    pub(crate) answer: String,
}

/// The latest requests, and how many calls they counted as.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    entries: Mutex<VecDeque<Entry>>,
    numbers: AtomicU64,
    api_calls: AtomicU64,
    /// Bytes sent, of heads and bodies, after compression.
    pub(crate) bytes_sent: Arc<AtomicU64>,
}

impl RequestLog {
    /// Adds a request.
    pub(crate) fn push(&self, mut entry: Entry) {
        entry.number = self.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        self.api_calls.fetch_add(entry.api_calls, Ordering::Relaxed);
        let mut entries = lock(&self.entries);
        if entries.len() >= KEPT {
            entries.pop_front();
        }
        entries.push_back(entry);
        let old = entries.len().checked_sub(KEPT_WHOLE + 1);
        if let Some(old) = old.and_then(|old| entries.get_mut(old)) {
            (old.request, old.answer) = (String::new(), String::new());
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        lock(&self.entries).clear();
        self.api_calls.store(0, Ordering::Relaxed);
        self.bytes_sent.store(0, Ordering::Relaxed);
    }

    /// The remembered requests, oldest first.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        lock(&self.entries).iter().cloned().collect()
    }

    /// The log as the control route shows it.
    pub(crate) fn to_json(&self) -> Json {
        let requests: Vec<Json> = self.entries().iter().map(Entry::to_json).collect();
        let count = |number: &AtomicU64| number.load(Ordering::Relaxed);
        json!({"requests": requests, "api_calls": count(&self.api_calls), "bytes_sent": count(&self.bytes_sent)})
    }
}

impl Entry {
    fn to_json(&self) -> Json {
        let mut shown = Map::new();
        shown.insert("method".to_owned(), json!(self.method));
        shown.insert("path".to_owned(), json!(self.path));
        shown.insert("status".to_owned(), json!(self.status));
        shown.insert("api_calls".to_owned(), json!(self.api_calls));
        shown.insert("at".to_owned(), json!(print_datetime(self.at)));
        if !self.faults.is_empty() {
            shown.insert("fault".to_owned(), json!(self.faults.join(" ")));
        }
        Json::Object(shown)
    }
}

/// The beginning of a body, as text.
pub(crate) fn excerpt(body: &[u8]) -> String {
    let cut = &body[..body.len().min(BODY)];
    String::from_utf8_lossy(cut).into_owned()
}
