//! Lists: each row is understood exactly or refused by its line, and a routing list decides by its lowest order.

use domain::form::Answer;
use domain::router::{
    Assignment, EntryBody, Facts, Known, ListEntry, ListKey, ListKind, ListReader, ListTargets,
    LookupFailure, assign, operator_of, visitor_keys, wanted_keys,
};
use domain::synced_fields::SyncedObject;
use domain::value::{EmailAddress, FieldProblem, corporate_number};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn set(all: &[&str]) -> BTreeSet<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

fn targets() -> ListTargets {
    ListTargets {
        members: set(&["suzuki@host.example", "sato@host.example"]),
        pages: set(&["sales/demo", "support/call", "support/visit"]),
        teams: BTreeMap::from([
            ("sales".to_owned(), set(&["sales"])),
            ("営業部".to_owned(), set(&["sales"])),
            ("サポート".to_owned(), set(&["support"])),
            ("東京".to_owned(), set(&["sales", "support"])),
        ]),
        questions: BTreeMap::from([
            ("従業員数".to_owned(), set(&["size"])),
            ("ご用件".to_owned(), set(&["topic", "subject"])),
            ("法人番号".to_owned(), set(&["corporate_number"])),
        ]),
        fields: BTreeMap::from([(SyncedObject::Account, set(&["Industry"]))]),
    }
}

type Read = (Vec<ListEntry>, Vec<(u32, FieldProblem)>);

fn read(kind: ListKind, by: Option<ListKey>, rows: &[&[&str]]) -> Read {
    let targets = targets();
    let mut reader = ListReader::new(kind, by, &targets);
    let (mut entries, mut faults) = (Vec::new(), Vec::new());
    for (line, row) in (1..).zip(rows) {
        match reader.read(line, row) {
            Ok(entry) => entries.extend(entry),
            Err(problems) => faults.extend(problems.into_iter().map(|problem| (line, problem))),
        }
    }
    (entries, faults)
}

/// Faults as `line field code`.
fn codes(faults: &[(u32, FieldProblem)]) -> Vec<String> {
    faults.iter().map(|(line, fault)| format!("{line} {} {}", fault.field, fault.code)).collect()
}

#[test]
fn check_digit_tells_corporate_numbers_from_others() {
    for (typed, expected) in [
        ("7000012050002", Some("7000012050002")),
        (" ７０００01205000２ ", Some("7000012050002")),
        ("7000012050003", None),
        ("8000012050002", None),
        ("700001205000", None),
        ("7-0000-1205-0002", None),
        ("7.00001E+12", None),
        ("T7000012050002", None),
        ("", None),
    ] {
        assert_eq!(corporate_number(typed).as_deref(), expected, "{typed}");
    }
}

#[test]
fn keys_are_taken_exactly() {
    for (by, value, expected) in [
        (ListKey::Email, "Taro＠Example.co.jp", Ok("taro@example.co.jp")),
        (ListKey::Email, "taro", Err("not-an-email")),
        (ListKey::Domain, "Example.CO.JP.", Ok("example.co.jp")),
        (ListKey::Domain, "mail.example.co.jp", Ok("mail.example.co.jp")),
        (ListKey::Domain, "gmail.com", Ok("gmail.com")),
        (ListKey::Domain, "co.jp", Err("not-a-domain-name")),
        (ListKey::Domain, "@example.co.jp", Err("not-a-domain-name")),
        (ListKey::Domain, "https://example.co.jp/", Err("not-a-domain-name")),
        (ListKey::Domain, "example.co.jp/", Err("not-a-domain-name")),
        (ListKey::Domain, "*.example.co.jp", Err("not-a-domain-name")),
        (ListKey::Domain, "example.invalidtop", Err("not-a-domain-name")),
        (ListKey::Domain, "192.0.2.1", Err("not-a-domain-name")),
        (ListKey::CorporateNumber, "7000012050002", Ok("7000012050002")),
        (ListKey::CorporateNumber, "7000012050003", Err("not-a-corporate-number")),
    ] {
        let (entries, faults) = read(ListKind::Values, Some(by), &[&[value]]);
        match expected {
            Ok(key) => assert_eq!((entries[0].key.as_str(), faults.len()), (key, 0), "{value}"),
            Err(code) => assert_eq!(codes(&faults), [format!("1 value {code}")], "{value}"),
        }
    }
}

