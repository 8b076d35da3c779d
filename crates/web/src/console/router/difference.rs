//! What differs between two charts, in words.

use crate::ui::flowchart::words::ChartWords;
use domain::router::{Chart, Node, NodePart, compare_charts};

/// One line of a difference.
pub(super) struct DifferenceLine {
    /// The class of its chip.
    pub(super) tone: &'static str,
    /// The word on it.
    pub(super) word: String,
    /// The node.
    pub(super) title: String,
    /// What was, and what is now.
    pub(super) parts: Vec<String>,
}

/// What differs between an earlier chart and a later one, node by node.
pub(super) fn lines(before: &ChartWords<'_>, after: &ChartWords<'_>) -> Vec<DifferenceLine> {
    let found = compare_charts(before.chart, after.chart);
    let t = before.t;
    let line = |tone, word: &str, title: String, parts| DifferenceLine {
        tone,
        word: t.word("router-difference", word),
        title,
        parts,
    };
    let mut lines = Vec::new();
    if found.starts_elsewhere {
        let parts =
            vec![became(before, title(before, &before.chart.start), title(after, &after.chart.start))];
        lines.push(line("warn", "changed", t.text("route-start"), parts));
    }
    for id in &found.added {
        lines.push(line("good", "added", after.title(id), of_node(after, id)));
    }
    for id in &found.removed {
        lines.push(line("bad", "removed", before.title(id), of_node(before, id)));
    }
    for change in &found.changed {
        let (Some(old), Some(new)) = (node(before.chart, &change.node), node(after.chart, &change.node))
        else {
            continue;
        };
        let parts = change.parts.iter().flat_map(|part| part_lines(*part, (before, old), (after, new)));
        lines.push(line("warn", "changed", after.title(&change.node), parts.collect()));
    }
    lines
}

fn node<'a>(chart: &'a Chart, id: &str) -> Option<&'a Node> {
    chart.nodes.get(id)
}

/// What an added or removed node does, if its title does not say it.
fn of_node(words: &ChartWords<'_>, id: &str) -> Vec<String> {
    let found = node(words.chart, id).filter(|node| !node.name().is_empty());
    found.map(|node| words.action(node)).into_iter().collect()
}

fn title(words: &ChartWords<'_>, id: &str) -> String {
    if id.is_empty() { words.t.text("route-leads-nowhere") } else { words.title(id) }
}

fn became(words: &ChartWords<'_>, before: String, after: String) -> String {
    words.t.sentence("router-became", [("before", before), ("after", after)])
}

fn part_lines(
    part: NodePart,
    (before, old): (&ChartWords<'_>, &Node),
    (after, new): (&ChartWords<'_>, &Node),
) -> Vec<String> {
    let t = before.t;
    let told =
        |old: String, new: String| vec![t.pair(t.word("router-part", part.name()), became(before, old, new))];
    let or_dash = |text: String| if text.is_empty() { "–".to_owned() } else { text };
    match part {
        NodePart::Name => told(or_dash(old.name().to_owned()), or_dash(new.name().to_owned())),
        NodePart::Action => told(before.action(old), after.action(new)),
        NodePart::Fallback => told(or_dash(before.fallback(old)), or_dash(after.fallback(new))),
        NodePart::Exits => {
            let was = |exit| old.exits().into_iter().find(|(one, _)| *one == exit).map_or("", |(_, to)| to);
            let moved = new.exits().into_iter().filter(|(exit, to)| was(*exit) != *to);
            let told = moved.map(|(exit, to)| {
                let change = became(before, title(before, was(exit)), title(after, to));
                t.pair(after.exit(new, exit), change)
            });
            told.collect()
        }
    }
}
