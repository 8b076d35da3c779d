//! Streams and rows of the tables.

use crate::mirror::model::checkpoint::{Checkpoint, Phase};
use crate::mirror::model::stream::{MatchBy, Stream, VisibleField, VisibleFields};
use domain::mirror::{MirrorRow, PullPlan, RecordState, StreamState};
use domain::org::FieldType;
use domain::value::Timestamp;
use storage::mirror::streams::Mirror;

pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_779_440_400);

/// Companies, found by their site.
pub(crate) fn stream(chosen: &[&str]) -> Stream {
    Stream {
        name: "companies".to_owned(),
        object: "Account".to_owned(),
        match_by: Some(MatchBy::Website),
        chosen: texts(chosen),
        condition: None,
        drifts: false,
        keeps_history: true,
    }
}

pub(crate) fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// What is shown of an object that can be merged, with these fields.
pub(crate) fn shown(usable: &[(&str, FieldType)]) -> VisibleFields {
    let field = |(path, kind): &(&str, FieldType)| VisibleField {
        path: (*path).to_owned(),
        kind: *kind,
        derived: path.contains('.'),
    };
    VisibleFields {
        usable: usable.iter().map(field).collect(),
        stale: Vec::new(),
        match_field: true,
        merges: true,
        converts: false,
    }
}

pub(crate) fn mirror(state: StreamState) -> Mirror {
    Mirror { stream: "companies".to_owned(), generation: 3, state, refreshed_at: NOW, rows: 10 }
}

pub(crate) fn row(record_id: &str, state: RecordState, body: &str) -> MirrorRow {
    MirrorRow {
        record_id: record_id.to_owned(),
        system_modstamp: NOW,
        match_key: Some("example.co.jp".to_owned()),
        state,
        successor_id: None,
        changed_at: NOW,
        body: body.to_owned(),
    }
}

/// A run that has just begun with a stream.
pub(crate) fn checkpoint(plan: PullPlan) -> Checkpoint {
    Checkpoint {
        plan,
        phase: Phase::Rows,
        position: None,
        shown: shown(&[("Name", FieldType::String)]),
        covered_until: Some(NOW.plus_minutes(-15)),
        org_now: Some(NOW),
        sweep: false,
        gone: Vec::new(),
        deletions_missed: false,
        kept_more: 0,
        records: 0,
        key_parts: 0,
        keys_lost: false,
        judged: false,
        staged: false,
        failed: 0,
    }
}
