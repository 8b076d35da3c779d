//! Only the allowed dependencies between the seven crates, and no I/O in `domain`.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

const ALLOWED: [(&str, &[&str]); 7] = [
    ("salesforce", &[]),
    ("salesforce-emulator", &[]),
    ("domain", &[]),
    ("storage", &["domain"]),
    ("engine", &["domain", "storage", "salesforce"]),
    ("web", &["domain", "storage", "salesforce"]),
    ("app", &["domain", "storage", "salesforce", "salesforce-emulator", "engine", "web"]),
];
const INPUT_AND_OUTPUT: [&str; 7] = ["tokio", "reqwest", "axum", "hyper", "sqlx", "rand", "mio"];

fn metadata() -> Value {
    // Only what this platform builds has been downloaded.
    let compiler = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let compiler = String::from_utf8(compiler.stdout).expect("text");
    let host = compiler.lines().find_map(|line| line.strip_prefix("host: ")).expect("its host");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("metadata in JSON")
}

#[test]
fn crates_depend_only_on_allowed_crates() {
    let metadata = metadata();
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.into_iter().collect();
    let members: Vec<&Value> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| package["source"].is_null())
        .collect();
    assert_eq!(
        members.len(),
        allowed.len(),
        "a crate was added or removed without a decision about its dependencies"
    );
    for package in members {
        let name = package["name"].as_str().unwrap();
        for dependency in package["dependencies"].as_array().unwrap() {
            let to = dependency["name"].as_str().unwrap();
            let for_tests = dependency["kind"] == "dev";
            let ours = allowed.contains_key(to);
            assert!(!ours || for_tests || allowed[name].contains(&to), "{name} must not use {to}");
        }
    }
}

#[test]
fn domain_has_no_io_dependency() {
    let metadata = metadata();
    let nodes: BTreeMap<&str, &Value> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (node["id"].as_str().unwrap(), node))
        .collect();
    let names: BTreeMap<&str, &str> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| (package["id"].as_str().unwrap(), package["name"].as_str().unwrap()))
        .collect();
    let domain = names.iter().find(|(_, name)| **name == "domain").map(|(id, _)| *id).unwrap();
    let mut seen = BTreeSet::new();
    let mut next = vec![domain];
    while let Some(id) = next.pop() {
        if !seen.insert(id) {
            continue;
        }
        for dependency in nodes[id]["deps"].as_array().unwrap() {
            let normal =
                dependency["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"].is_null());
            if normal {
                next.push(dependency["pkg"].as_str().unwrap());
            }
        }
    }
    let bad: Vec<&str> =
        seen.iter().map(|id| names[id]).filter(|name| INPUT_AND_OUTPUT.contains(name)).collect();
    assert!(bad.is_empty(), "domain uses {bad:?}");
}

/// The paths of a document that stand in backquotes and begin with `crates/`.
fn named_paths(document: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join(document)).unwrap();
    let quoted = text.split('`').skip(1).step_by(2).filter(|word| word.starts_with("crates/"));
    quoted.filter(|path| !path.contains('<')).map(str::to_owned).collect()
}

fn root() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn every_path_in_the_docs_exists() {
    let documents = [
        "ARCHITECTURE.md",
        "docs/adding-a-delivery.md",
        "docs/adding-a-migration.md",
        "docs/adding-a-page.md",
    ];
    for document in documents {
        let paths = named_paths(document);
        assert!(!paths.is_empty(), "{document} names files");
        for path in paths {
            assert!(root().join(&path).exists(), "{document} names {path}, which is not there");
        }
    }
}
