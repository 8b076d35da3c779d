//! Names of visitors: one field or 姓 and 名 (K10, B7).

use serde::{Deserialize, Serialize};

/// A visitor's name as the form asked for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PersonName {
    /// 姓 and 名 in fields of their own.
    Split {
        /// 姓
        family_name: String,
        /// 名
        given_name: String,
    },
    /// 氏名 in one field.
    Whole {
        /// 氏名
        name: String,
    },
}

impl PersonName {
    /// The name to show in a language: 姓 名 in Japanese, given name first in English.
    pub fn display(&self, language: crate::value::Language) -> String {
        match (self, language) {
            (Self::Whole { name }, _) => name.clone(),
            (Self::Split { family_name, given_name }, crate::value::Language::Japanese) => {
                join(family_name, given_name)
            }
            (Self::Split { family_name, given_name }, crate::value::Language::English) => {
                join(given_name, family_name)
            }
        }
    }

    /// `(LastName, FirstName)` for a Lead: whole names go to LastName as they are (K10).
    pub fn for_lead(&self) -> (String, Option<String>) {
        match self {
            Self::Whole { name } => (name.clone(), None),
            Self::Split { family_name, given_name } => {
                (family_name.clone(), Some(given_name.clone()).filter(|name| !name.is_empty()))
            }
        }
    }

    /// The same name in two parts, split at the first half- or full-width space when it came whole.
    pub fn split(&self) -> Self {
        match self {
            Self::Split { .. } => self.clone(),
            Self::Whole { name } => match name.split_once([' ', '\u{3000}']) {
                Some((family, given)) => {
                    Self::Split { family_name: family.trim().to_owned(), given_name: given.trim().to_owned() }
                }
                None => Self::Split { family_name: name.clone(), given_name: String::new() },
            },
        }
    }
}

fn join(first: &str, second: &str) -> String {
    format!("{first} {second}").trim().to_owned()
}
