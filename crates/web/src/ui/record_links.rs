//! Links to records in the connected org.

use crate::text::translator::Translator;
use domain::value::Step;

/// A link to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordLink {
    /// What people read: the object's name.
    pub label: String,
    /// Where it is in the org; empty while no org is connected.
    pub address: String,
    /// The record's id.
    pub id: String,
}

/// Key prefixes of the objects that a booking touches.
const PREFIXES: [(&str, &str); 8] = [
    ("00Q", "Lead"),
    ("003", "Contact"),
    ("001", "Account"),
    ("00T", "Task"),
    ("00U", "Event"),
    ("00v", "CampaignMember"),
    ("701", "Campaign"),
    ("005", "User"),
];

/// The link to a record of an object.
pub fn to_record(t: &Translator, instance: Option<&str>, object: &str, id: &str) -> RecordLink {
    let address =
        instance.map_or_else(String::new, |instance| format!("{instance}/lightning/r/{object}/{id}/view"));
    RecordLink { label: t.object(object), address, id: id.to_owned() }
}

/// Links to every record that a step names by its id.
pub fn of_step(t: &Translator, instance: Option<&str>, step: &Step) -> Vec<RecordLink> {
    ["id", "person", "campaign"]
        .iter()
        .filter_map(|name| step.data.get(*name))
        .filter_map(|id| {
            let (_, object) = PREFIXES.iter().find(|(prefix, _)| id.starts_with(prefix))?;
            let whole = matches!(id.len(), 15 | 18) && id.chars().all(|c| c.is_ascii_alphanumeric());
            whole.then(|| to_record(t, instance, object, id))
        })
        .collect()
}
