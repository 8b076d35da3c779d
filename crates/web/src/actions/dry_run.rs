//! What a dry run asks the engine, as the console and the API both ask it (K20).

use domain::booking::BookingPage;
use domain::form::{Answers, FormField, check_answers};
use domain::value::{EmailAddress, FieldProblem};
use storage::org_request::OrgRequest;

/// The request for a dry run of a booking, or every problem of what was typed.
pub(crate) fn request(
    page: &BookingPage,
    email: &str,
    answers: &Answers,
    host: Option<String>,
) -> Result<OrgRequest, Vec<FieldProblem>> {
    let email = EmailAddress::parse(email).map_err(|_| FieldProblem::new("email", "not-an-email"));
    match (email, check_answers(&questions(page), answers)) {
        (Ok(email), Ok(answers)) => {
            Ok(OrgRequest::DryRun { page: page.id, email: email.to_string(), answers, host })
        }
        (email, answers) => Err(email.err().into_iter().chain(answers.err().unwrap_or_default()).collect()),
    }
}

/// The questions of a page; a dry run needn't answer every one.
pub(crate) fn questions(page: &BookingPage) -> Vec<FormField> {
    page.fields.iter().map(|field| FormField { required: false, ..field.clone() }).collect()
}
