//! Which call a message makes, and who makes it.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::Response;

use super::super::data;
use super::call::SoapCall;
use super::envelope::{Fault, answer, element};
use super::xml::{self, Element};
use super::{convert, login, merge, query, records};
use crate::http::authentication::authenticate_token;
use crate::http::extensions::ApiCalls;
use crate::lock::lock;
use crate::org::store::Org;
use crate::org::value::print_datetime;
use crate::state::EmulatorState;

/// Answers a message.
pub(in crate::http) async fn post(
    State(site): State<Arc<EmulatorState>>,
    Path(rest): Path<String>,
    body: Bytes,
) -> Response<Body> {
    let done = tokio::task::spawn_blocking(move || {
        let version = rest.split('/').next().unwrap_or("66.0").to_owned();
        serve(&site, &version, &String::from_utf8_lossy(&body)).unwrap_or_else(Fault::into_response)
    });
    done.await
        .unwrap_or_else(|_| Fault::new("UNKNOWN_EXCEPTION", "An unexpected error occurred.").into_response())
}

fn serve(site: &EmulatorState, version: &str, text: &str) -> Result<Response<Body>, Fault> {
    let message =
        xml::read(text).ok_or_else(|| Fault::new("INVALID_XML", "the message is not well formed"))?;
    let empty = Element::default();
    let header = message.child("Header").unwrap_or(&empty);
    let operation = message.child("Body").and_then(|body| body.children.first());
    let operation = operation.ok_or_else(|| Fault::new("INVALID_XML", "the message has no body"))?;
    if operation.name == "login" {
        return login::login(site, version, operation);
    }
    let session = header.child("SessionHeader").and_then(|session| session.text_of("sessionId"));
    let session = session.ok_or_else(|| Fault::new("INVALID_SESSION_ID", "Session expired or invalid"))?;
    if operation.name == "logout" {
        lock(&site.sessions).revoke(session);
        return Ok(answer("logout", ""));
    }
    let user =
        authenticate_token(site, session).map_err(|refused| Fault::new(refused.code, refused.message))?;
    let (used, limit) = data::count(site, 1);
    if used > limit {
        return Err(Fault::new("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."));
    }
    let call = SoapCall::new(site, header, operation, user, version);
    let results = carry_out(site, &call)?;
    let mut response = answer(&operation.name, &results);
    response.extensions_mut().insert(ApiCalls(1));
    Ok(response)
}

fn carry_out(site: &EmulatorState, call: &SoapCall<'_>) -> Result<String, Fault> {
    match call.operation.name.as_str() {
        "query" | "queryAll" | "queryMore" => {
            let org = site.read();
            if !org.sees_less(call.user) {
                return query::page(site, &org, call);
            }
            drop(org);
            site.write().seen_by(call.user, |org| query::page(site, org, call))
        }
        "getUserInfo" => Ok(format!("<result>{}</result>", login::user_info(&site.read(), call.user))),
        "getServerTimestamp" => {
            let now = element("timestamp", &print_datetime(site.clock.now()).replace("+0000", "Z"));
            Ok(format!("<result>{now}</result>"))
        }
        _ => site.write().seen_by(call.user, |org| change(org, call)),
    }
}

fn change(org: &mut Org, call: &SoapCall<'_>) -> Result<String, Fault> {
    match call.operation.name.as_str() {
        "convertLead" => convert::leads(org, call),
        "merge" => merge::records(org, call),
        "create" => records::create(org, call),
        "update" => records::update(org, call),
        "upsert" => records::upsert(org, call),
        "delete" => records::delete(org, call),
        "undelete" => records::undelete(org, call),
        "emptyRecycleBin" => records::empty_recycle_bin(org, call),
        other => Err(Fault::new("INVALID_OPERATION", &format!("{other} is not answered here"))),
    }
}
