//! The refusals of the API as its description lists them; titles and examples are what the server sends.

use crate::actions::run::RunRefusal;
use crate::api::org_problem::org_problem;
use crate::api::run_refusal::run_problem;
use crate::http::problem::{Problem, ProblemBody};
use axum::http::StatusCode;
use domain::run::RunKind;
use domain::value::{FieldProblem, Language, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;
use storage::org_request::OrgResponse;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, Modify, ToSchema as _};

type Responses = BTreeMap<String, RefOr<Response>>;

/// One response for each status, with one example for each code.
fn responses(problems: &[Problem]) -> BTreeMap<String, Response> {
    let mut by_status: BTreeMap<String, Vec<ProblemBody>> = BTreeMap::new();
    for problem in problems {
        let body = problem.body(Language::English);
        by_status.entry(problem.status().as_str().to_owned()).or_default().push(body);
    }
    by_status.into_iter().map(|(status, bodies)| (status, response(&bodies))).collect()
}

/// References to the responses of a set, which stand among the components.
fn references(set: &str, problems: &[Problem]) -> Responses {
    let reference = |status: &String| RefOr::Ref(Ref::from_response_name(format!("{set}.{status}")));
    responses(problems).keys().map(|status| (status.clone(), reference(status))).collect()
}

fn response(bodies: &[ProblemBody]) -> Response {
    let titles: Vec<&str> = bodies.iter().map(ProblemBody::title).collect();
    let mut content = ContentBuilder::new().schema(Some(Ref::from_schema_name(ProblemBody::name())));
    content = content.examples_from_iter(bodies.iter().map(|body| {
        let value = serde_json::to_value(body).unwrap_or(Value::Null);
        (body.code().to_owned(), ExampleBuilder::new().value(Some(value)).build())
    }));
    ResponseBuilder::new()
        .description(titles.join("; "))
        .content("application/problem+json", content.build())
        .build()
}

macro_rules! refusals {
    ($($(#[$doc:meta])+ $name:ident: $problems:expr;)*) => {
        $(
            $(#[$doc])+
            pub struct $name;

            impl IntoResponses for $name {
                fn responses() -> Responses {
                    references(stringify!($name), &$problems)
                }
            }
        )*

        /// Puts the responses of all sets among the components of the description.
        pub(crate) struct WithRefusals;

        impl Modify for WithRefusals {
            fn modify(&self, description: &mut OpenApi) {
                let components = description.components.get_or_insert_default();
                $(
                    for (status, response) in responses(&$problems) {
                        let name = format!("{}.{status}", stringify!($name));
                        components.responses.insert(name, response.into());
                    }
                )*
            }
        }
    };
}

refusals! {
    /// Every call may be refused so: no valid key, not one for this, or the database is away.
    Refused: [
        Problem::new(StatusCode::UNAUTHORIZED, "unauthorized"),
        Problem::new(StatusCode::FORBIDDEN, "missing-scope"),
        Problem::unavailable(),
    ];
    /// The ID names nothing in this workspace.
    NotFound: [Problem::not_found()];
    /// Parameters are invalid.
    Invalid: [invalid("limit", "out-of-range")];
    /// The body can't be read, or fields are invalid.
    InvalidBody: invalid_body(invalid("email", "not-an-email"));
    /// The body of a booking, or its key, is invalid.
    InvalidBooking: [
        &invalid_body(invalid("start", "not-a-time"))[..],
        &[Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused")],
    ].concat();
    /// The time is already booked.
    SlotTaken: [Problem::conflict("slot-taken")];
    /// The booking is already cancelled.
    AlreadyCancelled: [Problem::conflict("already-cancelled")];
    /// The meeting has not begun, or was cancelled.
    NoMeeting: [Problem::conflict("meeting-not-begun"), Problem::conflict("already-cancelled")];
    /// The delivery can't be retried.
    NotRetryable: [Problem::conflict("delivery-not-failed")];
    /// The call needs an answer of the org, which may not come.
    NoAnswer: [org_problem(Some(&OrgResponse::Described)), org_problem(None)];
    /// The call needs a connected org, and its answer.
    NoOrg: [
        org_problem(Some(&OrgResponse::NotConnected)),
        org_problem(Some(&OrgResponse::Described)),
        org_problem(None),
    ];
    /// The connection can't be made.
    NoConnection: [
        Problem::connecting(StatusCode::CONFLICT, "key-in-use"),
        Problem::connecting(StatusCode::UNPROCESSABLE_ENTITY, "invalid-client-id"),
        invalid("consumer_key", "required"),
        Problem::connecting(StatusCode::BAD_GATEWAY, "unavailable"),
    ];
    /// Too many test messages were sent lately.
    TestTooSoon: [Problem::too_soon(
        "test-too-soon",
        Timestamp::parse("2026-05-22T06:00:00Z").unwrap_or(Timestamp::from_microseconds(0)),
    )];
    /// A sync of fields can't start now.
    SyncRefused: run_problems(RunKind::SyncedFields);
    /// A company import can't start now.
    ImportRefused: [
        run_problem(RunKind::CompanyImport, RunRefusal::NotConnected),
        run_problem(RunKind::CompanyImport, RunRefusal::NothingChosen),
        run_problem(RunKind::CompanyImport, RunRefusal::Running),
    ];
    /// The mailing does not stand so that this could be done.
    MailingRefused: [
        Problem::conflict("mailing-state"),
        Problem::conflict("mailing-changed"),
        Problem::conflict("mail-no-server"),
    ];
    /// Values that the segment compares for the first time are being filled in.
    SegmentNotReady: [Problem::conflict("segment-preparing")];
    /// The sync of people can't begin.
    StartSyncRefused: [Problem::conflict("not-connected"), Problem::conflict("people-email-unmapped")];
    /// These can't be merged.
    MergeRefused: [Problem::conflict("person-merge-same")];
    /// They can't be separated.
    UnmergeRefused: [Problem::conflict("person-address-taken")];
    /// No run is held.
    NothingHeld: [Problem::conflict("people-nothing-held")];
    /// People can't be synced now.
    PeopleSyncRefused: [
        run_problem(RunKind::PeopleSync, RunRefusal::NotConnected),
        run_problem(RunKind::PeopleSync, RunRefusal::NothingChosen),
        run_problem(RunKind::PeopleSync, RunRefusal::Running),
    ];
    /// The value that lost can't be put back.
    ConflictUndone: [Problem::conflict("conflict-undone"), Problem::conflict("conflict-address-taken")];
    /// A sync of lists can't start now.
    ListSyncRefused: run_problems(RunKind::EngagementLists);
}

fn invalid(field: &str, code: &str) -> Problem {
    let problem = FieldProblem::new(field, code);
    Problem::invalid_field(problem.with("min", 1).with("max", 200))
}

fn invalid_body(example: Problem) -> Vec<Problem> {
    vec![
        Problem::new(StatusCode::BAD_REQUEST, "malformed-json"),
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json"),
        example,
    ]
}

fn run_problems(kind: RunKind) -> Vec<Problem> {
    let example = Timestamp::parse("2026-05-22T06:00:00Z").unwrap_or(Timestamp::from_microseconds(0));
    [RunRefusal::NotConnected, RunRefusal::NothingChosen, RunRefusal::Running, RunRefusal::TooSoon(example)]
        .map(|refusal| run_problem(kind, refusal))
        .to_vec()
}
