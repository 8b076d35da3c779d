//! Which topics a user may open.

use crate::http::pubsub::refusal::Refusal;
use crate::org::change_events::Topic;
use crate::org::ids::RecordId;
use crate::org::store::Org;

/// The topic of this name, if the user may subscribe to it: that of one object needs access to the object.
pub(super) fn open_topic(org: &Org, user: RecordId, name: &str) -> Result<Topic, Refusal> {
    if name.is_empty() {
        return Err(Refusal::NoTopic);
    }
    let topic =
        Topic::parse(name, org.whole_schema()).ok_or_else(|| Refusal::UnknownTopic(name.to_owned()))?;
    match &topic {
        Topic::Object(object) if !org.shows_events_of(user, object) => {
            Err(Refusal::HiddenTopic(name.to_owned()))
        }
        _ => Ok(topic),
    }
}
