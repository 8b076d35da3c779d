//! Why connecting failed, each way with a word of its own (C3, C4).

use domain::value::FieldProblem;
use salesforce::auth::TokenError;
use storage::StorageError;

/// Why there is no connection; [`Self::code`] names the sentence and its remedy (C3).
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Fields are at fault.
    #[error("fields are at fault: {0:?}")]
    Invalid(Vec<FieldProblem>),
    /// Another workspace uses the consumer key (C4).
    #[error("the consumer key is in use by another workspace")]
    KeyInUse,
    /// The callback's state is unknown, used, too old, or someone else's.
    #[error("the callback does not belong to a connection begun here")]
    StateMismatch,
    /// Salesforce did not give a token.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Salesforce gave a token that can't do what is needed.
    #[error("the scope {0} was not granted")]
    MissingScope(&'static str),
    /// Salesforce gave a token and then refused to be asked.
    #[error(transparent)]
    Org(#[from] salesforce::Error),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl ConnectError {
    /// The word under which the catalogues have the sentence (`connect-{code}`) and the remedy.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::KeyInUse => "key-in-use",
            Self::StateMismatch => "state-mismatch",
            Self::MissingScope(_) => "missing-scope",
            Self::Org(error) if error.has_code("API_DISABLED_FOR_ORG") => "api-disabled",
            Self::Org(error) if error.has_code("API_CURRENTLY_DISABLED") => "api-disabled",
            Self::Org(salesforce::Error::SessionExpired) => "missing-scope",
            Self::Org(_) => "org-unavailable",
            Self::Storage(_) => "storage",
            Self::Token(error) => token_code(error),
        }
    }
}

fn token_code(error: &TokenError) -> &'static str {
    match error {
        TokenError::AccessDenied => "access-denied",
        TokenError::InvalidClientId => "invalid-client-id",
        TokenError::InvalidClientSecret => "invalid-client-secret",
        TokenError::AppNotInstalled => "app-not-installed",
        TokenError::AppBlocked => "app-blocked",
        TokenError::RedirectUriMismatch => "redirect-uri-mismatch",
        TokenError::IpRestricted => "ip-restricted",
        TokenError::ApiDisabled => "api-disabled",
        TokenError::InactiveUser => "inactive-user",
        TokenError::InactiveOrg => "inactive-org",
        TokenError::RefreshTokenExpired | TokenError::CodeExpired => "code-expired",
        TokenError::NotAdminApproved => "not-admin-approved",
        TokenError::UserNotApproved => "user-not-approved",
        TokenError::NoClientCredentialsUser => "no-client-credentials-user",
        TokenError::WrongDomain => "wrong-domain",
        TokenError::InvalidAssertion { .. } => "invalid-assertion",
        TokenError::Pkce { .. } => "pkce",
        TokenError::MissingScope => "missing-scope",
        TokenError::FlowDisabled => "flow-disabled",
        TokenError::Host(_) => "host-not-allowed",
        TokenError::Refused { .. } => "refused",
        TokenError::Unavailable { .. } | TokenError::Unreadable { .. } => "unavailable",
    }
}
