//! `merge`.

use crate::http::soap::call::{SoapCall, SoapRecord};
use crate::http::soap::envelope::{Fault, element, errors, optional};
use crate::http::soap::records::known;
use crate::http::soap::xml::Element;
use crate::org::error::SaveResult;
use crate::org::save::Merged;
use crate::org::store::Org;

/// Carries out merges, each by itself.
pub(super) fn records(org: &mut Org, call: &SoapCall<'_>) -> Result<String, Fault> {
    // The service's own description says `request`; jsforce says `mergeRequests`.
    let requests = call.arguments("request")?.into_iter().chain(call.arguments("mergeRequests")?);
    Ok(requests.map(|request| one(org, call, request)).collect())
}

fn one(org: &mut Org, call: &SoapCall<'_>, request: &Element) -> String {
    let empty = Element::default();
    let master = SoapRecord::read(request.child("masterRecord").unwrap_or(&empty));
    match merge(org, call, request, &master) {
        Ok(merged) => {
            let ids = |name: &str, ids: &[crate::org::ids::RecordId]| -> String {
                ids.iter().map(|id| element(name, &id.to_string())).collect()
            };
            format!(
                "<result>{}{}<success>true</success>{}</result>",
                element("id", &master.id),
                ids("mergedRecordIds", &merged.losers),
                ids("updatedRelatedIds", &merged.moved),
            )
        }
        Err(reasons) => {
            format!("<result>{}{}<success>false</success></result>", errors(&reasons), optional("id", None))
        }
    }
}

fn merge(org: &mut Org, call: &SoapCall<'_>, request: &Element, master: &SoapRecord) -> SaveResult<Merged> {
    let losers = request.all("recordToMergeIds").map(|element| known(&element.text));
    let losers = losers.collect::<Result<Vec<_>, _>>()?;
    org.merge(&call.save_context(&|| false), known(&master.id)?, &master.fields, &losers)
}
