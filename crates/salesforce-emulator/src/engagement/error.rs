//! Why Account Engagement refused a request.

/// A refusal: the HTTP status, Account Engagement's own number for it, and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The number clients tell refusals apart by.
    pub(crate) code: u16,
    /// The sentence.
    pub(crate) message: String,
}

/// The refusals there are. Numbers are documented; which HTTP status comes with each is not, so that all of them
/// stand here.
const REFUSALS: [(Refusal, u16, u16, &str); 22] = [
    (Refusal::AccessDenied, 403, 49, "Access denied"),
    (Refusal::InvalidList, 400, 55, "Invalid list ID"),
    (Refusal::AlreadyMember, 400, 58, "Prospect is already a member of that list"),
    (Refusal::MethodNotAllowed, 405, 60, "Unsupported HTTP request method"),
    (Refusal::Concurrency, 403, 66, "You have reached your limit of concurrent API requests"),
    (Refusal::InvalidJson, 400, 71, "Input needs to be valid JSON or XML"),
    (Refusal::InvalidVersion, 400, 88, "Invalid API version"),
    (Refusal::NotFound, 404, 109, "Requested object was not found"),
    (Refusal::DailyLimit, 403, 122, "Daily API rate limit met"),
    (Refusal::InvalidExport, 400, 174, "Invalid export request"),
    (Refusal::ExportNotReady, 400, 175, "The export has no results"),
    (Refusal::ExportExpired, 400, 176, "The export has expired"),
    (Refusal::InvalidProcedure, 400, 177, "Invalid export procedure"),
    (Refusal::InvalidParameter, 400, 180, "Invalid or missing parameter"),
    (Refusal::MissingHeader, 400, 181, "A required header is missing"),
    (Refusal::InvalidHeader, 400, 182, "A header has an invalid value"),
    (Refusal::InvalidToken, 401, 184, "access_token is invalid, unknown, or malformed"),
    (Refusal::UnknownObject, 404, 192, "The object does not exist"),
    (
        Refusal::BusinessUnit,
        403,
        201,
        "The business unit was not found, is not active, or is served elsewhere",
    ),
    (Refusal::TooManyFilters, 400, 209, "Too many filters"),
    (Refusal::InvalidFields, 400, 224, "The request has invalid fields"),
    (Refusal::RatePerMinute, 403, 202, "Too many requests in this minute"),
];

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The user has no access to Account Engagement.
    AccessDenied,
    /// There is no such list, or it takes no members this way.
    InvalidList,
    /// The prospect is on the list already.
    AlreadyMember,
    /// The resource has no such method.
    MethodNotAllowed,
    /// More requests at once than allowed.
    Concurrency,
    /// The body is not JSON.
    InvalidJson,
    /// A version that is not answered.
    InvalidVersion,
    /// There is no such record.
    NotFound,
    /// The day's requests are used up.
    DailyLimit,
    /// An export that makes no sense.
    InvalidExport,
    /// Results are asked for before there are any.
    ExportNotReady,
    /// Results are asked for after they are gone.
    ExportExpired,
    /// A procedure that does not exist, or its arguments.
    InvalidProcedure,
    /// A parameter of the address.
    InvalidParameter,
    /// A header that must be there.
    MissingHeader,
    /// A header that cannot be read.
    InvalidHeader,
    /// The access token.
    InvalidToken,
    /// There is no such object.
    UnknownObject,
    /// The business unit.
    BusinessUnit,
    /// More than three fields filtered.
    TooManyFilters,
    /// Fields of a body.
    InvalidFields,
    /// More requests in a minute than allowed.
    RatePerMinute,
}

impl Refusal {
    /// The refusal in its usual words.
    pub(crate) fn plain(self) -> Problem {
        let known = REFUSALS.iter().find(|(refusal, ..)| *refusal == self);
        let (status, code, message) =
            known.map_or((400, 224, ""), |(_, status, code, message)| (*status, *code, *message));
        Problem { status, code, message: message.to_owned() }
    }

    /// The refusal with what it is about.
    pub(crate) fn about(self, detail: &str) -> Problem {
        let plain = self.plain();
        Problem { message: format!("{}: {detail}", plain.message), ..plain }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        refusal.plain()
    }
}
