//! Files import each other without circles, and folders use only the folders that they may.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The crates whose files are sorted by feature.
const CRATES: [&str; 7] = ["domain", "storage", "engine", "web", "app", "salesforce", "salesforce-emulator"];

/// A folder or a top-level file of a crate, and what it may use, with all that this may use in turn.
type Folder = (&'static str, &'static [&'static str]);

const DOMAIN: [Folder; 20] = [
    ("value", &[]),
    ("list", &[]),
    ("org", &["value"]),
    ("form", &["org"]),
    ("booking", &["form"]),
    ("brand", &["form"]),
    ("condition", &["org"]),
    ("delivery", &["booking"]),
    ("run", &["value"]),
    ("mirror", &["run"]),
    ("synced_fields", &["org", "run"]),
    ("company", &["condition", "form", "mirror"]),
    ("engagement", &["booking", "run"]),
    ("tag", &["engagement"]),
    ("workspace", &["value"]),
    ("people", &["org", "booking"]),
    ("segment", &["people", "condition"]),
    ("mailing", &["people"]),
    ("notification", &["run", "delivery"]),
    ("router", &["form", "synced_fields"]),
];

const STORAGE: [Folder; 24] = [
    ("router", &["database"]),
    ("form", &["list"]),
    ("error", &[]),
    ("clock", &[]),
    ("ids", &[]),
    ("secret", &["error", "ids"]),
    ("database", &["secret", "clock", "ids"]),
    ("tag", &["list"]),
    ("queue", &["database"]),
    ("list", &["database"]),
    ("workspace", &["list"]),
    ("notification", &["workspace", "queue"]),
    ("org", &["queue"]),
    ("booking", &["list"]),
    ("delivery", &["list"]),
    ("mirror", &["database"]),
    ("run", &["mirror", "notification", "queue"]),
    ("engagement", &["database"]),
    ("people", &["segment", "queue"]),
    ("segment", &["form", "booking", "router", "workspace"]),
    ("mailing", &["people", "queue"]),
    ("org_request", &["queue"]),
    ("changes", &["notification"]),
    ("testing", &["database"]),
];

const ENGINE: [Folder; 17] = [
    ("router", &["org"]),
    ("form", &["delivery"]),
    ("channel", &[]),
    ("engine", &["channel"]),
    ("org", &["engine"]),
    ("delivery", &["org"]),
    ("run", &["org"]),
    ("mirror", &["run"]),
    ("synced_fields", &["mirror"]),
    ("company", &["synced_fields"]),
    ("engagement", &["run"]),
    ("tag", &["run"]),
    ("people", &["run"]),
    ("notification", &["engine"]),
    ("mailing", &["engine"]),
    ("org_request", &["router", "form", "synced_fields", "company", "engagement", "notification", "mailing"]),
    ("worker", &["org_request", "tag", "people"]),
];

const WEB: [Folder; 11] = [
    ("trusted_proxies", &[]),
    ("text", &[]),
    ("state", &["text", "trusted_proxies"]),
    ("http", &["text", "state"]),
    ("auth", &["http"]),
    ("ui", &["auth"]),
    ("actions", &["state", "http", "auth"]),
    ("api", &["actions", "auth"]),
    ("public", &["actions", "ui"]),
    ("console", &["actions", "ui", "public"]),
    ("router", &["api", "console"]),
];

const FOLDERS: [(&str, &[Folder]); 4] =
    [("domain", &DOMAIN), ("storage", &STORAGE), ("engine", &ENGINE), ("web", &WEB)];

type Module = Vec<String>;

/// One crate's files: each module with the modules that it imports from.
struct Imports(BTreeMap<Module, BTreeSet<Module>>);

impl Imports {
    fn read(name: &str) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src");
        let mut files = BTreeMap::new();
        collect(&source, &source, &mut files);
        let texts: BTreeMap<Module, (bool, String)> = files
            .into_iter()
            .map(|(module, path)| {
                let text = std::fs::read_to_string(&path).unwrap();
                let is_folder = ["mod.rs", "lib.rs"].iter().any(|end| path.ends_with(end));
                (module, (is_folder, strip(&text)))
            })
            .collect();
        let exports = exports(&texts);
        let mut imports = BTreeMap::new();
        for (module, (is_folder, text)) in &texts {
            if *is_folder {
                continue;
            }
            let found = paths(text, module)
                .into_iter()
                .filter_map(|path| target(&path, &texts, &exports))
                .filter(|target| target != module && !texts[target].0)
                .collect();
            imports.insert(module.clone(), found);
        }
        Self(imports)
    }

    /// Everything that can be reached from a module.
    fn reach(&self, from: &Module) -> BTreeSet<&Module> {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&Module> = self.0.get(from).into_iter().flatten().collect();
        while let Some(module) = next.pop() {
            if seen.insert(module) {
                next.extend(self.0.get(module).into_iter().flatten());
            }
        }
        seen
    }

    fn circles(&self) -> Vec<String> {
        self.0
            .keys()
            .filter(|module| self.reach(module).contains(module))
            .map(|module| module.join("/"))
            .collect()
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<Module, PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let relative = path.strip_prefix(root).unwrap().with_extension("");
            let mut module: Module =
                relative.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
            if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
                module.pop();
            }
            files.insert(module, path);
        }
    }
}