#[test]
fn listed_domain_means_its_host_or_what_the_company_has_registered() {
    let facts = |email: &str| Facts { email: Some(EmailAddress::parse(email).unwrap()), ..Facts::default() };
    for (email, keys) in [
        ("taro@example.co.jp", &["example.co.jp"][..]),
        ("taro@mail.east.example.co.jp", &["mail.east.example.co.jp", "example.co.jp"]),
        ("taro@gmail.com", &["gmail.com"]),
        ("taro@k.vodafone.ne.jp", &["k.vodafone.ne.jp"]),
    ] {
        assert_eq!(visitor_keys(ListKey::Domain, &facts(email)), keys, "{email}");
    }
    assert!(visitor_keys(ListKey::Email, &Facts::default()).is_empty());
    let mut asked = Facts::default();
    asked.answers.insert("corporate_number".to_owned(), Answer::One("7000012050002 ".into()));
    assert_eq!(visitor_keys(ListKey::CorporateNumber, &asked), ["7000012050002"]);
    let wanted = wanted_keys(ListKind::Values, Some(ListKey::Domain), "taro@mail.example.co.jp");
    assert_eq!(wanted, ["mail.example.co.jp", "example.co.jp"]);
}

#[test]
fn columns_are_found_by_their_words_in_any_order() {
    let by = Some(ListKey::Email);
    let (entries, faults) = read(
        ListKind::Assignments,
        by,
        &[
            &["面談タイプ", "", "ユーザー／グループ", "Ｅｍａｉｌ"],
            &["support/call", "", "suzuki@host.example ； SATO@host.example", "a@b.example.com"],
        ],
    );
    let body = EntryBody::Assigned {
        members: vec!["suzuki@host.example".into(), "sato@host.example".into()],
        page: "support/call".into(),
    };
    assert_eq!((entries, faults), (vec![ListEntry { key: "a@b.example.com".into(), line: 2, body }], vec![]));
    let rows: [&[&str]; 4] = [
        &["メールアドレス", "ユーザー", "グループ", "面談タイプ"],
        &["a@b.example.com", "sato@host.example", "", ""],
        &["c@b.example.com", "", "営業部", ""],
        &["d@b.example.com", "sato@host.example", "営業部", ""],
    ];
    let (entries, faults) = read(ListKind::Assignments, by, &rows);
    assert_eq!((entries.len(), codes(&faults)), (2, vec!["4 users list-users-and-group".to_owned()]));
    for (kind, words, expected) in [
        (ListKind::Values, &["メールアドレス", "会社名"][..], &["1  list-column-unknown"][..]),
        (ListKind::Values, &["メールアドレス", "Email"], &["1  list-column-twice"]),
        (ListKind::Assignments, &["ユーザー"], &["1  list-column-missing"]),
        (ListKind::Table, &["順番", "項目", "値"], &["1  list-column-missing"]),
    ] {
        let row = vec!["x"; words.len()];
        let (entries, faults) = read(kind, by, &[words, &row]);
        assert_eq!(
            (entries.len(), codes(&faults)),
            (0, expected.iter().map(|code| (*code).to_owned()).collect())
        );
    }
}

#[test]
fn row_names_members_a_team_or_a_page() {
    let assigned = |members: &[&str], page: &str| EntryBody::Assigned {
        members: members.iter().map(|member| (*member).to_owned()).collect(),
        page: page.to_owned(),
    };
    for (who, page, expected) in [
        ("suzuki@host.example", "", Ok(assigned(&["suzuki@host.example"], ""))),
        ("", "sales/demo", Ok(assigned(&[], "sales/demo"))),
        ("", "", Ok(assigned(&[], ""))),
        ("営業部", "", Ok(assigned(&[], "sales/demo"))),
        ("サポート", "support/visit", Ok(assigned(&[], "support/visit"))),
        ("support/call", "", Ok(assigned(&[], "support/call"))),
        ("サポート", "", Err("group-page-open")),
        ("サポート", "sales/demo", Err("group-other-page")),
        ("support/call", "support/visit", Err("group-other-page")),
        ("東京", "", Err("name-ambiguous")),
        ("営業", "", Err("group-missing")),
        ("gone@host.example", "", Err("member-missing")),
        ("suzuki@host.example;営業部", "", Err("member-missing")),
        ("suzuki@host.example;Suzuki@host.example", "", Err("member-twice")),
        ("", "sales/gone", Err("page-missing")),
    ] {
        let rows: [&[&str]; 1] = [&["a@b.example.com", who, page]];
        let (entries, faults) = read(ListKind::Assignments, Some(ListKey::Email), &rows);
        match expected {
            Ok(body) => assert_eq!(entries[0].body, body, "{who} {page}"),
            Err(code) => assert_eq!(faults[0].1.code, code, "{who} {page}"),
        }
    }
}

