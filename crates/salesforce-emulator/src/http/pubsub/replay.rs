//! Replay ids: ten bytes that only the org understands.

use bytes::Bytes;

/// Bytes of the number, highest first.
const NUMBER: usize = 8;
/// Zeros behind the number; some clients leave them out when they send an id back.
const PADDING: usize = 2;

/// The replay id of an event's number.
pub(super) fn encode(number: u64) -> Bytes {
    let mut id = number.to_be_bytes().to_vec();
    id.resize(NUMBER + PADDING, 0);
    id.into()
}

/// The number in a replay id; `None` if this is no such id.
pub(super) fn decode(id: &[u8]) -> Option<u64> {
    let (number, padding) = id.split_first_chunk::<NUMBER>()?;
    let known = padding.is_empty() || padding == [0; PADDING];
    known.then(|| u64::from_be_bytes(*number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_with_and_without_their_padding() {
        let id = encode(1_200_003);
        assert_eq!(id.len(), 10);
        assert_eq!(decode(&id), Some(1_200_003));
        assert_eq!(decode(&id[..8]), Some(1_200_003));
        for wrong in [&[][..], &[1, 2, 3], &[0, 0, 0, 0, 0, 0, 0, 1, 0], &[0, 0, 0, 0, 0, 0, 0, 1, 7, 7]] {
            assert_eq!(decode(wrong), None, "{wrong:?}");
        }
    }
}
