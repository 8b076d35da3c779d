//! LIKE: reading a pattern, and whether a text fits it.

use crate::soql::lexer::LIKE_ESCAPE;

/// One piece of a LIKE pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// Any run of characters.
    Any,
    /// Any one character.
    One,
    /// This character; in lower case where case does not matter.
    Letter(char),
}

/// Reads a LIKE pattern that any case fits.
pub(crate) fn pattern(text: &str) -> Vec<Pattern> {
    exact_pattern(&text.to_lowercase())
}

/// Reads a LIKE pattern that only the same case fits.
pub(crate) fn exact_pattern(text: &str) -> Vec<Pattern> {
    let mut pattern = Vec::new();
    let mut escaped = false;
    for letter in text.chars() {
        match letter {
            LIKE_ESCAPE if !escaped => {
                escaped = true;
                continue;
            }
            '%' if !escaped => pattern.push(Pattern::Any),
            '_' if !escaped => pattern.push(Pattern::One),
            other => pattern.push(Pattern::Letter(other)),
        }
        escaped = false;
    }
    pattern
}

/// Whether a text matches a pattern, without regard to case; takes at most length × pattern steps.
pub(crate) fn like(text: &str, pattern: &[Pattern]) -> bool {
    fits(&text.chars().flat_map(char::to_lowercase).collect::<Vec<_>>(), pattern)
}

/// Whether a text matches a pattern in the same case.
pub(crate) fn like_exactly(text: &str, pattern: &[Pattern]) -> bool {
    fits(&text.chars().collect::<Vec<_>>(), pattern)
}

fn fits(letters: &[char], pattern: &[Pattern]) -> bool {
    let (mut at, mut place) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while at < letters.len() {
        match pattern.get(place) {
            Some(Pattern::Any) => {
                retry = Some((at, place));
                place += 1;
            }
            Some(Pattern::One) => (at, place) = (at + 1, place + 1),
            Some(Pattern::Letter(letter)) if *letter == letters[at] => (at, place) = (at + 1, place + 1),
            _ => match retry {
                Some((from, star)) => {
                    retry = Some((from + 1, star));
                    (at, place) = (from + 1, star + 1);
                }
                None => return false,
            },
        }
    }
    pattern[place.min(pattern.len())..].iter().all(|piece| *piece == Pattern::Any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_matches_percent_underscore_and_escapes() {
        for (text, shape, expected) in [
            ("Tsugite", "tsu%", true),
            ("Tsugite", "%GI%", true),
            ("Tsugite", "t_ugite", true),
            ("Tsugite", "t_gite", false),
            ("株式会社継手", "%継手", true),
            ("100%", "100\u{e000}%", true),
            ("1000", "100\u{e000}%", false),
            ("", "%", true),
            ("a", "", false),
        ] {
            assert_eq!(like(text, &pattern(shape)), expected, "{text} LIKE {shape}");
        }
        assert!(like_exactly("Tsugite", &exact_pattern("Tsu%")));
        assert!(!like_exactly("Tsugite", &exact_pattern("tsu%")));
    }
}
