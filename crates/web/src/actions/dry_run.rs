//! What a dry run asks the engine, as the console and the API both ask it (K20).

use crate::text::catalogue;
use domain::booking::BookingPage;
use domain::form::{Answers, FieldMapping, FormField, ROUTING, check_answers};
use domain::value::{EmailAddress, FieldProblem, Language};
use storage::org_request::OrgRequest;

/// The request for a dry run of a booking, or every problem of what was typed.
pub(crate) fn request(
    page: &BookingPage,
    email: &str,
    answers: &Answers,
    host: Option<String>,
    language: Language,
) -> Result<OrgRequest, Vec<FieldProblem>> {
    let email = EmailAddress::parse(email).map_err(|_| FieldProblem::new("email", "not-an-email"));
    match (email, check_answers(&questions(page), answers)) {
        (Ok(email), Ok(answers)) => {
            let routing = routing_of(&page.salesforce.mappings, language).unwrap_or_default();
            Ok(OrgRequest::DryRun { page: page.id, email: email.to_string(), answers, host, routing })
        }
        (email, answers) => Err(email.err().into_iter().chain(answers.err().unwrap_or_default()).collect()),
    }
}

/// What stands for a router's decision in a dry run; `None` if no field keeps it.
pub(crate) fn routing_of(mappings: &[FieldMapping], language: Language) -> Option<String> {
    let is_kept = mappings.iter().any(|mapping| mapping.field == ROUTING);
    is_kept.then(|| catalogue::text(language, "dry-run-routing"))
}

/// The questions of a page; a dry run needn't answer every one.
pub(crate) fn questions(page: &BookingPage) -> Vec<FormField> {
    page.fields.iter().map(|field| FormField { required: false, ..field.clone() }).collect()
}
