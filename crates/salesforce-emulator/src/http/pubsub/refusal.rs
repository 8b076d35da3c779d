//! Refusals: a gRPC status, and a code of Salesforce's own beside it.

use ring::rand::{SecureRandom, SystemRandom};
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::{Code, Status};

/// What every code begins with.
const PREFIX: &str = "sfdc.platform.eventbus.grpc.";

/// Why a call is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Metadata that every call needs are missing.
    Headers,
    /// The token or the organization is not right.
    Authentication,
    /// There is no such topic.
    UnknownTopic(String),
    /// The caller may not see the topic's object.
    HiddenTopic(String),
    /// No topic was named.
    NoTopic,
    /// A later request names another topic than the first one.
    OtherTopic,
    /// No event is wanted.
    NothingWanted,
    /// The replay id is none.
    CorruptedReplayId,
    /// The replay id is of an event that is no longer kept.
    ExpiredReplayId,
    /// The replay preset is none.
    ReplayPreset,
    /// The deliveries of 24 hours are used up.
    OverQuota,
    /// There is no schema of this id.
    UnknownSchema(String),
    /// The call is not answered here.
    Unimplemented(&'static str),
}

impl Refusal {
    fn code(&self) -> Code {
        match self {
            Refusal::Headers | Refusal::Authentication => Code::Unauthenticated,
            Refusal::UnknownTopic(_) | Refusal::UnknownSchema(_) => Code::NotFound,
            Refusal::HiddenTopic(_) => Code::PermissionDenied,
            Refusal::OverQuota => Code::ResourceExhausted,
            Refusal::Unimplemented(_) => Code::Unimplemented,
            Refusal::NoTopic
            | Refusal::OtherTopic
            | Refusal::NothingWanted
            | Refusal::CorruptedReplayId
            | Refusal::ExpiredReplayId
            | Refusal::ReplayPreset => Code::InvalidArgument,
        }
    }

    fn suffix(&self) -> Option<&'static str> {
        Some(match self {
            Refusal::Headers => "service.auth.headers.invalid",
            Refusal::Authentication => "service.auth.error",
            Refusal::UnknownTopic(_) => "topic.not.found",
            Refusal::HiddenTopic(_) => "topic.meta.permission",
            Refusal::NoTopic => "topic.validation.empty",
            Refusal::OtherTopic => "subscription.fetch.topic.mismatch",
            Refusal::NothingWanted => "subscription.fetch.requested.events.invalid",
            Refusal::CorruptedReplayId => "subscription.fetch.replayid.corrupted",
            Refusal::ExpiredReplayId | Refusal::ReplayPreset => {
                "subscription.fetch.replayid.validation.failed"
            }
            Refusal::OverQuota => "subscription.limit.exceeded",
            Refusal::UnknownSchema(_) => "schema.not.found",
            Refusal::Unimplemented(_) => return None,
        })
    }

    fn message(&self) -> String {
        match self {
            Refusal::Headers => {
                "The accesstoken, instanceurl and tenantid headers are required and must be valid.".to_owned()
            }
            Refusal::Authentication => {
                "An authentication exception occurred. Provide a valid session token and organization ID."
                    .to_owned()
            }
            Refusal::UnknownTopic(name) => {
                format!("The topic {name} couldn't be found. Check its name and your access to it.")
            }
            Refusal::HiddenTopic(name) => format!("You don't have permission to access the topic {name}."),
            Refusal::NoTopic => "The topic name can't be empty.".to_owned(),
            Refusal::OtherTopic => {
                "The topic name must match the topic name of the first FetchRequest.".to_owned()
            }
            Refusal::NothingWanted => "The number of requested events must be greater than zero.".to_owned(),
            Refusal::CorruptedReplayId => {
                "The Replay ID validation failed. Ensure that the Replay ID is valid.".to_owned()
            }
            Refusal::ExpiredReplayId => {
                "The Replay ID validation failed. The event is outside of the retention window.".to_owned()
            }
            Refusal::ReplayPreset => "The replay preset is invalid.".to_owned(),
            Refusal::OverQuota => "The organization's event delivery limit has been exceeded.".to_owned(),
            Refusal::UnknownSchema(id) => format!("The schema {id} couldn't be found."),
            Refusal::Unimplemented(method) => format!("{method} is not answered here."),
        }
    }

    /// The status, with the id of the call in its trailers and at the end of its text.
    pub(super) fn into_status(self, rpc_id: &str) -> Status {
        let mut trailers = MetadataMap::new();
        let mut put = |name: &'static str, value: &str| {
            if let Ok(value) = MetadataValue::try_from(value) {
                trailers.insert(name, value);
            }
        };
        if let Some(suffix) = self.suffix() {
            put("error-code", &format!("{PREFIX}{suffix}"));
        }
        put("rpc-id", rpc_id);
        Status::with_metadata(self.code(), format!("{} rpcId: {rpc_id}", self.message()), trailers)
    }
}

/// A random id, written like a UUID.
pub(super) fn random_id() -> String {
    let mut bytes = [0_u8; 16];
    // Without randomness calls have the same id, which only makes the log harder to read.
    let _ = SystemRandom::new().fill(&mut bytes);
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}
