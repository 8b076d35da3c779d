//! Text as people type it: invisible characters out, width folded, nothing else changed (B7).

use unicode_normalization::UnicodeNormalization;

/// Text without characters that nobody sees; line breaks and tabs stay.
///
/// Control characters, zero-width characters, direction marks, soft hyphens and fillers are left out. A joiner stays
/// between letters that need it, and a variant of an ideograph stays what it is.
pub fn clean_text(typed: &str) -> String {
    if typed.bytes().all(|byte| (b' '..=b'~').contains(&byte) || matches!(byte, b'\n' | b'\t')) {
        return typed.to_owned();
    }
    let typed = typed.replace("\r\n", "\n");
    let mut clean = String::with_capacity(typed.len());
    let mut rest = typed.chars().peekable();
    while let Some(character) = rest.next() {
        let kept = match character {
            '\u{200C}' | '\u{200D}' => is_joined(clean.chars().next_back(), rest.peek().copied()),
            // It changes the character before it, which a blank is not.
            '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => {
                clean.chars().next_back().is_some_and(|before| !before.is_whitespace())
            }
            _ => !is_invisible(character),
        };
        if kept {
            clean.push(character);
        }
    }
    clean
}

/// One line: invisible characters out, line breaks become spaces, ends trimmed; width and letters stay.
pub fn clean_line(typed: &str) -> String {
    let clean = clean_text(typed);
    let line: String = clean.chars().map(|c| if is_line_break(c) { ' ' } else { c }).collect();
    line.trim().to_owned()
}

/// One line as it is stored: [`clean_line`] with its width folded.
pub fn tidy_line(typed: &str) -> String {
    fold_width(&clean_line(typed)).trim().to_owned()
}

/// Full-width letters, digits, symbols and spaces become half-width, half-width kana full-width; nothing else changes.
pub fn fold_width(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\u{3000}' => folded.push(' '),
            '\u{FF01}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}' => {
                folded.extend(std::iter::once(character).nfkc());
            }
            half if is_half_width_kana(half) => {
                let mut run = String::from(half);
                while let Some(next) = rest.next_if(|next| is_half_width_kana(*next)) {
                    run.push(next);
                }
                folded.extend(run.nfkc());
            }
            other => folded.push(other),
        }
    }
    folded
}

/// The key under which texts that people take for the same are equal; for matching only, never stored as the text.
pub fn match_key(text: &str) -> String {
    clean_line(text).nfkc().collect::<String>().trim().to_lowercase()
}

fn is_half_width_kana(c: char) -> bool {
    ('\u{FF61}'..='\u{FF9F}').contains(&c)
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{B}' | '\u{C}')
}

fn is_invisible(c: char) -> bool {
    if c.is_control() {
        return !is_line_break(c);
    }
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'
            | '\u{1160}'
            | '\u{17B4}'
            | '\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

/// Whether a zero-width joiner or non-joiner means something between two characters: in scripts from Arabic to
/// Khmer, and in pictures made of several.
fn is_joined(before: Option<char>, after: Option<char>) -> bool {
    let script = |c: char| ('\u{600}'..='\u{1CFF}').contains(&c);
    let picture = |c: char| matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}');
    matches!((before, after), (Some(one), Some(other)) if (script(one) && script(other)) || (picture(one) && picture(other)))
}
