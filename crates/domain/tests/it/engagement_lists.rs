//! Account Engagement lists: what can be saved, and which rule applies (E1, E2, E4).

use crate::support::page;
use domain::booking::{BookingPage, PageSalesforce};
use domain::engagement::{
    BusinessUnitCheck, EngagementList, EngagementLists, ListRule, ListVerdict, ListsInput, Memberships,
    RuleInput, check_input, find_lists, find_targets, first_rule, suggest,
};
use domain::org::record_id::check_fits;
use domain::tag::{Tag, may_switch_on};
use domain::value::{FieldProblem, PageId, TeamId};
use uuid::Uuid;

const UNIT: &str = "0Uv5g0000008OVCCA2";

fn rule(list: &str, team: &str, meeting_type: &str) -> RuleInput {
    RuleInput { list: list.to_owned(), team: team.to_owned(), meeting_type: meeting_type.to_owned() }
}

fn given(unit: &str, rules: &[RuleInput]) -> ListsInput {
    ListsInput {
        enabled: true,
        business_unit_id: unit.to_owned(),
        rules: rules.to_vec(),
        ..ListsInput::default()
    }
}

fn told(problems: &[FieldProblem]) -> Vec<(&str, &str)> {
    problems.iter().map(|one| (one.field.as_str(), one.code.as_str())).collect()
}

#[test]
fn invalid_list_input_fails_before_any_request() {
    let good = rule("セミナー案内", "sales", "demo");
    for (unit, rules, expected) in [
        (UNIT, vec![good.clone()], vec![]),
        (" ０Ｕｖ5g0000008OVCCA2 ", vec![good.clone()], vec![]),
        ("", vec![good.clone()], vec![("business_unit_id", "required")]),
        ("0Uv5g0000008OVC", vec![good.clone()], vec![("business_unit_id", "not-a-business-unit")]),
        ("00D5g0000008OVCCA2", vec![good.clone()], vec![("business_unit_id", "not-a-business-unit")]),
        ("0Uv5g0000008OVCCA-", vec![good.clone()], vec![("business_unit_id", "not-a-business-unit")]),
        (UNIT, vec![], vec![("rules", "no-rules")]),
        (UNIT, vec![good.clone(); 51], vec![("rules", "too-many")]),
        (
            UNIT,
            vec![good.clone(), rule(" ", "", "")],
            vec![
                ("rules[1].list", "required"),
                ("rules[1].team", "required"),
                ("rules[1].meeting_type", "required"),
            ],
        ),
        (UNIT, vec![rule(&"長".repeat(256), "sales", "demo")], vec![("rules[0].list", "too-long")]),
    ] {
        let checked = check_input(given(unit, &rules));
        let problems = checked.err().unwrap_or_default();
        assert_eq!(told(&problems), expected, "{unit:?} {rules:?}");
    }
    let off = ListsInput { enabled: false, ..ListsInput::default() };
    assert_eq!(check_input(off.clone()), Ok(off), "what is off needs nothing");
    assert_eq!(check_input(given(" ０Ｕｖ5g0000008OVCCA2 ", &[good])).unwrap().business_unit_id, UNIT);
}

#[test]
fn wrong_check_characters_are_detected() {
    for (id, fits) in [
        (UNIT, true),
        ("0Uv5g0000008OVCCA3", false),
        ("0Uv5g0000008oVCCA2", false),
        ("701000000000001AAA", true),
        ("0Uv5g0000008OVC", false),
        ("", false),
        ("０Ｕｖ５ｇ０", false),
    ] {
        assert_eq!(check_fits(id), fits, "{id}");
    }
}

fn sales_and_support() -> (Vec<(TeamId, String)>, Vec<BookingPage>) {
    let teams = [(TeamId(Uuid::from_u128(1)), "sales"), (TeamId(Uuid::from_u128(2)), "support")];
    let pages = [(teams[0], "demo", 11), (teams[0], "hearing", 12), (teams[1], "demo", 21)];
    let pages = pages.map(|((team, team_slug), slug, id)| BookingPage {
        id: PageId(Uuid::from_u128(id)),
        team,
        team_slug: team_slug.to_owned(),
        slug: slug.to_owned(),
        ..page(PageSalesforce::default(), Vec::new())
    });
    (teams.map(|(id, slug)| (id, slug.to_owned())).to_vec(), pages.to_vec())
}

#[test]
fn unknown_team_or_meeting_type_is_rejected() {
    let (teams, pages) = sales_and_support();
    for (team, meeting_type, expected) in [
        ("sales", "demo", Ok(11)),
        ("sales", "sales/hearing", Ok(12)),
        ("support", "demo", Ok(21)),
        ("support", "sales/demo", Err(("rules[0].meeting_type", "meeting-type-of-another-team"))),
        ("support", "hearing", Err(("rules[0].meeting_type", "meeting-type-of-another-team"))),
        ("sales", "nothing", Err(("rules[0].meeting_type", "no-such-meeting-type"))),
        ("nobody", "demo", Err(("rules[0].team", "no-such-team"))),
    ] {
        let found = find_targets(&given(UNIT, &[rule("x", team, meeting_type)]), &teams, &pages);
        match expected {
            Ok(id) => assert_eq!(found.unwrap().rules[0].meeting_type, PageId(Uuid::from_u128(id))),
            Err(fault) => assert_eq!(told(&found.unwrap_err()), [fault], "{team} {meeting_type}"),
        }
    }
}

fn lists(names: &[(u64, &str)]) -> BusinessUnitCheck {
    let list =
        |(id, name): &(u64, &str)| EngagementList { id: *id, name: (*name).to_owned(), is_dynamic: false };
    BusinessUnitCheck::Lists { lists: names.iter().map(list).collect() }
}

