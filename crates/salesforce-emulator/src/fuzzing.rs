//! Doors for the fuzz targets under `fuzz/`; not part of the library's face.

use crate::bulk::csv::{Reader, Writer};
use crate::bulk::format::{Delimiter, Format, LineEnding};
use crate::soql::parser::parse;

/// Reads a text as SOQL; what can be read is printed and must read as the same query.
pub fn soql(text: &str) {
    let Ok(query) = parse(text) else { return };
    let printed = query.to_string();
    assert!(parse(&printed).as_ref() == Ok(&query), "{text:?} was printed as {printed:?}");
}

/// Reads bytes as an upload in any format; rows without fault are written and must read as the same rows.
pub fn csv(bytes: &[u8]) {
    let Some((choice, upload)) = bytes.split_first() else { return };
    let (_, delimiter) = Delimiter::ALL[usize::from(*choice) % Delimiter::ALL.len()];
    let line_ending = if *choice < 128 { LineEnding::Lf } else { LineEnding::Crlf };
    let format = Format { delimiter, line_ending };
    let rows = Reader::new(upload, 0, format).filter(|row| row.fault.is_none());
    let rows: Vec<Vec<String>> =
        rows.map(|row| row.values.iter().map(ToString::to_string).collect()).collect();
    let mut writer = Writer::new(format, upload.len());
    for row in &rows {
        row.iter().for_each(|value| writer.text(value));
        writer.end_row();
    }
    let written = writer.into_bytes();
    let again = Reader::new(&written, 0, format);
    let again: Vec<Vec<String>> =
        again.map(|row| row.values.iter().map(ToString::to_string).collect()).collect();
    assert!(again == rows, "{rows:?} was written as {:?}", String::from_utf8_lossy(&written));
}
