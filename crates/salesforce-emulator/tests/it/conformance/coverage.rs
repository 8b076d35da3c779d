//! The list of facts: which are tested, which are left out and why.

use std::fmt::Write as _;

use super::story::File;

/// The list as `conformance/COVERAGE.md` keeps it.
pub(super) fn list(files: &[File]) -> String {
    let mut text = String::from("# What the stories cover\n\n");
    text.push_str("Made from the story files; a test compares it with them.\n\n");
    text.push_str("| section | shown | stated |\n|---|---:|---:|\n");
    let shown = |file: &File| file.facts.iter().filter(|fact| fact.left_out.is_none()).count();
    for file in files {
        let _ =
            writeln!(text, "| [{}]({}) | {} | {} |", file.title, file.name, shown(file), file.facts.len());
    }
    let (all_shown, stated): (usize, usize) =
        (files.iter().map(shown).sum(), files.iter().map(|file| file.facts.len()).sum());
    let _ = writeln!(text, "| **together** | **{all_shown}** | **{stated}** |\n\n## Left out\n");
    for file in files {
        for fact in &file.facts {
            if let Some(reason) = &fact.left_out {
                let _ = writeln!(
                    text,
                    "- {}: {}. {}",
                    file.title,
                    fact.text.trim_end_matches('.'),
                    capital(reason)
                );
            }
        }
    }
    text
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
