//! Every text that people read: Fluent catalogues in Japanese and English (N4).

use domain::value::{FieldProblem, Language, Step};
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader as _, langid};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

fluent_templates::static_loader! {
    static CATALOGUES = {
        locales: "./locales",
        fallback_language: "ja",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

const JAPANESE: LanguageIdentifier = langid!("ja");
const ENGLISH: LanguageIdentifier = langid!("en");

/// Values that are words of their own, and the family of keys under which the catalogues have them.
const WORDS: [(&str, &str); 19] = [
    ("run", "run-kind"),
    ("reason", "reason"),
    ("object", "object"),
    ("kind", "kind"),
    ("kind", "delivery-kind"),
    ("kind", "company-kind"),
    ("company-kind", "company-kind"),
    ("comparable", "comparable"),
    ("on", "object"),
    ("type", "field-type"),
    ("source", "company-source"),
    ("via", "booking-source"),
    ("role", "role"),
    ("grade", "grade"),
    ("sign", "spam-sign"),
    ("reason", "route-reason"),
    ("key", "route-key"),
    ("outcome", "route-outcome"),
    ("operator", "route-operator"),
];

fn identifier(language: Language) -> &'static LanguageIdentifier {
    static IDS: [LanguageIdentifier; 2] = [JAPANESE, ENGLISH];
    match language {
        Language::Japanese => &IDS[0],
        Language::English => &IDS[1],
    }
}

/// A text without arguments; the key itself when it is missing, which the tests refuse.
pub fn text(language: Language, key: &str) -> String {
    sentence(language, key, &BTreeMap::new())
}

/// A text with arguments.
pub fn sentence(language: Language, key: &str, arguments: &BTreeMap<String, String>) -> String {
    find(language, key, arguments).unwrap_or_else(|| key.to_owned())
}

/// A step of an explanation, told in a language.
pub fn step(language: Language, step: &Step) -> String {
    render(language, "step", step)
}

/// A step that is told under another family of keys, such as `check`, `notice` or `audit`.
pub fn render(language: Language, family: &str, step: &Step) -> String {
    sentence(language, &format!("{family}-{}", step.code), &in_words(language, &step.data))
}

/// Who did something: a person's address, or in words the system, the API, or one of its keys.
pub fn actor(language: Language, actor: &str) -> String {
    match actor.strip_prefix("api: ") {
        Some(name) => {
            let name = BTreeMap::from([("name".to_owned(), name.to_owned())]);
            sentence(language, "actor-api-key", &name)
        }
        None => find_text(language, &format!("actor-{actor}"))
            .filter(|_| matches!(actor, "api" | "system" | "attendee"))
            .unwrap_or_else(|| actor.to_owned()),
    }
}

/// A fault of an input field, told in a language.
pub fn problem(language: Language, problem: &FieldProblem) -> String {
    let mut arguments = in_words(language, &problem.data);
    // A suggestion is a sentence of its own, because there isn't always one.
    if let Some(hint) = arguments.get_mut("hint").filter(|hint| !hint.is_empty()) {
        let name = BTreeMap::from([("name".to_owned(), hint.clone())]);
        *hint = sentence(language, "problem-hint", &name);
    }
    sentence(language, &format!("problem-{}", problem.code), &arguments).trim_end().to_owned()
}

/// A text that may be missing.
pub fn find_text(language: Language, key: &str) -> Option<String> {
    find(language, key, &BTreeMap::new())
}

/// Values that are lists of names with ", " between.
const LISTS: [&str; 4] = ["fields", "hint", "names", "options"];

/// Values that are counts.
const COUNTS: [&str; 20] = [
    "allowed",
    "calls",
    "changed",
    "contacts",
    "count",
    "days",
    "expected",
    "kilobytes",
    "leads",
    "left",
    "max",
    "members",
    "min",
    "minutes",
    "most",
    "received",
    "rows",
    "unchanged",
    "used",
    "users",
];

/// A count with commas: `15,000`. Anything but digits is returned as it is.
pub fn grouped(count: &str) -> Cow<'_, str> {
    if count.len() < 4 || !count.bytes().all(|digit| digit.is_ascii_digit()) {
        return Cow::Borrowed(count);
    }
    let (first, rest) = count.split_at((count.len() - 1) % 3 + 1);
    let groups = rest.as_bytes().chunks(3).map(String::from_utf8_lossy);
    Cow::Owned(std::iter::once(first.into()).chain(groups).collect::<Vec<_>>().join(","))
}

/// Values that a sentence may name although what is told has none; then a dash stands there.
const OPTIONAL: [&str; 26] = [
    "allowed", "at", "code", "company", "count", "detail", "edition", "email", "field", "fields", "hint",
    "id", "kind", "left", "message", "name", "names", "object", "options", "org", "page", "question",
    "reason", "user", "value", "via",
];

fn find(language: Language, key: &str, arguments: &BTreeMap<String, String>) -> Option<String> {
    look_up(language, key, arguments).or_else(|| {
        let mut filled: BTreeMap<String, String> =
            OPTIONAL.iter().map(|name| ((*name).to_owned(), "–".to_owned())).collect();
        filled.extend(arguments.clone());
        look_up(language, key, &filled)
    })
}

fn look_up(language: Language, key: &str, arguments: &BTreeMap<String, String>) -> Option<String> {
    let arguments: HashMap<Cow<'static, str>, FluentValue<'_>> = arguments
        .iter()
        .map(|(name, value)| {
            let value =
                if COUNTS.contains(&name.as_str()) { grouped(value) } else { Cow::Borrowed(value.as_str()) };
            (Cow::Owned(name.clone()), FluentValue::String(value))
        })
        .collect();
    CATALOGUES.try_lookup_with_args(identifier(language), key, &arguments)
}

/// A reason, an object, a type is a word of its own; what the catalogues don't know stays as it came.
fn in_words(language: Language, data: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let word = |name: &str, value: &str| {
        let plain = value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let mut families = WORDS.iter().filter(|(argument, _)| plain && *argument == name);
        families.find_map(|(_, family)| find(language, &format!("{family}-{value}"), &BTreeMap::new()))
    };
    data.iter()
        .map(|(name, value)| {
            let told = match name.as_str() {
                "objects" => Some(all_objects(language, value)),
                "exit" => Some(exit(language, value)),
                "by" | "who" => Some(actor(language, value)),
                name if LISTS.contains(&name) => Some(value.replace(", ", &text(language, "list-comma"))),
                _ => word(name, value),
            };
            (name.clone(), told.unwrap_or_else(|| value.clone()))
        })
        .collect()
}

/// An exit of a router's node; the ways of a split have numbers.
fn exit(language: Language, word: &str) -> String {
    let way = word.strip_prefix("way-").map(|way| BTreeMap::from([("number".to_owned(), way.to_owned())]));
    let way = way.and_then(|number| find(language, "node-way-number", &number));
    way.or_else(|| find_text(language, &format!("route-exit-{word}"))).unwrap_or_else(|| word.to_owned())
}

/// Several objects in one value, with commas between.
fn all_objects(language: Language, objects: &str) -> String {
    let label =
        |object: &str| find_text(language, &format!("object-{object}")).unwrap_or_else(|| object.to_owned());
    objects.split(", ").map(label).collect::<Vec<_>>().join(&text(language, "list-comma"))
}
