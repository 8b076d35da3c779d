//! Lines of CSV files for spreadsheets.

/// One line; a value that a spreadsheet would take for a formula gets an apostrophe in front.
pub fn line(values: impl IntoIterator<Item = String>) -> String {
    let cells = values.into_iter().map(|value| {
        let guard = if value.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
        format!("\"{guard}{}\"", value.replace('"', "\"\""))
    });
    let mut line = cells.collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}
