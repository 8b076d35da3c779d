//! Every text that people read: Fluent catalogues in Japanese and English (N4).

use domain::explanation::Step;
use domain::language::Language;
use domain::problem::FieldProblem;
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
    let arguments: HashMap<Cow<'static, str>, FluentValue<'_>> = arguments
        .iter()
        .map(|(name, value)| (Cow::Owned(name.clone()), FluentValue::from(value.as_str())))
        .collect();
    CATALOGUES.try_lookup_with_args(identifier(language), key, &arguments).unwrap_or_else(|| key.to_owned())
}

/// A step of an explanation, told in a language.
pub fn step(language: Language, step: &Step) -> String {
    let mut arguments = step.data.clone();
    // A reason is a word of its own with a sentence of its own.
    if let Some(reason) = step.data.get("reason") {
        arguments.insert("reason".to_owned(), text(language, &format!("reason-{reason}")));
    }
    sentence(language, &format!("step-{}", step.code), &arguments)
}

/// A fault of an input field, told in a language.
pub fn problem(language: Language, problem: &FieldProblem) -> String {
    sentence(language, &format!("problem-{}", problem.code), &problem.data)
}
