//! The org's labels in place of API names, for people who read what is written.

use crate::text::translator::Translator;
use domain::delivery::{NEW_LEAD, NEW_LEAD_OWNER};
use domain::org::ObjectDescription;
use domain::value::{Step, WorkspaceId};
use storage::org::descriptions;
use storage::{Read, StorageError};

/// The objects that bookings write to.
const OBJECTS: [&str; 4] = ["Lead", "Event", "Task", "CampaignMember"];

/// What the org calls the fields of the objects that bookings write to, as far as is known.
pub(crate) struct FieldLabels(Vec<ObjectDescription>);

/// Words for the ID of what a dry run would create; `None` for any other ID.
pub(crate) fn not_yet_there(t: &Translator, id: &str) -> Option<String> {
    match id {
        NEW_LEAD => Some(t.text("dry-run-new-lead")),
        NEW_LEAD_OWNER => Some(t.text("dry-run-new-lead-owner")),
        _ => None,
    }
}

impl FieldLabels {
    /// Loads what was described last; the org is not asked.
    pub(crate) async fn load(read: &Read<'_>, workspace: WorkspaceId) -> Result<Self, StorageError> {
        let mut known = Vec::new();
        for object in OBJECTS {
            known.extend(descriptions::find(read, workspace, object).await?.map(|found| found.description));
        }
        Ok(Self(known))
    }

    /// The same, and of one object more.
    pub(crate) async fn load_with(
        read: &Read<'_>,
        workspace: WorkspaceId,
        object: &str,
    ) -> Result<Self, StorageError> {
        let Self(mut known) = Self::load(read, workspace).await?;
        if !OBJECTS.contains(&object) {
            known.extend(descriptions::find(read, workspace, object).await?.map(|found| found.description));
        }
        Ok(Self(known))
    }

    /// A field's label; its API name if the org has told none.
    pub(crate) fn label(&self, object: &str, field: &str) -> String {
        let described = self.0.iter().find(|known| known.name == object);
        let label = described.and_then(|described| described.field(field)).map(|field| field.label.clone());
        label.filter(|label| !label.is_empty()).unwrap_or_else(|| field.to_owned())
    }

    /// A step with labels, and words for what a dry run would create.
    pub(crate) fn in_words(&self, t: &Translator, step: &Step) -> Step {
        if step.data.values().any(|value| value == NEW_LEAD) && step.code == "person-found" {
            return Step::new("person-to-be-created");
        }
        let mut step = step.clone();
        for (name, value) in &mut step.data {
            match (name.as_str(), value.as_str()) {
                ("field", field) => *value = self.of_lead_or_event(field),
                ("fields", fields) => {
                    let labels = fields.split(", ").map(|field| self.label("Lead", field));
                    *value = t.list(labels.collect::<Vec<_>>());
                }
                (_, id) => {
                    if let Some(words) = not_yet_there(t, id) {
                        *value = words;
                    }
                }
            }
        }
        step
    }

    fn of_lead_or_event(&self, field: &str) -> String {
        let lead = self.label("Lead", field);
        if lead == field { self.label("Event", field) } else { lead }
    }
}
