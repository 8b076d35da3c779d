//! Where a chart's nodes and edges are drawn: in layers from top to bottom, the same for the same chart every time.
//!
//! Each node stands once, one layer below the lowest node that leads to it. An edge to the next layer is a line; one that
//! would cross other nodes names its target instead.

use crate::router::layout_graph::{EXIT_WIDTH, Graph};
use crate::router::layout_tree::Tree;
use crate::router::{Chart, Exit};

/// A chart with places for everything, in pixels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChartLayout {
    /// How wide it is.
    pub width: i32,
    /// How high it is.
    pub height: i32,
    /// Every node, in the order in which it is read.
    pub boxes: Vec<NodeBox>,
    /// The edge from the beginning, then every exit of every node.
    pub edges: Vec<EdgeLine>,
}

/// A node's place; its exits are a row at its lower end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeBox {
    /// The node's ID.
    pub node: String,
    /// Its left side.
    pub x: i32,
    /// Its upper side.
    pub y: i32,
    /// Its width.
    pub width: i32,
    /// Its height, exits included.
    pub height: i32,
    /// A path leads to it from the beginning.
    pub is_reached: bool,
}

/// An edge's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdgeLine {
    /// The node and the exit where it begins; `None` for the beginning of the chart.
    pub from: Option<(String, Exit)>,
    /// The node to which it leads; empty if nowhere.
    pub to: String,
    /// Where it begins.
    pub port: Point,
    /// How it goes on.
    pub end: EdgeEnd,
}

/// How an edge is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EdgeEnd {
    /// As a line through these points, from its beginning to the target's upper side.
    Line(Vec<Point>),
    /// By the name of its target, which stands elsewhere.
    Reference,
    /// Not at all: it leads nowhere.
    Open,
}

/// A point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// From the left.
    pub x: i32,
    /// From above.
    pub y: i32,
}

/// How high a row of exits is.
pub const EXITS_HEIGHT: i32 = 26;
const NODE_HEIGHT: i32 = 88;
/// What stands below an exit: a place to insert a node, and the name of a target that stands elsewhere.
const BELOW_EXITS: i32 = 62;
const CURVES: i32 = 46;
const LAYER: i32 = NODE_HEIGHT + EXITS_HEIGHT + BELOW_EXITS + CURVES;
const MARGIN: i32 = 16;
const START_HEIGHT: i32 = 26;
const TOP: i32 = MARGIN + START_HEIGHT + BELOW_EXITS;

/// Places everything.
pub fn lay_out(chart: &Chart) -> ChartLayout {
    let graph = Graph::of(chart);
    let tree = Tree::of(&graph);
    let lefts = tree.lefts(&graph);
    let boxes: Vec<NodeBox> = (graph.order.iter())
        .map(|&at| NodeBox {
            node: graph.ids[at].to_owned(),
            x: MARGIN + lefts[at],
            y: TOP + LAYER * i32::try_from(graph.layers[at]).unwrap_or_default(),
            width: graph.widths[at],
            height: NODE_HEIGHT + if graph.exits[at].is_empty() { 0 } else { EXITS_HEIGHT },
            is_reached: graph.reached[at],
        })
        .collect();
    let right = boxes.iter().map(|one| one.x + one.width).max().unwrap_or(MARGIN + 3 * EXIT_WIDTH);
    let below = |one: &NodeBox| if one.height > NODE_HEIGHT { BELOW_EXITS } else { 0 };
    let bottom = boxes.iter().map(|one| one.y + one.height + below(one)).max().unwrap_or(TOP);
    ChartLayout { width: right + MARGIN, height: bottom + MARGIN, edges: edges(chart, &graph, &boxes), boxes }
}

fn edges(chart: &Chart, graph: &Graph<'_>, boxes: &[NodeBox]) -> Vec<EdgeLine> {
    let mut places = vec![0; graph.ids.len()];
    for (place, &at) in graph.order.iter().enumerate() {
        places[at] = place;
    }
    let start = graph.index.get(chart.start.as_str()).map(|at| &boxes[places[*at]]);
    let centre = start.map_or(MARGIN + 3 * EXIT_WIDTH / 2, |one| one.x + one.width / 2);
    let port = Point { x: centre, y: MARGIN + START_HEIGHT };
    let end = match start {
        Some(one) => EdgeEnd::Line(vec![port, Point { x: centre, y: one.y }]),
        None => EdgeEnd::Open,
    };
    let mut lines = vec![EdgeLine { from: None, to: chart.start.clone(), port, end }];
    for (&at, from) in graph.order.iter().zip(boxes) {
        let count = i32::try_from(graph.exits[at].len()).unwrap_or(1).max(1);
        for (place, (exit, to)) in (0..).zip(&graph.exits[at]) {
            let x = from.x + from.width * (2 * place + 1) / (2 * count);
            let port = Point { x, y: from.y + from.height };
            let target = graph.index.get(to).copied();
            let end = match target {
                None => EdgeEnd::Open,
                Some(next) if graph.layers[next] == graph.layers[at] + 1 => {
                    let below = &boxes[places[next]];
                    let bend = Point { x, y: port.y + BELOW_EXITS };
                    EdgeEnd::Line(vec![port, bend, Point { x: below.x + below.width / 2, y: below.y }])
                }
                Some(_) => EdgeEnd::Reference,
            };
            let to = if target.is_some() { (*to).to_owned() } else { String::new() };
            lines.push(EdgeLine { from: Some((graph.ids[at].to_owned(), *exit)), to, port, end });
        }
    }
    lines
}
