//! What a cause means in plain words, and where it is cured.

use crate::text::catalogue::find_text;
use crate::text::translator::Translator;
use domain::delivery::Delivery;

/// Where a cause is cured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cure {
    /// What one does there.
    pub label: String,
    /// The page, here or in the org.
    pub address: String,
}

/// Pages of the console by the causes that are cured there: code, page, and the text's key.
const HERE: [(&str, &str, &str); 6] = [
    ("REQUIRED_FIELD_MISSING", "/console/pages", "cure-mappings"),
    ("INVALID_CROSS_REFERENCE_KEY", "/console/settings", "cure-settings"),
    ("INVALID_FIELD_FOR_INSERT_UPDATE", "/console/connection#preflight", "cure-preflight"),
    ("INSUFFICIENT_ACCESS_OR_READONLY", "/console/connection#preflight", "cure-preflight"),
    ("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "/console/connection#preflight", "cure-preflight"),
    ("INACTIVE_OWNER_OR_USER", "/console/members", "cure-members"),
];

/// Pages of the org's setup by the causes that are cured there.
const IN_ORG: [(&str, &str, &str); 4] = [
    ("FIELD_CUSTOM_VALIDATION_EXCEPTION", "/lightning/setup/ObjectManager/home", "cure-validation"),
    ("DUPLICATES_DETECTED", "/lightning/setup/DuplicateRules/home", "cure-duplicates"),
    ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "/lightning/setup/Flows/home", "cure-flows"),
    ("STORAGE_LIMIT_EXCEEDED", "/lightning/setup/CompanyResourceDisk/home", "cure-storage"),
];

/// Where a cause is cured; `None` where only a person who reads the response can say.
pub fn cure(t: &Translator, code: &str, instance: Option<&str>) -> Option<Cure> {
    let of = |(_, page, key): &(&str, &str, &str), base: &str| Cure {
        label: t.text(key),
        address: format!("{base}{page}"),
    };
    let here = HERE.iter().find(|(known, ..)| *known == code).map(|known| of(known, ""));
    let in_org = || Some(of(IN_ORG.iter().find(|(known, ..)| *known == code)?, instance?));
    here.or_else(in_org)
}

/// The cause in plain words, with what to do; a general one for codes that are rare.
pub fn cause_text(t: &Translator, code: &str) -> String {
    let plain = code.len() < 80 && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let known = plain.then(|| find_text(t.language, &format!("cause-{code}"))).flatten();
    known.unwrap_or_else(|| t.text("cause-other"))
}

/// What Salesforce said last, in its own words; its code alone when it said nothing.
pub fn response_text(t: &Translator, code: &str, delivery: &Delivery) -> String {
    let messages = delivery.explanation.iter().rev().filter_map(|step| step.data.get("message"));
    match messages.filter(|message| !message.is_empty()).map(String::as_str).next() {
        Some(message) => {
            t.sentence("errors-said", [("code", code.to_owned()), ("message", message.to_owned())])
        }
        None => code.to_owned(),
    }
}
