//! `/site/{key}/data-sheet`: what the tag sends and keeps, and the notice on external transmission (外部送信), made from the
//! real settings.

use crate::actions::tag::site::Site;
use crate::http::language::{RequestLanguage, other_language};
use crate::http::page_error::PageError;
use crate::public::brand::look;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{PublicFrame, render};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::tag::{ConsentMode, STANDARD_PROPERTIES, TagSettings};
use std::collections::BTreeSet;
use storage::workspace::workspaces;

#[derive(Template)]
#[template(path = "public/data_sheet.html")]
struct DataSheet {
    frame: PublicFrame,
    notice: String,
    /// What is sent: the name and where it comes from.
    sent: Vec<(String, String)>,
    /// What is kept in the browser: name, where, how long, what for.
    stored: Vec<[String; 4]>,
    rules: Vec<String>,
}

/// Shows it.
pub async fn show(
    State(state): State<AppState>,
    Path(key): Path<String>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let not_found = PageError::not_found().in_language(visitor.language);
    let site = Site::find(&state, &key, None).await?.ok_or(not_found)?;
    let read = state.database.read();
    let workspace = workspaces::find(&read, site.workspace).await?.ok_or(not_found)?;
    let t = Translator::new(visitor.language, &workspace.time_zone);
    let other = other_language(visitor.language);
    let settings = &site.settings;
    let host = state.settings.public_url.host_str().unwrap_or_default().to_owned();
    let notice = t.sentence(
        "sheet-notice",
        [
            ("company", workspace.name.clone()),
            ("host", host),
            ("items", t.list(sent(&t, settings).into_iter().map(|(name, _)| name))),
        ],
    );
    render(&DataSheet {
        notice,
        sent: sent(&t, settings),
        stored: stored(&t, settings),
        rules: rules(&t, settings),
        frame: PublicFrame {
            switch: Some((other, format!("{}?language={}", visitor.path, other.tag()))),
            look: look(&read, site.workspace).await?,
            ..PublicFrame::new(t.clone(), t.text("sheet-title"), workspace.name)
        },
    })
}

fn sent(t: &Translator, settings: &TagSettings) -> Vec<(String, String)> {
    let properties: Vec<String> =
        STANDARD_PROPERTIES.iter().map(|property| t.word("property", &property.replace('_', "-"))).collect();
    let own: BTreeSet<&str> = settings
        .forms
        .iter()
        .filter(|form| form.on)
        .flat_map(|form| form.fields.keys().map(String::as_str))
        .filter(|property| !STANDARD_PROPERTIES.contains(property))
        .collect();
    let mut sent = vec![
        (t.text("sheet-item-form"), t.fill("sheet-from-form", "names", t.list(&properties))),
        (t.text("sheet-item-page"), {
            let names = t.list(&settings.parameters);
            if names.is_empty() {
                t.text("sheet-from-page")
            } else {
                t.fill("sheet-from-page-with", "names", names)
            }
        }),
        (t.text("sheet-item-referrer"), t.text("sheet-from-referrer")),
        (t.text("sheet-item-evidence"), t.text("sheet-from-evidence")),
        (t.text("sheet-item-visitor"), t.word("sheet-from-visitor", settings.consent.name())),
    ];
    if !own.is_empty() {
        sent.insert(1, (t.text("sheet-item-own"), t.list(own)));
    }
    sent
}

fn stored(t: &Translator, settings: &TagSettings) -> Vec<[String; 4]> {
    let domain = settings.cookie_domain.clone().unwrap_or_else(|| t.text("sheet-host-only"));
    let line = |name: &str, place: String, keeps: &str, purpose: &str| {
        [name.to_owned(), place, t.text(keeps), t.text(purpose)]
    };
    vec![
        line(
            "tsugite_visitor",
            t.fill("sheet-cookie", "domain", &domain),
            "sheet-400-days",
            "sheet-for-visitor",
        ),
        line("tsugite.*", t.text("sheet-local"), "sheet-until-cleared", "sheet-for-local"),
        line("tsugite.*", t.text("sheet-session"), "sheet-tab", "sheet-for-session"),
    ]
}

fn rules(t: &Translator, settings: &TagSettings) -> Vec<String> {
    let consent = match settings.consent {
        ConsentMode::Required => "sheet-rule-consent",
        ConsentMode::NotRequired => "sheet-rule-no-consent",
    };
    ["sheet-rule-never", consent, "sheet-rule-answers", "sheet-rule-retention", "sheet-rule-withdraw"]
        .map(|key| t.text(key))
        .to_vec()
}
