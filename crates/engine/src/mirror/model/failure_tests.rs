//! What a run's failure is called, and what it leads to.

use super::*;
use salesforce::{ApiError, Limit, QueryPagesError};

fn refused(status: u16, code: &str) -> Error {
    let (code, message) = (code.to_owned(), "だめです".to_owned());
    let error = ApiError { code, message, fields: Vec::new(), duplicates: Vec::new() };
    Error::Refused { status, errors: vec![error] }
}

fn invalid(reason: &str) -> Error {
    Error::InvalidRequest { reason: reason.to_owned() }
}

fn lost() -> Error {
    Error::Unknown { reason: "reset".to_owned() }
}

fn job_failed(message: &str) -> SourceError {
    BulkQueryError::JobFailed { message: message.to_owned() }.into()
}

#[test]
fn each_failure_has_its_step() {
    let fields = || "Old__c".to_owned();
    for (failure, code) in [
        (OrgCallError::NotConnected.into(), "run-disconnected"),
        (OrgCallError::Storage(StorageError::LeaseLost).into(), "run-storage"),
        (OrgCallError::BudgetReserved { used: 8, max: 10 }.into(), "run-calls-spared"),
        (Error::LimitReached { limit: Limit::Daily }.into(), "run-daily-limit"),
        (Error::LimitReached { limit: Limit::Rate }.into(), "run-org-in-trouble"),
        (lost().into(), "run-org-in-trouble"),
        (Error::Unreadable { status: 200, reason: String::new() }.into(), "run-org-in-trouble"),
        (refused(400, "QUERY_TIMEOUT").into(), "run-org-in-trouble"),
        (refused(403, "INSUFFICIENT_ACCESS").into(), "run-org-refused"),
        (Error::SessionExpired.into(), "run-org-refused"),
        (PullFailure::Storage(StorageError::LeaseLost), "run-storage"),
        (
            PullFailure::Incomplete { object: "Account".to_owned(), expected: 5, received: 4 },
            "run-incomplete",
        ),
        (PullFailure::Query(SoqlError::Empty("IN")), "run-org-refused"),
        (PullFailure::Conditions { fields: fields() }, "run-conditions-unfit"),
        (SourceError::Pages(QueryPagesError::RowCount { read: 1, total: 2 }).into(), "run-unreadable"),
        (SourceError::Asking(lost().into()).into(), "run-org-in-trouble"),
        (SourceError::Job(BulkQueryError::Call(lost())).into(), "run-org-in-trouble"),
        (SourceError::Job(BulkQueryError::JobAborted).into(), "run-unreadable"),
        (job_failed("QUERY_TIMEOUT").into(), "run-org-refused"),
    ] {
        let failure: PullFailure = failure;
        assert_eq!(failure.step().code, code, "{failure:?}");
    }
}

#[test]
fn unknown_field_is_told_by_code_or_words() {
    for (failure, unknown) in [
        (PullFailure::from(refused(400, "INVALID_FIELD")), true),
        (refused(400, "MALFORMED_QUERY").into(), false),
        (job_failed("InvalidBatch : No such column 'Old__c' on entity 'Account'").into(), true),
        (job_failed("InvalidBatch : something else").into(), false),
        (invalid("No such column 'Old__c'").into(), true),
        (Error::Unknown { reason: "No such column".to_owned() }.into(), false),
        (PullFailure::Conditions { fields: "Old__c".to_owned() }, false),
        (OrgCallError::NotConnected.into(), false),
    ] {
        assert_eq!(failure.is_unknown_field(), unknown, "{failure:?}");
    }
}

#[test]
fn only_a_missing_connection_is_a_disconnection() {
    for (failure, gone) in [
        (PullFailure::from(OrgCallError::NotConnected), true),
        (SourceError::Asking(OrgCallError::NotConnected).into(), true),
        (Error::SessionExpired.into(), false),
        (PullFailure::Storage(StorageError::LeaseLost), false),
    ] {
        assert_eq!(failure.is_disconnection(), gone, "{failure:?}");
    }
}

#[test]
fn failure_of_our_own_database_is_told_apart() {
    for (failure, own) in [
        (PullFailure::Storage(StorageError::LeaseLost), true),
        (OrgCallError::Storage(StorageError::LeaseLost).into(), true),
        (SourceError::Asking(OrgCallError::Storage(StorageError::LeaseLost)).into(), true),
        (lost().into(), false),
        (OrgCallError::NotConnected.into(), false),
    ] {
        assert_eq!(failure.storage().is_ok(), own);
    }
}

#[test]
fn source_is_asked_anew_where_the_place_is_lost() {
    let asking = |error: Error| SourceError::Asking(error.into());
    for (error, anew) in [
        (asking(refused(400, "INVALID_QUERY_LOCATOR")), true),
        (asking(refused(404, "NOT_FOUND")), true),
        (asking(refused(400, "INVALID_FIELD")), false),
        (asking(lost()), false),
        (SourceError::Asking(OrgCallError::NotConnected), false),
        (SourceError::Pages(QueryPagesError::RowCount { read: 1, total: 2 }), true),
        (SourceError::Pages(QueryPagesError::TotalChanged { before: 1, after: 2 }), true),
        (SourceError::Pages(QueryPagesError::Call(lost())), false),
        (job_failed("x"), false),
        (SourceError::Job(BulkQueryError::JobAborted), false),
    ] {
        assert_eq!(error.needs_restart(), anew, "{error:?}");
    }
}
