//! The envelope around answers, and faults.

use axum::body::Body;
use axum::http::Response;

use crate::http::answer::respond;
use crate::http::xml::escape;
use crate::org::error::SaveError;

const XML: &str = "text/xml;charset=UTF-8";

/// Why a whole call is refused.
#[derive(Debug)]
pub(super) struct Fault {
    /// The kind of fault, such as `UnexpectedErrorFault`.
    pub(super) kind: &'static str,
    /// The code.
    pub(super) code: String,
    /// The message.
    pub(super) message: String,
}

impl Fault {
    /// A fault of the general kind.
    pub(super) fn new(code: &str, message: &str) -> Self {
        Fault { kind: "UnexpectedErrorFault", code: code.to_owned(), message: message.to_owned() }
    }

    /// The fault as a response.
    pub(super) fn into_response(self) -> Response<Body> {
        let Fault { kind, code, message } = self;
        let message = escape(&message);
        let body = format!(
            "<soapenv:Fault><faultcode>sf:{code}</faultcode><faultstring>{code}: {message}</faultstring><detail><sf:{kind} xsi:type=\"sf:{kind}\"><sf:exceptionCode>{code}</sf:exceptionCode><sf:exceptionMessage>{message}</sf:exceptionMessage></sf:{kind}></detail></soapenv:Fault>"
        );
        respond(500, XML, envelope(&body))
    }
}

/// An answer: the results of a call inside its response element.
pub(super) fn answer(operation: &str, results: &str) -> Response<Body> {
    respond(200, XML, envelope(&format!("<{operation}Response>{results}</{operation}Response>")))
}

fn envelope(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns=\"urn:partner.soap.sforce.com\" xmlns:sf=\"urn:fault.partner.soap.sforce.com\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
    )
}

/// One element with a text.
pub(super) fn element(name: &str, text: &str) -> String {
    format!("<{name}>{}</{name}>", escape(text))
}

/// One element that may have no value.
pub(super) fn optional(name: &str, text: Option<&str>) -> String {
    text.map_or_else(|| format!("<{name} xsi:nil=\"true\"/>"), |text| element(name, text))
}

/// The reasons against a record.
pub(super) fn errors(errors: &[SaveError]) -> String {
    let one = |error: &SaveError| {
        let fields: String = error.fields.iter().map(|field| element("fields", field)).collect();
        let (message, code) = (element("message", &error.message), element("statusCode", error.code));
        format!("<errors>{fields}{message}{code}</errors>")
    };
    errors.iter().map(one).collect()
}
