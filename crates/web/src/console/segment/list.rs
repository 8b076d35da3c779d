//! All segments.

use crate::auth::session::SignedIn;
use crate::console::segment::names::Names;
use crate::console::segment::words;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::segment::{Segment, resolve};
use storage::segment::segments;

/// Terms that a line tells; more are told by their number.
const MAX_TOLD: usize = 3;

struct SegmentLine {
    id: String,
    name: String,
    terms: Vec<String>,
    /// How many more terms there are; empty for none.
    more: String,
    is_broken: bool,
    changed: String,
}

#[derive(Template)]
#[template(path = "console/segment/list.html")]
struct SegmentsPage {
    frame: ConsoleFrame,
    rows: Vec<SegmentLine>,
}

/// Shows them.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let (t, workspace) = (&session.words, session.account.workspace);
    let names = Names::read(&state, workspace, t).await?;
    let found = segments::list(&state.database.read(), workspace).await?;
    render(&SegmentsPage {
        rows: found.into_iter().map(|segment| line(t, segment, &names)).collect(),
        frame: ConsoleFrame::new(&state, &session, "segments", "nav-segments").await?,
    })
}

fn line(t: &Translator, segment: Segment, names: &Names) -> SegmentLine {
    let mut terms: Vec<String> = segment
        .condition
        .groups
        .iter()
        .flat_map(|group| &group.terms)
        .map(|term| words::term(t, term, names))
        .collect();
    let rest = terms.len().saturating_sub(MAX_TOLD);
    terms.truncate(MAX_TOLD);
    SegmentLine {
        is_broken: resolve(&segment.condition, &names.context, Some(segment.id)).is_err(),
        id: segment.id.to_string(),
        more: if rest == 0 { String::new() } else { t.fill("segment-more-terms", "count", rest) },
        terms,
        changed: t.date_time(segment.updated_at),
        name: segment.name,
    }
}
