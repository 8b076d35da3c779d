//! Runs all stories.

use std::path::PathBuf;

use super::coverage;
use super::runner::{Outcome, tell};
use super::story::{self, File, Step};
use super::target::Target;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/conformance"))
}

fn files() -> Vec<File> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".md") && name.starts_with(|letter: char| letter.is_ascii_digit()))
        .collect();
    names.sort_by_key(|name| order(name));
    let read = |name: &String| {
        let text = std::fs::read_to_string(folder().join(name)).unwrap();
        story::read(name, &text).unwrap_or_else(|reason| panic!("{reason}"))
    };
    names.iter().map(read).collect()
}

/// Sorts `2.10` after `2.9`.
fn order(name: &str) -> Vec<u32> {
    let number = name.split('-').next().unwrap_or_default();
    number.split('.').map(|part| part.parse().unwrap_or_default()).collect()
}

fn steps<'a>(file: &'a File, steps: &'a [Step]) -> Vec<&'a Step> {
    file.setup.iter().chain(steps).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn emulator_meets_every_fact() {
    let wanted = std::env::var("CONFORMANCE_ONLY").unwrap_or_default();
    let mut failures = Vec::new();
    let files = files();
    for file in files.iter().filter(|file| file.name.contains(&wanted)) {
        let told = file.facts.iter().filter(|fact| fact.left_out.is_none()).map(|fact| async {
            let target = Target::emulator(file.demo).await;
            match tell(&target, &steps(file, &fact.steps)).await {
                Outcome::Held => None,
                other => Some(format!("{}: {}\n  {other:?}", file.name, fact.text).replace("\\n", "\n")),
            }
        });
        failures.extend(futures_util::future::join_all(told).await.into_iter().flatten());
    }
    assert!(failures.is_empty(), "{} facts differ\n\n{}", failures.len(), failures.join("\n\n"));
}

#[tokio::test]
async fn real_org_meets_every_fact() {
    let Some(target) = Target::from_environment().await else { return };
    let mut failures = Vec::new();
    for file in files() {
        for fact in file.facts.iter().filter(|fact| fact.left_out.is_none()) {
            if let Outcome::Differs(reason) = tell(&target, &steps(&file, &fact.steps)).await {
                failures.push(format!("{}: {}\n  {reason}", file.name, fact.text));
            }
        }
    }
    assert!(failures.is_empty(), "{} facts differ\n\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn committed_facts_are_current() {
    let list = coverage::list(&files());
    let path = folder().join("COVERAGE.md");
    if std::env::var_os("UPDATE_COVERAGE").is_some() {
        std::fs::write(&path, &list).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == list, "COVERAGE.md is old; UPDATE_COVERAGE=1 renews it");
}
