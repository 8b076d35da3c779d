//! A condition on the answer to an earlier question (F1).

use crate::form::{Answer, Answers};
use crate::value::clean_line;
use serde::{Deserialize, Serialize};

/// A condition on the answer to an earlier question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowWhen {
    /// The earlier question's key.
    pub field: String,
    /// How the answer is compared.
    pub operator: AnswerOperator,
    /// With what; none for operators that need nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// How an answer is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerOperator {
    /// It is one of the values, or one of several chosen options is.
    Equals,
    /// It is none of the values.
    NotEquals,
    /// There is an answer.
    Exists,
    /// There is none.
    NotExists,
}

impl AnswerOperator {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Equals, Self::NotEquals, Self::Exists, Self::NotExists];

    /// The word in the API and for the catalogues (`answer-operator-{name}`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equals => "equals",
            Self::NotEquals => "not_equals",
            Self::Exists => "exists",
            Self::NotExists => "not_exists",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.name() == name)
    }

    /// Whether it compares with values.
    pub const fn takes_values(self) -> bool {
        matches!(self, Self::Equals | Self::NotEquals)
    }
}

impl ShowWhen {
    /// Whether the condition holds; an answer of a question that is not shown counts as none.
    pub fn holds(&self, answers: &Answers) -> bool {
        let answer = answers.get(&self.field).filter(|answer| !answer.is_blank());
        let is_one_of = |answer: &Answer| match answer {
            Answer::One(text) => self.values.iter().any(|value| clean_line(value) == clean_line(text)),
            Answer::Many(chosen) => chosen.iter().any(|choice| self.values.contains(choice)),
        };
        match self.operator {
            AnswerOperator::Equals => answer.is_some_and(is_one_of),
            AnswerOperator::NotEquals => !answer.is_some_and(is_one_of),
            AnswerOperator::Exists => answer.is_some(),
            AnswerOperator::NotExists => answer.is_none(),
        }
    }
}
