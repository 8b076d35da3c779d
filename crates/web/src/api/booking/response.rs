//! A booking as the API shows it, with its deliveries and timeline.

use crate::text::catalogue;
use domain::booking::Booking;
use domain::delivery::Delivery;
use domain::value::{Language, Step};
use serde_json::{Value, json};
use storage::delivery::timeline::Entry;

/// A step with its sentence.
pub fn step(step: &Step, language: Language) -> Value {
    json!({ "code": step.code, "text": catalogue::step(language, step), "data": step.data })
}

/// The address of a record in the org.
pub fn record_url(instance_url: &str, object: &str, id: &str) -> String {
    format!("{instance_url}/lightning/r/{object}/{id}/view")
}

/// A delivery.
pub fn delivery(delivery: &Delivery, instance_url: Option<&str>, language: Language) -> Value {
    let records: Vec<Value> = delivery
        .records
        .iter()
        .map(|record| {
            let url = instance_url.map(|instance| record_url(instance, &record.object, &record.id));
            json!({ "object": record.object, "id": record.id, "url": url, "action": record.action })
        })
        .collect();
    json!({
        "id": delivery.id,
        "kind": delivery.kind,
        "state": delivery.state,
        "due_at": delivery.due_at,
        "attempts": delivery.attempts,
        "records": records,
        "explanation": delivery.explanation.iter().map(|one| step(one, language)).collect::<Vec<_>>(),
        "error_code": delivery.error_code,
    })
}

/// A booking without what happened to it.
pub fn booking(booking: &Booking) -> Value {
    json!({
        "id": booking.id,
        "page": booking.page_path,
        "title": booking.title,
        "state": booking.state,
        "start": booking.start,
        "end": booking.end,
        "time_zone": booking.time_zone,
        "attendee": booking.attendee,
        "guests": booking.guests,
        "hosts": booking.hosts.iter().map(|host| json!({ "name": host.name, "email": host.email })).collect::<Vec<_>>(),
        "answers": booking.answers,
        "language": booking.language,
        "external_id": booking.external_id,
        "created_at": booking.created_at,
    })
}

/// A line of the timeline.
pub fn entry(entry: &Entry, language: Language) -> Value {
    let mut line = step(&entry.step, language);
    line["at"] = json!(entry.at);
    line["delivery"] = json!(entry.delivery);
    line
}