/// The text without comments and inline tests, which may use what they like.
fn strip(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The absolute paths, from the crate's root, that a file's text names.
fn paths(text: &str, module: &Module) -> Vec<Module> {
    let mut found = Vec::new();
    for statement in statements(text) {
        flatten(&statement, &[], &mut found);
    }
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    let inline = words.filter(|word| word.starts_with("crate::") || word.starts_with("super::"));
    found.extend(
        inline.map(|word| word.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect()),
    );
    found.into_iter().filter_map(|path| absolute(path, module)).collect()
}

/// The trees of a file's `use` statements.
fn statements(text: &str) -> Vec<String> {
    let starts = text.match_indices("use ").filter(|(at, _)| {
        text[..*at].chars().next_back().is_none_or(|before| before == '\n' || before == ' ' || before == ')')
    });
    starts
        .filter_map(|(at, _)| text[at + 4..].split_once(';'))
        .map(|(tree, _)| tree.replace('\n', " "))
        .collect()
}

fn flatten(tree: &str, before: &[String], found: &mut Vec<Module>) {
    let tree = tree.trim();
    let (head, inner) = match (tree.find('{'), tree.rfind('}')) {
        (Some(open), Some(close)) if open < close => (&tree[..open], Some(&tree[open + 1..close])),
        _ => (tree.split(" as ").next().unwrap_or_default(), None),
    };
    let mut path = before.to_vec();
    path.extend(head.split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned));
    let Some(inner) = inner else {
        path.retain(|part| part != "self");
        found.push(path);
        return;
    };
    let (mut depth, mut start) = (0, 0);
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                flatten(&inner[start..at], &path, found);
                start = at + 1;
            }
            _ => {}
        }
    }
    if !inner[start..].trim().is_empty() {
        flatten(&inner[start..], &path, found);
    }
}

fn absolute(path: Module, module: &Module) -> Option<Module> {
    match path.first().map(String::as_str) {
        Some("crate") => Some(path[1..].to_vec()),
        Some("super") => {
            let ups = path.iter().take_while(|part| *part == "super").count();
            let mut absolute = module[..module.len().checked_sub(ups)?].to_vec();
            absolute.extend(path[ups..].iter().cloned());
            Some(absolute)
        }
        _ => None,
    }
}

/// What the `mod.rs` and `lib.rs` files hand on: folder and name, and where the thing is.
fn exports(texts: &BTreeMap<Module, (bool, String)>) -> BTreeMap<(Module, String), Module> {
    let mut exports = BTreeMap::new();
    for (module, (is_folder, text)) in texts {
        for statement in statements(text).iter().filter(|_| *is_folder) {
            let mut found = Vec::new();
            flatten(statement, &[], &mut found);
            for path in found {
                let relative: Module = module.iter().chain(&path).cloned().collect();
                let path = absolute(path, module).unwrap_or(relative);
                if let Some(name) = path.last() {
                    exports.insert((module.clone(), name.clone()), path.clone());
                }
            }
        }
    }
    exports
}

/// The file that a path leads to, through what folders hand on.
fn target(
    path: &Module,
    texts: &BTreeMap<Module, (bool, String)>,
    exports: &BTreeMap<(Module, String), Module>,
) -> Option<Module> {
    let mut path = path.clone();
    for _ in 0..6 {
        let module =
            (0..=path.len()).rev().map(|end| path[..end].to_vec()).find(|part| texts.contains_key(part))?;
        match path.get(module.len()).and_then(|name| exports.get(&(module.clone(), name.clone()))) {
            Some(next) if *next != path => path.clone_from(next),
            _ => return Some(module),
        }
    }
    None
}

#[test]
fn files_import_each_other_without_circles() {
    for name in CRATES {
        let imports = Imports::read(name);
        assert!(imports.0.len() > 5, "{name} was read");
        assert_eq!(imports.circles(), [""; 0], "{name}: these import each other in a circle");
    }
}

/// Everything that a folder may use.
fn allowed(folders: &[Folder], name: &str) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut next = vec![name.to_owned()];
    while let Some(folder) = next.pop() {
        if seen.insert(folder.clone()) {
            let (_, uses) = folders.iter().find(|(known, _)| *known == folder).unwrap_or_else(|| {
                panic!("{folder} is new: say here what it may use");
            });
            next.extend(uses.iter().map(|used| (*used).to_owned()));
        }
    }
    seen
}

#[test]
fn folders_use_only_what_they_may() {
    let mut wrong = Vec::new();
    for (name, folders) in FOLDERS {
        for (module, targets) in Imports::read(name).0 {
            let allowed = allowed(folders, &module[0]);
            let bad = targets.iter().filter(|target| !allowed.contains(&target[0]));
            wrong.extend(bad.map(|target| format!("{name}: {} uses {}", module.join("/"), target.join("/"))));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn circle_is_found() {
    let module = |name: &str| vec![name.to_owned()];
    let imports = |pairs: &[(&str, &str)]| {
        Imports(pairs.iter().map(|(from, to)| (module(from), BTreeSet::from([module(to)]))).collect())
    };
    assert_eq!(imports(&[("a", "b"), ("b", "c"), ("c", "a")]).circles(), ["a", "b", "c"]);
    assert!(imports(&[("a", "b"), ("b", "c")]).circles().is_empty());
}