#[test]
fn same_key_again_is_left_out_or_refused() {
    let rows: [&[&str]; 3] = [
        &["a@b.example.com", "suzuki@host.example"],
        &["A@b.example.com", "suzuki@host.example"],
        &["a@b.example.com", "sato@host.example"],
    ];
    let (entries, faults) = read(ListKind::Assignments, Some(ListKey::Email), &rows);
    assert_eq!((entries.len(), codes(&faults)), (1, vec!["3 value list-row-differs".to_owned()]));
    let rows: [&[&str]; 4] = [
        &["a.example.com", "main.example.com"],
        &["b.example.com", "a.example.com"],
        &["main.example.com", "other.example.com"],
        &["c.example.com", "c.example.com"],
    ];
    let (entries, faults) = read(ListKind::Aliases, None, &rows);
    assert_eq!(entries.len(), 1);
    assert!(faults.iter().all(|(_, fault)| fault.code == "alias-chain"), "{faults:?}");
}

/// Small companies by mail go to Sato, retail to the team's page, and consumers get no meeting.
const TABLE: [&[&str]; 7] = [
    &["順番", "項目", "演算子", "値", "ユーザー", "面談タイプ"],
    &["20", "account.industry", "等しい", "小売;卸売", "営業部", ""],
    &["10", "従業員数", "次より小さい", "50", "sato@host.example;suzuki@host.example", "support/call"],
    &["10", "url.query.utm_source", "次のいずれかと一致する", "mail；news", "", ""],
    &["5", "フリーメール", "=", "true", "", ""],
    &["30", "メールアドレス", "後方一致", ".example.net", "suzuki@host.example", ""],
    &["40", "referrer", "値がない", "", "sato@host.example", ""],
];

#[test]
fn lowest_order_that_holds_says_who_meets_the_visitor() {
    let (entries, faults) = read(ListKind::Table, None, &TABLE);
    assert_eq!((entries.len(), codes(&faults)), (6, vec![]));
    let visitor = |email: &str, size: &str, url: &str, industry: Option<&str>| {
        let record = |industry: &str| domain::router::RecordFacts {
            fields: [("Industry".to_owned(), industry.into())].into_iter().collect(),
            ..domain::router::RecordFacts::default()
        };
        Facts {
            email: Some(EmailAddress::parse(email).unwrap()),
            answers: [("size".to_owned(), Answer::One(size.to_owned()))].into(),
            url: url.to_owned(),
            referrer: "https://search.example".to_owned(),
            records: [(
                "account domain".to_owned(),
                industry.map_or(Known::Unknown(LookupFailure::NoLocalCopy), |it| Known::Found(record(it))),
            )]
            .into(),
            ..Facts::default()
        }
    };
    let mail = "https://www.example.jp/?utm_source=mail";
    let found = |line, members: &[&str], page: &str| {
        Known::Found(Assignment {
            line,
            members: members.iter().map(|member| (*member).to_owned()).collect(),
            page: page.to_owned(),
            assigns: true,
        })
    };
    let small = found(3, &["sato@host.example", "suzuki@host.example"], "support/call");
    for (facts, expected) in [
        (visitor("a@gmail.com", "10", mail, Some("小売")), found(5, &[], "")),
        (visitor("a@b.example.com", "10", mail, Some("小売")), small.clone()),
        (visitor("a@b.example.com", "10", mail, None), small),
        (visitor("a@b.example.com", "50", mail, Some("卸売")), found(2, &[], "sales/demo")),
        (visitor("a@b.example.com", "10", "", Some("小売")), found(2, &[], "sales/demo")),
        (visitor("a@b.example.net", "50", "", Some("IT")), found(6, &["suzuki@host.example"], "")),
        (visitor("a@b.example.com", "50", "", Some("IT")), Known::NotFound),
        (visitor("a@b.example.net", "50", "", None), Known::Unknown(LookupFailure::NoLocalCopy)),
        (
            visitor("a@b.example.com", "わからない", mail, Some("IT")),
            Known::Unknown(LookupFailure::NotComparable),
        ),
        (visitor("a@b.example.com", "わからない", "", Some("小売")), found(2, &[], "sales/demo")),
    ] {
        assert_eq!(assign(&entries, &facts), expected, "{facts:?}");
    }
}

