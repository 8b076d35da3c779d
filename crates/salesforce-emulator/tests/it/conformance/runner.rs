//! Runs one story against one org.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use super::shape::{self, Names};
use super::story::Step;
use super::target::Target;

/// How often a step that is expected eventually is asked again.
const ATTEMPTS: usize = 600;
/// The pause in between.
const PAUSE: Duration = Duration::from_millis(50);

/// What telling a story came to.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Every step was as written.
    Held,
    /// This org cannot be told the story: it needs the emulator's steering, or a name no one gave.
    NotTold,
    /// A step was different.
    Differs(String),
}

/// Tells the steps in order, and deletes what they made.
pub(super) async fn tell(target: &Target, steps: &[&Step]) -> Outcome {
    let own = ["/emulator", "/login", "/consent"];
    let steered = steps.iter().any(|step| own.iter().any(|root| step.path.starts_with(root)));
    if steered && target.emulator.is_none() {
        return Outcome::NotTold;
    }
    let mut names = target.names.clone();
    let mut made = Vec::new();
    let mut outcome = Outcome::Held;
    for step in steps {
        match take(target, step, &mut names, &mut made).await {
            Ok(()) => {}
            Err(reason) => {
                let asked = shape::fill(&format!("{} {}", step.method, step.path), &names);
                let not_told = target.emulator.is_none() && reason.starts_with(UNKNOWN);
                outcome = if not_told {
                    Outcome::NotTold
                } else {
                    Outcome::Differs(format!("{asked}\n    {reason}"))
                };
                break;
            }
        }
    }
    if target.emulator.is_none() {
        target.clean(&made).await;
    }
    outcome
}

const UNKNOWN: &str = "nobody knows";

async fn take(target: &Target, step: &Step, names: &mut Names, made: &mut Vec<String>) -> Result<(), String> {
    let attempts = if step.eventually { ATTEMPTS } else { 1 };
    let mut reason = String::new();
    for attempt in 0..attempts {
        if attempt > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        let mut tried = names.clone();
        match ask(target, step, &mut tried, made).await {
            Ok(()) => {
                *names = tried;
                return Ok(());
            }
            Err(why) => reason = why,
        }
    }
    Err(reason)
}

async fn ask(target: &Target, step: &Step, names: &mut Names, made: &mut Vec<String>) -> Result<(), String> {
    let request = request(target, step, names)?;
    let answer = request.send().await.map_err(|error| format!("no answer: {error:?}"))?;
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let text = answer.text().await.map_err(|error| format!("half an answer: {error}"))?;
    if !step.statuses.contains(&status) {
        return Err(format!("status {status} instead of {:?}: {}", step.statuses, excerpt(&text)));
    }
    for (name, pattern) in &step.expected_headers {
        let found = headers.get_all(name.as_str()).iter().filter_map(|value| value.to_str().ok());
        let found: Vec<&str> = found.collect();
        let fits = match pattern.as_str() {
            "<absent>" => found.is_empty(),
            pattern => found.iter().any(|value| shape::text_fits(pattern, value, names)),
        };
        if !fits {
            return Err(format!("header {name} is {found:?} instead of `{pattern}`"));
        }
    }
    let json: Option<Value> = serde_json::from_str(&text).ok();
    made.extend(json.iter().flat_map(ids));
    body_fits(step, &text, json.as_ref(), names)
}

