//! Work that a browser does before one more booking of an address that has made many (Q6).
//!
//! A visitor waits a second or two; whoever sends bookings by the thousand needs hours. A solution belongs to one form.

use ring::digest::{SHA256, digest};

/// Zero bits with which the digest has to begin: some thirty thousand tries.
pub(crate) const BITS: u32 = 15;
/// Characters of an answer; a counter is shorter.
const MAX_ANSWER: usize = 20;

/// Whether the answer solves a form's challenge: the digest of both begins with enough zero bits.
pub(crate) fn is_solved(challenge: &str, answer: &str) -> bool {
    if answer.is_empty() || answer.len() > MAX_ANSWER || !answer.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let digest = digest(&SHA256, format!("{challenge}.{answer}").as_bytes());
    let mut zeros = 0;
    for byte in digest.as_ref() {
        zeros += byte.leading_zeros();
        if *byte != 0 {
            break;
        }
    }
    zeros >= BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answer_is_found_by_trying_and_fits_one_challenge_only() {
        let solve = |challenge: &str| {
            (0_u64..).map(|n| n.to_string()).find(|answer| is_solved(challenge, answer)).unwrap()
        };
        let answer = solve("one");
        assert!(is_solved("one", &answer) && !is_solved("another", &answer));
        for wrong in ["", "x", "-1", " 1", "123456789012345678901"] {
            assert!(!is_solved("one", wrong), "{wrong}");
        }
    }
}
