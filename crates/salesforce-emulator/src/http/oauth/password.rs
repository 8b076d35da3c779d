//! Checking passwords.

/// The length of a security token, which clients append to the password.
const SECURITY_TOKEN_LENGTH: std::ops::RangeInclusive<usize> = 20..=30;

/// Whether a password is right, with or without a security token behind it.
pub(in crate::http) fn password_is_right(password: &str, given: &str) -> bool {
    given.strip_prefix(password).is_some_and(|rest| {
        rest.is_empty()
            || SECURITY_TOKEN_LENGTH.contains(&rest.len())
                && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}
