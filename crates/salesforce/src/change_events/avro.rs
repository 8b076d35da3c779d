//! Reading Avro's binary form by a schema.

use crate::change_events::schema::AvroType;

/// Entries of a list that are read; an org puts fewer than 2,000 records into one event.
const MAX_ENTRIES: usize = 100_000;

/// A value of a datum.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Datum {
    /// No value, or one of a type that no header field has.
    Nothing,
    Long(i64),
    Text(String),
    List(Vec<Datum>),
    Record(Vec<(String, Datum)>),
}

/// Why bytes are no datum of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum AvroError {
    #[error("it ends too early")]
    TooShort,
    #[error("a number is longer than 64 bits")]
    Number,
    #[error("a length is negative or too large")]
    Length,
    #[error("a text is not UTF-8")]
    Text,
    #[error("a union or an enumeration has no such place")]
    Place,
}

/// Reads the datum at the beginning of some bytes; what follows is left alone.
pub(super) fn decode(kind: &AvroType, bytes: &[u8]) -> Result<Datum, AvroError> {
    Decoder { rest: bytes, entries: 0 }.value(kind)
}

struct Decoder<'a> {
    rest: &'a [u8],
    /// Entries of all lists so far.
    entries: usize,
}

impl<'a> Decoder<'a> {
    fn value(&mut self, kind: &AvroType) -> Result<Datum, AvroError> {
        Ok(match kind {
            AvroType::Null => Datum::Nothing,
            AvroType::Boolean => self.skip(1)?,
            AvroType::Float => self.skip(4)?,
            AvroType::Double => self.skip(8)?,
            AvroType::Long => Datum::Long(self.long()?),
            AvroType::Text => Datum::Text(self.text()?),
            AvroType::Enum(symbols) => {
                let place = self.length()?;
                Datum::Text(symbols.get(place).ok_or(AvroError::Place)?.clone())
            }
            AvroType::Union(branches) => {
                let place = self.length()?;
                let branch = branches.get(place).ok_or(AvroError::Place)?;
                self.value(branch)?
            }
            AvroType::Array(items) => Datum::List(self.list(items)?),
            AvroType::Record(fields) => {
                let field = |(name, kind): &(String, AvroType)| Ok((name.clone(), self.value(kind)?));
                Datum::Record(fields.iter().map(field).collect::<Result<_, _>>()?)
            }
        })
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], AvroError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(AvroError::TooShort)?;
        self.rest = rest;
        Ok(taken)
    }

    fn skip(&mut self, length: usize) -> Result<Datum, AvroError> {
        self.take(length).map(|_| Datum::Nothing)
    }

    /// Zig-zag, seven bits a byte, the lowest first.
    fn long(&mut self) -> Result<i64, AvroError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(AvroError::Number);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok((value >> 1) as i64 ^ -((value & 1) as i64));
            }
        }
        Err(AvroError::Number)
    }

    fn length(&mut self) -> Result<usize, AvroError> {
        usize::try_from(self.long()?).map_err(|_| AvroError::Length)
    }

    fn text(&mut self) -> Result<String, AvroError> {
        let length = self.length()?;
        String::from_utf8(self.take(length)?.to_vec()).map_err(|_| AvroError::Text)
    }

    /// Blocks of entries until an empty one; a negative count is followed by the block's length in bytes.
    fn list(&mut self, items: &AvroType) -> Result<Vec<Datum>, AvroError> {
        let mut entries = Vec::new();
        loop {
            let count = self.long()?;
            if count < 0 {
                self.length()?;
            }
            let count = usize::try_from(count.unsigned_abs()).map_err(|_| AvroError::Length)?;
            if count == 0 {
                return Ok(entries);
            }
            self.entries = self.entries.saturating_add(count);
            if self.entries > MAX_ENTRIES {
                return Err(AvroError::Length);
            }
            for _ in 0..count {
                entries.push(self.value(items)?);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(text: &str) -> Datum {
        Datum::Text(text.to_owned())
    }

    #[test]
    fn samples_of_the_specification_are_read() {
        for (bytes, number) in [(&[0x00][..], 0), (&[0x01], -1), (&[0x7f], -64), (&[0x80, 0x01], 64)] {
            assert_eq!(decode(&AvroType::Long, bytes), Ok(Datum::Long(number)));
        }
        let longs = AvroType::Array(Box::new(AvroType::Long));
        let two = Datum::List(vec![Datum::Long(3), Datum::Long(27)]);
        assert_eq!(decode(&longs, &[0x04, 0x06, 0x36, 0x00]), Ok(two.clone()));
        // The same with the length of the block.
        assert_eq!(decode(&longs, &[0x03, 0x04, 0x06, 0x36, 0x00]), Ok(two));
        let optional = AvroType::Union(vec![AvroType::Null, AvroType::Text]);
        assert_eq!(decode(&optional, &[0x00]), Ok(Datum::Nothing));
        assert_eq!(decode(&optional, &[0x02, 0x02, 0x61]), Ok(text("a")));
        let symbols = AvroType::Enum(vec!["A".to_owned(), "B".to_owned()]);
        assert_eq!(decode(&symbols, &[0x02, 0xff]), Ok(text("B")));
    }

    #[test]
    fn broken_bytes_are_refused() {
        let texts = AvroType::Array(Box::new(AvroType::Text));
        for (kind, bytes, error) in [
            (AvroType::Text, &[0x06, 0x61][..], AvroError::TooShort),
            (AvroType::Text, &[0x01], AvroError::Length),
            (AvroType::Text, &[0x02, 0xff], AvroError::Text),
            (AvroType::Long, &[0xff; 10], AvroError::Number),
            (AvroType::Enum(vec![]), &[0x00], AvroError::Place),
            (texts, &[0xfe, 0xff, 0xff, 0xff, 0x0f], AvroError::Length),
        ] {
            assert_eq!(decode(&kind, bytes), Err(error), "{kind:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_give_datum_or_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let kind = AvroType::Record(vec![
                ("a".to_owned(), AvroType::Text),
                ("b".to_owned(), AvroType::Array(Box::new(AvroType::Union(vec![AvroType::Null, AvroType::Long])))),
            ]);
            let _ = decode(&kind, &bytes);
        }
    }
}
