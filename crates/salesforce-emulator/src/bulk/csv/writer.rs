//! Writing rows: every value stands in quotes.

use crate::bulk::format::Format;

/// Writes rows one after the other.
#[derive(Debug)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
    format: Format,
    inside: bool,
}

impl Writer {
    /// Writes rows of this format, with room for so many bytes.
    pub(crate) fn new(format: Format, room: usize) -> Self {
        Writer { bytes: Vec::with_capacity(room), format, inside: false }
    }

    /// Adds a value to the row.
    pub(crate) fn text(&mut self, text: &str) {
        self.value(|bytes| quote(bytes, text));
    }

    /// Adds a value that has no quote in it and is printed by the caller.
    pub(crate) fn value(&mut self, print: impl FnOnce(&mut Vec<u8>)) {
        if self.inside {
            self.bytes.push(self.format.delimiter.byte());
        }
        self.inside = true;
        self.bytes.push(b'"');
        print(&mut self.bytes);
        self.bytes.push(b'"');
    }

    /// Ends the row.
    pub(crate) fn end_row(&mut self) {
        self.bytes.extend_from_slice(self.format.line_ending.bytes());
        self.inside = false;
    }

    /// What has been written.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// Prints a text with its quotes doubled.
pub(crate) fn quote(bytes: &mut Vec<u8>, text: &str) {
    // Hardly any text has one; all bytes are looked at, as that is done for many at once.
    if !text.bytes().fold(false, |any, byte| any | (byte == b'"')) {
        return bytes.extend_from_slice(text.as_bytes());
    }
    for piece in text.as_bytes().split_inclusive(|byte| *byte == b'"') {
        bytes.extend_from_slice(piece);
        if piece.last() == Some(&b'"') {
            bytes.push(b'"');
        }
    }
}
