//! Why a query was refused.

/// A refused query, in the words Salesforce uses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub(crate) struct QueryError {
    /// The code, such as `MALFORMED_QUERY`.
    pub(crate) code: &'static str,
    /// The message.
    pub(crate) message: String,
}

impl QueryError {
    /// An error without a place in the text.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        QueryError { code, message: message.into() }
    }

    /// An error that points at a place in the text, with the frame Salesforce draws around it.
    pub(crate) fn at(source: &str, position: usize, code: &'static str, message: &str) -> Self {
        let position = floor(source, position.min(source.len()));
        let before = &source[..position];
        let row = before.matches('\n').count() + 1;
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line_end = source[position..].find('\n').map_or(source.len(), |at| position + at);
        let column = source[line_start..position].chars().count() + 1;
        let from = floor(source, position.saturating_sub(60).max(line_start));
        let to = floor(source, (position + 60).min(line_end));
        let indent = " ".repeat(source[from..position].chars().count());
        let frame =
            format!("\n{}\n{indent}^\nERROR at Row:{row}:Column:{column}\n{message}", &source[from..to]);
        QueryError::new(code, frame)
    }
}

fn floor(text: &str, mut position: usize) -> usize {
    while !text.is_char_boundary(position) {
        position -= 1;
    }
    position
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn soql_error_points_at_word() {
        let error = QueryError::at("select count() from XYZZY", 20, "INVALID_TYPE", "x");
        let expected = "\nselect count() from XYZZY\n                    ^\nERROR at Row:1:Column:21\nx";
        assert_eq!(error.message, expected);
        // A place inside a character or past the end must not panic.
        QueryError::at("あ", 1, "MALFORMED_QUERY", "x");
        QueryError::at("", 99, "MALFORMED_QUERY", "x");
    }
}