#[test]
fn rows_of_routing_lists_are_refused_for_what_is_not_known() {
    for (row, expected) in [
        (["一", "email", "等しい", "a", "", ""], "order not-an-order"),
        (["1", "星座", "等しい", "a", "", ""], "fact fact-unknown"),
        (["1", "ご用件", "等しい", "a", "", ""], "fact name-ambiguous"),
        (["1", "answer.stars", "等しい", "a", "", ""], "fact question-missing"),
        (["1", "account.Rating", "等しい", "a", "", ""], "fact field-not-synced"),
        (["1", "email", "似ている", "a", "", ""], "operator operator-unknown"),
        (["1", "email", "等しい", " ; ", "", ""], "operand required"),
        (["1", "email", "値がある", "a", "", ""], "operand no-value"),
        (["1", "size", "以上", "5", "", ""], "fact fact-unknown"),
        (["1", "従業員数", "以上", "5;6", "", ""], "operand one-value"),
        (["1", "従業員数", "以上", "多い", "", ""], "operand not-a-number-or-day"),
        (["1", "email", "等しい", "a", "x@host.example", ""], "users member-missing"),
    ] {
        let (_, faults) = read(ListKind::Table, None, &[&row]);
        assert_eq!(codes(&faults), [format!("1 {expected}")], "{row:?}");
    }
    let rows: [&[&str]; 2] = [
        &["1", "email", "含む", "a", "sato@host.example", ""],
        &["1", "email", "含まない", "b", "suzuki@host.example", ""],
    ];
    assert_eq!(codes(&read(ListKind::Table, None, &rows).1), ["2 users list-row-differs"]);
    assert_eq!(operator_of(" 次と一致する "), operator_of("equals"));
}

proptest! {
    /// No row makes the reader fail, no key stands twice, and what is read says the same when it is read again.
    #[test]
    fn whatever_is_read_is_read_the_same_again(
        rows in prop::collection::vec(prop::collection::vec("[ a-cＡ@.;；0-9値順番項目]{0,12}|a@b\\.example\\.com|[a-c]\\.example\\.com|sales/demo|営業部", 0..7), 0..12),
        kind in prop::sample::select(ListKind::ALL.to_vec()),
        by in prop::sample::select(ListKey::ALL.to_vec()),
    ) {
        let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let (entries, faults) = read(kind, Some(by), &rows);
        let keys: BTreeSet<&String> = entries.iter().map(|entry| &entry.key).collect();
        prop_assert_eq!(keys.len(), entries.len());
        for entry in &entries {
            prop_assert!(!faults.iter().any(|(line, _)| *line == entry.line));
            let text = serde_json::to_string(&entry.body).unwrap();
            prop_assert_eq!(&serde_json::from_str::<EntryBody>(&text).unwrap(), &entry.body);
        }
        if kind == ListKind::Values {
            let again: Vec<[&str; 1]> = entries.iter().map(|entry| [entry.key.as_str()]).collect();
            let again: Vec<&[&str]> = again.iter().map(|row| &row[..]).collect();
            let (same, faults) = read(kind, Some(by), &again);
            prop_assert_eq!(same.iter().map(|entry| &entry.key).collect::<BTreeSet<_>>(), keys);
            prop_assert!(faults.is_empty());
        }
    }
}
