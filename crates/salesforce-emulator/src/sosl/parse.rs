//! `FIND {…} IN … FIELDS RETURNING … LIMIT n`.

use crate::soql::error::QueryError;

/// Which fields are searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Every text.
    #[default]
    All,
    /// Names.
    Name,
    /// E-mail addresses.
    Email,
    /// Telephone numbers.
    Phone,
    /// What the sidebar shows: names, addresses and numbers.
    Sidebar,
}

impl Scope {
    /// Reads the word before FIELDS.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Some(match word.to_ascii_uppercase().as_str() {
            "ALL" => Scope::All,
            "NAME" => Scope::Name,
            "EMAIL" => Scope::Email,
            "PHONE" => Scope::Phone,
            "SIDEBAR" => Scope::Sidebar,
            _ => return None,
        })
    }
}

/// One object to search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Target {
    /// Its name.
    pub(crate) object: String,
    /// The fields shown; the id alone when there are none.
    pub(crate) fields: String,
    /// What a query would say after FROM: conditions, order and limit.
    pub(crate) rest: String,
}

/// A search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Search {
    /// What is searched for.
    pub(crate) text: String,
    /// Where.
    pub(crate) scope: Scope,
    /// In which objects; in all when there are none.
    pub(crate) targets: Vec<Target>,
    /// Records shown at most.
    pub(crate) limit: Option<usize>,
}

/// Reads a search.
pub(crate) fn read(text: &str) -> Result<Search, QueryError> {
    let refuse = |message: &str| QueryError::new("MALFORMED_SEARCH", message.to_owned());
    let rest = keyword(text.trim(), "FIND")
        .ok_or_else(|| refuse("unexpected token: the search must begin with FIND"))?;
    let rest = rest
        .strip_prefix('{')
        .ok_or_else(|| refuse("No search term found. The search term must be enclosed in braces."))?;
    let end = closing(rest, '}')
        .ok_or_else(|| refuse("No search term found. The search term must be enclosed in braces."))?;
    let mut search = Search { text: rest[..end].to_owned(), ..Search::default() };
    let mut rest = rest[end + 1..].trim_start();
    if let Some(after) = keyword(rest, "IN") {
        let (word, after) = after.split_once(char::is_whitespace).unwrap_or((after, ""));
        search.scope = Scope::parse(word).ok_or_else(|| refuse("unexpected search group"))?;
        rest = keyword(after.trim_start(), "FIELDS").ok_or_else(|| refuse("expecting FIELDS"))?;
    }
    if let Some(after) = keyword(rest, "RETURNING") {
        rest = targets(after, &mut search.targets).ok_or_else(|| refuse("unexpected token in RETURNING"))?;
    }
    while let Some(after) = keyword(rest, "WITH") {
        // Divisions, data categories and the like change nothing here.
        let end = ["WITH ", "LIMIT "].iter().filter_map(|word| after.to_ascii_uppercase().find(word)).min();
        rest = &after[end.unwrap_or(after.len())..];
    }
    if let Some(after) = keyword(rest, "LIMIT") {
        let (number, after) = after.split_once(char::is_whitespace).unwrap_or((after, ""));
        search.limit = Some(number.parse().map_err(|_| refuse("unexpected LIMIT"))?);
        rest = after.trim_start();
    }
    if rest.is_empty() { Ok(search) } else { Err(refuse(&format!("unexpected token: {rest}"))) }
}

/// What follows a word, whatever its case.
fn keyword<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(word.len())?;
    let ends = rest.is_empty() || rest.starts_with(|letter: char| letter.is_whitespace() || letter == '{');
    (head.eq_ignore_ascii_case(word) && ends).then(|| rest.trim_start())
}

/// Where a bracket closes; quotes hide it, and a backslash hides the next letter.
fn closing(text: &str, bracket: char) -> Option<usize> {
    let (mut quoted, mut escaped, mut depth) = (false, false, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\'' if bracket == ')' => quoted = !quoted,
            '(' if bracket == ')' && !quoted => depth += 1,
            letter if letter == bracket && !quoted && depth == 0 => return Some(at),
            ')' if bracket == ')' && !quoted => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Reads `Lead(Id, Name WHERE … LIMIT 3), Contact` and returns what follows.
fn targets<'a>(text: &'a str, targets: &mut Vec<Target>) -> Option<&'a str> {
    let mut rest = text;
    loop {
        let end = rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
        let (object, after) = rest.split_at(end.unwrap_or(rest.len()));
        if object.is_empty() {
            return None;
        }
        let mut target = Target { object: object.to_owned(), ..Target::default() };
        rest = after.trim_start();
        if let Some(inner) = rest.strip_prefix('(') {
            let end = closing(inner, ')')?;
            let (fields, tail) = split_fields(&inner[..end]);
            (target.fields, target.rest) = (fields.to_owned(), tail.to_owned());
            rest = inner[end + 1..].trim_start();
        }
        targets.push(target);
        match rest.strip_prefix(',') {
            Some(after) => rest = after.trim_start(),
            None => return Some(rest),
        }
    }
}

/// Splits a list of fields from the conditions behind it.
fn split_fields(text: &str) -> (&str, &str) {
    let upper = text.to_ascii_uppercase();
    let words = ["WHERE ", "ORDER ", "LIMIT ", "OFFSET ", "USING "];
    let starts = words.iter().filter_map(|word| {
        upper
            .match_indices(word)
            .map(|(at, _)| at)
            .find(|at| *at == 0 || upper[..*at].ends_with(char::is_whitespace))
    });
    let at = starts.min().unwrap_or(text.len());
    (text[..at].trim(), text[at..].trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sosl_search_is_parsed() {
        let read = read("FIND {a \\} b} IN NAME FIELDS RETURNING Lead(Id, Name WHERE City = 'x)' LIMIT 3), Contact LIMIT 5").unwrap();
        assert_eq!((read.text.as_str(), read.scope, read.limit), ("a \\} b", Scope::Name, Some(5)));
        assert_eq!(read.targets[0].fields, "Id, Name");
        assert_eq!(read.targets[0].rest, "WHERE City = 'x)' LIMIT 3");
        assert_eq!(read.targets[1], Target { object: "Contact".to_owned(), ..Target::default() });
    }

    #[test]
    fn invalid_sosl_is_rejected() {
        for text in [
            "",
            "FIND",
            "FIND Acme",
            "FIND {Acme",
            "FIND {a} IN SOME FIELDS",
            "FIND {a} RETURNING",
            "FIND {a} RETURNING Lead(",
            "FIND {a} x",
            "SELECT Id FROM Lead",
        ] {
            assert_eq!(read(text).unwrap_err().code, "MALFORMED_SEARCH", "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_never_panics_the_reader(text in "\\PC*", head in "FIND \\{a\\} (IN|RETURNING|LIMIT|WITH)?") {
            let _ = read(&text);
            let _ = read(&format!("{head} {text}"));
        }
    }
}
