//! Each question of タグ診断 has its own answer for what is so, what is not, and what can't be told (E6).

use domain::engagement::ListVerdict;
use domain::tag::{
    Case, Certainty, ConversionFacts, Grade, PageFacts, PersonFacts, RoutedFacts, RouterVerdict, TYPED, Tag,
    VisitFacts, diagnose, overall,
};
use domain::value::Timestamp;

fn good() -> Case {
    let now = Timestamp::from_seconds(1_000_000);
    let visit = VisitFacts {
        level: TYPED,
        identified_at: now.plus_minutes(-120),
        session_began: now,
        now,
        strict: false,
        verdict: ListVerdict::Matches { rule: 1 },
        shown: 0,
        most_shown: 3,
        said_never: false,
    };
    let conversion =
        ConversionFacts { grade: Grade::Confirmed, least: Grade::Likely, waits: false, has_visitor: true };
    Case {
        tag: Some(Tag::List),
        page: Some(PageFacts {
            origin: "https://www.example.co.jp".to_owned(),
            is_allowed: true,
            seen_at: Some(now),
            forms: 1,
            only_attempts: 0,
            missing: Vec::new(),
            rule: Some(0),
            routed: None,
        }),
        person: Some(PersonFacts {
            conversions: vec![conversion],
            visit: Some(visit),
            last_seen_at: Some(now),
            verdict: ListVerdict::Matches { rule: 1 },
            has_address: true,
        }),
        lists_on: true,
        lists_kept: true,
        strict: false,
    }
}

/// The questions whose answers are not yes.
fn wrong(case: &Case) -> Vec<String> {
    let findings = diagnose(case);
    let not_yes = findings.iter().filter(|finding| finding.answer != Certainty::Yes);
    not_yes.map(|finding| finding.step.code.clone()).collect()
}

#[test]
fn what_is_at_fault_is_the_only_answer_that_is_not_yes() {
    assert_eq!((wrong(&good()), overall(&diagnose(&good()))), (Vec::new(), Certainty::Yes));
    let person = |change: fn(&mut PersonFacts)| {
        let mut case = good();
        change(case.person.as_mut().unwrap());
        case
    };
    let page = |change: fn(&mut PageFacts)| {
        let mut case = good();
        change(case.page.as_mut().unwrap());
        case
    };
    let visitor_tag = Case { tag: Some(Tag::Visitor), ..page(|page| page.rule = None) };
    let routed = |router: &str, verdict| {
        let mut case = Case { tag: Some(Tag::Visitor), ..good() };
        case.page.as_mut().unwrap().routed = Some(RoutedFacts { router: router.to_owned(), verdict });
        case
    };
    for verdict in [RouterVerdict::Asks, RouterVerdict::Gets("page"), RouterVerdict::Gets("message")] {
        assert_eq!(wrong(&routed("振り分け", verdict)), Vec::<String>::new());
    }
    let cases: [(Case, &[&str]); 19] = [
        (Case { tag: None, ..good() }, &["tag-on-no"]),
        (page(|page| page.seen_at = None), &["tag-seen-no"]),
        (page(|page| page.is_allowed = false), &["site-allowed-no"]),
        (page(|page| page.missing = vec!["email".to_owned()]), &["form-recognised-changed"]),
        (page(|page| page.only_attempts = 3), &["form-recognised-no-success"]),
        (person(|person| person.conversions[0].waits = true), &["converted-waits"]),
        (person(|person| person.conversions[0].grade = Grade::Attempt), &["converted-attempts", "grade-no"]),
        (Case { lists_on: false, ..good() }, &["list-fetched-off"]),
        (Case { lists_kept: false, ..good() }, &["list-fetched-no"]),
        (person(|person| person.verdict = ListVerdict::NotListed), &["listed-no", "rule-no"]),
        (person(|person| person.verdict = ListVerdict::Unknown), &["listed-not-fetched", "rule-unknown"]),
        (Case { strict: true, ..good() }, &["ration-strict"]),
        (person(|person| person.visit.as_mut().unwrap().shown = 3), &["limit-capped"]),
        (person(|person| person.visit.as_mut().unwrap().said_never = true), &["limit-said-never"]),
        (person(|person| person.last_seen_at = Some(Timestamp::from_seconds(0))), &["later-visit-no"]),
        (visitor_tag, &["targeting-no"]),
        (routed("", RouterVerdict::Closed), &["routed-gone"]),
        (routed("振り分け", RouterVerdict::Closed), &["routed-closed"]),
        (routed("振り分け", RouterVerdict::Gets("nothing")), &["routed-no"]),
    ];
    for (case, expected) in cases {
        assert_eq!(wrong(&case), expected);
        assert_ne!(overall(&diagnose(&case)), Certainty::Yes);
    }
}

#[test]
fn what_was_not_asked_about_is_unknown_and_not_no() {
    let case = Case { page: None, person: None, ..good() };
    for finding in diagnose(&case) {
        let is_known = ["tag-on", "list-fetched"].contains(&finding.question);
        assert_eq!(finding.answer, if is_known { Certainty::Yes } else { Certainty::Unknown }, "{finding:?}");
    }
    assert_eq!(overall(&diagnose(&case)), Certainty::Unknown);
}
