//! Where a chart's nodes and edges are drawn: in layers from top to bottom, the same for the same chart every time.
//!
//! Each node stands once, one layer below the lowest node that leads to it. An edge to the next layer is a line; one that
//! would cross other nodes names its target instead.

use crate::router::{Chart, Exit, Node};
use std::collections::BTreeMap;

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

/// How wide an exit is; a node is as wide as its exits, and three at least.
pub const EXIT_WIDTH: i32 = 96;
/// How high a row of exits is.
pub const EXITS_HEIGHT: i32 = 26;
const NODE_HEIGHT: i32 = 88;
/// What stands below an exit: a place to insert a node, and the name of a target that stands elsewhere.
const BELOW_EXITS: i32 = 62;
const CURVES: i32 = 46;
const LAYER: i32 = NODE_HEIGHT + EXITS_HEIGHT + BELOW_EXITS + CURVES;
const BETWEEN: i32 = 28;
const MARGIN: i32 = 16;
const START_HEIGHT: i32 = 26;
const TOP: i32 = MARGIN + START_HEIGHT + BELOW_EXITS;
/// By so many layers one branch has to be longer than its neighbours to be drawn straight below its node.
const CLEARLY_LONGER: usize = 2;

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

/// The chart by numbers, with the layer of each node.
struct Graph<'a> {
    ids: Vec<&'a str>,
    index: BTreeMap<&'a str, usize>,
    exits: Vec<Vec<(Exit, &'a str)>>,
    widths: Vec<i32>,
    layers: Vec<usize>,
    reached: Vec<bool>,
    /// Every node, each after those that lead to it, loops left aside.
    order: Vec<usize>,
}

impl<'a> Graph<'a> {
    fn of(chart: &'a Chart) -> Self {
        let ids: Vec<&str> = chart.nodes.keys().map(String::as_str).collect();
        let exits: Vec<Vec<(Exit, &str)>> = chart.nodes.values().map(Node::exits).collect();
        let width = |exits: &Vec<(Exit, &str)>| i32::try_from(exits.len()).unwrap_or(3).max(3) * EXIT_WIDTH;
        let mut graph = Self {
            index: ids.iter().enumerate().map(|(at, id)| (*id, at)).collect(),
            widths: exits.iter().map(width).collect(),
            layers: vec![0; ids.len()],
            reached: vec![false; ids.len()],
            order: Vec::new(),
            exits,
            ids,
        };
        let start = graph.index.get(chart.start.as_str()).copied();
        let mut state = vec![Walk::New; graph.ids.len()];
        if let Some(start) = start {
            graph.walk(start, 0, &mut state);
        }
        for at in &graph.order {
            graph.reached[*at] = true;
        }
        let led_to: Vec<bool> = graph.led_to();
        let below = graph.order.iter().map(|at| graph.layers[*at] + 1).max().unwrap_or(0);
        let (inner, outer): (Vec<usize>, Vec<usize>) = (0..graph.ids.len()).partition(|at| led_to[*at]);
        for at in outer.into_iter().chain(inner) {
            graph.walk(at, below, &mut state);
        }
        graph
    }

    fn led_to(&self) -> Vec<bool> {
        let mut led_to = vec![false; self.ids.len()];
        for (_, to) in self.exits.iter().flatten() {
            if let Some(at) = self.index.get(to) {
                led_to[*at] = true;
            }
        }
        led_to
    }

    fn followers(&self, at: usize) -> Vec<usize> {
        self.exits[at].iter().filter_map(|(_, to)| self.index.get(to).copied()).collect()
    }

