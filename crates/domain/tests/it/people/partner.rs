//! Which record a person is synced with.

use domain::people::{
    NoPartner, Partner, PersonObject, RecordState, Records, RemoteRecord, Values, choose_partner,
};
use domain::value::Timestamp;

const KEY: &str = "taro@example.com";

fn record(id: &str, state: RecordState, follows: Option<&str>, edited_at: i64) -> RemoteRecord {
    let at = Timestamp::from_seconds(edited_at);
    RemoteRecord {
        id: id.to_owned(),
        object: PersonObject::Lead,
        state,
        follows: follows.map(str::to_owned),
        email_key: KEY.to_owned(),
        stamp: at,
        modified_at: at,
        edited_at: at,
        by_us: false,
        opted_out: false,
        values: Values::new(),
        revision: 0,
        read_at: at,
    }
}

#[test]
fn present_partner_goes_on_as_what_it_became_and_moves_only_to_a_later_edit() {
    use RecordState::{Converted, Deleted, Hidden, Live};
    let found = |id: &str| Partner::Record(id.to_owned());
    let none = Partner::None;
    for (what, present, records, expected) in [
        ("nobody has the address", None, vec![], none(NoPartner::NotFound)),
        ("the only one", None, vec![record("a", Live, None, 1)], found("a")),
        (
            "the one edited last",
            None,
            vec![record("a", Live, None, 1), record("b", Live, None, 2)],
            found("b"),
        ),
        (
            "the present one on a tie",
            Some("b"),
            vec![record("a", Live, None, 1), record("b", Live, None, 1)],
            found("b"),
        ),
        (
            "a later edit of another one",
            Some("b"),
            vec![record("a", Live, None, 2), record("b", Live, None, 1)],
            found("a"),
        ),
        (
            "conversion",
            Some("a"),
            vec![record("a", Converted, Some("c"), 5), record("c", Live, None, 1)],
            found("c"),
        ),
        (
            "merge and conversion",
            Some("a"),
            vec![
                record("a", Deleted, Some("b"), 5),
                record("b", Converted, Some("c"), 5),
                record("c", Live, None, 1),
            ],
            found("c"),
        ),
        (
            "conversion not read yet",
            Some("a"),
            vec![record("a", Converted, Some("c"), 5)],
            none(NoPartner::NotRead),
        ),
        ("deleted", Some("a"), vec![record("a", Deleted, None, 5)], none(NoPartner::Gone)),
        (
            "deleted, and another one there",
            Some("a"),
            vec![record("a", Deleted, None, 5), record("b", Live, None, 1)],
            found("b"),
        ),
        ("hidden", Some("a"), vec![record("a", Hidden, None, 5)], none(NoPartner::Hidden)),
        ("not known", Some("a"), vec![], none(NoPartner::NotRead)),
        (
            "in a circle",
            Some("a"),
            vec![record("a", Deleted, Some("b"), 5), record("b", Deleted, Some("a"), 5)],
            none(NoPartner::NotRead),
        ),
    ] {
        let records: Records = records.into_iter().map(|record| (record.id.clone(), record)).collect();
        assert_eq!(choose_partner(present, KEY, &records), expected, "{what}");
    }
}

#[test]
fn address_that_was_just_edited_here_elects_nobody_else() {
    let other = record("b", RecordState::Live, None, 9);
    let present =
        RemoteRecord { email_key: "old@example.com".to_owned(), ..record("a", RecordState::Live, None, 1) };
    let records: Records = [("a".to_owned(), present), ("b".to_owned(), other)].into();
    assert_eq!(choose_partner(Some("a"), "", &records), Partner::Record("a".to_owned()));
    assert_eq!(choose_partner(None, "", &records), Partner::None(NoPartner::NotFound));
}

#[test]
fn our_own_write_does_not_change_who_edited_last() {
    let earlier = record("a", RecordState::Live, None, 7);
    let ours = RemoteRecord { by_us: true, ..record("a", RecordState::Live, None, 1) };
    assert_eq!(ours.clone().after(Some(&earlier)).edited_at, Timestamp::from_seconds(7));
    assert_eq!(ours.after(None).edited_at, Timestamp::from_seconds(1));
}
