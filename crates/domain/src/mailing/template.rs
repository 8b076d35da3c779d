//! Texts with `{{placeholders}}` for the values of a person.

use crate::people::{PersonFields, Values};
use crate::value::{FieldProblem, TemplatePiece, template_pieces};

/// The placeholder of the link by which a person refuses further mails; it is appended to every mail.
pub const UNSUBSCRIBE_URL: &str = "unsubscribe_url";

/// The placeholders of a text that name no person field, each with the line in which it stands first. One that is not
/// closed is a fault, too: it would reach into what is appended.
pub(super) fn unknown_placeholders(
    input: &str,
    template: &str,
    fields: &PersonFields,
    own: &[&str],
) -> Vec<FieldProblem> {
    let mut found: Vec<(String, usize)> = Vec::new();
    let mut line = 1;
    for piece in template_pieces(template) {
        match piece {
            TemplatePiece::Text(text) if text.contains("{{") => {
                return vec![FieldProblem::new(input, "mailing-placeholder-open").with("line", line)];
            }
            TemplatePiece::Text(text) => line += text.matches('\n').count(),
            TemplatePiece::Placeholder(name) => {
                let is_known = fields.find(name).is_some() || own.contains(&name);
                if !is_known && !found.iter().any(|(known, _)| known == name) {
                    found.push((name.to_owned(), line));
                }
                line += name.matches('\n').count();
            }
        }
    }
    let problem = |(name, line): (String, usize)| {
        FieldProblem::new(input, "unknown-person-placeholder").with("value", name).with("line", line)
    };
    found.into_iter().map(problem).collect()
}

/// Fills a text with values; `written` says how a value is written there.
pub(super) fn fill(template: &str, values: &Values, written: impl Fn(&str) -> String) -> String {
    let mut filled = String::with_capacity(template.len() + 64);
    for piece in template_pieces(template) {
        match piece {
            TemplatePiece::Text(text) => filled.push_str(text),
            TemplatePiece::Placeholder(name) => {
                filled.push_str(&written(values.get(name).map_or("", String::as_str)));
            }
        }
    }
    filled
}

/// A value within HTML, in text and in quoted attributes alike.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
