//! What is searched for: words, phrases, and how they combine.

/// A condition on the words of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Terms {
    /// A word, perhaps with `*` and `?`, or a phrase.
    Word(String),
    /// Both.
    And(Box<Terms>, Box<Terms>),
    /// Either.
    Or(Box<Terms>, Box<Terms>),
    /// The first without the second.
    Not(Box<Terms>, Box<Terms>),
}

impl Terms {
    /// Reads terms: words stand for all of them; AND, OR, AND NOT and quoted phrases are understood.
    ///
    /// `None` when there is no word.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut terms: Option<Terms> = None;
        let mut operator = "AND";
        for word in words(text) {
            match word.as_str() {
                "AND" if operator != "NOT" => operator = "AND",
                "OR" | "NOT" => operator = if word == "OR" { "OR" } else { "NOT" },
                _ => {
                    let word = Terms::Word(word.to_lowercase());
                    terms = Some(match terms {
                        None => word,
                        Some(left) => {
                            let (left, right) = (Box::new(left), Box::new(word));
                            match operator {
                                "OR" => Terms::Or(left, right),
                                "NOT" => Terms::Not(left, right),
                                _ => Terms::And(left, right),
                            }
                        }
                    });
                    operator = "AND";
                }
            }
        }
        terms
    }

    /// Whether a record with these texts is meant.
    pub(super) fn hold(&self, texts: &[String]) -> bool {
        match self {
            Terms::Word(word) => texts.iter().any(|text| contains(text, word)),
            Terms::And(left, right) => left.hold(texts) && right.hold(texts),
            Terms::Or(left, right) => left.hold(texts) || right.hold(texts),
            Terms::Not(left, right) => left.hold(texts) && !right.hold(texts),
        }
    }
}

/// Splits at spaces outside quotes, and takes backslashes away.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let (mut quoted, mut letters) = (false, text.chars());
    while let Some(letter) = letters.next() {
        let Some(word) = words.last_mut() else { break };
        match letter {
            '\\' => word.extend(letters.next()),
            '"' => quoted = !quoted,
            '(' | ')' if !quoted => {}
            letter if letter.is_whitespace() && !quoted => words.push(String::new()),
            letter => word.push(letter),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a text in lower case has a word.
///
/// Words of letters and digits are compared as a whole. What has other signs in it, and scripts that put no
/// spaces between words, are looked for anywhere.
fn contains(text: &str, word: &str) -> bool {
    let simple = word.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '*' | '?'));
    if !simple {
        return text.contains(&word.replace('*', ""));
    }
    let pattern: Vec<char> = word.chars().collect();
    let mut parts = text.split(|letter: char| !letter.is_alphanumeric());
    parts.any(|part| matches(&part.chars().collect::<Vec<_>>(), &pattern))
}

/// Whether a word fits a pattern; takes at most length × pattern steps.
fn matches(letters: &[char], pattern: &[char]) -> bool {
    let (mut at, mut place) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while at < letters.len() {
        match pattern.get(place) {
            Some('*') => {
                retry = Some((at, place));
                place += 1;
            }
            Some(letter) if *letter == '?' || *letter == letters[at] => (at, place) = (at + 1, place + 1),
            _ => match retry {
                Some((from, star)) => {
                    retry = Some((from + 1, star));
                    (at, place) = (from + 1, star + 1);
                }
                None => return false,
            },
        }
    }
    pattern[place..].iter().all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_phrases_wildcards_and_operators_match() {
        let texts = ["hanako sato", "hanako@example.jp", "株式会社継手"].map(str::to_owned);
        for (terms, expected) in [
            ("sato", true),
            ("sat", false),
            ("sat*", true),
            ("s?to", true),
            ("Hanako AND Sato", true),
            ("hanako nobody", false),
            ("hanako OR nobody", true),
            ("hanako AND NOT sato", false),
            ("\"hanako sato\"", true),
            ("\"sato hanako\"", false),
            ("hanako\\@example.jp", true),
            ("example.jp", true),
            ("継手", true),
            ("継足", false),
        ] {
            assert_eq!(Terms::read(terms).unwrap().hold(&texts), expected, "{terms}");
        }
        assert_eq!(Terms::read("  \"\" "), None);
    }
}
