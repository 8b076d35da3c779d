//! What a form is made from, or replaced by.

use crate::api::booking::page_response::{FormFieldResponse, MappingResponse};
use crate::api::form::response::{
    AfterResponse, CampaignResponse, ConstantResponse, ExistingWord, OwnerResponse,
};
use domain::form::{
    AfterSubmission, ConstantValue, ExistingRecord, FieldMapping, Form, FormCampaign, FormField,
    FormSalesforce, RecordOwner,
};
use domain::value::{FormId, clean_text, tidy_line};
use serde::Deserialize;

/// What a form is made from, or replaced by.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormBody {
    /// Its part of the address, unique on the server.
    slug: String,
    /// Its title, in Japanese.
    title: String,
    /// Its title in English; the Japanese one if empty.
    #[serde(default)]
    title_en: String,
    /// A description for visitors, in Japanese.
    #[serde(default)]
    description: String,
    /// A description in English; the Japanese one if empty.
    #[serde(default)]
    description_en: String,
    /// It can be filled in; only if the org would accept what it sends.
    #[serde(default)]
    active: bool,
    /// Its questions.
    #[serde(default)]
    #[schema(value_type = Vec<FormFieldResponse>)]
    fields: Vec<FormField>,
    /// What a submission does in Salesforce.
    #[serde(default)]
    salesforce: FormSalesforceBody,
    /// Visitors confirm what they typed before it is sent.
    #[serde(default)]
    confirm: bool,
    /// What comes after sending it.
    #[serde(default)]
    #[schema(value_type = AfterResponse)]
    then: AfterSubmission,
}

/// What a submission does in Salesforce.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct FormSalesforceBody {
    /// The API name of the object.
    object: String,
    /// The record type of new records.
    record_type_id: Option<String>,
    /// What happens when there is such a record already.
    #[schema(value_type = ExistingWord)]
    existing: ExistingRecord,
    /// The mapped field by which a record is found; `Email` if left out.
    match_by: Option<String>,
    /// Which answer fills which field.
    #[schema(value_type = Vec<MappingResponse>)]
    mappings: Vec<FieldMapping>,
    /// Fields of new records that no answer fills.
    #[schema(value_type = Vec<ConstantResponse>)]
    constants: Vec<ConstantValue>,
    /// Who owns new records.
    #[schema(value_type = OwnerResponse)]
    owner: RecordOwner,
    /// The campaign that the person becomes a member of.
    #[schema(value_type = Option<CampaignResponse>)]
    campaign: Option<FormCampaign>,
}

impl FormBody {
    /// The form with this ID.
    pub(super) fn into_form(self, id: FormId) -> Form {
        let given = self.salesforce;
        Form {
            id,
            slug: self.slug.trim().to_owned(),
            title: tidy_line(&self.title),
            title_en: tidy_line(&self.title_en),
            description: clean_text(&self.description).trim().to_owned(),
            description_en: clean_text(&self.description_en).trim().to_owned(),
            active: self.active,
            version: 0,
            fields: self.fields,
            salesforce: FormSalesforce {
                object: given.object.trim().to_owned(),
                record_type_id: given.record_type_id.filter(|id| !id.is_empty()),
                existing: given.existing,
                match_by: given.match_by.filter(|field| !field.is_empty()),
                mappings: given.mappings,
                constants: given.constants,
                owner: given.owner,
                campaign: given.campaign,
            },
            confirm: self.confirm,
            then: self.then,
        }
    }
}
