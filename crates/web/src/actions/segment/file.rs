//! The people of a segment as a file for spreadsheets, written as it is read.

use crate::http::csv_line::line;
use crate::state::AppState;
use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use domain::people::{Person, PersonFields};
use domain::segment::ResolvedCondition;
use domain::value::{PersonId, WorkspaceId};
use futures_util::stream;
use storage::StorageError;
use storage::people::person;
use storage::segment::members;
use storage::segment::members::Among;
use storage::workspace::settings;

/// People who are read at once.
const BATCH: u32 = 1_000;

/// What is left to write.
#[derive(Clone, Copy)]
enum Rest {
    Head,
    After(Option<PersonId>),
    Nothing,
}

/// The file. Spreadsheets of Windows read it as UTF-8 only when it begins with a byte order mark.
pub(crate) async fn people(
    state: AppState,
    workspace: WorkspaceId,
    condition: ResolvedCondition,
) -> Result<Response, StorageError> {
    let fields = settings::find::<PersonFields>(&state.database.read(), workspace).await?;
    let lines = stream::unfold(Rest::Head, move |rest| {
        let (state, condition, fields) = (state.clone(), condition.clone(), fields.clone());
        async move {
            match rest {
                Rest::Head => Some((Ok(head(&fields)), Rest::After(None))),
                Rest::Nothing => None,
                Rest::After(after) => match batch(&state, workspace, &condition, &fields, after).await {
                    Ok((text, rest)) => Some((Ok(text), rest)),
                    // The response has begun: it is cut off, so that no one takes a part for the whole.
                    Err(_) => {
                        Some((Err(std::io::Error::other("the people could not be read")), Rest::Nothing))
                    }
                },
            }
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"tsugite-segment.csv\""),
    ];
    Ok((headers, Body::from_stream(lines)).into_response())
}

fn head(fields: &PersonFields) -> String {
    let names = ["id", "opted_out"].into_iter().map(str::to_owned);
    format!("\u{feff}{}", line(names.chain(fields.fields.iter().map(|field| field.name.clone()))))
}

async fn batch(
    state: &AppState,
    workspace: WorkspaceId,
    condition: &ResolvedCondition,
    fields: &PersonFields,
    after: Option<PersonId>,
) -> Result<(String, Rest), StorageError> {
    let read = state.database.read();
    let found = members::page(&read, workspace, condition, Among::Everyone, after, BATCH).await?;
    let found = found.ok_or_else(|| StorageError::Inconsistent {
        table: "segment_columns",
        column: "body",
        reason: "a column was taken away while its values were read".to_owned(),
    })?;
    let ids: Vec<PersonId> = found.iter().map(|member| member.person).collect();
    let mut people = person::find_many(&read, workspace, &ids).await?;
    people.sort_by_key(|person| person.id);
    let text = people.iter().map(|person| line(cells(person, fields))).collect();
    let is_last = found.len() < BATCH as usize;
    Ok((text, if is_last { Rest::Nothing } else { Rest::After(ids.last().copied()) }))
}

fn cells(person: &Person, fields: &PersonFields) -> Vec<String> {
    let value = |name: &String| person.snapshot.values.get(name).cloned().unwrap_or_default();
    let own = [person.id.to_string(), person.opted_out.to_string()];
    own.into_iter().chain(fields.fields.iter().map(|field| value(&field.name))).collect()
}
