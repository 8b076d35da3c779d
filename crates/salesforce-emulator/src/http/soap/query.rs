//! `query`, `queryAll` and `queryMore`: what REST answers, as XML.

use bytes::Bytes;
use serde_json::Value as Json;

use crate::http::call::Call;
use crate::http::soap::call::SoapCall;
use crate::http::soap::envelope::{Fault, element, optional};
use crate::http::{query, versions, viewed};
use crate::org::store::Org;
use crate::state::EmulatorState;

/// A page of a query: the first one, or the one a locator leads to.
pub(super) fn page(state: &EmulatorState, org: &Org, call: &SoapCall<'_>) -> Result<String, Fault> {
    let text = |name: &str| call.operation.text_of(name).unwrap_or_default().to_owned();
    let soql = || vec![("q".to_owned(), text("queryString"))];
    let body = match call.operation.name.as_str() {
        "queryMore" => ask(state, org, call, vec!["query".to_owned(), text("queryLocator")], Vec::new()),
        name => ask(state, org, call, vec![name.to_owned()], soql()),
    }?;
    Ok(shown(&body))
}

/// The first page of a query that stamps what it shows.
pub(super) fn stamped_page(
    state: &EmulatorState,
    org: &mut Org,
    call: &SoapCall<'_>,
    field: &str,
) -> Result<String, Fault> {
    let soql = call.operation.text_of("queryString").unwrap_or_default().to_owned();
    let path = vec![call.operation.name.clone()];
    let body = ask(state, org, call, path, vec![("q".to_owned(), soql)])?;
    viewed::stamp(org, call.user, &body, field);
    Ok(shown(&body))
}

fn shown(body: &Json) -> String {
    format!("<result xsi:type=\"QueryResult\">{}</result>", result(body))
}

fn ask(
    state: &EmulatorState,
    org: &Org,
    call: &SoapCall<'_>,
    path: Vec<String>,
    query: Vec<(String, String)>,
) -> Result<Json, Fault> {
    let batch = call.option("QueryOptions", "batchSize");
    let headers = batch.map(|size| ("sforce-query-options".to_owned(), format!("batchSize={size}")));
    let rest = Call {
        method: "GET".to_owned(),
        path,
        query,
        headers: headers.into_iter().collect(),
        body: Bytes::new(),
        version: versions::of_path(&call.base_path),
        base_path: call.base_path.clone(),
        user: call.user,
        row_locked: std::sync::Arc::new(|| false),
    };
    let answer = query::get(state, org, &rest);
    let body = answer.body_json();
    if answer.status != 200 {
        let text = |key: &str| body[0][key].as_str().unwrap_or_default();
        return Err(Fault::new(text("errorCode"), text("message")));
    }
    Ok(body)
}

fn result(body: &Json) -> String {
    let next = body["nextRecordsUrl"].as_str().and_then(|url| url.rsplit('/').next());
    let rows = body["records"].as_array().into_iter().flatten();
    let rows: String =
        rows.map(|row| format!("<records xsi:type=\"sf:sObject\">{}</records>", record(row))).collect();
    format!(
        "{}{}{rows}{}",
        element("done", &body["done"].to_string()),
        optional("queryLocator", next),
        element("size", &body["totalSize"].to_string()),
    )
}

/// A record: its type, its id, which is there even when it was not selected, and its fields.
fn record(row: &Json) -> String {
    let id = row.get("Id").and_then(Json::as_str);
    let mut shown = element("type", row["attributes"]["type"].as_str().unwrap_or_default());
    shown.push_str(&optional("Id", id));
    for (name, value) in row.as_object().into_iter().flatten().filter(|(name, _)| *name != "attributes") {
        let part = match value {
            Json::Null => optional(name, None),
            Json::String(text) => element(name, &text.replace("+0000", "Z")),
            Json::Object(nested) if nested.contains_key("records") => {
                format!("<{name} xsi:type=\"QueryResult\">{}</{name}>", result(value))
            }
            Json::Object(_) => format!("<{name} xsi:type=\"sf:sObject\">{}</{name}>", record(value)),
            other => element(name, &other.to_string()),
        };
        shown.push_str(&part);
    }
    shown
}
