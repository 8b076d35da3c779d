//! Record ids: fifteen case-sensitive characters, printed with three more that make them case-safe.

use std::fmt;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECK: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
/// The instance part that every id made here carries.
const INSTANCE: &[u8; 4] = b"gT00";
/// Ids start here, so that they look like those of an org with some history.
const FIRST: u64 = 2_654_435_761;

/// The identity of one record.
///
/// Two ids are equal when their first fifteen characters are; ids of one object sort by age.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct RecordId([u8; 15]);

impl RecordId {
    /// The `number`-th id of the object with this key prefix.
    pub(crate) fn numbered(prefix: &str, number: u64) -> Self {
        let mut id = *b"000000000000000";
        for (slot, byte) in id.iter_mut().zip(prefix.bytes().take(3)) {
            *slot = byte;
        }
        id[3..7].copy_from_slice(INSTANCE);
        let mut rest = FIRST.wrapping_add(number);
        for slot in id[7..].iter_mut().rev() {
            *slot = DIGITS[(rest % 62) as usize];
            rest /= 62;
        }
        RecordId(id)
    }

    /// Reads the 15- or 18-character form.
    ///
    /// `None` for anything else, including 18 characters whose last three do not agree with the letters' case.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if !matches!(bytes.len(), 15 | 18) || !bytes.iter().all(u8::is_ascii_alphanumeric) {
            return None;
        }
        let mut id = [0; 15];
        id.copy_from_slice(&bytes[..15]);
        let id = RecordId(id);
        (bytes.len() == 15 || id.checksum() == bytes[15..]).then_some(id)
    }

    /// The three characters that tell the object.
    pub(crate) fn prefix(&self) -> &str {
        &self.short()[..3]
    }

    /// The fifteen-character form.
    pub(crate) fn short(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("000000000000000")
    }

    /// The eighteen-character form, as bytes.
    pub(crate) fn long(&self) -> [u8; 18] {
        let mut long = [0; 18];
        long[..15].copy_from_slice(&self.0);
        long[15..].copy_from_slice(&self.checksum());
        long
    }

    /// An id that sorts before every other.
    pub(crate) const LOWEST: RecordId = RecordId([0; 15]);

    fn checksum(&self) -> [u8; 3] {
        let mut check = [0; 3];
        for (slot, block) in check.iter_mut().zip(self.0.chunks(5)) {
            let bits = block.iter().enumerate().filter(|(_, byte)| byte.is_ascii_uppercase());
            *slot = CHECK[bits.fold(0, |sum, (place, _)| sum | 1 << place)];
        }
        check
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(std::str::from_utf8(&self.long()).unwrap_or("000000000000000AAA"))
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_suffix_encodes_letter_case() {
        for (short, suffix) in [
            ("001D000000IRFma", "IAH"),
            ("00Di0000000bcJ3", "EAI"),
            ("005Em000000HMlh", "IAG"),
            ("01254000001upcK", "AAQ"),
            ("012000000000000", "AAA"),
        ] {
            let long = format!("{short}{suffix}");
            assert_eq!(RecordId::parse(short).unwrap().to_string(), long);
            assert_eq!(RecordId::parse(&long), RecordId::parse(short));
            assert_eq!(RecordId::parse(&format!("{short}ZZZ")), None);
        }
    }

    #[test]
    fn ids_sort_by_creation_and_keep_prefix() {
        let first = RecordId::numbered("00Q", 1);
        assert!(first < RecordId::numbered("00Q", 2));
        assert_eq!(first.prefix(), "00Q");
        assert_eq!(RecordId::parse("too short"), None);
    }
}
