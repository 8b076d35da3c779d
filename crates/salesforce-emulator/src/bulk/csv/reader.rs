//! Reading rows.

use std::borrow::Cow;

use crate::bulk::format::{Format, LineEnding};

/// Values in one row.
const MAX_VALUES: usize = 5_000;
/// Characters in one row.
const MAX_ROW: usize = 400_000;
/// Characters in one value.
const MAX_VALUE: usize = 131_072;

/// Why a row cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A quote inside a value without quotes, or something between a closing quote and the delimiter.
    StrayQuote,
    /// The last value's quotes are never closed.
    OpenQuote,
    /// It is not UTF-8.
    NotUtf8,
    /// Too many values.
    TooManyValues,
    /// Too many characters in all.
    TooLong,
    /// Too many characters in one value.
    ValueTooLong,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row<'a> {
    /// Where it begins.
    pub(crate) start: usize,
    /// Its values, as far as they could be read.
    pub(crate) values: Vec<Cow<'a, str>>,
    /// Why it cannot be used.
    pub(crate) fault: Option<Fault>,
}

/// Reads rows one after the other.
///
/// Values are taken as they stand, spaces included. A line without anything on it is no row. A row that cannot be read
/// ends with its line.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    delimiter: u8,
    line_ending: LineEnding,
}

/// What follows a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Value,
    Row,
}

impl<'a> Reader<'a> {
    /// Reads from a place where a row begins.
    pub(crate) fn new(bytes: &'a [u8], at: usize, format: Format) -> Self {
        Reader { bytes, at, delimiter: format.delimiter.byte(), line_ending: format.line_ending }
    }

    /// Where the next row begins.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// The line ending of the first line, as far as it has one outside quotes.
    pub(crate) fn first_line_ending(bytes: &[u8]) -> Option<LineEnding> {
        let mut quoted = false;
        let end = bytes.iter().position(|byte| {
            quoted ^= *byte == b'"';
            *byte == b'\n' && !quoted
        })?;
        let returns = end > 0 && bytes[end - 1] == b'\r';
        Some(if returns { LineEnding::Crlf } else { LineEnding::Lf })
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Steps over a line ending, if one stands here.
    fn line_ends(&mut self) -> bool {
        let ends = self.bytes[self.at..].starts_with(self.line_ending.bytes());
        if ends {
            self.at += self.line_ending.bytes().len();
        }
        ends
    }

    /// Steps over what follows a value; `None` when it may not follow.
    fn after_value(&mut self) -> Option<Next> {
        match self.peek() {
            Some(byte) if byte == self.delimiter => {
                self.at += 1;
                Some(Next::Value)
            }
            None => Some(Next::Row),
            Some(_) => self.line_ends().then_some(Next::Row),
        }
    }

    fn skip_line(&mut self) {
        while self.at < self.bytes.len() && !self.line_ends() {
            self.at += 1;
        }
    }

    /// A value without quotes, up to whatever ends it.
    fn bare(&mut self) -> &'a [u8] {
        let start = self.at;
        while let Some(byte) = self.peek() {
            let ends = match byte {
                b'"' => true,
                b'\n' => self.line_ending == LineEnding::Lf,
                b'\r' => self.line_ending == LineEnding::Crlf && self.bytes.get(self.at + 1) == Some(&b'\n'),
                byte => byte == self.delimiter,
            };
            if ends {
                break;
            }
            self.at += 1;
        }
        &self.bytes[start..self.at]
    }

    /// A value in quotes, without them; `None` when they are never closed.
    fn quoted(&mut self) -> Option<Cow<'a, [u8]>> {
        self.at += 1;
        let mut whole: Cow<'a, [u8]> = Cow::Borrowed(&[]);
        loop {
            let rest = &self.bytes[self.at..];
            let length = rest.iter().position(|byte| *byte == b'"')?;
            let doubled = rest.get(length + 1) == Some(&b'"');
            self.at += length + if doubled { 2 } else { 1 };
            let piece = &rest[..length + usize::from(doubled)];
            if whole.is_empty() {
                whole = Cow::Borrowed(piece);
            } else {
                whole.to_mut().extend_from_slice(piece);
            }
            if !doubled {
                return Some(whole);
            }
        }
    }

    /// The next value and what follows it.
    fn value(&mut self) -> (Cow<'a, [u8]>, Result<Next, Fault>) {
        if self.peek() != Some(b'"') {
            let bare = Cow::Borrowed(self.bare());
            return (bare, self.after_value().ok_or(Fault::StrayQuote));
        }
        match self.quoted() {
            Some(value) => (value, self.after_value().ok_or(Fault::StrayQuote)),
            None => {
                self.at = self.bytes.len();
                (Cow::Borrowed(&[]), Err(Fault::OpenQuote))
            }
        }
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Row<'a>;

    fn next(&mut self) -> Option<Row<'a>> {
        while self.line_ends() {}
        self.peek()?;
        let start = self.at;
        let (mut values, mut fault) = (Vec::new(), None);
        loop {
            let (bytes, next) = self.value();
            if values.len() == MAX_VALUES {
                fault = fault.or(Some(Fault::TooManyValues));
            } else {
                let (text, spoilt) = text(bytes);
                values.push(text);
                fault = fault.or(spoilt);
            }
            match next {
                Ok(Next::Value) => {}
                Ok(Next::Row) => break,
                Err(found) => {
                    fault = fault.or(Some(found));
                    self.skip_line();
                    break;
                }
            }
        }
        if fault.is_none() && longer(&self.bytes[start..self.at], MAX_ROW) {
            fault = Some(Fault::TooLong);
        }
        Some(Row { start, values, fault })
    }
}

fn text(bytes: Cow<'_, [u8]>) -> (Cow<'_, str>, Option<Fault>) {
    if longer(&bytes, MAX_VALUE) {
        return (Cow::Borrowed(""), Some(Fault::ValueTooLong));
    }
    let read = match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).ok(),
        Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).ok(),
    };
    read.map_or((Cow::Borrowed(""), Some(Fault::NotUtf8)), |text| (text, None))
}

/// Whether there are more characters than this; a continuation byte is not a character of its own.
fn longer(bytes: &[u8], most: usize) -> bool {
    bytes.len() > most && bytes.iter().filter(|byte| (**byte as i8) >= -0x40).count() > most
}
