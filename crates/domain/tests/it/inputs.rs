//! Typed input: email addresses, answers, settings, templates, IDs.

use crate::support::{booking, question};
use domain::booking::template::{fill, unknown_placeholder};
use domain::delivery::{FailureClass, Retry, SalesforceSettings, after_failure, check_settings, marker};
use domain::form::{Answer, Answers, FieldKind as K, check_answers, check_fields};
use domain::org::record_id;
use domain::value::{EmailAddress, EmailError, Language, match_key, tidy_line};
use proptest::prelude::*;

#[test]
fn email_addresses_are_normalised_or_rejected() {
    let long = format!("{}@example.co.jp", "a".repeat(70));
    let rows = [
        ("taro@example.co.jp", Ok("taro@example.co.jp")),
        ("  Taro@Example.CO.JP ", Ok("Taro@example.co.jp")),
        ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏ．ｊｐ", Ok("taro@example.co.jp")),
        ("o'neil+x@example.jp", Ok("o'neil+x@example.jp")),
        ("back\\slash@example.jp", Ok("back\\slash@example.jp")),
        ("dots..dot.@docomo.ne.jp", Ok("dots..dot.@docomo.ne.jp")),
        ("\u{feff}taro@example.jp\u{200b}", Ok("taro@example.jp")),
        ("\u{202a}ta\u{ad}ro@example.jp\u{202c}", Ok("taro@example.jp")),
        ("\u{200b}\u{3164}", Err(EmailError::Empty)),
        ("ﬁ@example.jp", Err(EmailError::Malformed)),
        ("", Err(EmailError::Empty)),
        ("　", Err(EmailError::Empty)),
        ("taro", Err(EmailError::Malformed)),
        ("@example.jp", Err(EmailError::Malformed)),
        ("taro@example", Err(EmailError::Malformed)),
        ("taro@-example.jp", Err(EmailError::Malformed)),
        ("taro yamada@example.jp", Err(EmailError::Malformed)),
        ("taro@example.jp\nBcc: x@example.jp", Err(EmailError::Malformed)),
        ("太郎@example.jp", Err(EmailError::Malformed)),
        (long.as_str(), Err(EmailError::Malformed)),
    ];
    for (typed, expected) in rows {
        let read = EmailAddress::parse(typed);
        assert_eq!(read.as_ref().map(EmailAddress::as_str).map_err(|error| *error), expected, "{typed}");
    }
    assert_eq!(EmailAddress::parse("TARO@Example.jp").unwrap().key(), "taro@example.jp");
}

#[test]
fn names_keep_their_characters_and_lose_only_width() {
    let rows = [
        ("神﨑　蘭", "神﨑 蘭"),
        ("\u{FA19}田", "\u{FA19}田"),
        ("葛\u{E0100}飾", "葛\u{E0100}飾"),
        (" \u{E0100}", ""),
        ("㈱山田", "㈱山田"),
        ("①", "①"),
        ("ﾔﾏﾀﾞ ﾊﾟｵ", "ヤマダ パオ"),
        ("Ｙａｍａｄａ１２３（株）", "Yamada123(株)"),
        ("か\u{3099}", "か\u{3099}"),
        ("\u{feff}佐\u{200b}藤\u{200e}", "佐藤"),
        ("\u{200b}\u{2060}\u{3164}", ""),
        ("山田\r\n太郎", "山田 太郎"),
        ("山田\0太郎", "山田太郎"),
        ("क\u{94d}\u{200d}ष", "क\u{94d}\u{200d}ष"),
        ("👨\u{200d}👩", "👨\u{200d}👩"),
    ];
    for (typed, stored) in rows {
        assert_eq!(tidy_line(typed), stored, "{typed:?}");
    }
    assert_eq!(match_key("㈱ヤマダ"), match_key("(株)ﾔﾏﾀﾞ"));
}

proptest! {
    /// What was folded once is not changed by folding it again, and holds nothing that nobody sees.
    #[test]
    fn folding_twice_is_folding_once(text in any::<String>()) {
        let once = tidy_line(&text);
        prop_assert_eq!(tidy_line(&once), once.clone());
        prop_assert!(!once.chars().any(char::is_control));
    }
}

