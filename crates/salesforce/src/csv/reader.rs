//! From chunks of bytes to rows.

use bytes::{Buf as _, Bytes};
use std::ops::Range;

use super::{CsvError, CsvRow};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Reads a table strictly by RFC 4180, in memory that one row bounds.
///
/// Give it chunks cut anywhere; take rows until it wants another chunk:
///
/// ```
/// use salesforce::csv::CsvReader;
///
/// let mut reader = CsvReader::new(1_000_000);
/// let mut names = Vec::new();
/// for chunk in ["\"Id\",\"Na", "me\"\n\"1\",\"O\"\"Neil\"\n"] {
///     reader.feed(chunk.into());
///     while reader.advance()? {
///         names.push(reader.row().get(1).unwrap_or_default().to_owned());
///     }
/// }
/// reader.finish()?;
/// assert_eq!(names, ["Name", "O\"Neil"]);
/// # Ok::<(), salesforce::csv::CsvError>(())
/// ```
///
/// The header is a row like the others, and decides how many values they have. Lines end in LF or CRLF; inside
/// quotes both are kept, and so is everything else, NUL included. A byte order mark is passed over.
#[derive(Debug)]
pub struct CsvReader {
    chunk: Bytes,
    state: State,
    /// The row that is being read, without quotes and delimiters.
    bytes: Vec<u8>,
    /// The row that was read last.
    text: String,
    ends: Vec<usize>,
    is_complete: bool,
    rows: u64,
    width: Option<usize>,
    limit: usize,
    error: Option<CsvError>,
}

/// Where in a table the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the very beginning, after so many bytes of a byte order mark.
    Start(usize),
    RowStart,
    ValueStart,
    Plain,
    Quoted,
    /// Behind a quote inside quotes: the closing one, or the first of two.
    QuoteInQuoted,
    /// Behind a carriage return outside quotes.
    CarriageReturn,
}

impl CsvReader {
    /// A reader that refuses rows of more than so many bytes.
    pub fn new(longest_row: usize) -> Self {
        Self {
            chunk: Bytes::new(),
            state: State::Start(0),
            bytes: Vec::new(),
            text: String::new(),
            ends: Vec::new(),
            is_complete: false,
            rows: 0,
            width: None,
            limit: longest_row,
            error: None,
        }
    }

    /// Gives the next chunk; whatever [`CsvReader::advance`] has left of the one before is put in front of it.
    pub fn feed(&mut self, chunk: Bytes) {
        self.chunk = if self.chunk.has_remaining() {
            Bytes::from([self.chunk.as_ref(), chunk.as_ref()].concat())
        } else {
            chunk
        };
    }

    /// Goes to the next row; false when that takes another chunk.
    ///
    /// # Errors
    /// [`CsvError`]; from then on there is nothing but the same error.
    pub fn advance(&mut self) -> Result<bool, CsvError> {
        self.error.map_or(Ok(()), Err)?;
        let outcome = self.go_on();
        self.keep_error(outcome)
    }

    fn go_on(&mut self) -> Result<bool, CsvError> {
        self.begin_row();
        while let Some(byte) = self.chunk.first().copied() {
            let taken = self.step(byte)?;
            self.chunk.advance(taken);
            if self.is_complete {
                return self.end_row().map(|()| true);
            }
        }
        Ok(false)
    }

    /// Says that there are no more chunks; true when a last row without a line end is there.
    ///
    /// # Errors
    /// [`CsvError`], also for a table that is cut off inside quotes or has no header.
    pub fn finish(&mut self) -> Result<bool, CsvError> {
        if self.advance()? {
            return Ok(true);
        }
        let outcome = self.end();
        self.keep_error(outcome)
    }

    fn end(&mut self) -> Result<bool, CsvError> {
        let row = self.rows + 1;
        match self.state {
            State::Start(1 | 2) => Err(CsvError::NotUtf8 { row }),
            State::Start(_) => Err(CsvError::NoHeader),
            State::RowStart => Ok(false),
            State::Quoted => Err(CsvError::OpenQuote { row }),
            State::CarriageReturn => Err(CsvError::CarriageReturn { row }),
            State::ValueStart | State::Plain | State::QuoteInQuoted => {
                self.state = State::RowStart;
                self.end_value()?;
                self.end_row().map(|()| true)
            }
        }
    }

    /// A row that cannot be read is not passed over: what comes behind it could be anything.
    fn keep_error(&mut self, outcome: Result<bool, CsvError>) -> Result<bool, CsvError> {
        self.error = outcome.err();
        self.is_complete &= outcome.is_ok();
        outcome
    }

