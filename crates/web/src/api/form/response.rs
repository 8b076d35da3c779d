//! Forms and submissions as the API shows them.

use crate::api::booking::page_response::{FormFieldResponse, MappingResponse};
use crate::api::booking::response::{AnswerSchema, EntryResponse};
use crate::api::delivery::response::DeliveryResponse;
use crate::api::value::{Email, Id, LanguageWord, SubmissionStateWord, Time};
use domain::form::{
    AfterSubmission, Answers, ConstantValue, Form, FormCampaign, FormSalesforce, RecordOwner, Submission,
};
use serde::Serialize;
use utoipa::ToSchema;

pub use crate::api::value::ExistingRecordWord as ExistingWord;

/// All forms.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FormList {
    /// Forms, by address.
    pub forms: Vec<FormResponse>,
}

/// A form.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Form)]
pub struct FormResponse {
    /// Its ID.
    id: Id,
    /// Its part of the address.
    #[schema(example = "contact")]
    slug: String,
    /// Its title, in Japanese.
    #[schema(example = "お問い合わせ")]
    title: String,
    /// Its title in English.
    #[schema(example = "Contact us")]
    title_en: String,
    /// A description for visitors, in Japanese.
    #[schema(example = "折り返しご連絡します。")]
    description: String,
    /// A description in English.
    #[schema(example = "We will get back to you.")]
    description_en: String,
    /// It can be filled in.
    active: bool,
    /// Grows with each change.
    #[schema(example = 3)]
    version: u32,
    /// Its questions.
    fields: Vec<FormFieldResponse>,
    /// What a submission does in Salesforce.
    salesforce: FormSalesforceResponse,
    /// Visitors confirm what they typed before it is sent.
    confirm: bool,
    /// What comes after sending it.
    then: AfterResponse,
    /// Its address for visitors.
    #[schema(example = "https://booking.example.co.jp/f/contact")]
    url: String,
}

/// What a submission does in Salesforce.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FormSalesforce)]
pub struct FormSalesforceResponse {
    /// The API name of the object.
    #[schema(example = "Lead")]
    object: String,
    /// The record type of new records; null for the connected user's default.
    #[schema(example = "012000000000001AAA")]
    record_type_id: Option<String>,
    /// What happens when there is such a record already.
    existing: ExistingWord,
    /// The mapped field by which a record is found; null for `Email`.
    #[schema(example = "Email")]
    match_by: Option<String>,
    /// Which answer fills which field.
    mappings: Vec<MappingResponse>,
    /// Fields of new records that no answer fills.
    constants: Vec<ConstantResponse>,
    /// Who owns new records.
    owner: OwnerResponse,
    /// The campaign that the person becomes a member of.
    campaign: Option<CampaignResponse>,
}

/// A fixed value of a field of new records.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ConstantValue)]
pub struct ConstantResponse {
    /// The API name of the field.
    #[schema(example = "LeadSource")]
    salesforce_field: String,
    /// The value; `today` or `today+30` for a day to come.
    #[schema(example = "Web")]
    value: String,
}

/// Who owns new records.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = RecordOwner)]
pub enum OwnerResponse {
    /// The user with whom the server is connected.
    ConnectedUser,
    /// The org's active assignment rule; Lead and Case only.
    AssignmentRule,
    /// A user or a queue.
    User {
        /// Its ID.
        #[schema(example = "005000000000001AAA")]
        id: String,
    },
}

/// The campaign that a person becomes a member of.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FormCampaign)]
pub struct CampaignResponse {
    /// The campaign's ID.
    #[schema(example = "701000000000001AAA")]
    id: String,
    /// The member status; null for the campaign's default.
    #[schema(required = false, example = "Responded")]
    status: Option<String>,
}

/// What comes after a form was sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = AfterSubmission)]
pub enum AfterResponse {
    /// A message.
    Message {
        /// Its wording; the server's own where it is empty.
        #[schema(required = false)]
        text: WordingResponse,
    },
    /// Another page of the website.
    Redirect {
        /// Its address.
        #[schema(example = "https://www.example.co.jp/thanks")]
        url: String,
    },
    /// A booking page.
    Page {
        /// `team/page`.
        #[schema(example = "sales/demo")]
        page: String,
    },
    /// A router decides.
    Router {
        /// Its slug.
        #[schema(example = "inbound")]
        router: String,
    },
}

/// A wording in both languages.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Wording)]
pub struct WordingResponse {
    /// Japanese.
    #[schema(required = false, example = "ありがとうございます。")]
    ja: String,
    /// English; the Japanese one if empty.
    #[schema(required = false, example = "Thank you.")]
    en: String,
}

/// All submissions of a part of the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SubmissionList {
    /// Submissions, latest first.
    pub submissions: Vec<SubmissionResponse>,
    /// Where the next page begins; null on the last page.
    pub next_cursor: Option<Id>,
}

