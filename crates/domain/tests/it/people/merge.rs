//! What a merge decides, case by case; the numbers of scripts are those of the contract (two-way-sync 6).

use domain::people::{
    Accepted, Candidate, ConflictReason, ConflictRule, Direction, Link, MergeField, PersonSnapshot,
    RecordSnapshot, Settled, Side, ValueKind, Values, accept, after_write, elect, merge, settle,
};
use domain::value::Timestamp;

const TITLE: &str = "title";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn values(value: &str) -> Values {
    Values::from([(TITLE.to_owned(), value.to_owned())])
}

fn person(value: &str, edited: i64) -> PersonSnapshot {
    PersonSnapshot { version: 1, values: values(value), edited_at: [(TITLE.to_owned(), at(edited))].into() }
}

fn record(value: &str, modified: i64) -> RecordSnapshot {
    RecordSnapshot { values: values(value), stamp: at(modified), modified_at: at(modified), by_us: false }
}

fn agreed(local: &str, remote: &str) -> Link {
    Link { base_local: values(local), base_remote: values(remote), seen: Some(at(0)), ..Link::default() }
}

fn field(kind: ValueKind, direction: Direction, rule: ConflictRule) -> [MergeField<'static>; 1] {
    [MergeField { name: TITLE, kind, direction, rule }]
}

fn same(_: &str, value: &str) -> Result<String, String> {
    Ok(value.to_owned())
}

fn refused(_: &str, value: &str) -> Result<String, String> {
    Err(format!("not {value}"))
}

#[test]
fn changed_side_goes_to_the_other_and_both_changed_go_by_the_rule() {
    use ConflictReason::{BothChanged, Direction as Wrong};
    use ConflictRule::{Local, Newest, Salesforce};
    use Direction::{Both, FromSalesforce, ToSalesforce};
    // Base, the person's value edited at 20, the record's value and when it was modified; what is pulled, sent, in conflict.
    for (base, local, remote, modified, direction, rule, pulled, sent, conflict) in [
        ("a", "a", "a", 10, Both, Newest, None, None, None),
        ("a", "b", "a", 10, Both, Newest, None, Some("b"), None),
        ("a", "a", "c", 10, Both, Newest, Some("c"), None, None),
        ("a", "", "a", 10, Both, Newest, None, Some(""), None),
        ("a", "a", "", 10, Both, Newest, Some(""), None, None),
        ("a", "b", "b", 10, Both, Newest, None, None, None),
        ("a", "b", "c", 10, Both, Newest, None, Some("b"), Some((Side::Local, BothChanged))),
        ("a", "b", "c", 30, Both, Newest, Some("c"), None, Some((Side::Salesforce, BothChanged))),
        ("a", "b", "c", 20, Both, Newest, Some("c"), None, Some((Side::Salesforce, BothChanged))),
        ("a", "b", "c", 10, Both, Salesforce, Some("c"), None, Some((Side::Salesforce, BothChanged))),
        ("a", "b", "c", 30, Both, Local, None, Some("b"), Some((Side::Local, BothChanged))),
        ("a", "a", "c", 30, ToSalesforce, Newest, None, Some("a"), Some((Side::Local, Wrong))),
        ("a", "b", "a", 10, FromSalesforce, Newest, Some("a"), None, Some((Side::Salesforce, Wrong))),
        ("a", "b", "c", 30, ToSalesforce, Newest, None, Some("b"), Some((Side::Local, BothChanged))),
    ] {
        let fields = field(ValueKind::Text, direction, rule);
        let case = format!("{base:?} {local:?} {remote:?} at {modified} {direction:?} {rule:?}");
        let (person, record) = (person(local, 20), record(remote, modified));
        let merged = merge(&agreed(base, base), &person, &record, &fields, (&same, &same), at(40));
        assert_eq!(merged.pulled.get(TITLE).map(String::as_str), pulled, "{case}");
        let attempt = merged.link.attempt.as_ref();
        assert_eq!(attempt.map(|attempt| attempt.sent[TITLE].remote.as_str()), sent, "{case}");
        let told: Vec<_> = merged.conflicts.iter().map(|found| (found.winner, found.reason)).collect();
        assert_eq!(told, conflict.into_iter().collect::<Vec<_>>(), "{case}");
        assert_eq!(merged.link.seen, Some(at(modified)), "{case}");
    }
}

