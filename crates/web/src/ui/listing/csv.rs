//! A list as a file for spreadsheets: everything that the filters let through, written as it is read.

use crate::auth::session::SignedIn;
pub use crate::http::csv_line::line;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::listing::load::{List, Loaded};
use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use domain::list::{Position, Request};
use futures_util::stream;

/// Rows that are read at once.
const BATCH: u32 = 500;
/// Rows that a file has at most.
const MOST: usize = 100_000;

/// The file. Spreadsheets of Windows read it as UTF-8 only when it begins with a byte order mark.
pub fn file<L: List>(state: AppState, session: SignedIn, mut request: Request, with_bom: bool) -> Response {
    request.position = Position::Start;
    let name = format!("tsugite-{}.csv", L::SPEC.name);
    let mark = if with_bom { "\u{feff}" } else { "" };
    let titles = request.columns.iter().map(|column| session.words.word("column", column));
    let head = format!("{mark}{}", line(titles));
    let begun = Some((request, 0));
    let lines = stream::unfold((begun, Some(head)), move |(rest, head)| {
        let (state, session) = (state.clone(), session.clone());
        async move {
            if let Some(head) = head {
                return Some((Ok::<_, std::io::Error>(head), (rest, None)));
            }
            let (request, written) = rest?;
            match batch::<L>(&state, &session, request, written).await {
                Ok((text, rest)) => Some((Ok(text), (rest, None))),
                // The response has begun: the transfer is cut off, so that no one takes a part for the whole.
                Err(_) => Some((Err(std::io::Error::other("the list could not be read")), (None, None))),
            }
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, Body::from_stream(lines)).into_response()
}

type Rest = Option<(Request, usize)>;

async fn batch<L: List>(
    state: &AppState,
    session: &SignedIn,
    mut request: Request,
    written: usize,
) -> Result<(String, Rest), PageError> {
    let Loaded { rows, after, .. } = L::load(state, session, &request, BATCH).await?;
    let mut text = String::new();
    for row in rows.iter().take(MOST - written) {
        let cells = request.columns.iter().map(|column| {
            row.cells.iter().find(|(key, _)| key == column).map(|(_, cell)| cell.plain()).unwrap_or_default()
        });
        text.push_str(&line(cells));
    }
    let written = written + rows.len();
    let rest = after.filter(|_| written < MOST).map(|key| {
        request.position = Position::After(key);
        (request, written)
    });
    Ok((text, rest))
}