/// A submission.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Submission)]
pub struct SubmissionResponse {
    /// Its ID.
    id: Id,
    /// The form's part of the address.
    #[schema(example = "contact")]
    form: String,
    /// What became of it.
    state: SubmissionStateWord,
    /// The visitor's email address; null if the form asked for none.
    email: Option<Email>,
    /// The answers by question key; parts of a name as `KEY.family`.
    #[schema(value_type = std::collections::BTreeMap<String, AnswerSchema>)]
    answers: Answers,
    /// What the visitor agreed to.
    consents: Vec<ConsentResponse>,
    /// The page on which the form stood.
    #[schema(example = "https://www.example.co.jp/contact")]
    page_url: String,
    /// The visitor's language.
    language: LanguageWord,
    /// Why it looks like spam; empty if it doesn't.
    #[schema(example = json!(["too-fast"]))]
    spam_signs: Vec<String>,
    /// The submission that it repeats.
    repeats: Option<Id>,
    /// The caller's own ID for it.
    #[schema(example = "web-4711")]
    external_id: Option<String>,
    /// When it was sent.
    created_at: Time,
}

/// A consent as it was given.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GivenConsent)]
pub struct ConsentResponse {
    /// The key of the question.
    #[schema(example = "privacy")]
    key: String,
    /// The label of the box.
    #[schema(example = "個人情報の取り扱い")]
    label: String,
    /// The text below it.
    #[schema(example = "ご連絡のために利用します。")]
    text: String,
    /// The form's version.
    #[schema(example = 3)]
    version: u32,
}

/// A submission with what it did.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SubmissionDetails {
    /// The submission.
    #[serde(flatten)]
    pub submission: SubmissionResponse,
    /// What it does in Salesforce.
    pub deliveries: Vec<DeliveryResponse>,
    /// Everything that happened, oldest first.
    pub timeline: Vec<EntryResponse>,
    /// What comes after it for the visitor.
    pub then: ThenResponse,
}

/// What comes after a submission for the visitor.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Then)]
pub struct ThenResponse {
    /// `message`, `redirect`, `page` or `router`.
    #[schema(example = "redirect")]
    pub kind: &'static str,
    /// Where the visitor goes; null for a message.
    #[schema(example = "https://www.example.co.jp/thanks")]
    pub url: Option<String>,
    /// What the visitor reads; null unless it is a message.
    #[schema(example = "ありがとうございます。")]
    pub text: Option<String>,
}

impl FormResponse {
    pub(super) fn of(form: Form, public_url: &str) -> Self {
        Self {
            id: form.id.into(),
            url: format!("{public_url}/f/{}", form.slug),
            slug: form.slug,
            title: form.title,
            title_en: form.title_en,
            description: form.description,
            description_en: form.description_en,
            active: form.active,
            version: form.version,
            fields: form.fields.into_iter().map(FormFieldResponse::from).collect(),
            salesforce: form.salesforce.into(),
            confirm: form.confirm,
            then: form.then.into(),
        }
    }
}

impl From<FormSalesforce> for FormSalesforceResponse {
    fn from(salesforce: FormSalesforce) -> Self {
        Self {
            object: salesforce.object,
            record_type_id: salesforce.record_type_id,
            existing: salesforce.existing.into(),
            match_by: salesforce.match_by,
            mappings: salesforce.mappings.into_iter().map(MappingResponse::from).collect(),
            constants: salesforce.constants.into_iter().map(ConstantResponse::from).collect(),
            owner: salesforce.owner.into(),
            campaign: salesforce.campaign.map(CampaignResponse::from),
        }
    }
}

impl From<ConstantValue> for ConstantResponse {
    fn from(ConstantValue { salesforce_field, value }: ConstantValue) -> Self {
        Self { salesforce_field, value }
    }
}

impl From<RecordOwner> for OwnerResponse {
    fn from(owner: RecordOwner) -> Self {
        match owner {
            RecordOwner::ConnectedUser => Self::ConnectedUser,
            RecordOwner::AssignmentRule => Self::AssignmentRule,
            RecordOwner::User { id } => Self::User { id },
        }
    }
}

impl From<FormCampaign> for CampaignResponse {
    fn from(FormCampaign { id, status }: FormCampaign) -> Self {
        Self { id, status }
    }
}

impl From<AfterSubmission> for AfterResponse {
    fn from(then: AfterSubmission) -> Self {
        match then {
            AfterSubmission::Message { text } => {
                Self::Message { text: WordingResponse { ja: text.ja, en: text.en } }
            }
            AfterSubmission::Redirect { url } => Self::Redirect { url },
            AfterSubmission::Page { page } => Self::Page { page },
            AfterSubmission::Router { router } => Self::Router { router },
        }
    }
}

impl From<Submission> for SubmissionResponse {
    fn from(submission: Submission) -> Self {
        let consents = submission.consents.into_iter();
        Self {
            id: submission.id.into(),
            form: submission.form_slug,
            state: submission.state.into(),
            email: submission.email.as_ref().map(Email::from),
            answers: submission.answers,
            consents: consents
                .map(|one| ConsentResponse {
                    key: one.key,
                    label: one.label,
                    text: one.text,
                    version: one.version,
                })
                .collect(),
            page_url: submission.page_url,
            language: submission.language.into(),
            spam_signs: submission.spam_signs,
            repeats: submission.repeats.map(Id::from),
            external_id: submission.external_id,
            created_at: submission.created_at.into(),
        }
    }
}
