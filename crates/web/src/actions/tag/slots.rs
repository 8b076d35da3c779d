//! The next open times of a booking page, a few days at a time, for the dialog.

use crate::state::AppState;
use crate::text::translator::Translator;
use domain::booking::{BookingPage, local, open_days, start_of_day};
use domain::value::{Language, Timestamp, WorkspaceId};
use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use serde_json::{Value, json};
use storage::StorageError;
use storage::booking::cells;

/// Days of one answer.
const DAYS: usize = 5;
/// Days that are looked at together.
const CHUNK: u16 = 21;

/// Open days with their times, and the day on which more of them begin.
pub(crate) async fn find(
    state: &AppState,
    workspace: WorkspaceId,
    page: &BookingPage,
    from: Option<Date>,
    language: Language,
) -> Result<(Value, Value), StorageError> {
    let now = state.clock.now();
    let today = local(now, &page.time_zone).date();
    let last = today.saturating_add(i64::from(page.window_days).days());
    let mut first = from.unwrap_or(today).clamp(today, last);
    let mut found: Vec<(Date, Vec<Timestamp>)> = Vec::new();
    let read = state.database.read();
    while found.len() <= DAYS && first <= last {
        let next = first.saturating_add(Span::new().days(i64::from(CHUNK)));
        let until = start_of_day(next, &page.time_zone).unwrap_or(now).plus_minutes(24 * 60);
        let begin = start_of_day(first, &page.time_zone).unwrap_or(now);
        let taken = cells::busy(&read, workspace, &page.members, begin, until).await?;
        found.extend(open_days(page, first, CHUNK, now, &taken));
        if next == first {
            break;
        }
        first = next;
    }
    let more = found.get(DAYS).map(|(day, _)| day.to_string());
    let t = Translator::new(language, &page.time_zone);
    let day = |(day, starts): &(Date, Vec<Timestamp>)| json!({ "day": day.to_string(), "label": t.day(*day), "slots": starts });
    Ok((found.iter().take(DAYS).map(day).collect(), json!(more)))
}