fn body_fits(step: &Step, text: &str, json: Option<&Value>, names: &mut Names) -> Result<(), String> {
    let (contained, shaped): (Vec<&String>, Vec<&String>) =
        step.expected.iter().partition(|line| line.starts_with("~ ") || line.starts_with("!~ "));
    for line in contained {
        let (wanted, piece) = line.strip_prefix("~ ").map_or((false, &line[3..]), |piece| (true, piece));
        if shape::text_fits(&format!("*{piece}*"), text, names) != wanted {
            let verb = if wanted { "lacks" } else { "has" };
            return Err(format!("the body {verb} `{piece}`: {}", excerpt(text)));
        }
    }
    if shaped.is_empty() {
        return Ok(());
    }
    let pattern: Vec<String> = shaped.into_iter().cloned().collect();
    let whole = pattern.join("\n");
    if whole == "<empty>" {
        return if text.is_empty() { Ok(()) } else { Err(format!("a body: {}", excerpt(text))) };
    }
    if !whole.starts_with(['{', '[']) {
        return shape::lines_fit(&pattern, text, names);
    }
    let pattern: Value = serde_json::from_str(&whole).map_err(|error| format!("bad pattern: {error}"))?;
    let json = json.ok_or_else(|| format!("not JSON: {}", excerpt(text)))?;
    shape::json_fits(&pattern, json, names)
}

fn request(target: &Target, step: &Step, names: &Names) -> Result<reqwest::RequestBuilder, String> {
    let filled = |text: &str| {
        let filled = shape::fill(text, names);
        let gap = filled.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
        let mut gap =
            gap.filter(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
        match gap.next().filter(|_| !text.contains("@{")) {
            Some(name) => Err(format!("{UNKNOWN} {{{name}}}")),
            None => Ok(filled),
        }
    };
    let (method, path) = match step.method.as_str() {
        "QUERY" => ("GET", format!("/query?q={}", encoded(&filled(&step.path)?))),
        "QUERYALL" => ("GET", format!("/queryAll?q={}", encoded(&filled(&step.path)?))),
        method => (method, filled(&step.path)?),
    };
    let absolute = ["/services", "/id/", "/emulator", "/api", "/.well-known", "/login", "/consent"];
    let path = match absolute.iter().any(|root| path.starts_with(root)) {
        true => path,
        false => format!("/services/data/v66.0{path}"),
    };
    let method = Method::from_bytes(method.as_bytes()).map_err(|_| format!("`{method}` is no method"))?;
    let mut request = target.http.request(method, format!("{}{path}", names["base"]));
    let given = |name: &str| step.headers.iter().any(|(header, _)| header.eq_ignore_ascii_case(name));
    let signed = ["/services/data/", "/services/oauth2/userinfo", "/id/", "/api"];
    if !given("authorization") && signed.iter().any(|root| path.starts_with(root)) {
        request = request.bearer_auth(&names["token"]);
    }
    for (name, value) in &step.headers {
        if value != "none" {
            request = request.header(name, filled(value)?);
        }
    }
    if step.body.is_empty() {
        return Ok(request);
    }
    let lines: Vec<String> = step.body.iter().map(|line| filled(line)).collect::<Result<_, _>>()?;
    if let Some(pairs) = form(&lines).filter(|_| !given("content-type")) {
        return Ok(request.form(&pairs));
    }
    if !given("content-type") {
        request = request.header("content-type", "application/json");
    }
    // `␍` stands for a carriage return, and `␊` at the end of the body for a line feed there.
    let body = lines.join("\n").replace('\u{240d}', "\r").replace('\u{240a}', "\n");
    Ok(request.body(body))
}

fn form(lines: &[String]) -> Option<Vec<(String, String)>> {
    let pair = |line: &String| {
        let (name, value) = line.split_once('=')?;
        let named = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        named.then(|| (name.to_owned(), value.to_owned()))
    };
    lines.iter().map(pair).collect()
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The ids an answer tells of new records.
fn ids(json: &Value) -> Vec<String> {
    let one = |value: &Value| {
        let made = value["success"] == true && value["id"].is_string();
        made.then(|| value["id"].as_str().unwrap_or_default().to_owned())
    };
    match json {
        Value::Array(items) => items.iter().filter_map(one).collect(),
        other => one(other).into_iter().collect(),
    }
}

fn excerpt(text: &str) -> String {
    text.chars().take(1500).collect()
}
