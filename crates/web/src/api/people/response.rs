//! People as the API shows them.

use crate::api::delivery::response::StepResponse;
use crate::api::value::{ChangeOriginWord, ConsentSourceWord, Id, SideWord, Time};
use domain::people::{LinkState, Person, PersonObject, Side};
use domain::value::Language;
use serde::Serialize;
use std::collections::BTreeMap;
use storage::people::changes::PersonChange;
use storage::people::conflicts::StoredConflict;
use storage::people::faults::SyncFault;
use storage::people::links::StoredLink;
use utoipa::ToSchema;

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Person)]
pub struct PersonResponse {
    /// Its ID.
    id: Id,
    /// The e-mail address, which is the key; empty if there is none.
    #[schema(example = "taro@sample.example")]
    email: String,
    /// Values by the field's name.
    #[schema(example = json!({ "email": "taro@sample.example", "last_name": "山田", "company": "サンプル株式会社" }))]
    fields: BTreeMap<String, String>,
    /// The person refuses mail.
    #[schema(example = false)]
    opted_out: bool,
    /// The record with which it is synced; null if there is none.
    partner: Option<PartnerResponse>,
    /// How the sync stands.
    sync: SyncStateResponse,
    /// When something of it changed last.
    updated_at: Time,
}

/// The record with which a person is synced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Partner)]
pub struct PartnerResponse {
    /// `Lead` or `Contact`.
    #[schema(example = "Lead")]
    object: &'static str,
    /// Its ID.
    #[schema(example = "00Q000000000001AAA")]
    id: String,
    /// Its page in the org; null without a connection.
    #[schema(example = "https://example.my.salesforce.com/00Q000000000001AAA")]
    url: Option<String>,
}

/// How the sync of a person stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PersonSync)]
pub struct SyncStateResponse {
    /// `synced`, `waiting`, `failed`, `parked` until somebody decides, `suspended` while the record can't be read.
    #[schema(example = "synced")]
    state: &'static str,
    /// When both were found equal, or a value went over, last.
    at: Option<Time>,
    /// Why it is not synced as a whole, for programs; only where it isn't.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, example = "people-not-a-date")]
    reason: Option<String>,
    /// What keeps it, or values of it, from being synced.
    reasons: Vec<FaultResponse>,
}

/// What keeps a person, or a value of it, from being synced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SyncFault)]
pub struct FaultResponse {
    /// The field; null if it is about the whole person.
    #[schema(example = "birthday")]
    field: Option<String>,
    /// Why.
    reason: StepResponse,
}

/// A person with what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonDetails {
    /// The person.
    #[serde(flatten)]
    pub(super) person: PersonResponse,
    /// Changes, latest first.
    pub(super) history: Vec<PersonChangeResponse>,
    /// What the person has agreed to or refused, with the evidence; latest first.
    pub(super) consents: Vec<ConsentResponse>,
    /// People who were merged into this one.
    pub(super) merges: Vec<PersonMergeResponse>,
}

/// What a person has agreed to or refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PersonConsent)]
pub struct ConsentResponse {
    /// When.
    pub(super) at: Time,
    /// Agreed, or refused.
    #[schema(example = true)]
    pub(super) is_given: bool,
    /// Where it comes from.
    pub(super) source: ConsentSourceWord,
    /// The submission, the record, or who it was.
    #[schema(example = "019a0000000070008000000000000000")]
    pub(super) source_id: String,
    /// What was agreed to, word for word; empty for a refusal of mail.
    #[schema(example = "メールでのご案内に同意する")]
    pub(super) wording: String,
}

/// Somebody who was merged into a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PersonMerge)]
pub struct PersonMergeResponse {
    /// Its ID.
    pub(super) id: Id,
    /// The address of the one who was merged.
    #[schema(example = "hanako@sample.example")]
    pub(super) email: String,
    /// When.
    pub(super) at: Time,
    /// Why.
    #[schema(example = "同一人物（改姓）")]
    pub(super) reason: String,
}

/// A change of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PersonChange)]
pub struct PersonChangeResponse {
    /// When.
    at: Time,
    /// The field; `opted_out` for the refusal of mail.
    #[schema(example = "title")]
    field: String,
    /// The value before.
    #[schema(example = "課長")]
    old_value: String,
    /// The value after.
    #[schema(example = "部長")]
    new_value: String,
    /// What made it.
    origin: ChangeOriginWord,
    /// The record, or who it was.
    #[schema(example = "00Q000000000001AAA")]
    origin_id: String,
}

/// People.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonList {
    /// Those that changed last first.
    pub(super) people: Vec<PersonResponse>,
    /// For the next page; null on the last one.
    #[schema(example = "019a0000000070008000000000000000")]
    pub(super) next_cursor: Option<String>,
}

/// People whose sync has errors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SyncErrorList {
    /// How many people each cause affects, the most frequent first.
    pub(super) causes: Vec<CauseResponse>,
    /// Errors by person.
    pub(super) errors: Vec<SyncErrorResponse>,
    /// For the next page; null on the last one.
    #[schema(example = "019a0000000070008000000000000000.title")]
    pub(super) next_cursor: Option<String>,
}

