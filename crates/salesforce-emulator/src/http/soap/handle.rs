//! Which call a message makes, and who makes it.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::Response;

use crate::http::authentication::authenticate_token;
use crate::http::extensions::ApiCalls;
use crate::http::soap::call::SoapCall;
use crate::http::soap::envelope::{Fault, answer, element};
use crate::http::soap::xml::{self, Element};
use crate::http::soap::{convert, login, merge, query, records};
use crate::http::{data, viewed};
use crate::lock::lock;
use crate::org::store::Org;
use crate::org::value::print_datetime;
use crate::state::EmulatorState;

/// Answers a message.
pub(in crate::http) async fn post(
    State(state): State<Arc<EmulatorState>>,
    Path(rest): Path<String>,
    body: Bytes,
) -> Response<Body> {
    let done = tokio::task::spawn_blocking(move || {
        let version = rest.split('/').next().unwrap_or("66.0").to_owned();
        serve(&state, &version, &String::from_utf8_lossy(&body)).unwrap_or_else(Fault::into_response)
    });
    done.await
        .unwrap_or_else(|_| Fault::new("UNKNOWN_EXCEPTION", "An unexpected error occurred.").into_response())
}

fn serve(state: &EmulatorState, version: &str, text: &str) -> Result<Response<Body>, Fault> {
    let message =
        xml::read(text).ok_or_else(|| Fault::new("INVALID_XML", "the message is not well formed"))?;
    let empty = Element::default();
    let header = message.child("Header").unwrap_or(&empty);
    let operation = message.child("Body").and_then(|body| body.children.first());
    let operation = operation.ok_or_else(|| Fault::new("INVALID_XML", "the message has no body"))?;
    if operation.name == "login" {
        return login::login(state, version, operation);
    }
    let session = header.child("SessionHeader").and_then(|session| session.text_of("sessionId"));
    let session = session.ok_or_else(|| Fault::new("INVALID_SESSION_ID", "Session expired or invalid"))?;
    if operation.name == "logout" {
        lock(&state.sessions).revoke(session);
        return Ok(answer("logout", ""));
    }
    let user =
        authenticate_token(state, session).map_err(|refused| Fault::new(refused.code, refused.message))?;
    let (used, limit) = data::count(state, 1);
    if used > limit {
        return Err(Fault::new("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."));
    }
    let call = SoapCall::new(state, header, operation, user, version);
    let results = carry_out(state, &call)?;
    let mut response = answer(&operation.name, &results);
    response.extensions_mut().insert(ApiCalls(1));
    Ok(response)
}

fn carry_out(state: &EmulatorState, call: &SoapCall<'_>) -> Result<String, Fault> {
    match call.operation.name.as_str() {
        "query" | "queryAll" | "queryMore" => {
            let stamped = call.operation.text_of("queryString").and_then(viewed::wanted);
            if let Some(field) = stamped {
                let mut org = state.write();
                return org.seen_by(call.user, |org| query::stamped_page(state, org, call, field));
            }
            let org = state.read();
            if !org.sees_less(call.user) {
                return query::page(state, &org, call);
            }
            drop(org);
            state.write().seen_by(call.user, |org| query::page(state, org, call))
        }
        "getUserInfo" => Ok(format!("<result>{}</result>", login::user_info(&state.read(), call.user))),
        "getServerTimestamp" => {
            let now = element("timestamp", &print_datetime(state.clock.now()).replace("+0000", "Z"));
            Ok(format!("<result>{now}</result>"))
        }
        _ => state.write().seen_by(call.user, |org| org.coming_from(call.origin(), |org| change(org, call))),
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
