//! What bookings are found by when someone searches: names, company, addresses, title and hosts.

use crate::database::statements::{Row, text};
use crate::database::transaction::Transaction;
use crate::error::StorageError;
use domain::booking::Booking;
use domain::value::search_key;

/// Rows that are filled in at once.
const BATCH: i64 = 500;

/// The text in which a search looks for a booking.
pub(crate) fn key(booking: &Booking) -> String {
    let name = booking.attendee.name.display(booking.language);
    // Japanese names are typed with and without the space.
    let joined = name.replace([' ', '\u{3000}'], "");
    let hosts = booking.hosts.iter().map(|host| host.name.as_str());
    let parts =
        [name.as_str(), &joined, &booking.attendee.company, booking.attendee.email.as_str(), &booking.title];
    let external = booking.external_id.as_deref();
    search_key(&parts.into_iter().chain(hosts).chain(external).collect::<Vec<_>>().join(" "))
}

/// Fills them in for bookings of earlier versions.
pub(crate) async fn fill_in(on: &Transaction) -> Result<(), StorageError> {
    let page =
        "SELECT workspace_id, booking_id, body FROM bookings WHERE (workspace_id, booking_id) > ($1, $2)
        ORDER BY workspace_id, booking_id LIMIT $3";
    let mut last = (String::new(), String::new());
    loop {
        let rows = on.all(page, vec![text(&last.0), text(&last.1), BATCH.into()]).await?;
        for row in &rows {
            last = keys(row)?;
            let booking: Booking = row.json("bookings", "body")?;
            let sql = "UPDATE bookings SET search_key = $3 WHERE workspace_id = $1 AND booking_id = $2";
            on.execute(sql, vec![text(&last.0), text(&last.1), text(key(&booking))]).await?;
        }
        if rows.is_empty() {
            return Ok(());
        }
    }
}

fn keys(row: &Row) -> Result<(String, String), StorageError> {
    Ok((row.get("workspace_id")?, row.get("booking_id")?))
}