/// A cause of errors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SyncErrorCause)]
pub struct CauseResponse {
    /// A code for programs.
    #[schema(example = "people-not-a-date")]
    pub(super) code: String,
    /// How many people and values it affects.
    #[schema(example = 3)]
    pub(super) count: u64,
}

/// An error of a person's sync.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SyncError)]
pub struct SyncErrorResponse {
    /// The person.
    person: Id,
    /// The record; null if there is none.
    #[schema(example = "00Q000000000001AAA")]
    record: Option<String>,
    /// Since when.
    at: Time,
    /// What it is.
    #[serde(flatten)]
    fault: FaultResponse,
}

/// Conflicts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConflictList {
    /// The latest first.
    pub(super) conflicts: Vec<ConflictResponse>,
    /// For the next page; null on the last one.
    #[schema(example = "019a0000000070008000000000000000")]
    pub(super) next_cursor: Option<String>,
}

/// A field that changed on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PersonConflict)]
pub struct ConflictResponse {
    /// Its ID.
    id: Id,
    /// The person.
    person: Id,
    /// The record.
    #[schema(example = "00Q000000000001AAA")]
    record: String,
    /// The field.
    #[schema(example = "title")]
    field: String,
    /// What both had agreed on; null when they met for the first time.
    #[schema(example = "課長")]
    base: Option<String>,
    /// The person's value.
    #[schema(example = "部長")]
    local: String,
    /// The record's value.
    #[schema(example = "次長")]
    remote: String,
    /// Whose value stayed.
    winner: SideWord,
    /// When it was settled.
    at: Time,
    /// When the value that lost was put back; null if it was not.
    undone_at: Option<Time>,
}

impl PersonResponse {
    /// Shows a person.
    pub(super) fn of(
        person: &Person,
        link: Option<&StoredLink>,
        faults: &[&SyncFault],
        instance: Option<&str>,
        language: Language,
    ) -> Self {
        let state = match link {
            _ if person.is_pending => LinkState::Waiting,
            Some(link) => link.state,
            None if faults.is_empty() => LinkState::Waiting,
            None => LinkState::Failed,
        };
        Self {
            id: person.id.into(),
            email: person.snapshot.values.get(domain::people::EMAIL).cloned().unwrap_or_default(),
            fields: person.snapshot.values.clone(),
            opted_out: person.opted_out,
            partner: link.map(|link| PartnerResponse::of(&link.record_id, instance)),
            sync: SyncStateResponse {
                state: state.name(),
                at: link.map(|link| link.synced_at.into()),
                reason: faults.first().map(|fault| fault.reason.code.clone()).or_else(|| reason_of(link)),
                reasons: faults.iter().map(|fault| FaultResponse::of(fault, language)).collect(),
            },
            updated_at: person.updated_at.into(),
        }
    }
}

/// Why the sync with a record stands still, as the decision said.
fn reason_of(link: Option<&StoredLink>) -> Option<String> {
    link.map(|link| link.reason.clone()).filter(|reason| !reason.is_empty())
}

impl PartnerResponse {
    fn of(id: &str, instance: Option<&str>) -> Self {
        let object = if id.starts_with("00Q") { PersonObject::Lead } else { PersonObject::Contact };
        let url = instance.map(|instance| format!("{}/{id}", instance.trim_end_matches('/')));
        Self { object: object.name(), id: id.to_owned(), url }
    }
}

impl FaultResponse {
    fn of(fault: &SyncFault, language: Language) -> Self {
        let field = (!fault.field.is_empty()).then(|| fault.field.clone());
        Self { field, reason: StepResponse::of(&fault.reason, language) }
    }
}

impl SyncErrorResponse {
    /// Shows an error.
    pub(super) fn of(fault: &SyncFault, language: Language) -> Self {
        Self {
            person: fault.person.into(),
            record: (!fault.record_id.is_empty()).then(|| fault.record_id.clone()),
            at: fault.at.into(),
            fault: FaultResponse::of(fault, language),
        }
    }
}

impl From<PersonChange> for PersonChangeResponse {
    fn from(change: PersonChange) -> Self {
        Self {
            at: change.at.into(),
            field: change.field,
            old_value: change.old_value,
            new_value: change.new_value,
            origin: change.origin.into(),
            origin_id: change.origin_id,
        }
    }
}

impl From<StoredConflict> for ConflictResponse {
    fn from(stored: StoredConflict) -> Self {
        let winner: Side = stored.conflict.winner;
        Self {
            id: stored.id.into(),
            person: stored.person.into(),
            record: stored.record_id,
            field: stored.conflict.field,
            base: stored.conflict.base,
            local: stored.conflict.local,
            remote: stored.conflict.remote,
            winner: winner.into(),
            at: stored.at.into(),
            undone_at: stored.undone_at.map(Time::from),
        }
    }
}
