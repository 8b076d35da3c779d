//! New ids: UUID version 7, ordered by time, from the clock that is handed in.

use domain::value::Timestamp;
use uuid::Uuid;

/// A new id of any of our types.
pub fn new<I: From<Uuid>>(now: Timestamp) -> I {
    let milliseconds = u64::try_from(now.microseconds() / 1_000).unwrap_or(0);
    let mut random = [0_u8; 10];
    fill_random(&mut random);
    I::from(uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid())
}

/// The id of what happens once in a period: the same period and name give the same id, so that a repeat is found.
pub fn named<I: From<Uuid>>(period: Timestamp, name: &str) -> I {
    let milliseconds = u64::try_from(period.microseconds() / 1_000).unwrap_or(0);
    let digest = ring::digest::digest(&ring::digest::SHA256, name.as_bytes());
    let mut bytes = [0_u8; 10];
    bytes.iter_mut().zip(digest.as_ref()).for_each(|(byte, of_name)| *byte = *of_name);
    I::from(uuid::Builder::from_unix_timestamp_millis(milliseconds, &bytes).into_uuid())
}

/// A new secret for tokens, keys and signed links: 32 random bytes, base64 without padding.
pub fn new_secret() -> String {
    use base64::Engine as _;
    let mut random = [0_u8; 32];
    fill_random(&mut random);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random)
}

#[expect(clippy::expect_used, reason = "without the system's randomness nothing can go on safely")]
pub(crate) fn fill_random(bytes: &mut [u8]) {
    use ring::rand::SecureRandom as _;
    ring::rand::SystemRandom::new().fill(bytes).expect("the system gives randomness");
}
