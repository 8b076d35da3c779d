//! A list as a CSV file that can be imported again.

use crate::auth::session::SignedIn;
use crate::console::router::list_rows::cells;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::listing::csv;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use domain::router::Column;
use futures_util::stream;
use storage::router::lists;

/// Rows that are read at once.
const BATCH: u32 = 1_000;

/// The file. Spreadsheets of Windows read it as UTF-8 only when it begins with a byte order mark.
pub async fn file(
    State(state): State<AppState>,
    session: SignedIn,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    let workspace = session.account.workspace;
    let list = lists::find(&state.database.read(), workspace, &slug).await?;
    let list = list.ok_or(session.page_error(PageError::not_found()))?;
    let language = session.words.language;
    let titles = Column::of(list.kind).iter().map(|column| column.heading(list.kind, list.by, language));
    let head = format!("\u{feff}{}", csv::line(titles.map(str::to_owned)));
    let name = format!("tsugite-{}.csv", list.slug);
    let lines = stream::unfold((Some(0), Some(head)), move |(after, head)| {
        let (state, list) = (state.clone(), list.clone());
        async move {
            if let Some(head) = head {
                return Some((Ok::<_, std::io::Error>(head), (after, None)));
            }
            let read = state.database.read();
            let Ok(rows) = lists::entries(&read, workspace, &list.slug, after?, BATCH).await else {
                // The response has begun: it is cut off, so that no one takes a part for the whole.
                return Some((Err(std::io::Error::other("the list could not be read")), (None, None)));
            };
            let text: String = rows.iter().map(|row| csv::line(cells(list.kind, row))).collect();
            Some((Ok(text), (rows.last().map(|row| row.line), None)))
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, Body::from_stream(lines)).into_response())
}
