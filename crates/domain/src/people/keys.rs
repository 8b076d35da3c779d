//! E-mail addresses that change on several people at once: who has which afterwards (S1, S8).

use std::collections::{BTreeMap, BTreeSet};

/// What becomes of a batch of changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyChanges {
    /// The new address of each person whose change can be made; all at once, as two may swap theirs.
    pub accepted: BTreeMap<String, String>,
    /// People whose new address another one has, with that one. Nothing of theirs is changed; merging both is offered.
    pub taken: BTreeMap<String, String>,
}

/// Decides which changes can be made, so that no two people have one address. `owners` says who has each address now, of
/// those that are wanted or given up; `wanted` is the new address of each person.
pub fn change_keys(owners: &BTreeMap<String, String>, wanted: &BTreeMap<String, String>) -> KeyChanges {
    let mut accepted = wanted.clone();
    let mut taken = BTreeMap::new();
    loop {
        let mut holders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (key, person) in owners {
            if !accepted.contains_key(person) || accepted.get(person) == Some(key) {
                holders.entry(key).or_default().insert(person);
            }
        }
        for (person, key) in &accepted {
            holders.entry(key).or_default().insert(person);
        }
        // Who has the address stays with it; of two newcomers, the first by ID.
        let refused = accepted.iter().find_map(|(person, key)| {
            let others = holders.get(key.as_str())?;
            let owner = owners.get(key).filter(|owner| others.contains(owner.as_str()));
            let keeper = owner.map(String::as_str).or_else(|| others.first().copied())?;
            (keeper != person).then(|| (person.clone(), keeper.to_owned()))
        });
        let Some((person, keeper)) = refused else { break };
        accepted.remove(&person);
        taken.insert(person, keeper);
    }
    accepted.retain(|person, key| owners.get(key) != Some(person));
    KeyChanges { accepted, taken }
}
