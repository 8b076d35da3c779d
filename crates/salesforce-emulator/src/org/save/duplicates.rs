//! Duplicate rules: looking for records that match the one being saved.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::org::error::{SaveError, SaveResult};
use crate::org::records::Record;
use crate::org::rules::DuplicateRule;
use crate::org::save::context::SaveContext;
use crate::org::schema::ObjectType;
use crate::org::store::Org;

const MESSAGE: &str = "Use one of these records?";

impl Org {
    /// Refuses a record that a duplicate rule matches with others.
    ///
    /// A rule that only alerts is passed when the caller asked for that; an update is looked at only when a
    /// matched field changes.
    pub(super) fn duplicate_rules(
        &self,
        context: &SaveContext<'_>,
        object: &ObjectType,
        before: Option<&Record>,
        record: &Record,
    ) -> SaveResult<()> {
        for rule in self.rules.duplicates.iter().filter(|rule| rule.object == object.name) {
            if rule.allow_save && context.allow_duplicates {
                continue;
            }
            let changed = |name: &String| {
                before.is_none_or(|before| before.value(object, name) != record.value(object, name))
            };
            if !rule.fields.iter().any(changed) {
                continue;
            }
            let results: Vec<Json> = rule
                .against
                .iter()
                .filter_map(|against| {
                    let matches = self.matches(rule, object, record, against);
                    (!matches.is_empty()).then(|| self.match_result(context, rule, against, &matches))
                })
                .collect();
            if !results.is_empty() {
                return Err(detected(rule, &results).into());
            }
        }
        Ok(())
    }

    fn matches(
        &self,
        rule: &DuplicateRule,
        object: &ObjectType,
        record: &Record,
        against: &str,
    ) -> Vec<Arc<Record>> {
        let Some(other_type) = self.schema.object(against) else { return Vec::new() };
        let Some(first) = rule.fields.first() else { return Vec::new() };
        if rule.fields.iter().any(|field| record.value(object, field).is_null()) {
            return Vec::new();
        }
        let candidates = self.find(against, first, record.value(object, first));
        let same = |other: &Record, field: &String| {
            other.value(other_type, field).index_key() == record.value(object, field).index_key()
        };
        candidates
            .into_iter()
            .filter(|other| other.id != record.id && rule.fields.iter().all(|field| same(other, field)))
            .filter(|other| !other.value(other_type, "IsConverted").is_true())
            .collect()
    }

    fn match_result(
        &self,
        context: &SaveContext<'_>,
        rule: &DuplicateRule,
        against: &str,
        matches: &[Arc<Record>],
    ) -> Json {
        let records: Vec<Json> = matches
            .iter()
            .map(|found| {
                json!({"additionalInformation": [], "fieldDiffs": [], "matchConfidence": 100.0,
                       "record": self.match_record(context, against, found)})
            })
            .collect();
        json!({"entityType": against, "errors": [], "matchEngine": "ExactMatchEngine", "matchRecords": records,
               "rule": format!("{}_Matching", rule.name), "size": matches.len(), "success": true})
    }

    fn match_record(&self, context: &SaveContext<'_>, against: &str, found: &Record) -> Json {
        let mut shown = Map::new();
        let url = format!("{}/sobjects/{against}/{}", context.base_path, found.id);
        shown.insert("attributes".to_owned(), json!({"type": against, "url": url}));
        shown.insert("Id".to_owned(), Json::String(found.id.to_string()));
        if let Some(object) = self.schema.object(against).filter(|_| context.duplicate_details) {
            for (index, field) in object.visible_fields().filter(|(index, _)| !found.get(*index).is_null()) {
                shown.insert(field.name.clone(), found.get(index).to_json());
            }
        }
        Json::Object(shown)
    }
}

fn detected(rule: &DuplicateRule, results: &[Json]) -> SaveError {
    let details = json!({
        "allowSave": rule.allow_save, "duplicateRule": rule.name, "duplicateRuleEntityType": rule.object,
        "errorMessage": MESSAGE, "matchResults": results,
    });
    SaveError { duplicates: Some(Box::new(details)), ..SaveError::new("DUPLICATES_DETECTED", MESSAGE) }
}
