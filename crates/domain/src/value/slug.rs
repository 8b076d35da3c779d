//! A part of an address that people choose.

/// Whether a text can be a part of an address: lower-case letters, digits and single hyphens.
pub fn is_slug(text: &str) -> bool {
    (1..=60).contains(&text.len())
        && text.split('-').all(|part| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}
