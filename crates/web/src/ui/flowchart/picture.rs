//! A chart as a picture: inline SVG, drawn on the server, whose parts are links.

use crate::text::translator::Translator;
use crate::ui::flowchart::links::{ChartLinks, step_anchor, step_link};
use crate::ui::flowchart::lit_path::LitPath;
use crate::ui::flowchart::words::ChartWords;
use askama::Template;
use domain::router::{
    ChartLayout, EXIT_WIDTH, EXITS_HEIGHT, EdgeEnd, EdgeFrom, EdgeLine, Exit, NodeBox, NodeFault, Point,
};
use std::collections::BTreeMap;

/// Pixels between a node's side and its texts.
const PADDING: i32 = 16;
/// Pixels of a full-width character of a title, and of smaller texts.
const TITLE_SIZE: i32 = 14;
const SMALL_SIZE: i32 = 12;
const GOTO_SIZE: i32 = 11;
/// Lines of a title that has no other text beside it.
const TITLE_LINES: usize = 3;

/// A chart as a picture.
#[derive(Clone, Debug, Template)]
#[template(path = "widgets/flowchart.html")]
pub struct Picture {
    t: Translator,
    width: i32,
    height: i32,
    nodes: Vec<DrawnNode>,
    edges: Vec<DrawnEdge>,
    is_lit: bool,
    may_insert: bool,
}

/// A node.
#[derive(Clone, Debug)]
struct DrawnNode {
    /// Its number in the outline.
    number: usize,
    x: i32,
    y: i32,
    width: i32,
    height: i32,
    link: String,
    /// Its place in the outline.
    anchor: String,
    kind: &'static str,
    /// Lines of text with their distance from the node's upper side, the bold ones first.
    bold: Vec<(i32, String)>,
    soft: Vec<(i32, String)>,
    faults: usize,
    is_reached: bool,
    is_lit: bool,
    right: i32,
}

/// An exit with what leads on from it.
#[derive(Clone, Debug)]
struct DrawnEdge {
    /// The exit's box; empty label for the beginning of the chart.
    x: i32,
    y: i32,
    middle: i32,
    text_y: i32,
    label: String,
    kind: &'static str,
    path: String,
    plus: String,
    plus_label: String,
    plus_y: i32,
    /// The number of a target that stands elsewhere, with the beginning of its name.
    reference: String,
    target: String,
    reference_link: String,
    reference_y: i32,
    is_open: bool,
    is_lit: bool,
}

impl Picture {
    /// Draws it.
    pub fn new(
        words: &ChartWords<'_>,
        drawn: &ChartLayout,
        links: &ChartLinks,
        faults: &[NodeFault],
        lit: &LitPath,
    ) -> Self {
        let numbers: BTreeMap<&str, usize> =
            drawn.boxes.iter().zip(1..).map(|(one, number)| (one.node.as_str(), number)).collect();
        Self {
            t: words.t.clone(),
            width: drawn.width,
            height: drawn.height,
            nodes: (drawn.boxes.iter().zip(1..))
                .filter_map(|(one, number)| {
                    Some(DrawnNode { number, ..node(words, one, links, faults, lit)? })
                })
                .collect(),
            edges: drawn.edges.iter().filter_map(|one| edge(words, one, links, lit, &numbers)).collect(),
            is_lit: !lit.is_empty(),
            may_insert: !links.insert(&EdgeFrom::Start).is_empty(),
        }
    }
}

fn node(
    words: &ChartWords<'_>,
    place: &NodeBox,
    links: &ChartLinks,
    faults: &[NodeFault],
    lit: &LitPath,
) -> Option<DrawnNode> {
    let node = words.chart.nodes.get(&place.node)?;
    let room = place.width - 2 * PADDING;
    let has_exits = !node.exits().is_empty();
    let own_height = place.height - if has_exits { EXITS_HEIGHT } else { 0 };
    let (title, beside) = match (node.name(), words.fallback(node)) {
        ("", fallback) => (words.action(node), fallback),
        (name, _) => (name.to_owned(), words.action(node)),
    };
    let title_lines = if beside.is_empty() { TITLE_LINES - 1 } else { 1 };
    let bold = wrap(&title, room / TITLE_SIZE, title_lines);
    let soft = wrap(&beside, room / SMALL_SIZE, TITLE_LINES - title_lines);
    let after_bold = 46 + 18 * i32::try_from(bold.len()).unwrap_or(1);
    Some(DrawnNode {
        number: 0,
        x: place.x,
        y: place.y,
        width: place.width,
        height: own_height,
        link: links.node(&place.node),
        anchor: step_anchor(&place.node),
        kind: node.kind(),
        bold: (0..).zip(bold).map(|(line, text)| (46 + 18 * line, text)).collect(),
        soft: (0..).zip(soft).map(|(line, text)| (after_bold + 15 * line, text)).collect(),
        faults: faults.iter().filter(|fault| fault.node == place.node).count(),
        is_reached: place.is_reached,
        is_lit: lit.has(&place.node),
        right: place.width - PADDING,
    })
}

