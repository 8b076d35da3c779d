//! The options of company fields that are picklists: they follow the org's (Y6).

use crate::company::UsableMapping;
use crate::org::PicklistOption;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One option of a company field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyOption {
    /// What is stored.
    pub value: String,
    /// What people read.
    pub label: String,
    /// The org still has it. One that has gone keeps the label that it had.
    pub there: bool,
}

/// The options of every company field that has some, by the field's key.
pub type CompanyOptions = BTreeMap<String, Vec<CompanyOption>>;

/// The options after a look at the org: its own in its order, then those that it no longer has.
pub fn follow(known: &[CompanyOption], org: &[PicklistOption]) -> Vec<CompanyOption> {
    let there = org.iter().map(|option| CompanyOption {
        value: option.value.clone(),
        label: option.label.clone(),
        there: option.active,
    });
    let gone = known.iter().filter(|known| !org.iter().any(|option| option.value == known.value));
    there.chain(gone.map(|option| CompanyOption { there: false, ..option.clone() })).collect()
}

/// The options of all fields after a look at the org; those of fields that it doesn't show stay as they are.
pub fn follow_all(known: &CompanyOptions, usable: &[UsableMapping<'_>]) -> CompanyOptions {
    let mut options = known.clone();
    for mapping in usable.iter().filter(|mapping| mapping.field.kind.has_options()) {
        let before = known.get(&mapping.field.key).map_or(&[][..], Vec::as_slice);
        options.insert(mapping.field.key.clone(), follow(before, mapping.options()));
    }
    options
}
