//! Bitmaps of fields, as the header of an event carries them.

use std::fmt::Write as _;

/// Which fields of an event's schema, with which parts of those that consist of parts.
#[derive(Clone, Debug, Default)]
pub(super) struct FieldSet {
    whole: Vec<usize>,
    parts: Vec<(usize, Vec<usize>)>,
}

impl FieldSet {
    /// Adds a field.
    pub(super) fn add(&mut self, field: usize) {
        self.whole.push(field);
    }

    /// Adds parts of a field that has so many; all of them are the field itself.
    pub(super) fn add_parts(&mut self, field: usize, parts: Vec<usize>, of: usize) {
        if parts.len() == of {
            self.whole.push(field);
        } else if !parts.is_empty() {
            self.parts.push((field, parts));
        }
    }

    /// Whether no field is in it.
    pub(super) fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.parts.is_empty()
    }

    /// The bitmaps: one of the fields, and one for each field of which some parts are in it.
    pub(super) fn to_bitmaps(&self) -> Vec<String> {
        let mut bitmaps = Vec::new();
        if !self.whole.is_empty() {
            bitmaps.push(bitmap(&self.whole));
        }
        bitmaps.extend(self.parts.iter().map(|(field, parts)| format!("{field}-{}", bitmap(parts))));
        bitmaps
    }
}

/// A number with these bits, in capital digits and whole bytes.
fn bitmap(bits: &[usize]) -> String {
    let mut bytes = vec![0_u8; bits.iter().max().map_or(0, |most| most / 8 + 1)];
    for bit in bits {
        bytes[bit / 8] |= 1 << (bit % 8);
    }
    let mut text = "0x".to_owned();
    for byte in bytes.iter().rev() {
        let _ = write!(text, "{byte:02X}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documented_samples_are_reproduced() {
        assert_eq!(bitmap(&[11, 22]), "0x400800");
        assert_eq!(bitmap(&[12, 19, 20, 21, 22, 23, 27]), "0x08F81000");
    }

    #[test]
    fn some_parts_have_their_own_bitmap_and_all_parts_are_the_field() {
        let mut fields = FieldSet::default();
        assert!(fields.is_empty());
        fields.add(22);
        fields.add_parts(4, vec![0], 10);
        fields.add_parts(5, vec![], 10);
        assert_eq!(fields.to_bitmaps(), ["0x400000", "4-0x01"]);
        let mut whole = FieldSet::default();
        whole.add_parts(1, vec![0, 1], 2);
        assert_eq!(whole.to_bitmaps(), ["0x02"]);
    }
}
