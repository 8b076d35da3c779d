use proptest::prelude::*;
use salesforce::csv::{CsvError, CsvReader};

const LIMIT: usize = 100_000;

fn read(limit: usize, chunks: &[&[u8]]) -> Result<Vec<Vec<String>>, CsvError> {
    let mut reader = CsvReader::new(limit);
    let mut rows = Vec::new();
    let mut keep = |reader: &CsvReader| rows.push(reader.row().values().map(str::to_owned).collect());
    for chunk in chunks {
        reader.feed(chunk.to_vec().into());
        while reader.advance()? {
            keep(&reader);
        }
    }
    while reader.finish()? {
        keep(&reader);
    }
    assert_eq!(reader.rows(), rows.len() as u64);
    Ok(rows)
}

fn write(rows: &[Vec<String>], line_end: &str) -> String {
    let value = |value: &String| format!("\"{}\"", value.replace('"', "\"\""));
    let line = |row: &Vec<String>| row.iter().map(value).collect::<Vec<_>>().join(",") + line_end;
    rows.iter().map(line).collect()
}

#[test]
fn csv_is_read_by_rfc_4180() {
    for (table, rows) in [
        ("a,b\n1,2\n", vec![vec!["a", "b"], vec!["1", "2"]]),
        ("a,b\r\n1,2\r\n", vec![vec!["a", "b"], vec!["1", "2"]]),
        ("\u{feff}\"a\",\"b\"\n", vec![vec!["a", "b"]]),
        ("a,b\n1,2", vec![vec!["a", "b"], vec!["1", "2"]]),
        ("a,b\n1,", vec![vec!["a", "b"], vec!["1", ""]]),
        ("a,b\n\"\",\"\"", vec![vec!["a", "b"], vec!["", ""]]),
        ("a\n\"one\nand\r\ntwo\rthree\"\n", vec![vec!["a"], vec!["one\nand\r\ntwo\rthree"]]),
        ("a\n\"\"\"x\"\", he said\"\n", vec![vec!["a"], vec!["\"x\", he said"]]),
        ("a\n\n x \n", vec![vec!["a"], vec![""], vec![" x "]]),
        ("a\n\u{feff}\u{0}\u{2028}継手\n", vec![vec!["a"], vec!["\u{feff}\u{0}\u{2028}継手"]]),
    ] {
        assert_eq!(read(LIMIT, &[table.as_bytes()]).unwrap(), rows, "{table:?}");
    }
}

#[test]
fn invalid_csv_gives_error_with_row() {
    let row = 2;
    for (table, error) in [
        (&b""[..], CsvError::NoHeader),
        (b"\xEF\xBB\xBF", CsvError::NoHeader),
        (b"\xEF\xBB", CsvError::NotUtf8 { row: 1 }),
        (b"\xEF\xBBx\n", CsvError::NotUtf8 { row: 1 }),
        (b"a,b\n1\n", CsvError::Width { row, expected: 2, found: 1 }),
        (b"a,b\n1,2,3,4\n", CsvError::Width { row, expected: 2, found: 3 }),
        (b"a,b\n\n", CsvError::Width { row, expected: 2, found: 1 }),
        (b"a,b\n1,x\"y\"\n", CsvError::Quote { row }),
        (b"a,b\n1,\"x\"y\n", CsvError::Quote { row }),
        (b"a,b\n1,\"x\" \n", CsvError::Quote { row }),
        (b"a,b\n1,2\rx", CsvError::CarriageReturn { row }),
        (b"a,b\n1,2\r", CsvError::CarriageReturn { row }),
        (b"a,b\n1,\"2\n", CsvError::OpenQuote { row }),
        (b"a,b\n1,\"\x93\xFA\"\n", CsvError::NotUtf8 { row }),
        (b"a,b\n\"\xE7\xB6\",\x99\n", CsvError::NotUtf8 { row }),
    ] {
        assert_eq!(read(LIMIT, &[table]), Err(error), "{:?}", String::from_utf8_lossy(table));
    }
}

#[test]
fn reading_stops_after_error() {
    for table in ["a,b\n1\n2,3\n", "a,b\n\"x\"y,2\n2,3\n", "a,b\n1,\"2"] {
        let mut reader = CsvReader::new(LIMIT);
        reader.feed(table.into());
        assert_eq!(reader.advance(), Ok(true));
        let error = loop {
            if let Err(error) = reader.advance().and_then(|_| reader.finish()) {
                break error;
            }
        };
        assert!(reader.row().is_empty());
        reader.feed("1,2\n".into());
        assert_eq!((reader.advance(), reader.finish()), (Err(error), Err(error)), "{table:?}");
    }
}

#[test]
fn too_long_row_is_rejected() {
    let fits = "x".repeat(90);
    assert!(read(100, &[b"a\n", fits.as_bytes(), b"\n"]).is_ok());
    for table in
        ["y".repeat(200), format!("\"{}", "\"\"".repeat(200)), ",".repeat(200), format!("\"{fits}\n{fits}\"")]
    {
        let error = Err(CsvError::TooLong { row: 1, limit: 100 });
        assert_eq!(read(100, &[table.as_bytes()]), error, "{table}");
        let bytes: Vec<&[u8]> = table.as_bytes().chunks(1).collect();
        assert_eq!(read(100, &bytes), error, "{table}");
    }
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c\",\r\n \u{0}]{0,6}", any::<String>(), Just("継手\u{feff}".to_owned())]
}

fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    (1..4_usize).prop_flat_map(|width| {
        let row = prop::collection::vec(value(), width);
        prop::collection::vec(row, 1..6)
    })
}

proptest! {
    #[test]
    fn written_csv_is_read(rows in table(), crlf: bool) {
        let text = write(&rows, if crlf { "\r\n" } else { "\n" });
        prop_assert_eq!(read(LIMIT, &[text.as_bytes()]).unwrap(), rows);
    }

    #[test]
    fn chunk_boundaries_do_not_change_rows(rows in table(), bom: bool, cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4)) {
        let text = if bom { "\u{feff}" } else { "" }.to_owned() + &write(&rows, "\n");
        let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len())).collect();
        places.extend([0, text.len()]);
        places.sort_unstable();
        let chunks: Vec<&[u8]> = places.windows(2).map(|pair| &text.as_bytes()[pair[0]..pair[1]]).collect();
        prop_assert_eq!(read(LIMIT, &chunks), Ok(rows));
    }

    #[test]
    fn any_bytes_give_same_result_whole_and_byte_by_byte(bytes in prop::collection::vec(prop_oneof![Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), Just(0xEF), Just(0xBB), any::<u8>()], 0..40)) {
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        prop_assert_eq!(read(LIMIT, &[&bytes]), read(LIMIT, &single));
    }
}