#[test]
fn answers_are_validated_by_question_kind() {
    let mut name = question("name_kana", K::Text, &[]);
    name.required = true;
    let fields = [
        name,
        question("memo", K::Textarea, &[]),
        question("plan", K::Radio, &["松", "竹"]),
        question("goods", K::Checkboxes, &["A", "B", "C"]),
        question("day", K::Date, &[]),
        question("utm", K::Hidden, &[]),
    ];
    let one = |text: &str| Answer::One(text.to_owned());
    let many = |texts: &[&str]| Answer::Many(texts.iter().map(|text| (*text).to_owned()).collect());
    let huge = "x".repeat(100_000);
    let rows: Vec<(&str, Answer, Result<Option<Answer>, &str>)> = vec![
        ("name_kana", one("ﾔﾏﾀﾞ"), Ok(Some(one("ヤマダ")))),
        ("name_kana", one("   "), Err("required")),
        ("memo", one("一行目\r\n二行目"), Ok(Some(one("一行目\n二行目")))),
        ("memo", one(&huge), Err("too-long")),
        ("name_kana", one(&huge), Err("too-long")),
        ("plan", one("竹"), Ok(Some(one("竹")))),
        ("plan", one("梅"), Err("not-an-option")),
        ("plan", many(&["松", "竹"]), Err("one-only")),
        ("goods", many(&["C", "A"]), Ok(Some(many(&["A", "C"])))),
        ("goods", one("B"), Ok(Some(many(&["B"])))),
        ("goods", many(&["A", "Z"]), Err("not-an-option")),
        ("day", one("2026/5/7"), Err("not-a-date")),
        ("day", one("2026/05/07"), Ok(Some(one("2026-05-07")))),
        ("day", one("9999-01-01"), Err("not-a-date")),
        ("utm", one("spring"), Ok(Some(one("spring")))),
        ("utm", one("Ｗｅｂ広告"), Ok(Some(one("Ｗｅｂ広告")))),
        ("name_kana", one("\u{200b}\u{200e}"), Err("required")),
        ("name_kana", one("\u{3164}"), Err("required")),
        ("memo", one("一行目\n\u{feff}二行目\0"), Ok(Some(one("一行目\n二行目")))),
        ("plan", one("\u{200b}竹"), Ok(Some(one("竹")))),
        ("gone", one("x"), Err("unknown-field")),
    ];
    for (key, answer, expected) in rows {
        let mut given = Answers::from([("name_kana".to_owned(), one("カナ"))]);
        given.insert(key.to_owned(), answer.clone());
        match (check_answers(&fields, &given), expected) {
            (Ok(kept), Ok(expected)) => assert_eq!(kept.get(key).cloned(), expected, "{key} {answer:?}"),
            (Err(problems), Err(code)) => {
                let found = (problems[0].field.as_str(), problems[0].code.as_str());
                assert_eq!(found, (format!("answers.{key}").as_str(), code));
            }
            (found, expected) => panic!("{key}: {found:?} instead of {expected:?}"),
        }
    }
}

#[test]
fn invalid_form_fields_are_rejected() {
    let rows = [
        (question("ok_1", K::Text, &[]), None),
        (question("Bad", K::Text, &[]), Some("bad-key")),
        (question("email", K::Text, &[]), Some("reserved")),
        (question("plan", K::Radio, &[]), Some("required")),
        (question("plan", K::Radio, &["松", "松"]), Some("repeated")),
        (question("text", K::Text, &["松"]), Some("not-allowed")),
    ];
    for (field, expected) in rows {
        let problems =
            check_fields(std::slice::from_ref(&field), domain::form::AskedOn::BookingPage, "fields");
        assert_eq!(problems.first().map(|problem| problem.code.as_str()), expected, "{field:?}");
    }
}