    /// The row that the last successful [`CsvReader::advance`] went to.
    pub fn row(&self) -> CsvRow<'_> {
        CsvRow::new(&self.text, if self.is_complete { &self.ends } else { &[] })
    }

    /// How many rows have been read, the header included.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Takes in what begins with this byte; tells how many bytes that were.
    fn step(&mut self, byte: u8) -> Result<usize, CsvError> {
        let row = self.rows + 1;
        match (self.state, byte) {
            (State::Start(seen), _) => return Ok(self.start(seen, byte)),
            (State::RowStart | State::ValueStart, b'"') => return self.begin_quoted(),
            (State::RowStart | State::ValueStart | State::Plain | State::QuoteInQuoted, b',') => {
                self.end_value()?;
                self.state = State::ValueStart;
            }
            (State::RowStart | State::ValueStart | State::Plain | State::QuoteInQuoted, b'\r') => {
                self.state = State::CarriageReturn;
            }
            (
                State::RowStart
                | State::ValueStart
                | State::Plain
                | State::QuoteInQuoted
                | State::CarriageReturn,
                b'\n',
            ) => {
                self.end_value()?;
                self.is_complete = true;
                self.state = State::RowStart;
            }
            (State::CarriageReturn, _) => return Err(CsvError::CarriageReturn { row }),
            (State::Plain, b'"') => return Err(CsvError::Quote { row }),
            (State::QuoteInQuoted, b'"') => {
                self.state = State::Quoted;
                return self.take(0..1);
            }
            (State::QuoteInQuoted, _) => return Err(CsvError::Quote { row }),
            (State::Quoted, b'"') => self.state = State::QuoteInQuoted,
            (State::Quoted, _) => return self.run(|byte| byte == b'"'),
            (State::RowStart | State::ValueStart | State::Plain, _) => {
                self.state = State::Plain;
                return self.run(|byte| matches!(byte, b'"' | b',' | b'\r' | b'\n'));
            }
        }
        Ok(1)
    }

    /// Passes over a byte order mark; bytes that only looked like one are text.
    fn start(&mut self, seen: usize, byte: u8) -> usize {
        if BYTE_ORDER_MARK.get(seen) == Some(&byte) {
            self.state = State::Start(seen + 1);
            return 1;
        }
        let is_text = (1..BYTE_ORDER_MARK.len()).contains(&seen);
        if is_text {
            self.bytes.extend_from_slice(&BYTE_ORDER_MARK[..seen]);
        }
        self.state = if is_text { State::Plain } else { State::RowStart };
        0
    }

    /// Takes in the bytes up to one that means something.
    fn run(&mut self, is_special: impl Fn(u8) -> bool) -> Result<usize, CsvError> {
        self.take(0..self.chunk.iter().position(|byte| is_special(*byte)).unwrap_or(self.chunk.len()))
    }

    /// Takes in a value from its opening quote up to the next one, which is in the same chunk for most.
    fn begin_quoted(&mut self) -> Result<usize, CsvError> {
        let end = self.chunk.iter().skip(1).position(|byte| *byte == b'"');
        let (state, end) = end.map_or((State::Quoted, 1), |length| (State::QuoteInQuoted, 1 + length));
        self.state = state;
        let taken = self.take(1..end)?;
        Ok(if state == State::Quoted { taken } else { taken + 1 })
    }

    /// Takes in a piece of the chunk; tells where it ends.
    fn take(&mut self, piece: Range<usize>) -> Result<usize, CsvError> {
        if self.bytes.len() + piece.len() > self.limit {
            return Err(CsvError::TooLong { row: self.rows + 1, limit: self.limit });
        }
        let end = piece.end;
        self.bytes.extend_from_slice(&self.chunk[piece]);
        Ok(end)
    }

    fn begin_row(&mut self) {
        if self.is_complete {
            self.is_complete = false;
            self.ends.clear();
            self.bytes = std::mem::take(&mut self.text).into_bytes();
            self.bytes.clear();
        }
    }

    fn end_value(&mut self) -> Result<(), CsvError> {
        let row = self.rows + 1;
        if let Some(expected) = self.width.filter(|width| self.ends.len() == *width) {
            return Err(CsvError::Width { row, expected, found: expected + 1 });
        }
        // Each end takes room too, so that a row of nothing but commas is bounded as well.
        if self.bytes.len() + self.ends.len() > self.limit {
            return Err(CsvError::TooLong { row, limit: self.limit });
        }
        self.ends.push(self.bytes.len());
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), CsvError> {
        self.rows += 1;
        let (row, found) = (self.rows, self.ends.len());
        let expected = *self.width.get_or_insert(found);
        if found != expected {
            return Err(CsvError::Width { row, expected, found });
        }
        // The bytes of two values can be UTF-8 together although neither is alone.
        let text = String::from_utf8(std::mem::take(&mut self.bytes)).ok();
        let text = text.filter(|text| self.ends.iter().all(|end| text.is_char_boundary(*end)));
        self.text = text.ok_or(CsvError::NotUtf8 { row })?;
        self.is_complete = true;
        Ok(())
    }
}
