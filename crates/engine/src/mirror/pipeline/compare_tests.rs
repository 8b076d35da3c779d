//! What a row that is another than before adds to the counts and the history.

use super::*;
use crate::mirror::fixtures::{row, stream};

const ID: &str = "001000000000001AAA";

fn told(name: &str) -> String {
    format!("{{\"Name\":\"{name}\"}}")
}

#[test]
fn row_that_is_another_than_before_is_counted() {
    use RecordState::{Deleted, FilteredOut, Hidden, Merged, Present};
    for (before, after, kept_more, gone) in [
        (None, Present, 1, None),
        (None, FilteredOut, 0, Some("filtered_out")),
        (Some(Present), Present, 0, None),
        (Some(Present), Hidden, 0, None),
        (Some(Present), Deleted, -1, Some("deleted")),
        (Some(Hidden), Merged, -1, Some("merged")),
        (Some(Deleted), Present, 1, None),
        (Some(Deleted), Deleted, 0, None),
        (Some(Deleted), Merged, 0, Some("merged")),
    ] {
        let mut staged = Staged::default();
        let before = before.map(|state| row(ID, state, &told("旧")));
        staged.note(&stream(&["Name"]), before.as_ref(), row(ID, after, &told("新")));
        let told: Vec<(&str, u64)> = staged.tally.gone.into_iter().collect();
        assert_eq!(staged.tally.kept_more, kept_more, "{before:?} {after:?}");
        assert_eq!(
            told,
            gone.map(|state| (state, 1)).into_iter().collect::<Vec<_>>(),
            "{before:?} {after:?}"
        );
        assert_eq!((staged.tally.changed, staged.rows.len()), (1, 1));
    }
}

#[test]
fn history_is_kept_of_what_was_kept_before_where_it_is_wanted() {
    use RecordState::{Deleted, Present};
    let before = row(ID, Present, &told("旧"));
    for (what, keeps_history, before, after, noted) in [
        ("another value", true, Some(&before), row(ID, Present, &told("新")), true),
        ("another state", true, Some(&before), row(ID, Deleted, &told("旧")), true),
        ("the same values", true, Some(&before), before.clone(), false),
        ("a new record", true, None, row(ID, Present, &told("新")), false),
        ("no history", false, Some(&before), row(ID, Present, &told("新")), false),
    ] {
        let mut staged = Staged::default();
        let stream = Stream { keeps_history, ..stream(&["Name"]) };
        staged.note(&stream, before, after);
        let noted_ids: Vec<&str> = staged.changes.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(noted_ids, if noted { vec![ID] } else { vec![] }, "{what}");
    }
}

#[test]
fn counts_of_two_batches_add_up() {
    let gone = |deleted, merged| BTreeMap::from([("deleted", deleted), ("merged", merged)]);
    let tally =
        |received, gone| BatchStats { received, failed: 1, unchanged: 2, changed: 3, gone, kept_more: -4 };
    let mut staged = Staged { tally: tally(10, gone(1, 2)), ..Staged::default() };
    staged.take(Staged {
        tally: tally(5, BTreeMap::from([("deleted", 7)])),
        rows: vec![row(ID, RecordState::Present, "{}")],
        changes: Vec::new(),
    });
    let BatchStats { received, failed, unchanged, changed, gone: counted, kept_more } = staged.tally;
    assert_eq!((received, failed, unchanged, changed, kept_more), (15, 2, 4, 6, -8));
    assert_eq!((counted, staged.rows.len()), (gone(8, 2), 1));
}
