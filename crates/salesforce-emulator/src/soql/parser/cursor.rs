//! Walking over the tokens of a query.

use crate::soql::ast::{Path, Position};
use crate::soql::error::QueryError;
use crate::soql::lexer::{Placed, Token, tokens};

/// Brackets may be nested this deep; far above real queries.
const DEEPEST: usize = 60;

/// Tokens, and how far they have been read.
pub(super) struct Cursor<'a> {
    pub(super) source: &'a str,
    tokens: Vec<Placed>,
    next: usize,
    depth: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(source: &'a str) -> Result<Self, QueryError> {
        Ok(Cursor { source, tokens: tokens(source)?, next: 0, depth: 0 })
    }

    pub(super) fn peek(&self) -> &Token {
        self.ahead(0)
    }

    pub(super) fn ahead(&self, distance: usize) -> &Token {
        self.tokens.get(self.next + distance).map_or(&Token::End, |placed| &placed.token)
    }

    pub(super) fn position(&self) -> Position {
        Position(self.tokens.get(self.next).map_or(self.source.len(), |placed| placed.at))
    }

    pub(super) fn take(&mut self) -> Token {
        let token = self.peek().clone();
        if self.next + 1 < self.tokens.len() {
            self.next += 1;
        }
        token
    }

    /// Whether the next token is this keyword.
    pub(super) fn sees(&self, keyword: &str) -> bool {
        matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    /// Takes the keyword if it comes next.
    pub(super) fn accept(&mut self, keyword: &str) -> bool {
        let seen = self.sees(keyword);
        if seen {
            self.take();
        }
        seen
    }

    pub(super) fn expect(&mut self, keyword: &str) -> Result<(), QueryError> {
        if self.accept(keyword) { Ok(()) } else { Err(self.unexpected()) }
    }

    pub(super) fn sees_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(found) if *found == sign)
    }

    pub(super) fn accept_sign(&mut self, sign: &str) -> bool {
        let seen = self.sees_sign(sign);
        if seen {
            self.take();
        }
        seen
    }

    pub(super) fn expect_sign(&mut self, sign: &str) -> Result<(), QueryError> {
        if self.accept_sign(sign) { Ok(()) } else { Err(self.unexpected()) }
    }

    pub(super) fn word(&mut self) -> Result<String, QueryError> {
        match self.peek() {
            Token::Word(word) => {
                let word = word.clone();
                self.take();
                Ok(word)
            }
            _ => Err(self.unexpected()),
        }
    }

    pub(super) fn path(&mut self) -> Result<Path, QueryError> {
        let at = self.position();
        let mut parts = vec![self.word()?];
        while self.accept_sign(".") {
            parts.push(self.word()?);
        }
        Ok(Path { parts, at })
    }

    pub(super) fn number<T: std::str::FromStr>(&mut self) -> Result<T, QueryError> {
        let parsed = match self.peek() {
            Token::Number(number) => number.parse().ok(),
            _ => None,
        };
        let number = parsed.ok_or_else(|| self.unexpected())?;
        self.take();
        Ok(number)
    }

    /// The error for a token that cannot stand here.
    pub(super) fn unexpected(&self) -> QueryError {
        let placed = self.tokens.get(self.next);
        let shown = match placed {
            Some(placed) if placed.token != Token::End => &self.source[placed.at..placed.end],
            _ => "<EOF>",
        };
        let message = format!("unexpected token: '{shown}'");
        QueryError::at(self.source, self.position().0, "MALFORMED_QUERY", &message)
    }

    /// Runs a step one level deeper, and refuses nesting without end.
    pub(super) fn nested<T>(
        &mut self,
        step: impl FnOnce(&mut Self) -> Result<T, QueryError>,
    ) -> Result<T, QueryError> {
        if self.depth >= DEEPEST {
            return Err(QueryError::new("QUERY_TOO_COMPLICATED", "Query is nested too deeply"));
        }
        self.depth += 1;
        let result = step(self);
        self.depth -= 1;
        result
    }
}