#[test]
fn first_meeting_fills_blanks_and_records_what_differs() {
    for (local, remote, direction, pulled, sent, conflict) in [
        ("", "x", Direction::Both, Some("x"), None, false),
        ("x", "", Direction::Both, None, Some("x"), false),
        ("x", "", Direction::FromSalesforce, Some(""), None, true),
        ("", "x", Direction::ToSalesforce, None, Some(""), true),
        ("x", " x ", Direction::Both, None, None, false),
        ("x", "y", Direction::Both, Some("y"), None, true),
    ] {
        let fields = field(ValueKind::Text, direction, ConflictRule::Newest);
        let (person, record) = (person(local, 5), record(remote, 9));
        let merged = merge(&Link::default(), &person, &record, &fields, (&same, &same), at(40));
        let case = format!("{local:?} {remote:?} {direction:?}");
        assert_eq!(merged.pulled.get(TITLE).map(String::as_str), pulled, "{case}");
        let attempt = merged.link.attempt.as_ref();
        assert_eq!(attempt.map(|attempt| attempt.sent[TITLE].remote.as_str()), sent, "{case}");
        let is_first = |found: &domain::people::Conflict| found.reason == ConflictReason::FirstMeeting;
        assert_eq!(merged.conflicts.iter().any(is_first), conflict, "{case}");
    }
}

/// Script 3 and 14: neither is written.
#[test]
fn other_spelling_of_the_same_value_is_no_change() {
    use ValueKind::{Checkbox, Date, Email, Number, Option, Options, Phone, Text};
    for (kind, left, right, is_same) in [
        (Text, " 株式会社\r\n未来 ", "株式会社\n未来", true),
        (Text, "Mirai", "mirai", false),
        (Email, "Ｔaro@Example.co.jp", "taro@example.co.jp", true),
        (Phone, "＋８１ 3-1234-5678", "+81312345678", true),
        (Phone, "03-1234-5678", "+81312345678", false),
        (Phone, "なし", "不明", false),
        (Option, "IT", "it", false),
        (Options, "B;A", "A;B", true),
        (Options, "A;B", "A", false),
        (Checkbox, "", "false", true),
        (Checkbox, "TRUE", "true", true),
        (Checkbox, "はい", "true", false),
        (Date, "2026/12/01", "2026-12-01", true),
        (Date, "来週", "来週 ", true),
        (Number, "1200.0", "1,200", true),
        (Number, "1.5", "15", false),
    ] {
        assert_eq!(kind.is_same(left, right), is_same, "{kind:?} {left:?} {right:?}");
        assert_eq!(kind.is_same(right, left), is_same, "{kind:?} {right:?} {left:?}");
    }
}

#[test]
fn value_that_can_not_be_taken_stays_and_is_named() {
    let fields = field(ValueKind::Date, Direction::Both, ConflictRule::Local);
    let pulled =
        merge(&agreed("", ""), &person("", 0), &record("soon", 9), &fields, (&refused, &same), at(40));
    assert_eq!((pulled.pulled.len(), pulled.faults.len()), (0, 1));
    assert_eq!((pulled.faults[0].value.as_str(), pulled.faults[0].reason.as_str()), ("soon", "not soon"));
    assert_eq!(pulled.link.base_remote[TITLE], "", "it is looked at again when it changes");
    let both = merge(&agreed("", ""), &person("x", 20), &record("y", 9), &fields, (&same, &refused), at(40));
    assert_eq!((both.faults[0].value.as_str(), both.conflicts.len(), both.link.attempt), ("x", 0, None));
}

/// Scripts 20 and 21.
#[test]
fn partner_is_the_record_that_somebody_edited_last() {
    for (partner, edits, expected) in [
        (None, vec![], None),
        (None, vec![("00Q1", 5)], Some("00Q1")),
        (Some("00Q1"), vec![("00Q1", 5), ("0031", 9)], Some("0031")),
        (Some("00Q1"), vec![("00Q1", 9), ("0031", 5)], Some("00Q1")),
        (Some("00Q1"), vec![("0031", 9), ("00Q1", 9)], Some("00Q1")),
        (None, vec![("00Q1", 9), ("0031", 9)], Some("0031")),
        (Some("gone"), vec![("00Q1", 5)], Some("00Q1")),
    ] {
        let candidates: Vec<_> = edits
            .iter()
            .map(|(record_id, seconds)| Candidate { record_id, edited_at: at(*seconds) })
            .collect();
        assert_eq!(elect(partner, &candidates), expected, "{partner:?} {edits:?}");
    }
}

