//! From the text of a query to tokens.

use crate::soql::error::QueryError;

/// One token of a query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    /// A keyword, name, date literal or bare number-like word.
    Word(String),
    /// A quoted text, with escapes resolved; LIKE escapes keep their backslash.
    Text(String),
    /// A number.
    Number(String),
    /// A day or a moment.
    Date(String),
    /// A sign such as `(` or `>=`.
    Sign(&'static str),
    /// The end of the text.
    End,
}

/// A token and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Placed {
    /// The token.
    pub(crate) token: Token,
    /// Its first byte.
    pub(crate) at: usize,
    /// The byte after its last one.
    pub(crate) end: usize,
}

const SIGNS: [&str; 14] = ["<=", ">=", "!=", "<>", "=", "<", ">", "(", ")", ",", ".", ":", "*", "-"];

/// Splits a query into tokens; the last one is always [`Token::End`].
pub(crate) fn tokens(source: &str) -> Result<Vec<Placed>, QueryError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(letter) = source[at..].chars().next() {
        if letter.is_whitespace() {
            at += letter.len_utf8();
            continue;
        }
        let (token, length) = next(source, at, letter)?;
        tokens.push(Placed { token, at, end: at + length });
        at += length;
    }
    tokens.push(Placed { token: Token::End, at: source.len(), end: source.len() });
    Ok(tokens)
}

fn next(source: &str, at: usize, letter: char) -> Result<(Token, usize), QueryError> {
    let rest = &source[at..];
    if letter == '\'' {
        return quoted(source, at);
    }
    if letter.is_ascii_digit() || (matches!(letter, '-' | '+') && starts_number(&rest[1..])) {
        return Ok(number_or_date(rest));
    }
    if letter.is_ascii_alphabetic() || letter == '_' {
        let length =
            rest.find(|other: char| !other.is_ascii_alphanumeric() && other != '_').unwrap_or(rest.len());
        return Ok((Token::Word(rest[..length].to_owned()), length));
    }
    match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        Some(sign) => Ok((Token::Sign(sign), sign.len())),
        None => Err(QueryError::new(
            "MALFORMED_QUERY",
            format!("line 1:{at} no viable alternative at character '{letter}'"),
        )),
    }
}

fn starts_number(rest: &str) -> bool {
    rest.starts_with(|letter: char| letter.is_ascii_digit())
}

fn number_or_date(rest: &str) -> (Token, usize) {
    let belongs = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | ':' | '+' | '-');
    let whole = rest.find(|letter: char| !belongs(letter)).unwrap_or(rest.len());
    let looks_dated =
        rest.len() >= 5 && rest.as_bytes()[..4].iter().all(u8::is_ascii_digit) && rest.as_bytes()[4] == b'-';
    if looks_dated {
        return (Token::Date(rest[..whole].to_owned()), whole);
    }
    let mut length = 1;
    let bytes = rest.as_bytes();
    while length < bytes.len() {
        let exponent_sign = matches!(bytes[length], b'+' | b'-') && matches!(bytes[length - 1], b'e' | b'E');
        if !(bytes[length].is_ascii_alphanumeric() || bytes[length] == b'.' || exponent_sign) {
            break;
        }
        length += 1;
    }
    (Token::Number(rest[..length].to_owned()), length)
}

fn quoted(source: &str, at: usize) -> Result<(Token, usize), QueryError> {
    let mut text = String::new();
    let mut letters = source[at + 1..].char_indices();
    while let Some((place, letter)) = letters.next() {
        match letter {
            '\'' => return Ok((Token::Text(text), place + 2)),
            '\\' => escape(&mut letters, &mut text)?,
            plain => push(&mut text, plain),
        }
    }
    Err(QueryError::at(source, at, "MALFORMED_QUERY", "unexpected token: '<EOF>'"))
}

fn escape(letters: &mut std::str::CharIndices<'_>, text: &mut String) -> Result<(), QueryError> {
    let illegal = || QueryError::new("MALFORMED_QUERY", "Illegal character escape sequence in the string");
    let (_, letter) = letters.next().ok_or_else(illegal)?;
    match letter {
        'n' | 'N' => text.push('\n'),
        'r' | 'R' => text.push('\r'),
        't' | 'T' => text.push('\t'),
        'b' | 'B' => text.push('\u{8}'),
        'f' | 'F' => text.push('\u{c}'),
        '"' | '\'' => text.push(letter),
        '\\' => text.push('\\'),
        // LIKE needs to know that these were escaped.
        '_' | '%' => {
            text.push(LIKE_ESCAPE);
            text.push(letter);
        }
        'u' | 'U' => {
            let digits: String = letters.by_ref().take(4).map(|(_, digit)| digit).collect();
            let hexadecimal = digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            let code = u32::from_str_radix(&digits, 16).ok().filter(|_| hexadecimal).ok_or_else(illegal)?;
            push(text, char::from_u32(code).ok_or_else(illegal)?);
        }
        _ => return Err(illegal()),
    }
    Ok(())
}

/// Marks the next character of a text as meant literally by LIKE; where a client sends this one, it marks itself.
pub(crate) const LIKE_ESCAPE: char = '\u{e000}';

fn push(text: &mut String, letter: char) {
    if letter == LIKE_ESCAPE {
        text.push(LIKE_ESCAPE);
    }
    text.push(letter);
}

/// A text without the marks for LIKE.
pub(crate) fn unmarked(text: &str) -> String {
    let mut letters = text.chars();
    let mut plain = String::with_capacity(text.len());
    while let Some(letter) = letters.next() {
        plain.extend(if letter == LIKE_ESCAPE { letters.next() } else { Some(letter) });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lexer_splits_words_numbers_dates_and_strings() {
        let found: Vec<Token> = tokens("a.b>=-1.5 2026-05-22T10:00:00+02:00 'it\\'s' LAST_N_DAYS:3")
            .unwrap()
            .into_iter()
            .map(|placed| placed.token)
            .collect();
        let word = |text: &str| Token::Word(text.to_owned());
        assert_eq!(
            found,
            [
                word("a"),
                Token::Sign("."),
                word("b"),
                Token::Sign(">="),
                Token::Number("-1.5".to_owned()),
                Token::Date("2026-05-22T10:00:00+02:00".to_owned()),
                Token::Text("it's".to_owned()),
                word("LAST_N_DAYS"),
                Token::Sign(":"),
                Token::Number("3".to_owned()),
                Token::End,
            ]
        );
    }

    #[test]
    fn any_text_never_panics_the_lexer() {
        for text in ["'", "'\\", "'\\u12", "あ", "1-", "2026-", "'\\uD800'", "\\", "2026"] {
            let _ = tokens(text);
        }
    }
}