    /// Adds all that can be reached from a node, each one layer below the lowest that leads to it.
    fn walk(&mut self, from: usize, layer: usize, state: &mut [Walk]) {
        if state[from] != Walk::New {
            return;
        }
        let mut finished = Vec::new();
        let mut loops = Vec::new();
        let mut way = vec![(from, self.followers(from))];
        state[from] = Walk::Open;
        // Without recursion: a chart from a file may be deep.
        while let Some((at, rest)) = way.last_mut() {
            let at = *at;
            let Some(next) = rest.pop() else {
                state[at] = Walk::Done;
                finished.push(at);
                way.pop();
                continue;
            };
            match state[next] {
                Walk::New => {
                    state[next] = Walk::Open;
                    way.push((next, self.followers(next)));
                }
                Walk::Open => loops.push((at, next)),
                Walk::Done => {}
            }
        }
        finished.reverse();
        for at in &finished {
            self.layers[*at] = layer;
        }
        let is_new = |at: &usize| finished.contains(at);
        for at in &finished {
            for next in self.followers(*at).into_iter().filter(is_new) {
                if !loops.contains(&(*at, next)) {
                    self.layers[next] = self.layers[next].max(self.layers[*at] + 1);
                }
            }
        }
        self.order.extend(finished);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Walk {
    New,
    Open,
    Done,
}

/// Each node below one of those that lead to it, which is what decides where it stands from left to right.
struct Tree {
    children: Vec<Vec<usize>>,
    roots: Vec<usize>,
}

/// How far a node and all below it reach to both sides of its centre, layer by layer.
#[derive(Clone, Default)]
struct Outline {
    sides: Vec<(i32, i32)>,
    /// Where the children stand from the centre.
    children: Vec<i32>,
}

impl Tree {
    fn of(graph: &Graph<'_>) -> Self {
        let mut children = vec![Vec::new(); graph.ids.len()];
        let mut has_parent = vec![false; graph.ids.len()];
        for &at in &graph.order {
            for next in graph.followers(at) {
                if !has_parent[next]
                    && graph.layers[next] == graph.layers[at] + 1
                    && graph.reached[next] == graph.reached[at]
                {
                    has_parent[next] = true;
                    children[at].push(next);
                }
            }
        }
        let roots = graph.order.iter().copied().filter(|at| !has_parent[*at]).collect();
        Self { children, roots }
    }

    /// The left side of each node.
    fn lefts(&self, graph: &Graph<'_>) -> Vec<i32> {
        let mut outlines = vec![Outline::default(); graph.ids.len()];
        for &at in graph.order.iter().rev() {
            outlines[at] = self.outline(at, graph, &outlines);
        }
        let mut lefts = vec![0; graph.ids.len()];
        // Nodes that nothing leads to stand below the others, side by side.
        let mut next_root = [0, 0];
        for &root in &self.roots {
            let outline = &outlines[root];
            let row = &mut next_root[usize::from(!graph.reached[root])];
            let left = outline.sides.iter().map(|(left, _)| *left).min().unwrap_or_default();
            let right = outline.sides.iter().map(|(_, right)| *right).max().unwrap_or_default();
            let mut waiting = vec![(root, *row - left)];
            *row += right - left + BETWEEN;
            while let Some((at, centre)) = waiting.pop() {
                lefts[at] = centre - graph.widths[at] / 2;
                let children = self.children[at].iter().zip(&outlines[at].children);
                waiting.extend(children.map(|(child, from_centre)| (*child, centre + from_centre)));
            }
        }
        lefts
    }

    fn outline(&self, at: usize, graph: &Graph<'_>, outlines: &[Outline]) -> Outline {
        let half = graph.widths[at] / 2;
        let children = &self.children[at];
        // Side by side, as close as every layer allows.
        let mut centres: Vec<i32> = Vec::new();
        let mut sides: Vec<(i32, i32)> = Vec::new();
        for child in children {
            let own = &outlines[*child].sides;
            let pairs = sides.iter().zip(own);
            let centre = pairs.map(|((_, right), (left, _))| right + BETWEEN - left).max().unwrap_or(0);
            for (depth, (left, right)) in own.iter().enumerate() {
                match sides.get_mut(depth) {
                    Some((_, known)) => *known = centre + right,
                    None => sides.push((centre + left, centre + right)),
                }
            }
            centres.push(centre);
        }
        let middle = self.middle(children, &centres, outlines);
        let shifted = sides.iter().map(|(left, right)| (left - middle, right - middle));
        Outline {
            sides: std::iter::once((-half, half)).chain(shifted).collect(),
            children: centres.iter().map(|centre| centre - middle).collect(),
        }
    }

    /// Below which point of its children a node stands: straight above a branch that is clearly the longest.
    fn middle(&self, children: &[usize], centres: &[i32], outlines: &[Outline]) -> i32 {
        let (Some(first), Some(last)) = (centres.first(), centres.last()) else { return 0 };
        let depth = |place: usize| outlines[children[place]].sides.len();
        let longest = (0..children.len()).max_by_key(|place| depth(*place)).unwrap_or(0);
        let is_clear = (0..children.len())
            .all(|place| place == longest || depth(place) + CLEARLY_LONGER <= depth(longest));
        if is_clear { centres[longest] } else { i32::midpoint(*first, *last) }
    }
}
