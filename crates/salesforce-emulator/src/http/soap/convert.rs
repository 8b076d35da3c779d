//! `convertLead`.

use crate::http::soap::call::SoapCall;
use crate::http::soap::envelope::{Fault, element, errors, optional};
use crate::http::soap::records::known;
use crate::http::soap::xml::Element;
use crate::org::error::{SaveError, SaveResult};
use crate::org::ids::RecordId;
use crate::org::save::Conversion;
use crate::org::store::Org;

/// Leads in one call.
const MAX: usize = 100;

/// Converts leads, each by itself.
pub(super) fn leads(org: &mut Org, call: &SoapCall<'_>) -> Result<String, Fault> {
    let asked = call.arguments("leadConverts")?;
    if asked.len() > MAX {
        return Err(Fault::new("EXCEEDED_ID_LIMIT", "no more than 100 leads can be converted in one call"));
    }
    if !org.user_may(call.user, "PermissionsConvertLeads") {
        return Err(Fault::new("INSUFFICIENT_ACCESS", "the user may not convert leads"));
    }
    Ok(asked.into_iter().map(|one| convert(org, call, one)).collect())
}

fn convert(org: &mut Org, call: &SoapCall<'_>, asked: &Element) -> String {
    let lead = asked.text_of("leadId").unwrap_or_default();
    let done = read(org, asked)
        .and_then(|(lead, conversion)| org.convert_lead(&call.save_context(&|| false), lead, &conversion));
    let id = |id: Option<RecordId>| id.map(|id| id.to_string());
    let (made, reasons) = match &done {
        Ok(done) => ([Some(done.account), Some(done.contact), done.opportunity], String::new()),
        Err(reasons) => ([None, None, None], errors(reasons)),
    };
    let [account, contact, opportunity] = made.map(id);
    format!(
        "<result>{}{}{reasons}{}{}{}</result>",
        optional("accountId", account.as_deref()),
        optional("contactId", contact.as_deref()),
        optional("leadId", Some(lead).filter(|lead| !lead.is_empty())),
        optional("opportunityId", opportunity.as_deref()),
        element("success", &done.is_ok().to_string()),
    )
}

fn read(org: &Org, asked: &Element) -> SaveResult<(RecordId, Conversion)> {
    let id = |name: &str| asked.text_of(name).map(known).transpose();
    let text = |name: &str| asked.text_of(name).map(str::to_owned);
    let lead = known(asked.text_of("leadId").unwrap_or_default())?;
    let required = |name: &str| SaveError::on(name, "REQUIRED_FIELD_MISSING", format!("{name} is required"));
    let conversion = Conversion {
        account: id("accountId")?,
        contact: id("contactId")?,
        opportunity: id("opportunityId")?,
        status: Some(text("convertedStatus").ok_or_else(|| required("convertedStatus"))?),
        without_opportunity: asked.has_name("doNotCreateOpportunity"),
        opportunity_name: text("opportunityName"),
        overwrite_lead_source: asked.has_name("overwriteLeadSource"),
        owner: id("ownerId")?,
    };
    // A record that a queue owns needs a new owner.
    let owner = org.row("Lead", lead).zip(org.schema.object("Lead"));
    let owner = owner.and_then(|(record, object)| record.value(object, "OwnerId").as_id());
    if conversion.owner.is_none() && owner.is_some_and(|owner| owner.prefix() == "00G") {
        return Err(required("ownerId").into());
    }
    Ok((lead, conversion))
}
