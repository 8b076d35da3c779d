//! The request log for people.

use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Response};

use crate::pages::org::parts::{Frame, parameter};
use crate::pages::render::page;
use crate::pages::words::Words;
use crate::request_log::Entry;
use crate::state::EmulatorState;

const SHOWN: usize = 200;

struct Row {
    at: String,
    method: String,
    path: String,
    status: String,
    failed: bool,
    calls: u64,
    faults: String,
    request: String,
    answer: String,
}

#[derive(Template)]
#[template(path = "org_requests.html")]
struct Requests {
    frame: Frame,
    words: &'static Words,
    wanted: String,
    failed: bool,
    rows: Vec<Row>,
}

/// The latest requests, newest first.
pub(crate) async fn requests(
    State(state): State<Arc<EmulatorState>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    let query = query.unwrap_or_default();
    let frame = Frame::new(&state.read(), &headers, "/emulator/log", &query);
    let (wanted, failed) = (parameter(&query, "q"), parameter(&query, "failed") == "1");
    let needle = wanted.trim().to_lowercase();
    let entries = state.log.entries();
    let mut rows: Vec<Row> = entries.iter().rev().map(|entry| row(&frame, entry)).collect();
    rows.retain(|row| (!failed || row.failed || !row.faults.is_empty()) && row.mentions(&needle));
    rows.truncate(SHOWN);
    page(200, &Requests { words: frame.words, wanted, failed, rows, frame })
}

impl Row {
    /// Whether method, path, status or a fault has this text.
    fn mentions(&self, text: &str) -> bool {
        let head = format!("{} {} {} {}", self.method, self.path, self.status, self.faults);
        head.to_lowercase().contains(text)
    }
}

fn row(frame: &Frame, entry: &Entry) -> Row {
    let decoded =
        percent_encoding::percent_decode_str(&entry.path.replace('+', " ")).decode_utf8_lossy().into_owned();
    Row {
        at: frame.time(entry.at),
        method: entry.method.clone(),
        path: decoded,
        status: if entry.status == 0 { "–".to_owned() } else { entry.status.to_string() },
        failed: entry.status == 0 || entry.status >= 400,
        calls: entry.api_calls,
        faults: entry.faults.join(" "),
        request: entry.request.clone(),
        answer: entry.answer.clone(),
    }
}
