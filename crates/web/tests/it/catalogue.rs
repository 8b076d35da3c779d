//! Every text exists in both languages (N4).

use domain::company::{CompanyFieldKind, OnRemoval};
use domain::condition::{ComparisonType, Operator, RelativeDay};
use domain::delivery::{DeliveryKind, DeliveryState};
use domain::form::FieldKind;
use domain::value::Language;
use domain::workspace::Role;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const COMPARABLE: [ComparisonType; 9] = [
    ComparisonType::Text,
    ComparisonType::Number,
    ComparisonType::WholeNumber,
    ComparisonType::Day,
    ComparisonType::Moment,
    ComparisonType::Option,
    ComparisonType::Options,
    ComparisonType::Boolean,
    ComparisonType::Reference,
];

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|one| one == extension) {
            found.push(path);
        }
    }
    found
}

pub(crate) fn read_all(folder: &str, extension: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let texts = files(&root, extension).into_iter().map(|path| std::fs::read_to_string(path).unwrap());
    texts.collect::<Vec<_>>().join("\n")
}

/// Keys with the arguments that their texts use.
pub(crate) fn catalogue(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let text = read_all(&format!("locales/{language}"), "ftl");
    let mut keys = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with(['#', ' ']) && line.contains(" = ")) {
        let (key, value) = line.split_once(" = ").unwrap();
        let arguments = value.split('$').skip(1).map(|rest| {
            rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>()
        });
        assert!(
            keys.insert(key.to_owned(), arguments.collect()).is_none(),
            "{key} stands twice in {language}"
        );
    }
    keys
}

/// The first string literals behind a call, such as `t.text("`.
pub(crate) fn literals<'a>(source: &'a str, call: &'a str) -> impl Iterator<Item = &'a str> {
    source.split(call).skip(1).filter_map(|rest| rest.split('"').next())
}

/// The literals in the second argument of a call, which may be one of several: `if … { "a" } else { "b" }`.
fn second_argument(call: &str) -> Vec<String> {
    let mut depth = 0;
    let mut place = 0;
    let mut argument = String::new();
    for c in call.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => place += 1,
            _ => {}
        }
        if depth < 0 || place > 1 {
            break;
        }
        if place == 1 {
            argument.push(c);
        }
    }
    argument.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn both_languages_have_the_same_keys_and_arguments() {
    let (japanese, english) = (catalogue("ja"), catalogue("en"));
    let only = |one: &BTreeMap<String, BTreeSet<String>>, other: &BTreeMap<String, BTreeSet<String>>| {
        one.keys().filter(|key| !other.contains_key(*key)).cloned().collect::<Vec<_>>()
    };
    assert_eq!(only(&japanese, &english), Vec::<String>::new(), "missing in English");
    assert_eq!(only(&english, &japanese), Vec::<String>::new(), "missing in Japanese");
    for (key, arguments) in &english {
        // Word order differs between the languages; the month's name is one in English only.
        if key != "month-name" && !key.starts_with("remedy-object") {
            assert_eq!(arguments, &japanese[key], "{key} uses other values in Japanese");
        }
    }
}

#[test]
fn every_text_key_exists() {
    let keys = catalogue("en");
    let sources = read_all("src", "rs") + &read_all("templates", "html");
    for call in ["text(\"", "fill(\"", "sentence(\""] {
        for key in literals(&sources, call).filter(|key| key.contains('-') || keys.contains_key(*key)) {
            let whole =
                !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
            assert!(!whole || keys.contains_key(key), "no text {key}");
        }
    }
    for family in literals(&sources, "word(\"") {
        assert!(
            keys.keys().any(|key| key.starts_with(&format!("{family}-"))),
            "no text of the family {family}"
        );
    }
}

