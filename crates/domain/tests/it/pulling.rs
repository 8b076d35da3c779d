//! What is pulled from an org, how, and what it changes in the mirror (D, Y).

use domain::mirror::{MirrorRow, RecordState, RowChange, changes, detect_change, with_values};
use domain::mirror::{
    PullPlan, StreamConfig, StreamState, Transport, covered_until, needs_full, needs_id_scan, plan, transport,
};
use domain::run::RunTrigger;
use domain::value::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

fn moment(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn names(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn complete_mirror_fetches_only_changes() {
    let noon = moment("2026-05-22T12:00:00Z");
    let kept = StreamState {
        columns: names("A B"),
        stale: names("B"),
        condition: "x".to_owned(),
        covered_until: Some(noon),
        swept_at: Some(noon),
        deletions_missed: false,
    };
    let changes = PullPlan::Incremental { since: noon };
    for (what, kept, chosen, usable, condition, expected) in [
        ("never fetched", StreamState::default(), "A", "A", "", PullPlan::Full),
        ("as before", kept.clone(), "A B", "A", "x", changes),
        ("a field has gone since", kept.clone(), "A B", "", "x", changes),
        ("a field is back", kept.clone(), "A B", "A B", "x", PullPlan::Full),
        ("a field is new", kept.clone(), "A B C", "A C", "x", PullPlan::Full),
        ("a new field is not there", kept.clone(), "A B C", "A", "x", changes),
        ("a field is not wanted any more", kept.clone(), "A", "A", "x", PullPlan::Full),
        ("other conditions", kept, "A B", "A", "y", PullPlan::Full),
    ] {
        let (chosen, usable) = (names(chosen), names(usable));
        let wanted = StreamConfig { chosen: &chosen, usable: &usable, condition };
        assert_eq!(plan(&kept, wanted), expected, "{what}");
    }
}

#[test]
fn changed_settings_need_full_pull() {
    let since = moment("2026-05-01T00:00:00Z");
    for (now, changes, expected) in [
        ("2026-05-13T23:00:00Z", 10, false),
        ("2026-05-14T01:00:00Z", 0, true),
        ("2026-05-01T00:05:00Z", 200_000, false),
        ("2026-05-01T00:05:00Z", 200_001, true),
        ("2026-04-30T00:00:00Z", 0, false),
    ] {
        assert_eq!(needs_full(since, moment(now), changes), expected, "{now} {changes}");
    }
}

#[test]
fn window_ends_15_minutes_ago_or_at_open_transaction() {
    let now = "2026-05-22T10:00:00Z";
    for (told, expected) in [
        (None, "2026-05-22T09:45:00Z"),
        (Some(now), "2026-05-22T09:45:00Z"),
        (Some("2026-05-22T09:50:00Z"), "2026-05-22T09:45:00Z"),
        (Some("2026-05-22T08:00:00Z"), "2026-05-22T08:00:00Z"),
    ] {
        assert_eq!(covered_until(moment(now), told.map(moment)), moment(expected), "{told:?}");
    }
}

#[test]
fn formula_fields_are_compared_nightly() {
    let swept = StreamState { swept_at: Some(moment("2026-05-01T00:00:00Z")), ..StreamState::default() };
    let missed = StreamState { deletions_missed: true, ..swept.clone() };
    use RunTrigger::Manual;
    use RunTrigger::Nightly;
    use RunTrigger::Periodic;
    for (what, kept, drifts, origin, now, expected) in [
        ("never looked", StreamState::default(), false, Periodic, "2026-05-01T01:00:00Z", true),
        ("nothing drifts", swept.clone(), false, Nightly, "2026-05-07T23:59:00Z", false),
        ("a week over", swept.clone(), false, Periodic, "2026-05-08T00:00:00Z", true),
        ("drifting, at night", swept.clone(), true, Nightly, "2026-05-01T01:00:00Z", true),
        ("drifting, asked for", swept.clone(), true, Manual, "2026-05-01T00:00:01Z", true),
        ("drifting, in between", swept.clone(), true, Periodic, "2026-05-01T19:59:59Z", false),
        ("drifting, once a day", swept, true, Periodic, "2026-05-01T20:00:00Z", true),
        ("deletions missed, in between", missed.clone(), false, Periodic, "2026-05-01T19:59:59Z", false),
        ("deletions missed, once a day", missed.clone(), false, Periodic, "2026-05-01T20:00:00Z", true),
        ("deletions missed, at night", missed, false, Nightly, "2026-05-01T00:00:01Z", true),
    ] {
        assert_eq!(needs_id_scan(&kept, drifts, origin, moment(now)), expected, "{what}");
    }
}

#[test]
fn many_records_use_bulk_job() {
    for (records, spare, expected) in [
        (0, None, Some(Transport::Pages)),
        (2_000, Some(0), Some(Transport::Pages)),
        (10_000, Some(4), Some(Transport::Pages)),
        (10_000, Some(3), None),
        (24_000, None, Some(Transport::Pages)),
        (24_001, None, Some(Transport::Job)),
        (1_000_000, Some(30), Some(Transport::Job)),
        (1_000_000, Some(29), None),
    ] {
        assert_eq!(transport(records, spare), expected, "{records}");
    }
}

fn row(state: RecordState, values: Value) -> MirrorRow {
    MirrorRow {
        record_id: "00Q000000000001AAA".to_owned(),
        system_modstamp: moment("2026-05-22T12:00:00Z"),
        match_key: None,
        state,
        successor_id: None,
        changed_at: moment("2026-05-22T12:00:00Z"),
        body: values.to_string(),
    }
}

#[test]
fn fetched_row_is_compared_with_stored_row() {
    let before = row(RecordState::Present, json!({"A": 1, "B": "old"}));
    let later = moment("2026-05-23T12:00:00Z");
    let fresh = |state, values| MirrorRow { changed_at: later, system_modstamp: later, ..row(state, values) };
    let deleted = fresh(RecordState::Deleted, json!({"A": 1}));
    assert_eq!(detect_change(None, deleted.clone(), &[]), RowChange::Nothing, "it came and went in between");
    assert_eq!(detect_change(Some(&before), deleted.clone(), &[]), RowChange::Changed(deleted));
    let same = detect_change(Some(&before), fresh(RecordState::Present, json!({"A": 1, "B": "old"})), &[]);
    let RowChange::Same(same) = same else { panic!("{same:?}") };
    assert_eq!((same.changed_at, same.system_modstamp), (before.changed_at, later), "only its mark is newer");
    let without = detect_change(Some(&before), fresh(RecordState::Present, json!({"A": 2})), &names("B"));
    let RowChange::Changed(without) = without else { panic!("{without:?}") };
    assert_eq!(without.body, json!({"A": 2, "B": "old"}).to_string(), "what is hidden stays as it was");
    let narrow = with_values(&before, json!({"B": "new"}).as_object().unwrap().clone(), later);
    let RowChange::Changed(narrow) = narrow else { panic!("{narrow:?}") };
    let told = changes(&before, &narrow).unwrap();
    assert_eq!((told.state, told.values.len(), told.values[0].path.as_str()), (None, 1, "B"));
    let again = with_values(&narrow, json!({"B": "new"}).as_object().unwrap().clone(), later);
    assert_eq!(again, RowChange::Same(narrow));
    let wider = row(RecordState::Present, json!({"A": 1, "B": "old", "C": "nobody asked for it before"}));
    assert_eq!(changes(&before, &wider), None);
}

proptest! {
    /// What a change tells is enough to make the row after out of the row before.
    #[test]
    fn history_of_changes_gives_current_state(
        before in proptest::collection::btree_map("[A-D]", 0..3_i32, 4),
        after in proptest::collection::btree_map("[A-D]", 0..3_i32, 4),
    ) {
        let (old, new) = (row(RecordState::Present, json!(before)), row(RecordState::Present, json!(after)));
        let asked: Vec<String> = before.keys().cloned().collect();
        let mut values = before;
        for change in changes(&old, &new).into_iter().flat_map(|change| change.values) {
            prop_assert_ne!(&change.from, &change.to);
            values.insert(change.path, i32::try_from(change.to.as_i64().unwrap()).unwrap());
        }
        for (path, value) in after.into_iter().filter(|(path, _)| asked.contains(path)) {
            prop_assert_eq!(values.get(&path), Some(&value));
        }
    }
}
