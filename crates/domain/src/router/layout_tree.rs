//! Where a chart's nodes stand from left to right.

use crate::router::layout_graph::Graph;
use std::collections::BTreeMap;

/// Pixels between neighbours.
const BETWEEN: i32 = 28;
/// By so many layers one branch has to be longer than its neighbours to be drawn straight below its node.
const CLEARLY_LONGER: usize = 2;

/// Each node below one of those that lead to it, which is what decides where it stands from left to right.
pub(super) struct Tree {
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
    pub(super) fn of(graph: &Graph<'_>) -> Self {
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
    pub(super) fn lefts(&self, graph: &Graph<'_>) -> Vec<i32> {
        let mut outlines = vec![Outline::default(); graph.ids.len()];
        for &at in graph.order.iter().rev() {
            outlines[at] = self.outline(at, graph, &outlines);
        }
        let mut lefts = vec![0; graph.ids.len()];
        // Roots of one layer stand side by side.
        let mut rows: BTreeMap<usize, i32> = BTreeMap::new();
        for &root in &self.roots {
            let outline = &outlines[root];
            let row = rows.entry(graph.layers[root]).or_default();
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
