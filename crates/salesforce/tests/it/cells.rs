use proptest::prelude::*;
use salesforce::cells::{Cell, CellError, CellType, Column, Columns, ColumnsError};
use salesforce::{Describe, FieldType, Record};
use serde_json::{Value, json};

fn column(cell_type: CellType) -> Column {
    Column::new("Field__c", cell_type)
}

fn microseconds(cell: Result<Cell<'_>, CellError>) -> i64 {
    match cell.unwrap() {
        Cell::DateTime(at) => at.as_microsecond(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn json_and_csv_give_same_value() {
    let id = "001dM00003kRs59QAC".parse().unwrap();
    let day = jiff::civil::date(2024, 2, 29);
    for (cell_type, json, csv, cell) in [
        (CellType::Text, json!("NA"), "NA", Cell::Text("NA")),
        (CellType::Text, json!("null"), "null", Cell::Text("null")),
        (CellType::Text, json!("NaN"), "NaN", Cell::Text("NaN")),
        (CellType::Text, json!(" \u{0}\r\n継手 "), " \u{0}\r\n継手 ", Cell::Text(" \u{0}\r\n継手 ")),
        (CellType::Text, Value::Null, "", Cell::Null),
        (CellType::Text, json!(""), "", Cell::Null),
        (CellType::Boolean, json!(true), "true", Cell::Boolean(true)),
        (CellType::Boolean, json!(false), "false", Cell::Boolean(false)),
        (CellType::Boolean, Value::Null, "", Cell::Null),
        (CellType::Integer, json!(39000), "39000", Cell::Integer(39000)),
        (CellType::Integer, json!(-39000.0), "-39000.0", Cell::Integer(-39000)),
        (CellType::Integer, json!(i64::MAX), "9223372036854775807", Cell::Integer(i64::MAX)),
        (CellType::Decimal, json!(950_000_000.0), "950000000.0", Cell::Decimal(950_000_000.0)),
        (CellType::Decimal, json!(3), "3", Cell::Decimal(3.0)),
        (CellType::Decimal, json!(0.1), "0.1", Cell::Decimal(0.1)),
        (CellType::Decimal, json!(1.5e10), "1.5E10", Cell::Decimal(15_000_000_000.0)),
        (CellType::Date, json!("2024-02-29"), "2024-02-29", Cell::Date(day)),
        (
            CellType::Time,
            json!("09:30:15.250Z"),
            "09:30:15.250Z",
            Cell::Time(jiff::civil::time(9, 30, 15, 250_000_000)),
        ),
        (CellType::Id, json!("001dM00003kRs59"), "001dM00003kRs59QAC", Cell::Id(id)),
    ] {
        assert_eq!(column(cell_type).read_json(&json), Ok(cell), "{json}");
        assert_eq!(column(cell_type).read_text(csv), Ok(cell), "{csv}");
    }
    let zero = column(CellType::Decimal).read_text("-0.0").unwrap();
    assert!(matches!(zero, Cell::Decimal(zero) if zero.is_sign_positive()));
}

#[test]
fn every_timestamp_format_gives_same_instant() {
    let column = column(CellType::DateTime);
    for text in [
        "2023-10-22T06:25:12.000Z",
        "2023-10-22T06:25:12.000+0000",
        "2023-10-22T06:25:12+00:00",
        "2023-10-22T15:25:12.0+09:00",
        "2023-10-21T20:55:12.000-0930",
        "2023-10-22T06:25:12Z",
    ] {
        assert_eq!(microseconds(column.read_text(text)), 1_697_955_912_000_000, "{text}");
        assert_eq!(microseconds(column.read_json(&json!(text))), 1_697_955_912_000_000, "{text}");
    }
    assert_eq!(microseconds(column.read_text("1969-12-31T23:59:59.999Z")), -1_000);
    assert_eq!(microseconds(column.read_text("1970-01-01T00:00:00.1234567891Z")), 123_456);
}

#[test]
fn value_of_wrong_type_is_error() {
    for (cell_type, csv) in [
        (CellType::Boolean, "1"),
        (CellType::Boolean, "True "),
        (CellType::Integer, "1.5"),
        (CellType::Integer, "1e300"),
        (CellType::Decimal, "NaN"),
        (CellType::Decimal, "inf"),
        (CellType::Decimal, "1,000"),
        (CellType::Date, "2023-02-29"),
        (CellType::Date, "2023-2-9"),
        (CellType::Date, "２０２３-10-22"),
        (CellType::DateTime, "2023-10-22"),
        (CellType::DateTime, "2023-10-22T06:25:12.000"),
        (CellType::DateTime, "2023-10-22T25:00:00Z"),
        (CellType::DateTime, "2023-10-22T06:25:12.Z"),
        (CellType::DateTime, "2023-10-22T06:25:12*0000"),
        (CellType::Time, "25:00:00"),
        (CellType::Time, "10:00:00+0900"),
        (CellType::Id, "001dM00003krs59QAC"),
    ] {
        let error = Err(CellError::Type { column: "Field__c".to_owned(), cell_type });
        assert_eq!(column(cell_type).read_text(csv), error, "{csv}");
    }
    for (cell_type, json) in [
        (CellType::Text, json!(1)),
        (CellType::Text, json!({"city": "東京"})),
        (CellType::Boolean, json!(0)),
        (CellType::Integer, json!(0.5)),
        (CellType::Decimal, json!(true)),
        (CellType::Date, json!(20231022)),
    ] {
        assert!(column(cell_type).read_json(&json).is_err(), "{json}");
    }
}

#[test]
fn missing_parent_gives_none() {
    let row = json!({"Account": {"Name": "継手", "Owner": null, "Parent": {"Name": null}}, "Owner": null});
    let row: Record = serde_json::from_value(row).unwrap();
    let read = |path: &str| {
        let column = Column::new(path, CellType::Text);
        column.read_record(&row).map(|cell| format!("{cell:?}"))
    };
    assert_eq!(read("Account.Name").unwrap(), "Text(\"継手\")");
    for null in ["Account.Owner.Name", "Account.Owner.Profile.Name", "Account.Parent.Name", "Owner.Email"] {
        assert_eq!(read(null).unwrap(), "Null", "{null}");
    }
    for missing in ["Name", "Account.Industry", "Account.Name.First"] {
        assert_eq!(read(missing), Err(CellError::Missing { column: missing.to_owned() }));
    }
}

#[test]
fn columns_are_built_from_describes() {
    let describe = |object: &str, fields: Value| -> Describe {
        serde_json::from_value(json!({"name": object, "label": object, "fields": fields})).unwrap()
    };
    let contact = describe(
        "Contact",
        json!([{"name": "Id", "type": "id"}, {"name": "MailingAddress", "type": "address"}]),
    );
    let account = describe("Account", json!([{"name": "AnnualRevenue", "type": "currency"}]));
    let columns = Columns::default().with_fields(&contact, &["id"]).unwrap();
    let columns = columns.with_parent("Account", &account, &["annualrevenue"]).unwrap();
    assert_eq!(columns.paths().collect::<Vec<_>>(), ["Id", "Account.AnnualRevenue"]);
    assert_eq!(columns.iter().map(Column::cell_type).collect::<Vec<_>>(), [CellType::Id, CellType::Decimal]);
    assert!(matches!(
        Columns::default().with_fields(&contact, &["Nope"]),
        Err(ColumnsError::UnknownField { .. })
    ));
    let compound = Columns::default().with_fields(&contact, &["MailingAddress"]);
    assert!(matches!(compound, Err(ColumnsError::NotTabular { .. })));
    assert_eq!(CellType::of(&FieldType::Other("hologram".to_owned())), Some(CellType::Text));
}

proptest! {
    #[test]
    fn printed_timestamp_is_read_back(second in -8_000_000_000_i64..64_000_000_000, millisecond in 0_i32..1000) {
        let at = jiff::Timestamp::new(second, millisecond * 1_000_000).unwrap();
        for form in ["%Y-%m-%dT%H:%M:%S.%3fZ", "%Y-%m-%dT%H:%M:%S.%3f+0000"] {
            let text = at.strftime(form).to_string();
            prop_assert_eq!(column(CellType::DateTime).read_text(&text), Ok(Cell::DateTime(at)));
        }
    }

    #[test]
    fn printed_number_is_read_back(number in any::<f64>().prop_filter("finite", |number| number.is_finite())) {
        let (json, text) = (serde_json::from_str(&format!("{number:?}")).unwrap(), format!("{number:?}"));
        let cell = Ok(Cell::Decimal(number));
        prop_assert_eq!(column(CellType::Decimal).read_text(&text), cell.clone());
        prop_assert_eq!(column(CellType::Decimal).read_json(&json), cell);
    }

    #[test]
    fn any_text_is_read_back(text in any::<String>()) {
        for cell_type in [CellType::Boolean, CellType::Integer, CellType::Decimal, CellType::Date, CellType::DateTime, CellType::Time, CellType::Id] {
            let (column, json) = (column(cell_type), json!(text));
            prop_assert_eq!(column.read_text(&text), column.read_json(&json));
        }
    }
}