#[test]
fn invalid_settings_give_errors_by_field() {
    let with = |change: fn(&mut SalesforceSettings)| {
        let mut settings = SalesforceSettings::default();
        change(&mut settings);
        check_settings(settings)
    };
    let fault = |result: Result<SalesforceSettings, Vec<domain::value::FieldProblem>>| {
        result.err().map(|faults| (faults[0].field.clone(), faults[0].code.clone()))
    };
    let at = |field: &str, code: &str| Some((field.to_owned(), code.to_owned()));
    assert_eq!(fault(with(|_| ())), None);
    for (lag, good) in [(-1, false), (0, true), (10, true), (11, false)] {
        let mut settings = SalesforceSettings::default();
        settings.todo.lag_minutes = lag;
        assert_eq!(check_settings(settings).is_ok(), good, "{lag}");
    }
    assert_eq!(fault(with(|s| s.campaign.enabled = true)), at("campaign.campaign_id", "required"));
    assert_eq!(
        fault(with(|s| s.campaign.campaign_id = "701".into())),
        at("campaign.campaign_id", "not-a-record-id")
    );
    assert_eq!(
        fault(with(|s| s.campaign.campaign_id = "00Q000000000001EAA".into())),
        at("campaign.campaign_id", "not-a-campaign")
    );
    assert_eq!(
        fault(with(|s| s.todo.subject = "{{nobody}}".into())),
        at("todo.subject", "unknown-placeholder")
    );
    let pasted = with(|s| {
        s.campaign.campaign_id =
            "https://x.lightning.force.com/lightning/r/Campaign/701000000000001/view".into();
    });
    assert_eq!(pasted.unwrap().campaign.campaign_id, "701000000000001AAA");
}

#[test]
fn record_ids_are_validated() {
    let rows = [
        ("001D000000IRFma", Some("001D000000IRFmaIAH")),
        ("00Di0000000bcJ3EAI", Some("00Di0000000bcJ3EAI")),
        ("005Em000000HMlhIAG", Some("005Em000000HMlhIAG")),
        ("005Em000000HMlhIAH", None),
        ("701", None),
        ("ABCDEFGHIJKLMNO", None),
        ("https://x.my.salesforce.com/701000000000001?a=b", Some("701000000000001AAA")),
    ];
    for (typed, expected) in rows {
        assert_eq!(record_id::read(typed).as_deref(), expected, "{typed}");
    }
}

#[test]
fn placeholders_are_replaced() {
    let mut booking = booking();
    booking.answers.insert("memo".to_owned(), Answer::One("よろしく".to_owned()));
    let labels = [("memo".to_owned(), "ご相談内容".to_owned())];
    let text = "{{company}} {{ name }} 様 {{start}}〜{{end}}\n{{answers}} {{answer.memo}} {x} {{";
    let filled = fill(text, &booking, &labels, "Asia/Tokyo", Language::Japanese);
    assert_eq!(
        filled,
        "山田商事 山田 太郎 様 2026年5月23日(土) 18:00〜18:30\nご相談内容: よろしく よろしく {x} {{"
    );
    let english = fill("{{name}} {{start}}", &booking, &labels, "Asia/Tokyo", Language::English);
    assert_eq!(english, "太郎 山田 Sat, May 23, 2026 18:00");
    assert_eq!(unknown_placeholder("{{nmae}}").as_deref(), Some("nmae"));
}

#[test]
fn failure_class_decides_retry() {
    use domain::value::Timestamp;
    let now = Timestamp::from_seconds(1_000_000);
    let rows = [
        (FailureClass::Permanent, 1, Retry::GiveUp),
        (FailureClass::Auth, 1, Retry::Hold),
        (FailureClass::Transient, 1, Retry::At(now.plus_seconds(2))),
        (FailureClass::Transient, 4, Retry::At(now.plus_seconds(16))),
        (FailureClass::Transient, 50, Retry::At(now.plus_seconds(900))),
        (FailureClass::Transient, 300, Retry::GiveUp),
        (FailureClass::Unknown, 1, Retry::At(now.plus_seconds(30))),
        (FailureClass::Limit, 1, Retry::At(now.plus_seconds(60))),
    ];
    for (class, attempts, expected) in rows {
        assert_eq!(after_failure(class, attempts, now, 30), expected, "{class:?} {attempts}");
    }
}

proptest! {
    #[test]
    fn mark_is_found_in_any_text(text in any::<String>(), room in 60_usize..300) {
        let delivery = uuid::Uuid::from_u128(77).into();
        let marked = marker::mark(&text, delivery, room);
        prop_assert!(marked.chars().count() <= room);
        prop_assert_eq!(marker::find(&marked), Some(delivery));
    }

    #[test]
    fn filling_any_template_never_panics(template in any::<String>()) {
        let filled = fill(&template, &booking(), &[], "Asia/Tokyo", Language::Japanese);
        prop_assert!(filled.len() < template.len() * 40 + 400);
    }

    #[test]
    fn parsing_any_email_never_panics_and_is_idempotent(typed in any::<String>()) {
        if let Ok(address) = EmailAddress::parse(&typed) {
            prop_assert_eq!(EmailAddress::parse(address.as_str()).unwrap(), address);
        }
    }
}
