//! Records: create, update, upsert, delete, undelete and the recycle bin.

use serde_json::Value as Json;

use crate::http::soap::call::{SoapCall, SoapRecord};
use crate::http::soap::envelope::{Fault, element, errors, optional};
use crate::org::error::{SaveError, SaveResult};
use crate::org::ids::RecordId;
use crate::org::save::{UpsertKey, Upserted};
use crate::org::store::Org;

const ROLLED_BACK: &str =
    "Record rolled back because not all records were valid and the request was using AllOrNone header";

/// What became of one record: its id, and whether it is new where that is told.
type Outcome = SaveResult<(RecordId, Option<bool>)>;

/// Creates records.
pub(super) fn create(org: &mut Org, call: &SoapCall<'_>) -> Result<String, Fault> {
    each_record(org, call, |org, record| {
        let object = org.schema.visible(&record.object).cloned().ok_or_else(|| unknown(&record.object))?;
        let locked = || call.row_locked();
        let id = org.create(&call.save_context(&locked), &object, &record.fields)?;
        Ok((id, None))
    })
}

/// Changes records.
pub(super) fn update(org: &mut Org, call: &SoapCall<'_>) -> Result<String, Fault> {
    each_record(org, call, |org, record| {
        let object = org.schema.visible(&record.object).cloned().ok_or_else(|| unknown(&record.object))?;
        let id = known(&record.id)?;
        let locked = || call.row_locked();
        org.update(&call.save_context(&locked), &object, id, &record.fields)?;
        Ok((id, None))
    })
}

/// Creates or changes records by a key.
pub(super) fn upsert(org: &mut Org, call: &SoapCall<'_>) -> Result<String, Fault> {
    let field =
        call.operation.text_of("externalIDFieldName").or(call.operation.text_of("externalIdFieldName"));
    let field = field.unwrap_or("Id").to_owned();
    each_record(org, call, |org, record| {
        let object = org.schema.visible(&record.object).cloned().ok_or_else(|| unknown(&record.object))?;
        let mut fields = record.fields.clone();
        let name = fields.keys().find(|name| name.eq_ignore_ascii_case(&field)).cloned();
        let value = match name.and_then(|name| fields.shift_remove(&name)) {
            None if !record.id.is_empty() => Json::String(record.id.clone()),
            given => given.unwrap_or(Json::Null),
        };
        let key = UpsertKey::new(&object, &field, &value);
        let key =
            key.ok_or_else(|| SaveError::new("INVALID_FIELD", format!("{field} is no external id")))??;
        let locked = || call.row_locked();
        match org.upsert(&call.save_context(&locked), &object, &key, &fields, false)? {
            Upserted::Created(id) => Ok((id, Some(true))),
            Upserted::Updated(id) => Ok((id, Some(false))),
            Upserted::Ambiguous(_) => {
                Err(SaveError::new("DUPLICATE_EXTERNAL_ID", format!("{field}: more than one record found"))
                    .into())
            }
        }
    })
}

/// Puts records into the recycle bin.
pub(super) fn delete(org: &mut Org, call: &SoapCall<'_>) -> Result<String, Fault> {
    each_id(org, call, |org, id| {
        let object = org.schema.object_of(id).cloned().ok_or_else(SaveError::invalid_reference)?;
        let locked = || call.row_locked();
        org.delete(&call.save_context(&locked), &object, id)
    })
}

/// Takes records out of the recycle bin.
pub(super) fn undelete(org: &mut Org, call: &SoapCall<'_>) -> Result<String, Fault> {
    each_id(org, call, |org, id| org.undelete(&call.save_context(&|| false), id))
}

/// Takes records in the recycle bin away for good.
pub(super) fn empty_recycle_bin(org: &mut Org, call: &SoapCall<'_>) -> Result<String, Fault> {
    each_id(org, call, Org::purge)
}

fn each_record(
    org: &mut Org,
    call: &SoapCall<'_>,
    mut save: impl FnMut(&mut Org, &SoapRecord) -> Outcome,
) -> Result<String, Fault> {
    let records: Vec<SoapRecord> = call.arguments("sObjects")?.into_iter().map(SoapRecord::read).collect();
    Ok(save_together(org, call, &records, |org, record| save(org, record)))
}

fn each_id(
    org: &mut Org,
    call: &SoapCall<'_>,
    mut work: impl FnMut(&mut Org, RecordId) -> SaveResult<()>,
) -> Result<String, Fault> {
    let ids = call.ids()?;
    Ok(save_together(org, call, &ids, |org, text| {
        let id = known(text)?;
        work(org, id).map(|()| (id, None))
    }))
}

fn save_together<T>(
    org: &mut Org,
    call: &SoapCall<'_>,
    items: &[T],
    mut work: impl FnMut(&mut Org, &T) -> Outcome,
) -> String {
    let attempt = org.atomically(|org| {
        let outcomes: Vec<Outcome> = items.iter().map(|item| work(org, item)).collect();
        let failed = call.all_or_none() && outcomes.iter().any(Result::is_err);
        if failed { Err(outcomes) } else { Ok(outcomes) }
    });
    let outcomes = attempt.unwrap_or_else(|outcomes| {
        let rolled_back = |_| SaveError::new("ALL_OR_NONE_OPERATION_ROLLED_BACK", ROLLED_BACK).into();
        outcomes.into_iter().map(|outcome| outcome.and_then(|done| Err(rolled_back(done)))).collect()
    });
    outcomes.iter().map(show).collect()
}

fn show(outcome: &Outcome) -> String {
    let inner = match outcome {
        Ok((id, created)) => {
            let created = created.map(|created| element("created", &created.to_string())).unwrap_or_default();
            format!("{created}{}<success>true</success>", element("id", &id.to_string()))
        }
        Err(reasons) => format!("{}{}<success>false</success>", errors(reasons), optional("id", None)),
    };
    format!("<result>{inner}</result>")
}

fn unknown(object: &str) -> SaveError {
    SaveError::new("INVALID_TYPE", format!("sObject type '{object}' is not supported."))
}

/// Reads an id that a record must bring.
pub(super) fn known(text: &str) -> Result<RecordId, SaveError> {
    if text.is_empty() {
        return Err(SaveError::new("MISSING_ARGUMENT", "Id not specified in an update call"));
    }
    RecordId::parse(text).ok_or_else(|| SaveError::new("MALFORMED_ID", format!("bad id {text}")))
}
