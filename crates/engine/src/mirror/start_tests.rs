//! With what a run begins: its plans, its queries, and what the org's first answer means.

use super::*;
use crate::mirror::fixtures::{NOW, mirror, shown, stream, texts};
use crate::mirror::model::stream::VisibleField;
use domain::mirror::StreamState;
use domain::org::FieldType;
use salesforce::soql::Condition;

const SINCE: PullPlan = PullPlan::Incremental { since: NOW };

fn name_shown() -> VisibleFields {
    shown(&[("Name", FieldType::String)])
}

fn kept() -> StreamState {
    StreamState {
        columns: texts(&["Name"]),
        covered_until: Some(NOW),
        swept_at: Some(NOW),
        ..StreamState::default()
    }
}

#[test]
fn what_changed_is_asked_for_only_where_what_is_kept_is_what_is_wanted() {
    let name = stream(&["Name"]);
    let some = Stream { condition: Some(Condition::equals("Industry", "製造業")), ..name.clone() };
    let condition = some.condition_text().unwrap();
    let more = shown(&[("Name", FieldType::String), ("Phone", FieldType::Phone)]);
    let stale = VisibleFields { usable: Vec::new(), stale: texts(&["Name"]), ..name_shown() };
    for (what, stream, state, shown, plan) in [
        ("never fetched", &name, StreamState::default(), name_shown(), PullPlan::Full),
        ("kept as wanted", &name, kept(), name_shown(), SINCE),
        ("another field", &stream(&["Name", "Phone"]), kept(), more, PullPlan::Full),
        ("a field that is hidden now", &name, kept(), stale, SINCE),
        ("a field less", &stream(&[]), kept(), shown(&[]), PullPlan::Full),
        ("new conditions", &some, kept(), name_shown(), PullPlan::Full),
        ("the same conditions", &some, StreamState { condition, ..kept() }, name_shown(), SINCE),
        (
            "a field that is shown again",
            &name,
            StreamState { stale: texts(&["Name"]), ..kept() },
            name_shown(),
            PullPlan::Full,
        ),
    ] {
        assert_eq!(planned_for(stream, &mirror(state), &shown).unwrap(), plan, "{what}");
    }
}

#[test]
fn only_streams_with_changes_are_queried_each_at_its_place() {
    let all = stream(&["Name"]);
    let some = Stream { condition: Some(Condition::equals("Industry", "製造業")), ..all.clone() };
    let streams = [all.clone(), all, some];
    let planned = [(PullPlan::Full, name_shown()), (SINCE, name_shown()), (SINCE, name_shown())];
    let since = "SystemModstamp >= 2026-05-22T09:00:00.000Z";
    let asked = queries(&streams, &planned).unwrap();
    assert_eq!(
        asked,
        [
            (
                1,
                format!(
                    "SELECT Id,SystemModstamp,Website,IsDeleted,MasterRecordId,Name FROM Account WHERE {since}"
                )
            ),
            // A stream with conditions asks for deleted records by their ids.
            (
                2,
                format!(
                    "SELECT Id,SystemModstamp,Website,Name FROM Account WHERE Industry = '製造業' AND {since}"
                )
            ),
        ]
    );
    assert!(queries(&streams[..1], &planned[..1]).unwrap().is_empty());
}

struct Begin {
    what: &'static str,
    state: StreamState,
    gone: Option<Vec<String>>,
    shown: VisibleFields,
    drifts: bool,
    origin: RunTrigger,
    missed: bool,
    sweep: bool,
}

#[test]
fn first_answer_decides_on_a_look_at_all_ids() {
    let derived = VisibleField { path: "Owner.Name".to_owned(), kind: FieldType::String, derived: true };
    let derived = VisibleFields { usable: vec![derived], ..name_shown() };
    let begin = |what, origin| Begin {
        what,
        state: kept(),
        gone: Some(Vec::new()),
        shown: name_shown(),
        drifts: false,
        origin,
        missed: false,
        sweep: false,
    };
    let (nightly, periodic) = (RunTrigger::Nightly, RunTrigger::Periodic);
    let missed = || StreamState { deletions_missed: true, ..kept() };
    let weeks_ago = StreamState { swept_at: Some(NOW.plus_minutes(-8 * 24 * 60)), ..kept() };
    for case in [
        begin("nothing drifts", nightly),
        Begin { gone: None, missed: true, sweep: true, ..begin("deletions are forgotten", nightly) },
        Begin { gone: None, missed: true, ..begin("deletions are forgotten, looked for by night", periodic) },
        Begin { state: missed(), missed: true, sweep: true, ..begin("they were before", nightly) },
        Begin { drifts: true, sweep: true, ..begin("conditions drift", nightly) },
        Begin { shown: derived.clone(), sweep: true, ..begin("a value drifts", nightly) },
        Begin { shown: derived, ..begin("a value drifts, looked at by night", periodic) },
        Begin { state: weeks_ago, sweep: true, ..begin("the last look was a week ago", periodic) },
    ] {
        let streams = [Stream { drifts: case.drifts, ..stream(&["Name"]) }];
        let told = DeletionReport { covered_until: Some(NOW.plus_minutes(-20)), gone: case.gone };
        let opened = started(
            &streams,
            vec![mirror(case.state)],
            vec![(SINCE, case.shown)],
            vec![told],
            Some(NOW),
            case.origin,
        );
        let [StartedStream { mirror, work, first: None }] = opened.as_slice() else {
            panic!("{}", case.what)
        };
        assert_eq!((work.deletions_missed, work.sweep), (case.missed, case.sweep), "{}", case.what);
        assert_eq!(mirror.state.deletions_missed, case.missed, "{}", case.what);
        assert_eq!(
            (work.covered_until, work.org_now),
            (Some(NOW.plus_minutes(-20)), Some(NOW)),
            "{}",
            case.what
        );
        assert_eq!((&work.phase, work.plan), (&Phase::Rows, SINCE));
    }
}

#[test]
fn without_the_clock_of_the_org_nothing_counts_as_covered() {
    let told = DeletionReport { covered_until: Some(NOW), gone: Some(texts(&["001000000000001AAA"])) };
    let origin = RunTrigger::Manual;
    let streams = [Stream { drifts: true, ..stream(&["Name"]) }];
    let opened =
        started(&streams, vec![mirror(kept())], vec![(SINCE, name_shown())], vec![told], None, origin);
    let work = &opened[0].work;
    assert_eq!((work.covered_until, work.org_now, work.sweep), (None, None, false));
    assert_eq!(work.gone, ["001000000000001AAA"]);
}
