//! An answer to a question.

use crate::value::clean_line;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An answer: one text, or the chosen ones of several options.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// A text, an option, a date as `2026-05-22`.
    One(String),
    /// Chosen options, in the form's order.
    Many(Vec<String>),
}

impl Answer {
    /// Nothing was filled in.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::One(text) => clean_line(text).is_empty(),
            Self::Many(chosen) => chosen.iter().all(|one| clean_line(one).is_empty()),
        }
    }

    /// The answer as one line to read.
    pub fn to_text(&self) -> String {
        match self {
            Self::One(text) => text.clone(),
            Self::Many(chosen) => chosen.join(", "),
        }
    }
}

/// Answers by question key. Questions that were left blank are absent.
pub type Answers = BTreeMap<String, Answer>;
