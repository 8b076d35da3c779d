//! Every resource of the data API on one screen.

use std::sync::Arc;

use serde_json::json;

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::error::{method_not_allowed, not_found};
use crate::http::{
    batch, collections, composite, describe, explain, layouts, limits, query, quick_actions, recent,
    replication, search, sobjects, tooling, upsert, versions, viewed,
};
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::state::EmulatorState;

/// Answers a call, reading or changing.
fn answer(state: &EmulatorState, org: &mut Org, call: &Call) -> Answer {
    if call.reads() { read_and_stamp(state, org, call) } else { write(state, org, call) }
}

/// Answers a call that only reads, and stamps what it shows if its query asks for that.
pub(super) fn read_and_stamp(state: &EmulatorState, org: &mut Org, call: &Call) -> Answer {
    let answer = read(state, org, call);
    if let Some(field) = call.parameter("q").and_then(viewed::wanted).filter(|_| answer.status == 200) {
        viewed::stamp(org, call.user, &answer.body_json(), field);
    }
    answer
}

/// Answers a call that only reads.
pub(super) fn read(state: &EmulatorState, org: &Org, call: &Call) -> Answer {
    let answer = read_resource(state, org, call);
    recent::note(org, call, &answer);
    answer
}

fn read_resource(state: &EmulatorState, org: &Org, call: &Call) -> Answer {
    let path: Vec<String> = call.path.iter().map(|part| part.to_ascii_lowercase()).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [] => {
            let identity = format!("/id/{}/{}", org.settings.organization, call.user);
            versions::resources(state, call, &identity)
        }
        ["recent"] => recent::get(org, call),
        ["tooling", rest @ ..] => tooling::read(state, org, call, rest),
        ["limits"] => limits::get(state, org),
        ["limits", "recordcount"] => limits::record_count(org, call),
        ["query"] if call.parameter("explain").is_some() => {
            explain::plan(org, call, call.parameter("explain").unwrap_or_default())
        }
        ["search"] => search::sosl(org, call),
        ["parameterizedsearch"] => search::parameterized(org, call),
        ["quickactions"] => quick_actions::list(org, call),
        ["quickactions", name, "defaultvalues"] | ["quickactions", name, "defaultvalues", _] => {
            quick_actions::default_values(org, call, name)
        }
        ["ui-api", "object-info", object, "picklist-values", record_type] => match org.schema.visible(object)
        {
            // The record type's id in the path keeps its case.
            Some(object) => {
                let record_type = call.path.get(4).map_or(*record_type, String::as_str);
                layouts::picklist_values(org, call, object, record_type)
            }
            None => not_found(),
        },
        ["query" | "queryall"] | ["query" | "queryall", _] => query::get(state, org, call),
        ["sobjects"] => describe::global(org, call),
        ["sobjects", object, rest @ ..] => match org.schema.visible(object) {
            Some(object) => read_object(state, org, call, object, rest),
            None => not_found(),
        },
        ["composite", "sobjects", object] => collections::retrieve(org, call, object),
        ["composite"] | ["composite", "sobjects"] => method_not_allowed(&call.method, &["POST"]),
        _ => not_found(),
    }
}

fn read_object(
    state: &EmulatorState,
    org: &Org,
    call: &Call,
    object: &Arc<ObjectType>,
    rest: &[&str],
) -> Answer {
    match rest {
        [] => describe::basic(org, call, object),
        ["describe"] => describe::full(state, org, call, object),
        ["describe", "layouts"] => layouts::layouts(org, call, object, None),
        ["describe", "layouts", _] => {
            layouts::layouts(org, call, object, call.path.get(4).map(String::as_str))
        }
        ["describe", "compactlayouts"] => layouts::compact_layouts(org, call, object),
        ["describe", "approvallayouts"] => Answer::json(200, json!({"approvalLayouts": []})),
        ["listviews"] => {
            let none = json!({"done": true, "listviews": [], "nextRecordsUrl": null, "size": 0, "sobjectType": object.name});
            Answer::json(200, none)
        }
        ["quickactions"] => quick_actions::list(org, call),
        ["updated"] => replication::updated(state, org, call, object),
        ["deleted"] => replication::deleted(state, org, call, object),
        [_] => sobjects::get(org, call, object, &call.path[2]),
        [_, _] => upsert::get(org, call, object, &call.path[2], &call.path[3]),
        _ => not_found(),
    }
}

/// Answers a call that changes something.
pub(super) fn write(state: &EmulatorState, org: &mut Org, call: &Call) -> Answer {
    let answer = write_resource(state, org, call);
    recent::note(org, call, &answer);
    answer
}

fn write_resource(state: &EmulatorState, org: &mut Org, call: &Call) -> Answer {
    let path: Vec<String> = call.path.iter().map(|part| part.to_ascii_lowercase()).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match (call.method.as_str(), path.as_slice()) {
        ("POST", ["composite"]) => composite::post(state, org, call, answer),
        ("POST", ["composite", "graph"]) => composite::graph::post(state, org, call, answer),
        ("POST", ["composite", "tree", object]) => composite::tree::post(org, call, object),
        ("POST", ["parameterizedsearch"]) => search::parameterized(org, call),
        ("POST", ["composite", "batch"]) => batch::post(state, org, call, answer),
        ("POST", ["composite", "sobjects"]) => collections::create(org, call),
        ("PATCH", ["composite", "sobjects"]) => collections::update(org, call),
        ("DELETE", ["composite", "sobjects"]) => collections::delete(org, call),
        ("POST", ["composite", "sobjects", object]) => collections::retrieve(org, call, object),
        ("PATCH", ["composite", "sobjects", object, _]) => {
            collections::upsert(org, call, object, &call.path[3])
        }
        (_, ["tooling", rest @ ..]) => tooling::write(org, call, rest),
        (_, ["sobjects", object, rest @ ..]) => match org.schema.visible(object).cloned() {
            Some(object) => write_object(org, call, &object, rest),
            None => not_found(),
        },
        (method, ["limits" | "query" | "queryall" | "sobjects", ..]) => {
            method_not_allowed(method, &["HEAD", "GET"])
        }
        (method, ["composite"]) => method_not_allowed(method, &["POST"]),
        _ => not_found(),
    }
}

fn write_object(org: &mut Org, call: &Call, object: &Arc<ObjectType>, rest: &[&str]) -> Answer {
    match (call.method.as_str(), rest) {
        ("POST", []) => sobjects::create(org, call, object),
        (method, []) => method_not_allowed(method, &["HEAD", "GET", "POST"]),
        (method, ["describe"]) => method_not_allowed(method, &["HEAD", "GET"]),
        ("POST", ["id"]) => sobjects::create(org, call, object),
        ("PATCH", [_]) => sobjects::update(org, call, object, &call.path[2]),
        ("DELETE", [_]) => sobjects::delete(org, call, object, &call.path[2]),
        ("PATCH", [_, _]) => upsert::patch(org, call, object, &call.path[2], &call.path[3]),
        ("DELETE", [_, _]) => upsert::delete(org, call, object, &call.path[2], &call.path[3]),
        (method, [_] | [_, _]) => method_not_allowed(method, &["HEAD", "GET", "PATCH", "DELETE"]),
        _ => not_found(),
    }
}
