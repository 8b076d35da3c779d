//! What a checkpoint keeps from phase to phase, and what is known once a run is over.

use super::*;
use crate::mirror::fixtures::{NOW, checkpoint, mirror, texts};
use serde_json::json;

#[test]
fn next_phase_begins_anew_and_keeps_what_was_counted() {
    let mut work = checkpoint(PullPlan::Full);
    (work.position, work.failed, work.records) = (Some(Position::Over), 3, 7);
    work.enter(Phase::IdScan);
    assert_eq!((work.phase, work.position.is_none(), work.failed, work.records), (Phase::IdScan, true, 0, 7));
}

#[test]
fn another_worker_has_lost_the_keys_of_what_was_staged() {
    for (records, lost_before, lost) in [(0, false, false), (1, false, true), (0, true, true)] {
        let mut work = checkpoint(PullPlan::Full);
        (work.records, work.keys_lost) = (records, lost_before);
        work.resume();
        assert_eq!(work.keys_lost, lost, "{records} {lost_before}");
    }
}

#[test]
fn look_at_everything_settles_missed_deletions() {
    let earlier = Some(NOW.plus_minutes(-60));
    let changes = PullPlan::Incremental { since: NOW.plus_minutes(-30) };
    for (plan, sweep, missed, swept_at, still_missed) in [
        (PullPlan::Full, false, true, Some(NOW), false),
        (changes, true, true, Some(NOW), false),
        (changes, false, true, earlier, true),
        (changes, false, false, earlier, false),
    ] {
        let mut work = checkpoint(plan);
        (work.sweep, work.deletions_missed) = (sweep, missed);
        let before = mirror(StreamState { swept_at: earlier, ..StreamState::default() });
        let state = work.state(&before, "WHERE".to_owned());
        assert_eq!((state.swept_at, state.deletions_missed), (swept_at, still_missed), "{plan:?} {sweep}");
        assert_eq!((state.covered_until, state.condition.as_str()), (work.covered_until, "WHERE"));
    }
}

#[test]
fn stale_path_stays_a_column_only_where_its_values_are_kept() {
    let mut work = checkpoint(PullPlan::Full);
    work.shown.stale = texts(&["Old__c", "Never__c"]);
    let before = mirror(StreamState { columns: texts(&["Name", "Old__c"]), ..StreamState::default() });
    let state = work.state(&before, String::new());
    assert_eq!((state.columns, state.stale), (texts(&["Name", "Old__c"]), texts(&["Old__c", "Never__c"])));
}

#[test]
fn phases_keep_their_words_in_the_database() {
    for (phase, word) in [
        (Phase::Rows, json!("rows")),
        (Phase::ChangedIds, json!("changed_ids")),
        (Phase::HardDeletes, json!("hard_deletes")),
        (Phase::IdScan, json!("id_scan")),
        (Phase::Missing("001".to_owned()), json!({ "missing": "001" })),
        (Phase::Keys(String::new()), json!({ "keys": "" })),
        (Phase::Ready, json!("ready")),
    ] {
        assert_eq!(serde_json::to_value(&phase).unwrap(), word);
        assert_eq!(serde_json::from_value::<Phase>(word).unwrap(), phase);
    }
}
