//! The resources below `/tooling`.

use serde_json::json;

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::error::{error, method_not_allowed, not_found};
use crate::http::tooling::setup::setup;
use crate::http::tooling::{custom_field, durable, query};
use crate::http::{describe, sobjects};
use crate::org::store::Org;
use crate::state::EmulatorState;

/// Answers a call that only reads; `path` continues after `tooling`.
pub(in crate::http) fn read(state: &EmulatorState, org: &Org, call: &Call, path: &[&str]) -> Answer {
    match path {
        [] => {
            let url = |name: &str| format!("{}/tooling/{name}", call.base_path);
            Answer::json(200, json!({"query": url("query"), "sobjects": url("sobjects")}))
        }
        ["query"] => query::answer(org, call),
        ["sobjects"] => describe::global(&setup(org, false), &within(call)),
        ["sobjects", "customfield", id] if *id != "describe" => custom_field::get(org, call, &call.path[3]),
        ["sobjects", object, rest @ ..] => {
            let fields =
                object.eq_ignore_ascii_case("FieldDefinition") && rest.len() == 1 && rest[0] != "describe";
            let (setup, call) = (setup(org, fields), within(call));
            let Some(object) = setup.schema.visible(object) else { return not_found() };
            match rest {
                [] => describe::basic(&setup, &call, object),
                ["describe"] => describe::full(state, &setup, &call, object),
                [_] if durable::has_names(&object.name) => {
                    match durable::find(&setup, &object.name, &call.path[3]) {
                        Some(id) => {
                            let answer = sobjects::get(&setup, &call, object, &id.to_string());
                            Answer::json(answer.status, durable::named(&setup, answer.body_json()))
                        }
                        None => not_found(),
                    }
                }
                [_] => sobjects::get(&setup, &call, object, &call.path[3]),
                _ => not_found(),
            }
        }
        _ => not_found(),
    }
}

/// Answers a call that changes something: fields can be added, changed and deleted, nothing else.
pub(in crate::http) fn write(org: &mut Org, call: &Call, path: &[&str]) -> Answer {
    if !org.user_may(call.user, "PermissionsCustomizeApplication") {
        return error(403, "INSUFFICIENT_ACCESS", "insufficient access rights to customize the application");
    }
    match (call.method.as_str(), path) {
        ("POST", ["sobjects", "customfield"]) => custom_field::create(org, call),
        ("PATCH", ["sobjects", "customfield", _]) => custom_field::update(org, call, &call.path[3]),
        ("DELETE", ["sobjects", "customfield", _]) => custom_field::delete(org, &call.path[3]),
        (method, ["sobjects", "customfield"]) => method_not_allowed(method, &["HEAD", "GET", "POST"]),
        (method, ["query"] | ["sobjects"] | ["sobjects", _] | ["sobjects", _, "describe"]) => {
            method_not_allowed(method, &["HEAD", "GET"])
        }
        _ => not_found(),
    }
}

/// The call as the setup sees it: addresses in its answers lie below `/tooling`.
fn within(call: &Call) -> Call {
    Call { base_path: format!("{}/tooling", call.base_path), ..call.clone() }
}
