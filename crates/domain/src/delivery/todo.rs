//! The ToDo of a booking: whether, for whom, on whom (K1–K9).

use crate::booking::Booking;
use crate::delivery::{
    Candidate, Delivery, DeliveryPlan, Fields, FollowUp, OrgUser, Recovery, SalesforceSettings, Write,
    find_person, marker, search_again, todo_assignee,
};
use crate::org::ObjectDescription;
use crate::value::{Step, Timestamp};
use serde_json::Value;

/// What the decision looks at.
#[derive(Clone, Copy, Debug)]
pub struct TodoContext<'a> {
    /// The booking.
    pub booking: &'a Booking,
    /// Its delivery; what it wrote before counts.
    pub delivery: &'a Delivery,
    /// The workspace's settings.
    pub settings: &'a SalesforceSettings,
    /// Leads and Contacts with the booking's e-mail.
    pub candidates: &'a [Candidate],
    /// Active Users with a host's e-mail.
    pub users: &'a [OrgUser],
    /// Task as the connected user sees it.
    pub task: &'a ObjectDescription,
    /// The filled-in Subject template.
    pub subject: &'a str,
    /// The filled-in Description template.
    pub comment: &'a str,
    /// The workspace's zone, for the day of the meeting (K2).
    pub time_zone: &'a str,
    /// Now.
    pub now: Timestamp,
}

/// The longest Subject and Description of a Task (contract 6.9).
const MAX_SUBJECT: usize = 255;
/// Without any of these a ToDo is not what was agreed.
const REQUIRED: [&str; 5] = ["Subject", "Description", "ActivityDate", "WhoId", "OwnerId"];
const MAX_DESCRIPTION: usize = 32_000;

/// Decides what to do about a booking's ToDo.
pub fn decide(case: TodoContext<'_>) -> DeliveryPlan {
    let mut steps = Vec::new();
    let person = find_person(case.settings.search_order, case.candidates, &mut steps);
    if let Some(task) = case.delivery.records.iter().find(|record| record.object == "Task") {
        return complete(case, &task.id, person, steps);
    }
    let assignee = todo_assignee(case.booking, case.users, person, &mut steps);
    if person.is_none() && assignee.is_none() {
        steps.push(Step::new("todo-not-made"));
        return search_again(case.settings, case.delivery, case.now, Vec::new(), steps);
    }
    steps.push(Step::new("todo-create"));
    let recovery = Recovery::Marker { field: "Description".to_owned() };
    let write = Write::create("Task", task_fields(case, person, assignee), recovery)
        .requiring(&REQUIRED)
        .keyed(case.delivery.id, case.task);
    match person {
        Some(_) => DeliveryPlan::new(vec![write], FollowUp::Finish, steps),
        None => search_again(case.settings, case.delivery, case.now, vec![write], steps),
    }
}

/// A Task made for the assignee alone gets its person once there is one (K9).
fn complete(
    case: TodoContext<'_>,
    task: &str,
    person: Option<&Candidate>,
    mut steps: Vec<Step>,
) -> DeliveryPlan {
    // A later search is scheduled when the Task is created; without one, the Task is complete.
    if case.delivery.search_until.is_none() {
        steps.push(Step::new("todo-exists").with("id", task));
        return DeliveryPlan::nothing(steps);
    }
    let Some(person) = person else {
        return search_again(case.settings, case.delivery, case.now, Vec::new(), steps);
    };
    steps.push(Step::new("todo-attach").with("id", task).with("person", &person.id));
    let fields = Fields::from_iter([("WhoId".to_owned(), Value::from(person.id.as_str()))]);
    let write = Write::update("Task", task, fields).requiring(&REQUIRED);
    DeliveryPlan::new(vec![write], FollowUp::Finish, steps)
}

/// Status and Priority are left out so that the org's defaults apply (K2).
fn task_fields(case: TodoContext<'_>, person: Option<&Candidate>, assignee: Option<String>) -> Fields {
    let subject: String = case.subject.chars().take(MAX_SUBJECT).collect();
    let comment = marker::mark(case.comment, case.delivery.id, MAX_DESCRIPTION);
    let mut fields = Fields::new();
    fields.insert("Subject".to_owned(), subject.into());
    fields.insert("Description".to_owned(), comment.into());
    fields.insert("ActivityDate".to_owned(), case.booking.day_in(case.time_zone).to_string().into());
    if let Some(person) = person {
        fields.insert("WhoId".to_owned(), person.id.clone().into());
    }
    if let Some(assignee) = assignee {
        fields.insert("OwnerId".to_owned(), assignee.into());
    }
    fields
}
