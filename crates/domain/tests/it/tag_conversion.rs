//! Reports of one attempt give the same conversion in any order and however often they come.

use domain::tag::{Conversion, Grade, Report, ReportedForm};
use domain::value::{Language, Timestamp};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn report() -> impl Strategy<Value = Report> {
    let grade = prop::sample::select(Grade::ALL.to_vec());
    let evidence = prop::collection::btree_set("[a-z]{1,6}", 0..6);
    let values = prop::collection::btree_map("[a-c]", "[xyz]{1,2}", 0..4);
    (0_i64..5, grade, evidence, values, 0_u32..3, 0_usize..2).prop_map(
        |(at, grade, evidence, values, revision, page)| Report {
            at: Timestamp::from_seconds(at),
            grade,
            evidence,
            url: format!("https://a.example/{page}"),
            referrer: String::new(),
            form: ReportedForm::default(),
            values,
            revision,
            language: Language::Japanese,
        },
    )
}

fn all(reports: &[Report]) -> Conversion {
    let mut reports = reports.iter().cloned().map(Conversion::of);
    let first = reports.next().unwrap();
    reports.fold(first, Conversion::merge)
}

proptest! {
    #[test]
    fn any_order_and_repetition_of_reports_gives_the_same_conversion(
        (reports, shuffled, again) in prop::collection::vec(report(), 1..8).prop_flat_map(|reports| {
            let again = prop::collection::vec(prop::sample::select(reports.clone()), 0..5);
            (Just(reports.clone()), Just(reports).prop_shuffle(), again)
        })
    ) {
        let once = all(&reports);
        let with_repeats: Vec<Report> = again.iter().chain(&shuffled).chain(&again).cloned().collect();
        prop_assert_eq!(all(&shuffled), once.clone());
        prop_assert_eq!(all(&with_repeats), once.clone());
        // However they are grouped, too.
        let (left, right) = shuffled.split_at(shuffled.len() / 2);
        if !left.is_empty() {
            prop_assert_eq!(all(left).merge(all(right)), once);
        }
    }
}

fn step(at: i64, grade: Grade, email: &str, revision: u32) -> Conversion {
    let values = BTreeMap::from([("email".to_owned(), email.to_owned())]);
    Conversion::of(Report {
        at: Timestamp::from_seconds(at),
        grade,
        evidence: ["submit".to_owned()].into(),
        url: String::new(),
        referrer: String::new(),
        form: ReportedForm::default(),
        values: if email.is_empty() { BTreeMap::new() } else { values },
        revision,
        language: Language::Japanese,
    })
}

#[test]
fn first_values_stay_until_a_later_revision_and_grades_only_rise() {
    let submit = step(1, Grade::Attempt, "a@x.example", 0);
    let same = submit.clone().merge(step(2, Grade::Attempt, "b@x.example", 0));
    assert_eq!(same.text("email"), "a@x.example");
    let edited = same.clone().merge(step(3, Grade::Likely, "c@x.example", 1));
    assert_eq!((edited.text("email"), edited.grade), ("c@x.example", Grade::Likely));
    let failed = step(4, Grade::Failed, "", 0);
    assert_eq!(submit.merge(failed.clone()).grade, Grade::Failed, "failing ends an attempt");
    assert_eq!(edited.merge(failed).grade, Grade::Likely, "and nothing that is more");
    for (grade, least, reaches) in [
        (Grade::Confirmed, Grade::Likely, true),
        (Grade::Attempt, Grade::Attempt, true),
        (Grade::Failed, Grade::Attempt, false),
        (Grade::Attempt, Grade::Likely, false),
    ] {
        assert_eq!(grade.reaches(least), reaches, "{grade:?} {least:?}");
    }
}
