//! Which rule is for a person, by the lists that hold their e-mail (E2).

use crate::engagement::ListRule;
use serde::{Deserialize, Serialize};

/// What is kept here of the lists of a business unit, as far as one e-mail is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memberships {
    /// The business unit whose lists they are.
    pub business_unit_id: String,
    /// Lists whose members are kept.
    pub kept: Vec<u64>,
    /// Those of them that hold the e-mail.
    pub holding: Vec<u64>,
}

/// Which rule is for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum ListVerdict {
    /// It can't be told: a list that would count was never fetched.
    Unknown,
    /// None of the lists holds the e-mail.
    NotListed,
    /// The list of this rule holds it, and no list of a rule above does.
    Matches {
        /// The rule's place, from 0.
        rule: usize,
    },
}

/// Finds the first rule from the top whose list holds the e-mail.
///
/// `memberships` is `None` when nothing was ever fetched. A list that was not fetched yet could hold the e-mail, so
/// rules below it are not looked at: their answer might be the wrong one.
pub fn first_rule(
    rules: &[ListRule],
    business_unit_id: &str,
    memberships: Option<&Memberships>,
) -> ListVerdict {
    let Some(known) = memberships.filter(|known| known.business_unit_id == business_unit_id) else {
        return if rules.is_empty() { ListVerdict::NotListed } else { ListVerdict::Unknown };
    };
    for (place, rule) in rules.iter().enumerate() {
        match rule.list_id {
            Some(list) if known.holding.contains(&list) => return ListVerdict::Matches { rule: place },
            Some(list) if known.kept.contains(&list) => {}
            _ => return ListVerdict::Unknown,
        }
    }
    ListVerdict::NotListed
}