#[test]
fn every_code_has_a_text() {
    let keys = catalogue("en");
    let sources = ["../domain/src", "../engine/src", "src", "../app/src"]
        .map(|folder| read_all(folder, "rs"))
        .join("\n");
    let told = ["step", "notice", "check", "check-passed", "audit", "failure"];
    for code in literals(&sources, "Step::new(\"") {
        assert!(
            told.iter().any(|family| keys.contains_key(&format!("{family}-{code}"))),
            "no sentence for {code}"
        );
    }
    let mut problems: Vec<String> =
        sources.split("FieldProblem::new(").skip(1).flat_map(second_argument).collect();
    // Files that have a short way of their own to make one.
    for file in ["condition/check", "condition/field_source"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../domain/src/{file}.rs"));
        let source = std::fs::read_to_string(path).unwrap();
        problems.extend(
            ["fault(\"", "problem(\""]
                .into_iter()
                .flat_map(|call| literals(&source, call).map(str::to_owned).collect::<Vec<_>>()),
        );
    }
    assert!(problems.len() > 30);
    for code in problems {
        assert!(keys.contains_key(&format!("problem-{code}")), "no sentence for the problem {code}");
    }
    let error =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/actions/org/connection.rs"))
            .unwrap();
    let arms = error.lines().filter_map(|line| line.trim().split_once("=> \""));
    for code in arms.filter_map(|(_, rest)| rest.split('"').next()).filter(|code| !code.contains("/services"))
    {
        for key in [format!("connect-{code}"), format!("connect-{code}-remedy")] {
            assert!(keys.contains_key(&key) || code == "production" || code == "sandbox", "no text {key}");
        }
    }
    for (family, names) in [
        ("delivery-kind", DeliveryKind::ALL.map(DeliveryKind::name).to_vec()),
        ("delivery-short", DeliveryKind::ALL.map(DeliveryKind::name).to_vec()),
        ("delivery-state", DeliveryState::ALL.map(DeliveryState::name).to_vec()),
        ("role", Role::ALL.map(Role::name).to_vec()),
        ("role-choice", Role::ALL.map(Role::name).to_vec()),
        ("kind", FieldKind::ALL.map(FieldKind::name).to_vec()),
        ("operator", Operator::ALL.map(Operator::name).to_vec()),
        ("relative", RelativeDay::PLAIN.into_iter().chain(RelativeDay::COUNTED).collect()),
        ("when-gone", OnRemoval::ALL.map(OnRemoval::name).to_vec()),
        ("comparable", COMPARABLE.map(ComparisonType::name).to_vec()),
        ("company-kind", CompanyFieldKind::ALL.map(CompanyFieldKind::name).to_vec()),
        ("placeholder", domain::booking::template::PLACEHOLDERS.to_vec()),
    ] {
        for name in names {
            assert!(keys.contains_key(&format!("{family}-{name}")), "no text {family}-{name}");
        }
    }
}

#[test]
fn texts_follow_style_rules() {
    for (folder, language) in [("locales/ja", "ja"), ("locales/en", "en")] {
        let texts = read_all(folder, "ftl");
        for forbidden in ["！", "!"] {
            assert!(!texts.contains(forbidden), "an exclamation mark in {language}");
        }
    }
    // 商談 is Salesforce's Opportunity and nothing else.
    let texts = read_all("locales/ja", "ftl");
    let meetings: Vec<&str> = texts.lines().filter(|line| line.contains("商談")).collect();
    assert_eq!(meetings, ["object-Opportunity = 商談"]);
}

#[test]
fn coded_values_are_translated() {
    use domain::value::Step;
    let step =
        Step::new("person-found").with("object", "Lead").with("id", "00Q000000000001AAA").with("count", 1);
    assert_eq!(web::text::catalogue::step(Language::Japanese, &step), "リードが1件見つかりました。");
    assert_eq!(web::text::catalogue::step(Language::English, &step), "Found one Lead.");
    let own = Step::new("record-created").with("object", "Custom__c").with("id", "a00");
    assert_eq!(web::text::catalogue::step(Language::English, &own), "Custom__c created.");
    let problem = domain::value::FieldProblem::new("x", "no-such-salesforce-field")
        .with("value", "Titel")
        .with("hint", "Title");
    assert_eq!(
        web::text::catalogue::problem(Language::English, &problem),
        "Lead has no field “Titel”. Did you mean Title?"
    );
}
