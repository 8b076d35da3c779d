//! `{{placeholders}}` in texts: where they stand, whatever they mean.

/// A part of a text with placeholders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplatePiece<'a> {
    /// What stays as it is.
    Text(&'a str),
    /// What stands between the braces, without spaces around it.
    Placeholder(&'a str),
}

/// The parts of a text in their order. Braces that are not closed are text.
pub fn template_pieces(template: &str) -> impl Iterator<Item = TemplatePiece<'_>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(after) = rest.strip_prefix("{{")
            && let Some((name, behind)) = after.split_once("}}")
        {
            rest = behind;
            return Some(TemplatePiece::Placeholder(name.trim()));
        }
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest.get(first..).and_then(|tail| tail.find("{{").map(|at| at + first));
        let (text, behind) = rest.split_at(end.unwrap_or(rest.len()));
        rest = behind;
        Some(TemplatePiece::Text(text))
    })
}
