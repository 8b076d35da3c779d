//! A field named from an object: `Email`, or through lookups `Account.Owner.Email` (D1).

use crate::value::{FieldProblem, tidy_line};
use std::fmt;

/// Lookups that a path may follow, as SOQL allows.
pub const MAX_LOOKUPS: usize = 5;
/// Characters of an API name, with what a custom one adds.
const MAX_NAME: usize = 80;

/// A path that is written right; whether the org knows it is another question.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldPath(Vec<String>);

impl FieldPath {
    /// Reads what someone typed; full-width letters are taken for what they stand for.
    ///
    /// `name` is the input's name in the problem: `required`, `not-a-field-path` or `path-too-deep`.
    pub fn parse(typed: &str, name: &str) -> Result<Self, FieldProblem> {
        let text = tidy_line(typed);
        if text.is_empty() {
            return Err(FieldProblem::new(name, "required"));
        }
        let parts: Vec<String> = text.split('.').map(str::to_owned).collect();
        if !parts.iter().all(|part| is_api_name(part)) {
            return Err(FieldProblem::new(name, "not-a-field-path").with("value", typed.trim()));
        }
        if parts.len() > MAX_LOOKUPS + 1 {
            let problem = FieldProblem::new(name, "path-too-deep").with("value", &text);
            return Err(problem.with("most", MAX_LOOKUPS));
        }
        Ok(Self(parts))
    }

    /// The lookups to follow, as their relationships are called.
    pub fn lookups(&self) -> &[String] {
        &self.0[..self.0.len() - 1]
    }

    /// The field at the end.
    pub fn field(&self) -> &str {
        &self.0[self.0.len() - 1]
    }

    /// The same path with another last name.
    #[must_use]
    pub fn with_field(&self, name: &str) -> Self {
        let mut parts = self.0.clone();
        if let Some(last) = parts.last_mut() {
            name.clone_into(last);
        }
        Self(parts)
    }

    /// The same path without case, for telling paths apart.
    pub fn key(&self) -> String {
        self.to_string().to_lowercase()
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

fn is_api_name(name: &str) -> bool {
    name.len() <= MAX_NAME
        && name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}
