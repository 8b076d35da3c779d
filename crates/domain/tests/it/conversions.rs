//! Each droppable value: what is written, what is dropped, and why (K16).

use crate::support::field;
use domain::form::{Answer, convert};
use domain::org::{FieldType as T, PicklistOption};
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn values_convert_or_give_reason() {
    let long = "あ".repeat(21);
    let rows: Vec<(T, &str, Result<Value, &str>)> = vec![
        (T::String, "そのまま", Ok(json!("そのまま"))),
        (T::String, &long, Err("too-long")),
        (T::LongText, &long, Err("too-long")),
        (T::RichText, "<b>x</b>", Ok(json!("<b>x</b>"))),
        (T::Url, "https://e.jp/a", Ok(json!("https://e.jp/a"))),
        (T::Url, &long, Err("too-long")),
        (T::Phone, "03-1234-5678", Ok(json!("03-1234-5678"))),
        (T::Encrypted, &long, Err("too-long")),
        (T::Email, "ｔａｒｏ＠e.jp", Ok(json!("taro@e.jp"))),
        (T::Email, "taro", Err("not-an-email")),
        (T::Picklist, "高", Ok(json!("高"))),
        (T::Picklist, "高い", Ok(json!("高"))),
        (T::Picklist, "旧", Err("not-an-option")),
        (T::Picklist, "無", Err("not-an-option")),
        (T::Number, "1,234.5", Ok(json!(1234.5))),
        (T::Number, "１２３４", Ok(json!(1234.0))),
        (T::Number, "12345", Err("out-of-range")),
        (T::Number, "十", Err("not-a-number")),
        (T::Number, "1e5", Err("not-a-number")),
        (T::Number, "", Err("not-a-number")),
        (T::Number, "12,5", Err("not-a-number")),
        (T::Number, "1.234,56", Err("not-a-number")),
        (T::Number, "1,2345", Err("not-a-number")),
        (T::Number, "1 234", Err("not-a-number")),
        (T::Number, "-1,234.50", Ok(json!(-1234.5))),
        (T::Number, "50%", Err("not-a-number")),
        (T::Number, "0.1234567890123456789", Err("not-a-number")),
        (T::Currency, "12,5", Err("not-a-number")),
        (T::Currency, "$12", Err("not-a-number")),
        (T::Currency, "￥１，２００", Ok(json!(1200.0))),
        (T::Currency, "1,200円", Ok(json!(1200.0))),
        (T::Currency, "¥1,200円", Err("not-a-number")),
        (T::Integer, "1,2", Err("not-a-number")),
        (T::Integer, "1,234", Ok(json!(1234))),
        (T::Percent, "¥50", Err("not-a-number")),
        (T::Currency, "¥1,200", Ok(json!(1200.0))),
        (T::Percent, "50%", Ok(json!(50.0))),
        (T::Percent, "半分", Err("not-a-number")),
        (T::Integer, "42", Ok(json!(42))),
        (T::Integer, "42.0", Ok(json!(42))),
        (T::Integer, "4.2", Err("not-a-whole-number")),
        (T::Integer, "99999999999", Err("out-of-range")),
        (T::Checkbox, "true", Ok(json!(true))),
        (T::Checkbox, "False", Ok(json!(false))),
        (T::Checkbox, "はい", Err("not-true-or-false")),
        (T::Date, "2026-05-22", Ok(json!("2026-05-22"))),
        (T::Date, "2026/05/22", Ok(json!("2026-05-22"))),
        (T::Date, "2026-02-30", Err("not-a-date")),
        (T::Date, "20260522", Err("not-a-date")),
        (T::Date, "2026-05-22T10:00", Err("not-a-date")),
        (T::Date, "05/22/2026", Err("not-a-date")),
        (T::DateTime, "2026-05-22", Ok(json!("2026-05-21T15:00:00Z"))),
        (T::Other, "x", Err("wrong-type")),
    ];
    for (kind, text, expected) in rows {
        let converted = convert(&Answer::One(text.to_owned()), &field("F__c", kind), "Asia/Tokyo");
        let reason = converted.dropped.first().map(|drop| drop.reason);
        match expected {
            Ok(value) => assert_eq!((converted.value, reason), (Some(value), None), "{kind:?} {text}"),
            Err(why) => assert_eq!((converted.value, reason), (None, Some(why)), "{kind:?} {text}"),
        }
    }
}

#[test]
fn exact_option_is_kept_before_folding() {
    let mut target = field("F__c", T::Picklist);
    let options = |values: &[&str]| {
        let option = |value: &&str| PicklistOption {
            value: (*value).to_owned(),
            label: format!("{value}です"),
            active: true,
        };
        values.iter().map(option).collect::<Vec<_>>()
    };
    let rows = [
        (vec!["Ｗｅｂ広告"], "Ｗｅｂ広告", Some("Ｗｅｂ広告")),
        (vec!["Ｗｅｂ広告"], "Web広告", Some("Ｗｅｂ広告")),
        (vec!["Ｗｅｂ広告", "Web広告"], "Web広告", Some("Web広告")),
        (vec!["Ｗｅｂ広告", "Web広告"], "Ｗｅｂ広告", Some("Ｗｅｂ広告")),
        (vec!["展示会\u{200B}"], "展示会", Some("展示会\u{200B}")),
        (vec!["ﾊﾟｰﾄ", "パート"], "ﾊﾟｰﾄ", Some("ﾊﾟｰﾄ")),
        (vec!["Ｗｅｂ広告", "Ｗeb広告"], "Web広告", None),
        (vec!["㈱"], "(株)", None),
    ];
    for (values, typed, expected) in rows {
        target.options = options(&values);
        let converted = convert(&Answer::One(typed.to_owned()), &target, "Asia/Tokyo");
        assert_eq!(converted.value, expected.map(Value::from), "{typed} among {values:?}");
        assert_eq!(converted.dropped.is_empty(), expected.is_some(), "{typed} among {values:?}");
    }
}

#[test]
fn unknown_options_are_dropped_and_rest_is_kept() {
    let chosen = Answer::Many(["高", "無", "中"].map(str::to_owned).to_vec());
    let converted = convert(&chosen, &field("F__c", T::MultiPicklist), "Asia/Tokyo");
    assert_eq!(converted.value, Some(json!("高;中")));
    assert_eq!(converted.dropped.len(), 1);
    assert_eq!(converted.dropped[0].value, "無");
    let strange = Answer::Many(vec!["無".to_owned()]);
    assert_eq!(convert(&strange, &field("F__c", T::MultiPicklist), "Asia/Tokyo").value, None);
}

proptest! {
    /// Whatever is typed, either a value comes out or the reason why not, and nothing panics.
    #[test]
    fn any_text_is_converted_or_dropped(text in any::<String>(), kind in 0_usize..17) {
        let kinds = [
            T::String, T::Url, T::Email, T::RichText, T::LongText, T::Phone, T::Number, T::Integer, T::Currency,
            T::Percent, T::Encrypted, T::Picklist, T::MultiPicklist, T::Checkbox, T::Date, T::DateTime, T::Other,
        ];
        let converted = convert(&Answer::One(text), &field("F__c", kinds[kind]), "Asia/Tokyo");
        prop_assert_eq!(converted.value.is_none(), !converted.dropped.is_empty());
    }
}
