//! Where recordings are, and how they are read.

use std::path::PathBuf;

use serde_json::Value;

/// A recording by its file name; `None` where there are none.
pub(super) fn read(name: &str) -> Option<Value> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let folder = std::env::var("TSUGITE_SHARED").unwrap_or_else(|_| beside.to_owned());
    let text = std::fs::read_to_string(PathBuf::from(folder).join("fixtures").join(name)).ok()?;
    serde_json::from_str(&text).ok()
}

/// One recorded request and its answer.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) method: String,
    /// The path and the query, percent-encoded.
    pub(super) target: String,
    pub(super) body: Option<Value>,
    pub(super) status: u64,
    /// The recorded headers, where they were kept.
    pub(super) headers: Vec<String>,
    pub(super) answer: Value,
}

/// The exchanges of a recording, in order, whichever recorder wrote it.
pub(super) fn exchanges(recording: &Value) -> Vec<Exchange> {
    let list = recording["interactions"].as_array().or_else(|| recording.as_array());
    list.into_iter().flatten().filter(|item| item["request"].is_object()).map(exchange).collect()
}

fn exchange(item: &Value) -> Exchange {
    let (request, response) = (&item["request"], &item["response"]);
    let target = match request["path"].as_str() {
        Some(path) => with_parameters(path, &request["params"]),
        None => {
            let url = url::Url::parse(request["uri"].as_str().unwrap()).unwrap();
            let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
            format!("{}{query}", url.path())
        }
    };
    let body = if request["data"].is_null() { &request["body"] } else { &request["data"] };
    let status = response["status"].as_u64().or_else(|| response["status"]["code"].as_u64()).unwrap();
    let headers = response["headers"].as_object().map(|headers| headers.keys().cloned().collect());
    Exchange {
        method: request["method"].as_str().unwrap().to_owned(),
        target: target.replace("vxx.0", "v66.0"),
        body: (!body.is_null()).then(|| as_of_today(body)),
        status,
        headers: headers.unwrap_or_default(),
        answer: response["body"].clone(),
    }
}

fn with_parameters(path: &str, parameters: &Value) -> String {
    let Some(parameters) = parameters.as_object() else { return path.to_owned() };
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in parameters {
        query.append_pair(name, value.as_str().unwrap());
    }
    format!("{path}?{}", query.finish())
}

/// A body whose version is a real one and whose date still lies after the org's last change, as it did then.
fn as_of_today(body: &Value) -> Value {
    let text = body.to_string().replace("vxx.0", "v66.0").replace("03 Sep 2020", "03 Sep 2099");
    serde_json::from_str(&text).unwrap()
}
