//! Why there are no more change events, and what to do about it.

use std::time::Duration;

use tonic::{Code, Status};

/// What all of Salesforce's own codes begin with.
const PREFIX: &str = "sfdc.platform.eventbus.grpc.";

/// Why a call of the Pub/Sub API failed, or a subscription ended. Nothing in the org can have changed by it.
///
/// No message holds a token. `code` is Salesforce's own without its usual beginning, and empty if there was none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeEventsError {
    /// The token, the org's address or the organization's id was not accepted.
    #[error("the Salesforce session has expired or is invalid ({code})")]
    Authentication {
        /// Salesforce's code.
        code: String,
    },
    /// There is no such topic, or the user or the edition has no right to it.
    #[error("the topic cannot be subscribed to ({code}): {message}")]
    Topic {
        /// Salesforce's code.
        code: String,
        /// Salesforce's words.
        message: String,
    },
    /// The position is too old, or not the org's.
    #[error("the position in the stream of changes is not accepted ({code})")]
    Position {
        /// Salesforce's code.
        code: String,
    },
    /// The deliveries of 24 hours are used up, by all subscribers of the org together.
    #[error("the org's event deliveries in 24 hours are used up")]
    DeliveryLimit,
    /// The service was not reached, is overloaded, or broke the connection off.
    #[error("the Pub/Sub API is not available ({code}): {message}")]
    Unavailable {
        /// Salesforce's code.
        code: String,
        /// What went wrong, for logs.
        message: String,
        /// Salesforce's name of the call; `None` if the answer came from in front of the service, or not at all.
        rpc_id: Option<String>,
    },
    /// Nothing came for so long that the connection must be dead, although no error was seen.
    #[error("nothing was heard from the Pub/Sub API for {} seconds", .after.as_secs())]
    Silence {
        /// How long.
        after: Duration,
    },
    /// The request broke a rule of the API.
    #[error("the Pub/Sub API refused the request ({code}): {message}")]
    Refused {
        /// Salesforce's code.
        code: String,
        /// Salesforce's words.
        message: String,
    },
    /// An event that does not have the form that its schema promises.
    #[error("a change event cannot be read: {reason}")]
    Unreadable {
        /// What was expected and missing.
        reason: String,
    },
    /// The address or the token cannot be used at all; nothing was sent.
    #[error("the Pub/Sub API cannot be called: {reason}")]
    InvalidRequest {
        /// What is wrong.
        reason: String,
    },
}

/// What a subscriber does about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Get a new token and subscribe again, once. If that fails too, the connection is lost.
    RenewToken,
    /// Do without events, and tell the admin.
    PollOnly,
    /// Do without events until the deliveries of the last 24 hours have become fewer.
    PollUntilUsageFalls,
    /// Forget the position, read what changed since the last safe one, and subscribe to what comes from now on.
    DropPosition,
    /// Subscribe again after a pause that grows from 1 second to 5 minutes.
    BackOff,
    /// Do without events, and report a defect of this program.
    Report,
}

/// What Salesforce's codes mean, by how they end.
const CODES: [(&str, Remedy); 22] = [
    ("service.auth.error", Remedy::RenewToken),
    ("service.auth.headers.invalid", Remedy::RenewToken),
    ("service.auth.refresh.invalid", Remedy::RenewToken),
    ("topic.not.found", Remedy::PollOnly),
    ("topic.meta.permission", Remedy::PollOnly),
    ("subscription.topic.cannot.subscribe", Remedy::PollOnly),
    ("service.tenant.license", Remedy::PollOnly),
    ("subscription.fetch.replayid.corrupted", Remedy::DropPosition),
    ("replayid.validation.failed", Remedy::DropPosition),
    ("fetch.replay.repeated", Remedy::DropPosition),
    ("subscription.limit.exceeded", Remedy::PollUntilUsageFalls),
    ("concurrent.client.limit.exceeded", Remedy::BackOff),
    ("service.protection.triggered", Remedy::BackOff),
    ("stream.limit.triggered", Remedy::BackOff),
    ("service.unavailable", Remedy::BackOff),
    ("topic.api.unavailable", Remedy::BackOff),
    ("schema.api.unavailable", Remedy::BackOff),
    ("subscription.internal.error", Remedy::BackOff),
    ("subscription.fetch.requested.events.invalid", Remedy::Report),
    ("topic.mismatch", Remedy::Report),
    ("schema.validation.failed", Remedy::Report),
    ("topic.validation.empty", Remedy::Report),
];

