//! Topics: the names under which changes can be subscribed to.

use crate::org::schema::Schema;

/// The topic that carries the changes of every selected object.
const ALL: &str = "/data/ChangeEvents";

/// Standard objects whose changes can be captured.
const STANDARD: [&str; 11] = [
    "Account",
    "Campaign",
    "CampaignMember",
    "CampaignMemberStatus",
    "Contact",
    "Event",
    "Lead",
    "Opportunity",
    "OpportunityContactRole",
    "Task",
    "User",
];

/// What a subscription is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    /// The changes of every selected object.
    All,
    /// The changes of one object.
    Object(String),
}

impl Topic {
    /// Reads a topic's name, which is case-sensitive; `None` if there is no such topic.
    pub(crate) fn parse(name: &str, schema: &Schema) -> Option<Self> {
        if name == ALL {
            return Some(Topic::All);
        }
        let event = name.strip_prefix("/data/")?;
        let object = event.strip_suffix("ChangeEvent")?;
        let object = if object.ends_with("__") { format!("{object}c") } else { object.to_owned() };
        let known = schema.object(&object).filter(|known| known.name == object)?;
        is_captured(&known.name).then_some(Topic::Object(object))
    }

    /// Whether the changes of this object belong to the topic.
    pub(crate) fn covers(&self, object: &str) -> bool {
        match self {
            Topic::All => true,
            Topic::Object(name) => name == object,
        }
    }
}

/// Whether changes of this object can be captured.
pub(super) fn is_captured(object: &str) -> bool {
    STANDARD.contains(&object) || object.ends_with("__c")
}

/// The name of the event that tells of changes of an object.
pub(crate) fn event_name(object: &str) -> String {
    format!("{}ChangeEvent", object.strip_suffix('c').filter(|name| name.ends_with("__")).unwrap_or(object))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::schema::TABLES;

    #[test]
    fn topic_names_give_objects() {
        let schema = Schema::of(TABLES);
        let object = |name: &str| Some(Topic::Object(name.to_owned()));
        for (name, expected) in [
            ("/data/ChangeEvents", Some(Topic::All)),
            ("/data/LeadChangeEvent", object("Lead")),
            ("/data/leadChangeEvent", None),
            ("/data/ProfileChangeEvent", None),
            ("/data/NothingChangeEvent", None),
            ("/event/Order__e", None),
            ("LeadChangeEvent", None),
        ] {
            assert_eq!(Topic::parse(name, &schema), expected, "{name}");
        }
    }

    #[test]
    fn custom_objects_have_events_without_their_suffix() {
        assert_eq!(event_name("Visit__c"), "Visit__ChangeEvent");
        assert_eq!(event_name("Lead"), "LeadChangeEvent");
    }
}