#[test]
fn lagging_replica_is_ignored_and_a_second_edit_within_a_second_is_read_again() {
    let fields = field(ValueKind::Text, Direction::Both, ConflictRule::Newest);
    let link = Link { seen: Some(at(10)), ..agreed("a", "a") };
    for (value, stamp, is_repeated, expected) in [
        ("old", 9, false, Accepted::Past),
        ("old", 9, true, Accepted::Past),
        ("a", 10, false, Accepted::Take),
        ("b", 10, false, Accepted::ReadAgain),
        ("b", 10, true, Accepted::Take),
        ("b", 11, false, Accepted::Take),
    ] {
        let accepted = accept(&link, &record(value, stamp), &fields, is_repeated);
        assert_eq!(accepted, expected, "{value} {stamp} {is_repeated}");
    }
}

/// The link after "b" was sent instead of "a", at 100.
fn sent() -> Link {
    let fields = field(ValueKind::Text, Direction::Both, ConflictRule::Newest);
    merge(&agreed("a", "a"), &person("b", 90), &record("a", 50), &fields, (&same, &same), at(100)).link
}

/// Scripts 4 to 6.
#[test]
fn lost_answer_is_settled_by_what_the_record_holds() {
    let fields = field(ValueKind::Text, Direction::Both, ConflictRule::Newest);
    let read = |value: &str, by_us| RecordSnapshot { by_us, ..record(value, 101) };
    // What the record holds, and who modified it last; what is pulled, sent, and in conflict then.
    for (value, by_us, pulled, resent, conflicts) in [
        ("b", true, None, false, 0),
        ("a", false, None, true, 0),
        ("B K.K.", true, Some("B K.K."), false, 1),
        ("c", false, Some("c"), false, 1),
    ] {
        let mut link = sent();
        assert_eq!(
            settle(&mut link, &person("b", 90), &read(value, by_us), &fields, at(104)),
            Settled::TooEarly,
            "{value}"
        );
        assert_eq!(
            settle(&mut link, &person("b", 90), &read(value, by_us), &fields, at(105)),
            Settled::Done,
            "{value}"
        );
        let merged = merge(&link, &person("b", 90), &read(value, by_us), &fields, (&same, &same), at(106));
        assert_eq!(merged.pulled.get(TITLE).map(String::as_str), pulled, "{value}");
        assert_eq!(merged.link.attempt.is_some(), resent, "{value}");
        assert_eq!(merged.conflicts.len(), conflicts, "{value}");
    }
}

/// Scripts 1, 7, 12 and 13.
#[test]
fn write_is_closed_by_what_stood_before_and_after_it() {
    let fields = field(ValueKind::Text, Direction::Both, ConflictRule::Newest);
    use ConflictReason::{ChangedBeforeWrite, PutBack};
    for (before, after, edited_to, pulled, conflicts) in [
        ("a", "b", "b", None, vec![]),
        ("a", "B", "b", Some("B"), vec![]),
        ("x", "b", "b", None, vec![ChangedBeforeWrite]),
        ("a", "a", "b", Some("a"), vec![PutBack]),
        ("a", "B", "c", None, vec![]),
    ] {
        let images = (&record(before, 99), &record(after, 101));
        let written = after_write(&sent(), &person(edited_to, 90), images, &fields, &same);
        let case = format!("{before} {after} {edited_to}");
        assert_eq!(written.pulled.get(TITLE).map(String::as_str), pulled, "{case}");
        let reasons: Vec<_> = written.conflicts.iter().map(|conflict| conflict.reason).collect();
        assert_eq!(reasons, conflicts, "{case}");
        assert_eq!((written.link.attempt, written.link.seen), (None, Some(at(101))), "{case}");
    }
}

/// Script 13 where nothing may come from the org: it is not put back for ever.
#[test]
fn field_that_the_org_always_changes_is_put_back_three_times_then_parked_until_it_is_edited_here() {
    let fields = field(ValueKind::Text, Direction::ToSalesforce, ConflictRule::Newest);
    let (mut link, mut parked, mut writes) = (agreed("a", "a"), Vec::new(), 0);
    for round in 0..20 {
        let start = 10 * round;
        let changed = record("theirs", start + 5);
        let merged = merge(&link, &person("a", 0), &changed, &fields, (&same, &same), at(start + 6));
        parked.extend(merged.parked);
        link = merged.link;
        if link.attempt.is_some() {
            writes += 1;
            let images = (&changed, &record("a", start + 7));
            link = after_write(&link, &person("a", 0), images, &fields, &same).link;
        }
    }
    assert_eq!((writes, parked.as_slice()), (3, [TITLE.to_owned()].as_slice()));
    let edited = merge(&link, &person("b", 500), &record("theirs", 400), &fields, (&same, &same), at(501));
    assert_eq!(edited.link.attempt.unwrap().sent[TITLE].local, "b");
}