fn edge(
    words: &ChartWords<'_>,
    line: &EdgeLine,
    links: &ChartLinks,
    lit: &LitPath,
    numbers: &BTreeMap<&str, usize>,
) -> Option<DrawnEdge> {
    let port = line.port;
    let (from, label, kind, is_lit) = match &line.from {
        None => (EdgeFrom::Start, String::new(), "start", !lit.is_empty()),
        Some((id, exit)) => {
            let node = words.chart.nodes.get(id)?;
            let from = EdgeFrom::Exit { node: id.clone(), exit: *exit };
            let label = with_count(words.exit(node, *exit), lit.count(id, &exit.name()));
            (from, label, class(*exit), lit.leaves_by(id, &exit.name()))
        }
    };
    let insert_after = if label.is_empty() { words.t.text("route-start") } else { label.clone() };
    let target = if line.to.is_empty() { String::new() } else { words.title(&line.to) };
    let reference = match (&line.end, numbers.get(line.to.as_str())) {
        (EdgeEnd::Reference, Some(number)) => {
            let values = [("number", number.to_string()), ("title", target.clone())];
            fit(&words.t.sentence("route-step", values), (EXIT_WIDTH - 20) / GOTO_SIZE)
        }
        _ => String::new(),
    };
    Some(DrawnEdge {
        x: port.x - EXIT_WIDTH / 2,
        y: port.y - EXITS_HEIGHT,
        middle: port.x,
        text_y: port.y - EXITS_HEIGHT / 2 + 4,
        label,
        kind,
        path: path(line),
        plus: links.insert(&from),
        plus_label: words.t.fill("route-insert-at", "exit", insert_after),
        plus_y: port.y + 18,
        reference,
        target,
        reference_link: step_link(&line.to),
        reference_y: port.y + 36,
        is_open: line.end == EdgeEnd::Open,
        is_lit,
    })
}

fn with_count(label: String, count: &str) -> String {
    if count.is_empty() { label } else { format!("{label} {count}") }
}

const fn class(exit: Exit) -> &'static str {
    match exit {
        Exit::Match => "match",
        Exit::Error => "error",
        Exit::Otherwise | Exit::Way(_) | Exit::End => "otherwise",
    }
}

/// A line that leaves straight down and arrives straight down.
fn path(line: &EdgeLine) -> String {
    let Point { x, y } = line.port;
    match &line.end {
        EdgeEnd::Line(points) => match points[..] {
            [.., bend, end] if points.len() > 2 => {
                let half = i32::midpoint(bend.y, end.y);
                format!("M{x} {y}V{}C{x} {half} {} {half} {} {}", bend.y, end.x, end.x, end.y)
            }
            _ => points.last().map(|end| format!("M{x} {y}V{}", end.y)).unwrap_or_default(),
        },
        EdgeEnd::Reference => format!("M{x} {y}v36"),
        EdgeEnd::Open => format!("M{x} {y}v18"),
    }
}

/// How wide a text is, in halves of a full-width character.
fn width(c: char) -> i32 {
    if c.is_ascii() { 1 } else { 2 }
}

/// A text in lines of so many full-width characters, the last one cut off where there is no more room.
fn wrap(text: &str, room: i32, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut rest = text.replace(['\n', '\r'], " ");
    while !rest.is_empty() && lines.len() < most {
        if lines.len() + 1 == most {
            lines.push(fit(&rest, room));
            break;
        }
        let mut used = 0;
        let end = rest.char_indices().find(|(_, c)| {
            used += width(*c);
            used > 2 * room
        });
        let Some((mut end, _)) = end else {
            lines.push(rest);
            break;
        };
        // Latin words stay whole where they can.
        if let Some(blank) = rest[..end].rfind(' ').filter(|blank| *blank > end / 2) {
            end = blank + 1;
        }
        lines.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].to_owned();
    }
    lines
}

/// As much of a text as there is room for.
fn fit(text: &str, room: i32) -> String {
    let mut used = 0;
    let all: i32 = text.chars().map(width).sum();
    if all <= 2 * room {
        return text.to_owned();
    }
    let kept = text.chars().take_while(|c| {
        used += width(*c);
        used <= 2 * room - 2
    });
    kept.chain(['…']).collect()
}
