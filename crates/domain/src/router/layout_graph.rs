//! A chart by numbers, each node in its layer.

use crate::router::{Chart, Exit, Node};
use std::collections::{BTreeMap, BTreeSet};

/// How wide an exit is; a node is as wide as its exits, and three at least.
pub const EXIT_WIDTH: i32 = 96;

/// Nodes that no path leads to, and what follows them, stand below the others, so many of them side by side.
const MAX_LOST_IN_ROW: usize = 4;

/// The chart by numbers, with the layer of each node.
pub(super) struct Graph<'a> {
    pub(super) ids: Vec<&'a str>,
    pub(super) index: BTreeMap<&'a str, usize>,
    pub(super) exits: Vec<Vec<(Exit, &'a str)>>,
    pub(super) widths: Vec<i32>,
    pub(super) layers: Vec<usize>,
    pub(super) reached: Vec<bool>,
    /// Every node, each after those that lead to it, loops left aside.
    pub(super) order: Vec<usize>,
}

impl<'a> Graph<'a> {
    pub(super) fn of(chart: &'a Chart) -> Self {
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
        let (inner, outer): (Vec<usize>, Vec<usize>) = (0..graph.ids.len()).partition(|at| led_to[*at]);
        let mut side_by_side = 0;
        let mut layer = graph.next_layer();
        for at in outer.into_iter().chain(inner) {
            if state[at] != Walk::New {
                continue;
            }
            if side_by_side == MAX_LOST_IN_ROW {
                side_by_side = 0;
                layer = graph.next_layer();
            }
            graph.walk(at, layer, &mut state);
            side_by_side += 1;
        }
        graph
    }

    /// The layer below all nodes that have one.
    fn next_layer(&self) -> usize {
        self.order.iter().map(|at| self.layers[*at] + 1).max().unwrap_or(0)
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

    pub(super) fn followers(&self, at: usize) -> Vec<usize> {
        self.exits[at].iter().filter_map(|(_, to)| self.index.get(to).copied()).collect()
    }

    /// Adds all that can be reached from a node, each one layer below the lowest that leads to it.
    fn walk(&mut self, from: usize, layer: usize, state: &mut [Walk]) {
        if state[from] != Walk::New {
            return;
        }
        let mut finished = Vec::new();
        let mut loops = BTreeSet::new();
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
                Walk::Open => drop(loops.insert((at, next))),
                Walk::Done => {}
            }
        }
        finished.reverse();
        let mut is_new = vec![false; self.ids.len()];
        for at in &finished {
            self.layers[*at] = layer;
            is_new[*at] = true;
        }
        for at in &finished {
            for next in self.followers(*at).into_iter().filter(|next| is_new[*next]) {
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
