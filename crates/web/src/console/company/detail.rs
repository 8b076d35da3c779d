//! One imported company: its fields, and what became of them (Y5, Y8).

use crate::actions::company::list::Companies;
use crate::auth::session::SignedIn;
use crate::console::company::import::summary::{option_list, shown};
use crate::console::company::list::state_word;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::record_links::to_record;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::company::{self, CompanyFieldKind, CompanyOptions};
use domain::mirror::RecordChange;
use domain::value::Timestamp;
use serde_json::Value;
use storage::mirror::history;
use storage::org::connections;
use storage::workspace::settings;

/// Changes that the page shows.
const CHANGES: u32 = 100;

struct ChangeLine {
    when: String,
    parts: Vec<String>,
}

#[derive(Template)]
#[template(path = "console/company/detail.html")]
struct CompanyPage {
    frame: ConsoleFrame,
    id: String,
    object: String,
    updated: String,
    synced: String,
    /// Where the record is in the org; empty without a connection.
    address: String,
    fields: Vec<(String, String)>,
    changes: Vec<ChangeLine>,
}

/// Shows it.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let t = &session.words;
    let workspace = session.account.workspace;
    let companies = Companies::find(&state, workspace).await?;
    let found = companies.one(&state, &id).await?;
    let row = found.ok_or_else(|| session.page_error(PageError::not_found()))?;
    let read = state.database.read();
    let options = settings::find::<CompanyOptions>(&read, workspace).await?;
    let changes = history::list(&read, workspace, &companies.mirror.stream, &id, CHANGES).await?;
    let org = connections::find(&read, workspace).await?;
    let instance = org.as_ref().map(|org| org.instance_url.as_str());
    let link = to_record(t, instance, companies.object.name(), &row.record_id);
    let values = company::fields(&companies.import, &row);
    let fields = companies.import.fields.iter().filter_map(|field| {
        let value = values.get(&field.key)?;
        Some((field.label.clone(), render_value(t, &options, &field.key, field.kind, value)))
    });
    let frame = ConsoleFrame::new(&state, &session, "companies", "company-title").await?;
    let frame = frame.named(company::name(&row));
    let standing = state_word(t, &companies, &row);
    render(&CompanyPage {
        frame: if standing.is_empty() { frame } else { frame.standing("warn", standing) },
        object: link.label,
        updated: t.date_time(row.changed_at),
        synced: t.date_time(companies.mirror.refreshed_at),
        address: link.address,
        fields: fields.collect(),
        changes: changes.iter().map(|(at, change)| line(t, &companies, &options, *at, change)).collect(),
        id: row.record_id,
    })
}

fn render_value(
    t: &Translator,
    options: &CompanyOptions,
    key: &str,
    kind: CompanyFieldKind,
    value: &Value,
) -> String {
    shown(t, kind, &option_list(options, key), value)
}

fn line(
    t: &Translator,
    companies: &Companies,
    options: &CompanyOptions,
    at: Timestamp,
    change: &RecordChange,
) -> ChangeLine {
    let mut parts: Vec<String> = change
        .values
        .iter()
        .map(|one| {
            let mapping = companies.import.mappings.iter().find(|known| known.path == one.path);
            let field = mapping.and_then(|mapping| companies.import.field(&mapping.field));
            let (label, tell): (String, &dyn Fn(&Value) -> String) = match field {
                Some(field) => {
                    (field.label.clone(), &|value| render_value(t, options, &field.key, field.kind, value))
                }
                None if one.path == company::NAME => {
                    (t.text("company-name"), &|value| shown(t, CompanyFieldKind::Text, &[], value))
                }
                None => (one.path.clone(), &|value| shown(t, CompanyFieldKind::Text, &[], value)),
            };
            t.sentence("company-change", [("field", label), ("from", tell(&one.from)), ("to", tell(&one.to))])
        })
        .collect();
    parts.extend(change.state.map(|state| {
        let state = t.word("kept-state", state.name());
        t.fill("company-change-state", "state", state)
    }));
    ChangeLine { when: t.date_time(at), parts }
}