#[test]
fn ambiguous_or_unknown_list_name_is_rejected() {
    let known = lists(&[
        (1, "セミナー案内"),
        (2, "スコア上位"),
        (3, "Webinar 2026"),
        (4, "展示会"),
        (5, "展示会"),
        (6, "Trial"),
        (7, "TRIAL"),
    ]);
    for (typed, expected) in [
        ("セミナー案内", Ok(1)),
        ("ｾﾐﾅｰ案内", Ok(1)),
        ("webinar 2026", Ok(3)),
        ("Trial", Ok(6)),
        ("trial", Err(("list-name-repeated", "", "2"))),
        ("展示会", Err(("list-name-repeated", "", "2"))),
        ("セミナー案", Err(("no-such-list", "セミナー案内", ""))),
        ("案内", Err(("no-such-list", "セミナー案内", ""))),
        ("まったく別の名前", Err(("no-such-list", "", ""))),
    ] {
        let given = given(UNIT, &[rule(typed, "sales", "demo")]);
        let found = find_lists(&given, &known);
        match expected {
            Ok(id) => assert_eq!(found.unwrap()[0].id, id, "{typed}"),
            Err((code, hint, count)) => {
                let problems = found.unwrap_err();
                assert_eq!(told(&problems), [("rules[0].list", code)], "{typed}");
                let value = |name: &str| problems[0].data.get(name).cloned().unwrap_or_default();
                assert_eq!((value("hint").as_str(), value("count").as_str()), (hint, count), "{typed}");
            }
        }
    }
    for (unit, finding, code) in [
        (UNIT, BusinessUnitCheck::UnknownUnit, "unknown-business-unit"),
        ("0Uv5g0000008OVCCA3", BusinessUnitCheck::UnknownUnit, "business-unit-mistyped"),
        (UNIT, BusinessUnitCheck::NoAccess, "business-unit-no-access"),
        (UNIT, BusinessUnitCheck::NoScope, "business-unit-no-scope"),
    ] {
        let given = given(unit, &[rule("x", "sales", "demo")]);
        let problems = find_lists(&given, &finding).unwrap_err();
        assert_eq!(told(&problems), [("business_unit_id", code)]);
    }
    let BusinessUnitCheck::Lists { lists } = known else { return };
    let suggested: Vec<u64> = suggest("ｓ", &lists).iter().map(|list| list.id).collect();
    assert!(suggested.is_empty());
    let suggested: Vec<u64> = suggest("t", &lists).iter().map(|list| list.id).collect();
    assert_eq!(suggested, [7, 6], "full names that begin so come first");
}

#[test]
fn first_rule_containing_email_matches() {
    let rules: Vec<ListRule> = [(Some(7), 1), (Some(8), 2), (Some(7), 3), (None, 4)]
        .map(|(list_id, team)| ListRule {
            list: "x".to_owned(),
            list_id,
            team: TeamId(Uuid::from_u128(team)),
            meeting_type: PageId(Uuid::from_u128(team)),
        })
        .to_vec();
    let kept = |kept: &[u64], holding: &[u64]| {
        Some(Memberships {
            business_unit_id: UNIT.to_owned(),
            kept: kept.to_vec(),
            holding: holding.to_vec(),
        })
    };
    let matches = |rule| ListVerdict::Matches { rule };
    let (three, two) = (&rules[..3], &rules[1..3]);
    for (case, rules, known, expected) in [
        ("never fetched", three, None, ListVerdict::Unknown),
        ("no rules", &rules[..0], None, ListVerdict::NotListed),
        ("in the first", three, kept(&[7, 8], &[7]), matches(0)),
        ("in the second", three, kept(&[7, 8], &[8]), matches(1)),
        ("in both", three, kept(&[7, 8], &[8, 7]), matches(0)),
        ("in none", three, kept(&[7, 8], &[]), ListVerdict::NotListed),
        ("in a list that no rule names", three, kept(&[7, 8, 9], &[9]), ListVerdict::NotListed),
        ("turned round", two, kept(&[7, 8], &[7, 8]), matches(0)),
        ("the first was not fetched", three, kept(&[8], &[8]), ListVerdict::Unknown),
        ("the second was not fetched, the first holds it", three, kept(&[7], &[7]), matches(0)),
        ("the second was not fetched", three, kept(&[7], &[]), ListVerdict::Unknown),
        ("a list without a number", &rules[3..], kept(&[7, 8], &[]), ListVerdict::Unknown),
    ] {
        assert_eq!(first_rule(rules, UNIT, known.as_ref()), expected, "{case}");
    }
    let other = first_rule(three, "0Uv000000000002AAA", kept(&[7, 8], &[7]).as_ref());
    assert_eq!(other, ListVerdict::Unknown, "lists of another business unit tell nothing");
    let settings = EngagementLists { rules: rules.clone(), ..EngagementLists::default() };
    let once: Vec<u64> = settings.lists().iter().map(|list| list.id).collect();
    assert_eq!(once, [7, 8], "each list once");
}

#[test]
fn enabling_second_tag_is_rejected() {
    let refused = |code: &str| Err(FieldProblem::new("enabled", code));
    for (wanted, active, expected) in [
        (Tag::List, None, Ok(())),
        (Tag::Visitor, None, Ok(())),
        (Tag::List, Some(Tag::List), Ok(())),
        (Tag::Visitor, Some(Tag::Visitor), Ok(())),
        (Tag::List, Some(Tag::Visitor), refused("visitor-tag-is-on")),
        (Tag::Visitor, Some(Tag::List), refused("list-tag-is-on")),
    ] {
        assert_eq!(may_switch_on(wanted, active, "enabled"), expected, "{wanted:?} beside {active:?}");
    }
}
