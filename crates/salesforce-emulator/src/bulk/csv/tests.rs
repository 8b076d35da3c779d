use proptest::prelude::*;

use crate::bulk::csv::{Fault, Reader, Row, Writer};
use crate::bulk::format::{Delimiter, Format, LineEnding};

fn format(delimiter: Delimiter, line_ending: LineEnding) -> Format {
    Format { delimiter, line_ending }
}

fn rows(text: &str, line_ending: LineEnding) -> Vec<Row<'_>> {
    Reader::new(text.as_bytes(), 0, format(Delimiter::Comma, line_ending)).collect()
}

#[test]
fn values_are_read_verbatim() {
    for (text, expected) in [
        ("a,b\n", vec![vec!["a", "b"]]),
        ("a,b", vec![vec!["a", "b"]]),
        ("John, Smith\n", vec![vec!["John", " Smith"]]),
        ("a,,\n", vec![vec!["a", "", ""]]),
        ("\"\"\n", vec![vec![""]]),
        ("\"Director, West\",\"the \"\"gold\"\" one\"\n", vec![vec!["Director, West", "the \"gold\" one"]]),
        ("\"\"\"\"\n", vec![vec!["\""]]),
        ("\"one\ntwo\",x\n\n\ny,z\n", vec![vec!["one\ntwo", "x"], vec!["y", "z"]]),
        ("継手,\"部長\"\n", vec![vec!["継手", "部長"]]),
        ("a\rb,c\n", vec![vec!["a\rb", "c"]]),
        ("", vec![]),
        ("\n\n", vec![]),
    ] {
        let found: Vec<Vec<String>> = rows(text, LineEnding::Lf)
            .into_iter()
            .inspect(|row| assert_eq!(row.fault, None, "{text:?}"))
            .map(|row| row.values.iter().map(ToString::to_string).collect())
            .collect();
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn lone_line_feed_does_not_end_crlf_row() {
    let found = rows("a,b\nc\r\nd,e\r\n", LineEnding::Crlf);
    assert_eq!(found.iter().map(|row| row.values.len()).collect::<Vec<_>>(), [2, 2]);
    assert_eq!(found[0].values[1], "b\nc");
}

#[test]
fn unreadable_row_does_not_affect_next_row() {
    for (text, fault) in [
        ("John, \"Smith\"\nnext\n", Fault::StrayQuote),
        ("\"John\" ,Smith\nnext\n", Fault::StrayQuote),
        ("five\"six\nnext\n", Fault::StrayQuote),
    ] {
        let found = rows(text, LineEnding::Lf);
        assert_eq!((found.len(), found[0].fault), (2, Some(fault)), "{text:?}");
        assert_eq!((found[1].values[0].as_ref(), found[1].fault), ("next", None));
    }
    assert_eq!(rows("a,\"b\nc", LineEnding::Lf)[0].fault, Some(Fault::OpenQuote));
    let wide = ",".repeat(5_000);
    assert_eq!(rows(&wide, LineEnding::Lf)[0].fault, Some(Fault::TooManyValues));
    let long = "あ".repeat(131_073);
    assert_eq!(rows(&long, LineEnding::Lf)[0].fault, Some(Fault::ValueTooLong));
    assert_eq!(rows(&"あ".repeat(131_072), LineEnding::Lf)[0].fault, None);
    let full = vec!["x".repeat(100_000); 5].join(",");
    assert_eq!(rows(&full, LineEnding::Lf)[0].fault, Some(Fault::TooLong));
    let latin = Reader::new(b"caf\xe9\n", 0, Format::default()).next().unwrap();
    assert_eq!(latin.fault, Some(Fault::NotUtf8));
}

#[test]
fn first_line_decides_line_ending() {
    for (text, expected) in [
        ("a\nb\r\n", Some(LineEnding::Lf)),
        ("a\r\nb\n", Some(LineEnding::Crlf)),
        ("\"a\nb\"\r\n", Some(LineEnding::Crlf)),
        ("a", None),
        ("\n", Some(LineEnding::Lf)),
    ] {
        assert_eq!(Reader::first_line_ending(text.as_bytes()), expected, "{text:?}");
    }
}

fn any_format() -> impl Strategy<Value = Format> {
    let delimiters = Delimiter::ALL.map(|(_, delimiter)| delimiter).to_vec();
    let endings = vec![LineEnding::Lf, LineEnding::Crlf];
    (prop::sample::select(delimiters), prop::sample::select(endings))
        .prop_map(|(delimiter, line_ending)| format(delimiter, line_ending))
}

proptest! {
    #[test]
    fn written_csv_is_read_back(
        table in prop::collection::vec(prop::collection::vec("[\"\r\n,;|^`\ta-c継 ]{0,6}|\\PC{0,6}", 1..5), 0..6),
        format in any_format(),
    ) {
        let mut writer = Writer::new(format, 0);
        for row in &table {
            row.iter().for_each(|value| writer.text(value));
            writer.end_row();
        }
        let bytes = writer.into_bytes();
        let read: Vec<Row<'_>> = Reader::new(&bytes, 0, format).collect();
        prop_assert!(read.iter().all(|row| row.fault.is_none()));
        let found: Vec<Vec<String>> =
            read.iter().map(|row| row.values.iter().map(ToString::to_string).collect()).collect();
        prop_assert_eq!(found, table);
        for row in read {
            prop_assert_eq!(Reader::new(&bytes, row.start, format).next(), Some(row));
        }
    }

    #[test]
    fn any_bytes_never_panic_or_loop(
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"\"\r\n,a".to_vec())], 0..64),
        format in any_format(),
    ) {
        let rows: Vec<Row<'_>> = Reader::new(&bytes, 0, format).collect();
        prop_assert!(rows.windows(2).all(|pair| pair[0].start < pair[1].start));
        prop_assert!(rows.len() <= bytes.len());
        Reader::first_line_ending(&bytes);
    }
}