impl ChangeEventsError {
    /// What to do about it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Authentication { .. } => Remedy::RenewToken,
            Self::Topic { .. } => Remedy::PollOnly,
            Self::Position { .. } | Self::Unreadable { .. } => Remedy::DropPosition,
            Self::DeliveryLimit => Remedy::PollUntilUsageFalls,
            Self::Unavailable { .. } | Self::Silence { .. } => Remedy::BackOff,
            Self::Refused { .. } | Self::InvalidRequest { .. } => Remedy::Report,
        }
    }

    /// Reads the status of a call. Salesforce's code decides; without one, the status does.
    pub(super) fn from_status(status: &Status) -> Self {
        let text = |name: &str| status.metadata().get(name).and_then(|value| value.to_str().ok());
        let code = text("error-code").unwrap_or_default();
        let code = code.strip_prefix(PREFIX).unwrap_or(code).to_owned();
        let message = status.message().to_owned();
        match remedy_of(&code).unwrap_or_else(|| usual_remedy(status.code())) {
            Remedy::RenewToken => Self::Authentication { code },
            Remedy::PollOnly => Self::Topic { code, message },
            Remedy::DropPosition => Self::Position { code },
            Remedy::PollUntilUsageFalls => Self::DeliveryLimit,
            Remedy::BackOff => Self::Unavailable { code, message, rpc_id: text("rpc-id").map(str::to_owned) },
            Remedy::Report => Self::Refused { code, message },
        }
    }
}

fn remedy_of(code: &str) -> Option<Remedy> {
    CODES.iter().find(|(known, _)| code.ends_with(known)).map(|(_, remedy)| *remedy)
}

fn usual_remedy(code: Code) -> Remedy {
    match code {
        Code::Unauthenticated => Remedy::RenewToken,
        Code::NotFound | Code::PermissionDenied => Remedy::PollOnly,
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange | Code::Unimplemented => {
            Remedy::Report
        }
        Code::Ok
        | Code::Cancelled
        | Code::Unknown
        | Code::DeadlineExceeded
        | Code::AlreadyExists
        | Code::ResourceExhausted
        | Code::Aborted
        | Code::Internal
        | Code::Unavailable
        | Code::DataLoss => Remedy::BackOff,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic::metadata::MetadataMap;

    fn status(code: Code, suffix: Option<&str>) -> Status {
        let mut trailers = MetadataMap::new();
        if let Some(suffix) = suffix {
            trailers.insert("error-code", format!("{PREFIX}{suffix}").parse().unwrap());
            trailers.insert("rpc-id", "1".parse().unwrap());
        }
        Status::with_metadata(code, "words rpcId: 1", trailers)
    }

    #[test]
    fn salesforce_code_gives_remedy_whatever_the_status() {
        for (suffix, code, remedy) in [
            ("service.auth.error", Code::Unauthenticated, Remedy::RenewToken),
            ("topic.not.found", Code::NotFound, Remedy::PollOnly),
            ("service.tenant.license", Code::PermissionDenied, Remedy::PollOnly),
            ("subscription.fetch.replayid.corrupted", Code::InvalidArgument, Remedy::DropPosition),
            ("subscription.fetch.replayid.validation.failed", Code::InvalidArgument, Remedy::DropPosition),
            ("subscription.limit.exceeded", Code::ResourceExhausted, Remedy::PollUntilUsageFalls),
            ("concurrent.client.limit.exceeded", Code::ResourceExhausted, Remedy::BackOff),
            ("subscription.fetch.topic.mismatch", Code::InvalidArgument, Remedy::Report),
            ("something.new", Code::Unauthenticated, Remedy::RenewToken),
            ("something.new", Code::InvalidArgument, Remedy::Report),
        ] {
            let error = ChangeEventsError::from_status(&status(code, Some(suffix)));
            assert_eq!(error.remedy(), remedy, "{suffix}: {error:?}");
        }
    }

    #[test]
    fn answer_without_call_id_came_from_the_edge() {
        let error = ChangeEventsError::from_status(&status(Code::Unavailable, None));
        assert!(matches!(error, ChangeEventsError::Unavailable { rpc_id: None, .. }), "{error:?}");
        let error = ChangeEventsError::from_status(&status(Code::Unavailable, Some("service.unavailable")));
        assert!(matches!(error, ChangeEventsError::Unavailable { rpc_id: Some(_), .. }), "{error:?}");
    }
}
