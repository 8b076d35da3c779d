//! What the HTML of a mailing may hold, so that the part that is appended can't be hidden by it.

use crate::value::FieldProblem;

/// Elements that mail programs drop, or whose text would swallow what follows.
const REFUSED: [&str; 17] = [
    "script",
    "iframe",
    "frame",
    "frameset",
    "noframes",
    "noscript",
    "noembed",
    "object",
    "embed",
    "form",
    "textarea",
    "title",
    "template",
    "select",
    "svg",
    "xmp",
    "plaintext",
];

/// The faults of an HTML part: elements that are refused, and what is opened and never closed.
pub(super) fn check_html(input: &str, html: &str) -> Vec<FieldProblem> {
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        rest = if let Some(comment) = after.strip_prefix("!--") {
            match comment.split_once("-->") {
                Some((_, behind)) => behind,
                None => return vec![open(input, "<!--")],
            }
        } else {
            let name = element(after);
            if REFUSED.contains(&name.as_str()) {
                return vec![FieldProblem::new(input, "mailing-html-element").with("value", name)];
            }
            let is_tag = !name.is_empty() || after.starts_with(['/', '!', '?']);
            match if is_tag { behind_tag(after) } else { Some(after) } {
                None => return vec![open(input, &format!("<{}", head(after)))],
                // Nothing within a style sheet is a tag but its end.
                Some(behind) if name == "style" => match find_ignoring_case(behind, "</style") {
                    Some(at) => behind.get(at..).unwrap_or_default(),
                    None => return vec![open(input, "<style>")],
                },
                Some(behind) => behind,
            }
        };
    }
    Vec::new()
}

/// Where what is appended goes: before the end of the body, else at the end.
pub(super) fn insert_footer(html: &str, footer: &str) -> String {
    let at = ["</body", "</html"].into_iter().find_map(|end| last_ignoring_case(html, end));
    let (before, behind) = html.split_at(at.unwrap_or(html.len()));
    format!("{before}{footer}{behind}")
}

fn open(input: &str, what: &str) -> FieldProblem {
    FieldProblem::new(input, "mailing-html-open").with("value", what)
}

fn head(text: &str) -> String {
    text.chars().take_while(|letter| !letter.is_whitespace()).take(20).collect()
}

/// The name of the element whose tag begins here, in lower case; empty at an end tag, a declaration or a text.
fn element(after: &str) -> String {
    if !after.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        return String::new();
    }
    let name = after.chars().take_while(|letter| !letter.is_whitespace() && !matches!(letter, '/' | '>'));
    name.take(40).collect::<String>().to_ascii_lowercase()
}

/// What follows a tag, whose quoted values may hold `>`; `None` if it does not end.
fn behind_tag(tag: &str) -> Option<&str> {
    let mut quote = None;
    for (at, letter) in tag.char_indices() {
        match (quote, letter) {
            (None, '>') => return tag.get(at + 1..),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}

fn find_ignoring_case(text: &str, part: &str) -> Option<usize> {
    // Lower case of ASCII keeps every place.
    text.to_ascii_lowercase().find(part)
}

fn last_ignoring_case(text: &str, part: &str) -> Option<usize> {
    text.to_ascii_lowercase().rfind(part)
}
