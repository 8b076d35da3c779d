//! One row of a record, whichever way its values came.

use super::*;
use crate::mirror::fixtures::{NOW, shown, stream};
use salesforce::Record;
use salesforce::cells::CellError;
use serde_json::json;

const ID: &str = "001000000000001AAA";
const OTHER: &str = "001000000000002AAA";
const STAMP: &str = "2026-05-01T07:25:37.000+0000";

fn paths(reader: &Reader) -> Vec<&str> {
    reader.columns().paths().collect()
}

/// The row of a record that came as JSON.
fn of_json(reader: &Reader, values: Value) -> Result<Option<MirrorRow>, CellError> {
    let record: Record = serde_json::from_value(values).unwrap();
    reader.row(reader.columns().read_record(&record), NOW)
}

/// The row of a record that came as a line of a table.
fn of_texts(reader: &Reader, texts: &[&str]) -> Result<Option<MirrorRow>, CellError> {
    reader.row(reader.columns().iter().zip(texts).map(|(column, text)| column.read_text(text)), NOW)
}

#[test]
fn value_is_one_text_whichever_way_it_came() {
    for (kind, value, text, kept) in [
        (
            FieldType::String,
            json!("株式会社\"つぎて\"\n本社"),
            "株式会社\"つぎて\"\n本社",
            r#""株式会社\"つぎて\"\n本社""#,
        ),
        (FieldType::LongText, json!("東京\n大阪"), "東京\n大阪", r#""東京\n大阪""#),
        (FieldType::Picklist, json!("製造業"), "製造業", r#""製造業""#),
        (FieldType::LongText, json!("a\\b\u{1}"), "a\\b\u{1}", r#""a\\b\u0001""#),
        (FieldType::String, json!("null"), "null", r#""null""#),
        (FieldType::String, Value::Null, "", "null"),
        (FieldType::String, json!(""), "", "null"),
        (FieldType::Checkbox, json!(true), "true", "true"),
        (FieldType::Checkbox, json!(false), "false", "false"),
        (FieldType::Integer, json!(120), "120", "120"),
        (FieldType::Integer, json!(120.0), "120", "120"),
        (FieldType::Number, json!(3), "3.0", "3.0"),
        (FieldType::Currency, json!(1234567.5), "1234567.5", "1234567.5"),
        (FieldType::Percent, json!(0.1), "0.1", "0.1"),
        (FieldType::Number, json!(null), "", "null"),
        (FieldType::Date, json!("2026-05-22"), "2026-05-22", r#""2026-05-22""#),
        (FieldType::DateTime, json!(STAMP), "2026-05-01T07:25:37.000Z", r#""2026-05-01T07:25:37Z""#),
    ] {
        let reader = Reader::of_rows(
            &stream(&[]),
            &VisibleFields { match_field: false, ..shown(&[("X__c", kind)]) },
            false,
        );
        assert_eq!(paths(&reader), ["Id", "SystemModstamp", "X__c"]);
        let record = json!({ "Id": ID, "SystemModstamp": STAMP, "X__c": value });
        let by_json = of_json(&reader, record).unwrap().unwrap();
        let by_text = of_texts(&reader, &[ID, STAMP, text]).unwrap().unwrap();
        assert_eq!(by_json.body, format!("{{\"X__c\":{kept}}}"), "{kind:?}");
        assert_eq!(by_json, by_text, "{kind:?}");
        assert_eq!(by_json.values().len(), 1, "it is JSON");
    }
}

#[test]
fn columns_are_those_that_are_wanted_and_each_comes_once() {
    let fields =
        shown(&[("Website", FieldType::Url), ("Owner.Name", FieldType::String), ("Name", FieldType::String)]);
    let lead = VisibleFields { merges: false, converts: true, match_field: false, ..fields.clone() };
    let always = |more: &[&'static str]| [&["Id", "SystemModstamp"], more].concat();
    let wide = Reader::of_rows(&stream(&[]), &fields, true);
    assert_eq!(paths(&wide), always(&["Website", "IsDeleted", "MasterRecordId", "Owner.Name", "Name"]));
    let living = Reader::of_rows(&stream(&[]), &fields, false);
    assert_eq!(paths(&living), always(&["Website", "Owner.Name", "Name"]));
    let converting = Reader::of_rows(&stream(&[]), &lead, true);
    assert_eq!(
        paths(&converting),
        always(&["IsDeleted", "IsConverted", "ConvertedContactId", "Website", "Owner.Name", "Name"])
    );
    assert_eq!(paths(&Reader::of_derived(&fields)), always(&["Owner.Name"]));
    assert_eq!(paths(&Reader::of_ids(&fields)), always(&["IsDeleted", "MasterRecordId"]));
    assert_eq!(paths(&Reader::of_ids(&lead)), always(&["IsDeleted"]));
}

#[test]
fn values_stand_in_the_order_of_their_paths() {
    let fields =
        [("Name", FieldType::String), ("Address__c", FieldType::String), ("名__c", FieldType::String)];
    let record = json!({ "Id": ID, "SystemModstamp": STAMP, "Website": null, "Name": "b", "Address__c": "a", "名__c": "c" });
    for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
        let reader = Reader::of_rows(&stream(&[]), &shown(&order.map(|place| fields[place])), false);
        let row = of_json(&reader, record.clone()).unwrap().unwrap();
        assert_eq!(row.body, r#"{"Address__c":"a","Name":"b","名__c":"c"}"#);
    }
}

#[test]
fn state_tells_what_became_of_a_record() {
    use RecordState::{Converted, Deleted, Merged, Present};
    let fields = VisibleFields { converts: true, ..shown(&[]) };
    let reader = Reader::of_rows(&stream(&[]), &fields, true);
    for (deleted, master, converted, contact, state, successor) in [
        ("false", "", "false", "", Present, None),
        ("true", "", "false", "", Deleted, None),
        ("true", OTHER, "false", "", Merged, Some(OTHER)),
        ("false", OTHER, "false", "", Present, None),
        ("false", "", "true", OTHER, Converted, Some(OTHER)),
        ("false", "", "true", "", Converted, None),
        ("false", "", "false", OTHER, Present, None),
        ("true", "", "true", OTHER, Deleted, None),
        ("true", ID, "true", OTHER, Merged, Some(ID)),
    ] {
        let told = [ID, STAMP, "", deleted, master, converted, contact];
        let row = of_texts(&reader, &told).unwrap().unwrap();
        assert_eq!((row.state, row.successor_id.as_deref()), (state, successor), "{told:?}");
    }
}

#[test]
fn record_is_found_by_the_domain_of_its_site() {
    let reader = Reader::of_rows(&stream(&[]), &shown(&[("Website", FieldType::Url)]), false);
    for (site, key) in [("https://www.example.co.jp/", Some("example.co.jp")), ("未定", None), ("", None)] {
        let row = of_texts(&reader, &[ID, STAMP, site]).unwrap().unwrap();
        assert_eq!(row.match_key.as_deref(), key, "{site}");
        assert_eq!((row.record_id.as_str(), row.changed_at), (ID, NOW));
        assert_eq!(row.system_modstamp, Timestamp::parse("2026-05-01T07:25:37Z").unwrap());
    }
    let hidden = Reader::of_rows(&stream(&[]), &VisibleFields { match_field: false, ..shown(&[]) }, false);
    assert_eq!(of_texts(&hidden, &[ID, STAMP]).unwrap().unwrap().match_key, None);
}

#[test]
fn record_that_cannot_be_read_is_no_row() {
    let reader = Reader::of_rows(&stream(&[]), &shown(&[("Seats__c", FieldType::Integer)]), false);
    for (texts, is_error) in [
        (["", STAMP, "", "1"], false),
        ([ID, "", "", "1"], false),
        (["だれか", STAMP, "", "1"], true),
        ([ID, "きのう", "", "1"], true),
        ([ID, STAMP, "", "多数"], true),
    ] {
        let read = of_texts(&reader, &texts);
        assert_eq!(read.is_err(), is_error, "{texts:?}");
        assert!(read.ok().flatten().is_none(), "{texts:?}");
    }
    assert!(
        of_json(&reader, json!({ "Id": ID, "SystemModstamp": STAMP, "Website": null })).is_err(),
        "not asked for"
    );
}
