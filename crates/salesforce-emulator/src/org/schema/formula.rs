//! Formulas as text and as a syntax tree.

/// Lookups in one path.
const MAX_PATH: usize = 5;

/// What a formula field shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Formula {
    /// The text of the formula.
    pub(crate) text: String,
    /// The literals and paths that it concatenates.
    pub(in crate::org) pieces: Vec<Piece>,
}

/// One part of a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::org) enum Piece {
    /// A text in quotes.
    Literal(String),
    /// Relationship names, then a field.
    Path(Vec<String>),
}

impl Formula {
    /// Reads a formula such as `Account.Name` or `LastName & " / " & Account.Name`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text.trim();
        loop {
            let (piece, after) = piece(rest).ok_or_else(|| format!("the formula {text:?} cannot be read"))?;
            pieces.push(piece);
            match after.trim_start().strip_prefix('&') {
                Some(after) => rest = after.trim_start(),
                None if after.trim().is_empty() => break,
                None => return Err(format!("the formula {text:?} cannot be read")),
            }
        }
        Ok(Formula { text: text.trim().to_owned(), pieces })
    }

    /// The paths of a formula.
    pub(in crate::org) fn paths(&self) -> impl Iterator<Item = &Vec<String>> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Path(path) => Some(path),
            Piece::Literal(_) => None,
        })
    }
}

fn piece(text: &str) -> Option<(Piece, &str)> {
    if let Some(rest) = text.strip_prefix('"') {
        let (literal, after) = rest.split_once('"')?;
        return Some((Piece::Literal(literal.to_owned()), after));
    }
    let end = text.find(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.')));
    let (path, after) = text.split_at(end.unwrap_or(text.len()));
    let names: Vec<String> = path.split('.').map(str::to_owned).collect();
    let fits = names.len() <= MAX_PATH + 1 && names.iter().all(|name| !name.is_empty());
    fits.then_some((Piece::Path(names), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formula_concatenates_paths_and_literals() {
        for good in ["Name", "Account.Owner.Name", "LastName & \" / \" & Account.Name", "\"x\"&Visit__r.Name"]
        {
            assert!(Formula::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "&", "Name &", "\"open", "IF(true, 1, 2)", "a..b", "a.b.c.d.e.f.g", "Name Name"] {
            assert!(Formula::parse(bad).is_err(), "{bad}");
        }
    }
}
