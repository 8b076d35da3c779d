//! Who gets the ToDo and the Event (K6, K13).

use crate::booking::Booking;
use crate::delivery::{Candidate, Owner};
use crate::value::Step;
use serde::{Deserialize, Serialize};

/// An active Salesforce User whose e-mail is a host's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgUser {
    /// The 18-character id.
    pub id: String,
    /// The e-mail in lower case.
    pub email_key: String,
}

/// The ToDo's assignee: the meeting host's User, else the person's owner, else none (K6).
pub fn todo_assignee(
    booking: &Booking,
    users: &[OrgUser],
    person: Option<&Candidate>,
    steps: &mut Vec<Step>,
) -> Option<String> {
    if let Some(host) = booking.hosts.first() {
        if let Some(user) = user_with_email(&host.email.key(), users) {
            steps.push(Step::new("assignee-host").with("email", &host.email).with("id", &user.id));
            return Some(user.id.clone());
        }
        steps.push(Step::new("assignee-host-not-user").with("email", &host.email));
    }
    let person = person?;
    let (code, id) = match &person.owner {
        Owner::User(id) => ("assignee-owner", Some(id)),
        Owner::InactiveUser(_) => ("assignee-owner-inactive", None),
        Owner::Queue(_) => ("assignee-owner-queue", None),
        Owner::None => ("assignee-owner-none", None),
    };
    let step = Step::new(code).with("object", person.object.name());
    steps.push(match id {
        Some(id) => step.with("id", id),
        None => step,
    });
    id.cloned()
}

/// The Event's assignee: the first attending member who is an active User; `None` is the connected user (K13).
pub fn event_assignee(booking: &Booking, users: &[OrgUser], steps: &mut Vec<Step>) -> Option<String> {
    for host in &booking.hosts {
        if let Some(user) = user_with_email(&host.email.key(), users) {
            steps.push(Step::new("event-assignee-host").with("email", &host.email).with("id", &user.id));
            return Some(user.id.clone());
        }
    }
    steps.push(Step::new("event-assignee-connected-user"));
    None
}

/// Several users may share an e-mail; the smallest id is taken, so that every try takes the same.
fn user_with_email<'a>(email_key: &str, users: &'a [OrgUser]) -> Option<&'a OrgUser> {
    users.iter().filter(|user| user.email_key == email_key).min_by(|a, b| a.id.cmp(&b.id))
}
