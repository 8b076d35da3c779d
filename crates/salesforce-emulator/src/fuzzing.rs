//! Doors for the fuzz targets under `fuzz/`; not part of the library's face.

use crate::soql::parser::parse;

/// Reads a text as SOQL; what can be read is printed and must read as the same query.
pub fn soql(text: &str) {
    let Ok(query) = parse(text) else { return };
    let printed = query.to_string();
    assert!(parse(&printed).as_ref() == Ok(&query), "{text:?} was printed as {printed:?}");
}
