//! What a workspace's charts may name: pages, members, fields that are kept here, questions.

use crate::state::AppState;
use domain::form::FormField;
use domain::router::{ChartContext, ChartList, ChartNames, ListKey, ListKind, MessageText};
use domain::synced_fields::{SyncedFields, SyncedObject};
use domain::value::WorkspaceId;
use std::collections::{BTreeMap, BTreeSet};
use storage::StorageError;
use storage::booking::pages;
use storage::form::forms;
use storage::mirror::streams;
use storage::org::descriptions;
use storage::router::lists;
use storage::segment::segments;
use storage::workspace::{settings, teams};

/// Reads it.
pub(crate) async fn find(state: &AppState, workspace: WorkspaceId) -> Result<ChartContext, StorageError> {
    let read = state.database.read();
    let booking_pages = pages::list(&read, workspace).await?;
    let all_forms = forms::list(&read, workspace).await?;
    let all_lists = lists::list(&read, workspace).await?;
    let members = teams::list_members(&read, workspace).await?;
    let mut questions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut names = ChartNames::default();
    for page in &booking_pages {
        names.pages.insert(page.path(), both(&page.title, &page.title_en));
    }
    names.lists = all_lists.iter().map(|list| (list.slug.clone(), list.name.clone())).collect();
    names.members = members.iter().map(|member| (member.email.key(), member.name.clone())).collect();
    let of_pages = booking_pages.iter().flat_map(|page| &page.fields);
    for field in of_pages.chain(all_forms.iter().flat_map(|form| &form.fields)) {
        add_question(&mut questions, field);
        let wording = || both(&field.label, field.label_en.as_deref().unwrap_or_default());
        names.questions.entry(field.key.clone()).or_insert_with(wording);
    }
    let synced = settings::find::<SyncedFields>(&read, workspace).await?;
    let mut context = ChartContext {
        pages: booking_pages
            .iter()
            .filter(|page| page.active)
            .map(domain::booking::BookingPage::path)
            .collect(),
        members: names.members.keys().cloned().collect(),
        questions,
        names,
        lists: all_lists
            .into_iter()
            .map(|list| (list.slug, ChartList { rows: list.rows, kind: list.kind, by: list.by }))
            .collect(),
        ..ChartContext::default()
    };
    for segment in segments::list(&read, workspace).await? {
        let asked = ChartList { rows: 1, kind: ListKind::Values, by: Some(ListKey::Email) };
        context.lists.insert(segment.list_name(), asked);
        context.names.lists.insert(segment.list_name(), segment.name);
    }
    for object in SyncedObject::ALL {
        if let Some(known) = descriptions::find(&read, workspace, object.name()).await? {
            context.fields.insert(object, known.description.fields);
        }
        let kept = streams::find(&read, workspace, object.stream()).await?;
        if kept.generation != streams::NO_GENERATION {
            let paths: BTreeSet<String> = synced.of(object).iter().cloned().collect();
            context.copies.insert(object, paths);
        }
    }
    Ok(context)
}

fn both(japanese: &str, english: &str) -> MessageText {
    MessageText { ja: japanese.to_owned(), en: english.to_owned() }
}

/// Two forms may ask the same with other options; then either's are possible.
fn add_question(questions: &mut BTreeMap<String, Vec<String>>, field: &FormField) {
    let options = questions.entry(field.key.clone()).or_default();
    for option in &field.options {
        if !options.contains(option) {
            options.push(option.clone());
        }
    }
}
