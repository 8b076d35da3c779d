//! Texts as they are compared when someone searches.

use unicode_normalization::UnicodeNormalization;

/// A text without differences that nobody types on purpose: width, case, and how many spaces.
///
/// For comparing only; what is stored and shown stays as it was typed.
pub fn search_key(text: &str) -> String {
    let folded = text.nfkc().flat_map(char::to_lowercase).collect::<String>();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::search_key;

    #[test]
    fn width_case_and_spaces_make_no_difference() {
        for (typed, key) in [
            ("ＡＢＣ　株式会社", "abc 株式会社"),
            ("  Yamada   Taro ", "yamada taro"),
            ("ｶﾌﾞｼｷ", "カブシキ"),
            ("\u{3000}", ""),
        ] {
            assert_eq!(search_key(typed), key, "{typed}");
        }
    }
}
