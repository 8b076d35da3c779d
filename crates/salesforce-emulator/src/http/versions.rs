//! `/services/data` and `/services/data/vNN.0`: what there is to call.

use serde_json::{Map, Value as Json, json};

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::error::error;
use crate::state::EmulatorState;

const OLDEST: u32 = 31;
const NEWEST: u32 = 67;

/// Reads a version such as `v66.0`.
pub(super) fn parse(text: &str) -> Option<u32> {
    let number = text.strip_prefix(['v', 'V'])?;
    let (major, minor) = number.split_once('.')?;
    let major = major.parse().ok()?;
    (minor == "0" && major <= NEWEST).then_some(major)
}

/// The version in a path such as `/services/data/v66.0`; the newest where there is none.
pub(super) fn of_path(path: &str) -> u32 {
    path.rsplit('/').next().and_then(parse).unwrap_or(NEWEST)
}

/// The answer for a version that is no longer served.
pub(super) fn retired(version: u32) -> Option<Answer> {
    (version < OLDEST).then(|| {
        error(410, "UNSUPPORTED_API_VERSION", &format!("The requested API version v{version}.0 is retired"))
    })
}

/// Every version, oldest first.
pub(super) fn list() -> Answer {
    let versions: Vec<Json> = (OLDEST..=NEWEST)
        .map(|version| {
            json!({"label": label(version), "url": format!("/services/data/v{version}.0"), "version": format!("{version}.0")})
        })
        .collect();
    Answer::json(200, Json::Array(versions))
}

/// Three releases a year; version 31 was Summer '14.
fn label(version: u32) -> String {
    let since = version - OLDEST;
    let season = ["Summer", "Winter", "Spring"][(since % 3) as usize];
    // Winter releases carry the number of the coming year.
    let year = 14 + since.div_ceil(3);
    // One label of the real list has a typographic apostrophe.
    let apostrophe = if version == 42 { '\u{2019}' } else { '\'' };
    format!("{season} {apostrophe}{year}")
}

/// The resources of one version.
pub(super) fn resources(state: &EmulatorState, call: &Call, identity: &str) -> Answer {
    let names = [
        "tooling",
        "metadata",
        "eclair",
        "folders",
        "jsonxform",
        "chatter",
        "tabs",
        "appMenu",
        "quickActions",
        "queryAll",
        "wave",
        "search",
        "composite",
        "parameterizedSearch",
        "theme",
        "nouns",
        "recent",
        "connect",
        "licensing",
        "limits",
        "process",
        "dedupe",
        "query",
        "jobs",
        "localizedvalue",
        "consent",
        "compactLayouts",
        "knowledgeManagement",
        "sobjects",
        "actions",
        "support",
    ];
    let mut resources: Map<String, Json> =
        names.iter().map(|name| ((*name).to_owned(), json!(format!("{}/{name}", call.base_path)))).collect();
    resources.insert("identity".to_owned(), json!(format!("{}{identity}", state.public_url)));
    Answer::json(200, Json::Object(resources))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_follow_the_release_calendar() {
        for (version, expected) in
            [(31, "Summer '14"), (32, "Winter '15"), (33, "Spring '15"), (66, "Spring '26")]
        {
            assert_eq!(label(version), expected);
        }
        assert_eq!(parse("v59.0"), Some(59));
        for text in ["59.0", "v59", "v59.1", "vx.0", "v99.0"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
