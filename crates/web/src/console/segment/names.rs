//! What the terms of a condition may name, with what people call it.

use crate::console::people::person::label;
use crate::state::AppState;
use crate::text::translator::Translator;
use domain::people::{LinkState, PersonField};
use domain::segment::{FactKind, SegmentContext};
use domain::value::{SegmentId, WorkspaceId};
use std::collections::BTreeMap;
use storage::StorageError;
use storage::booking::pages;
use storage::form::forms;
use storage::router::lists;
use storage::segment::context;

/// What can be named, and what it is called.
pub(super) struct Names {
    /// What can be named.
    pub(super) context: SegmentContext,
    /// What each is called, by its kind and name.
    called: BTreeMap<(FactKind, String), String>,
}

impl Names {
    /// Reads what the workspace has.
    pub(super) async fn read(
        state: &AppState,
        workspace: WorkspaceId,
        t: &Translator,
    ) -> Result<Self, StorageError> {
        let read = state.database.read();
        let context = context::find(&read, workspace, state.clock.now()).await?;
        let mut called = BTreeMap::new();
        for form in forms::list(&read, workspace).await? {
            let title = form.title_in(t.language).to_owned();
            called.insert((FactKind::Form, form.slug), title);
        }
        for page in pages::list(&read, workspace).await? {
            called.insert((FactKind::Page, page.path()), page.title_in(t.language).to_owned());
        }
        for list in lists::list(&read, workspace).await? {
            if context.lists.contains(&list.slug) {
                called.insert((FactKind::List, list.slug), list.name);
            }
        }
        for id in context.campaigns.keys() {
            called.insert((FactKind::Campaign, id.clone()), id.clone());
        }
        for segment in context.segments.values() {
            called.insert((FactKind::Segment, segment.id.to_string()), segment.name.clone());
        }
        for state in LinkState::ALL {
            called.insert((FactKind::Sync, state.name().to_owned()), t.word("person-sync", state.name()));
        }
        Ok(Self { context, called })
    }

    /// What something is called; its name where it is not there any more.
    pub(super) fn of(&self, kind: FactKind, name: &str) -> String {
        self.called.get(&(kind, name.to_owned())).cloned().unwrap_or_else(|| name.to_owned())
    }

    /// What a term of a kind can name, but for the segment that has it: names and what they are called.
    pub(super) fn choices(&self, kind: FactKind, own: Option<SegmentId>) -> Vec<(String, String)> {
        let own = own.map(|id| id.to_string()).unwrap_or_default();
        self.called
            .iter()
            .filter(|((one, name), _)| *one == kind && *name != own)
            .map(|((_, name), called)| (name.clone(), called.clone()))
            .collect()
    }

    /// A person field.
    pub(super) fn field(&self, name: &str) -> Option<&PersonField> {
        self.context.fields.find(name)
    }

    /// What a person field is called; its name where it is not there any more.
    pub(super) fn field_label(&self, t: &Translator, name: &str) -> String {
        self.field(name).map_or_else(|| name.to_owned(), |field| label(t, field))
    }
}
