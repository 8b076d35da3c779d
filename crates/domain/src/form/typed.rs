//! What people type as an address, a number or a postcode: exact, or refused by name.

use crate::value::{Decimal, EmailAddress, EmailError, FieldProblem, NumberUnit, tidy_line};

/// The word of the fault of an e-mail address.
pub const fn email_code(error: EmailError) -> &'static str {
    match error {
        EmailError::Empty => "required",
        EmailError::Malformed => "not-an-email",
        EmailError::TooLong => "email-too-long",
    }
}

pub(super) fn read_email(typed: &str, at: &str) -> Result<String, FieldProblem> {
    match EmailAddress::parse(typed) {
        Ok(address) => Ok(address.as_str().to_owned()),
        Err(error) => Err(FieldProblem::new(at, email_code(error))),
    }
}

/// Digits with what people put between them; an extension is part of it.
pub(super) fn read_phone(typed: &str, longest: usize, at: &str) -> Result<String, FieldProblem> {
    let text = tidy_line(typed);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_usual = |c: char| c.is_ascii_digit() || "+-() .,#x/内線ー‐−–".contains(c);
    if !(6..=24).contains(&digits) || !text.chars().all(is_usual) {
        return Err(FieldProblem::new(at, "not-a-phone"));
    }
    if text.chars().count() > longest {
        return Err(FieldProblem::new(at, "too-long").with("max", longest));
    }
    Ok(text)
}

/// A number as it is written: `1,200` is one, `12,5` is none.
pub(super) fn read_number(typed: &str, at: &str) -> Result<String, FieldProblem> {
    let text = tidy_line(typed);
    let decimal = Decimal::parse(&text, NumberUnit::None).filter(|_| text.chars().count() <= 40);
    decimal.map(|decimal| decimal.as_str().to_owned()).ok_or_else(|| FieldProblem::new(at, "not-a-number"))
}

/// Seven digits, with or without 〒 and a hyphen, as `100-0001`.
pub(super) fn read_postcode(typed: &str, at: &str) -> Result<String, FieldProblem> {
    let text = tidy_line(typed);
    let text = text.strip_prefix('〒').unwrap_or(&text).trim_start();
    let bare: String = text.chars().filter(|c| !"-ー‐−–".contains(*c)).collect();
    let hyphens = text.chars().count() - bare.chars().count();
    if bare.len() != 7 || !bare.bytes().all(|byte| byte.is_ascii_digit()) || hyphens > 1 {
        return Err(FieldProblem::new(at, "not-a-postcode"));
    }
    Ok(format!("{}-{}", &bare[..3], &bare[3..]))
}

/// Katakana or hiragana, with the marks that stand between and after them.
pub(super) fn read_kana(text: &str, at: &str) -> Result<(), FieldProblem> {
    let is_kana = |c: char| matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '・' | '゛' | '゜' | ' ' | '\u{3099}' | '\u{309a}');
    if text.chars().all(is_kana) { Ok(()) } else { Err(FieldProblem::new(at, "not-kana")) }
}
