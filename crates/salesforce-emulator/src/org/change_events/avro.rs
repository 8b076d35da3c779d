//! Writing Avro's binary form: values one after the other, without names.

/// Bytes of a datum.
#[derive(Debug, Default)]
pub(super) struct Encoder(Vec<u8>);

impl Encoder {
    /// Adds a whole number: zig-zag, seven bits a byte, the lowest first.
    pub(super) fn long(&mut self, number: i64) {
        let mut rest = ((number << 1) ^ (number >> 63)) as u64;
        while rest >= 0x80 {
            self.0.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        self.0.push(rest as u8);
    }

    /// Adds the place of a symbol, or of a branch of a union.
    pub(super) fn index(&mut self, place: usize) {
        self.long(i64::try_from(place).unwrap_or(i64::MAX));
    }

    /// Adds a checkbox.
    pub(super) fn boolean(&mut self, flag: bool) {
        self.0.push(u8::from(flag));
    }

    /// Adds a decimal number.
    pub(super) fn double(&mut self, number: f64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    /// Adds a text.
    pub(super) fn string(&mut self, text: &str) {
        self.index(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    /// Adds a list of texts, in one block.
    pub(super) fn strings(&mut self, texts: &[String]) {
        if !texts.is_empty() {
            self.index(texts.len());
            texts.iter().for_each(|text| self.string(text));
        }
        self.0.push(0);
    }

    /// The bytes.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(write: impl FnOnce(&mut Encoder)) -> Vec<u8> {
        let mut encoder = Encoder::default();
        write(&mut encoder);
        encoder.into_bytes()
    }

    #[test]
    fn numbers_are_written_as_the_specification_shows() {
        for (number, expected) in
            [(0, &[0x00][..]), (-1, &[0x01]), (1, &[0x02]), (-64, &[0x7f]), (64, &[0x80, 0x01])]
        {
            assert_eq!(bytes(|encoder| encoder.long(number)), expected, "{number}");
        }
        assert_eq!(bytes(|encoder| encoder.long(i64::MIN)).len(), 10);
    }

    #[test]
    fn texts_and_lists_carry_their_lengths() {
        assert_eq!(bytes(|encoder| encoder.string("foo")), [0x06, 0x66, 0x6f, 0x6f]);
        assert_eq!(bytes(|encoder| encoder.strings(&[])), [0]);
        assert_eq!(bytes(|encoder| encoder.strings(&["a".to_owned()])), [2, 2, 0x61, 0]);
    }
}
