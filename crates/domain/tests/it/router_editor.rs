//! The chart as the editor changes, compares and draws it.

use domain::router::{
    Chart, ChartEditError, ChartLayout, EdgeEnd, EdgeFrom, Exit, Node, NodePart, compare_charts, lay_out,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A chart in short: `a: b c d` is a condition with its exits, `a` alone an outcome; the first one is the start.
fn chart(text: &str) -> Chart {
    let mut start = None;
    let nodes: serde_json::Map<String, Value> =
        (text.split(';').map(str::trim).filter(|line| !line.is_empty()))
            .map(|line| {
                let (id, exits) = line.split_once(':').unwrap_or((line, ""));
                start.get_or_insert_with(|| id.to_owned());
                (id.to_owned(), serde_json::to_value(node(exits)).unwrap())
            })
            .collect();
    serde_json::from_value(json!({ "start": start.unwrap_or_default(), "nodes": nodes })).unwrap()
}

fn node(exits: &str) -> Node {
    let exits: Vec<&str> = exits.split_whitespace().map(|to| to.trim_matches('-')).collect();
    let node = match exits[..] {
        [] => json!({ "kind": "outcome", "outcome": { "kind": "nothing" } }),
        [matched, otherwise, error] => json!({ "kind": "condition",
            "next": { "match": matched, "otherwise": otherwise, "error": error } }),
        _ => json!({ "kind": "split", "weights": vec![1; exits.len()], "next": exits }),
    };
    serde_json::from_value(node).unwrap()
}

/// The same in short again.
fn told(chart: &Chart) -> String {
    let line = |(id, node): (&String, &Node)| {
        let exits: Vec<&str> =
            node.exits().into_iter().map(|(_, to)| if to.is_empty() { "-" } else { to }).collect();
        if exits.is_empty() { id.clone() } else { format!("{id}: {}", exits.join(" ")) }
    };
    format!("{} | {}", chart.start, chart.nodes.iter().map(line).collect::<Vec<_>>().join("; "))
}

fn from(name: &str) -> EdgeFrom {
    let (node, exit) = name.split_once(' ').unwrap_or((name, ""));
    EdgeFrom::parse(node, exit).unwrap()
}

type Edit = fn(&mut Chart) -> Result<(), ChartEditError>;

#[test]
fn each_edit_gives_the_chart_that_people_expect() {
    let edits: [(&str, &str, Edit, &str); 13] = [
        (
            "first node of an empty chart",
            "",
            |c| c.insert(&from(""), node("")).map(drop),
            "outcome-1 | outcome-1",
        ),
        (
            "a question before the first node",
            "a",
            |c| c.insert(&from(""), node("a a a")).map(drop),
            "condition-1 | a; condition-1: a a a",
        ),
        (
            "a question on an exit",
            "a: b c c; b; c",
            |c| c.insert(&from("a otherwise"), node("c b c")).map(drop),
            "a | a: b condition-1 c; b; c; condition-1: c b c",
        ),
        (
            "an end on an exit",
            "a: b c c; b; c",
            |c| c.insert(&from("a match"), node("")).map(drop),
            "a | a: outcome-1 c c; b; c; outcome-1",
        ),
        (
            "ways of a split",
            "a: b c; b; c",
            |c| c.insert(&from("a way-2"), node("c -")).map(drop),
            "a | a: b split-1; b; c; split-1: c -",
        ),
        (
            "taking out a question lets its exit take its place",
            "a: b c c; b: d c c; c; d",
            |c| c.remove("b", Some(Exit::Match)),
            "a | a: d c c; c; d",
        ),
        ("taking out the first node", "a: b c c; b; c", |c| c.remove("a", Some(Exit::Otherwise)), "c | b; c"),
        (
            "taking out an end leaves an open exit",
            "a: b c c; b; c",
            |c| c.remove("c", None),
            "a | a: b - -; b",
        ),
        (
            "taking out a node that leads to itself",
            "a: a b b; b",
            |c| c.remove("a", Some(Exit::Match)),
            " | b",
        ),
        ("another target", "a: b c c; b; c", |c| c.point(&from("a error"), "b"), "a | a: b c b; b; c"),
        ("no target", "a: b c c; b; c", |c| c.point(&from("a error"), ""), "a | a: b c -; b; c"),
        (
            "a question moves to another exit",
            "a: b c c; b: d e e; c; d; e",
            |c| c.relocate("b", &from("a otherwise")),
            "a | a: e b c; b: d c c; c; d; e",
        ),
        (
            "a move to where it stands",
            "a: b c c; b: d e e; c; d; e",
            |c| c.relocate("b", &from("a match")),
            "a | a: b c c; b: d e e; c; d; e",
        ),
    ];
    for (what, before, edit, after) in edits {
        let mut edited = chart(before);
        edit(&mut edited).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(told(&edited), after, "{what}");
    }
}

#[test]
fn edit_of_what_is_gone_is_refused_and_changes_nothing() {
    let missing = |id: &str| ChartEditError::NoSuchNode(id.to_owned());
    let no_exit = ChartEditError::NoSuchExit { node: "a".to_owned(), exit: "way-1".to_owned() };
    let refused: [(Edit, ChartEditError); 6] = [
        (|c| c.insert(&from("x match"), node("")).map(drop), missing("x")),
        (|c| c.insert(&from("a way-1"), node("")).map(drop), no_exit.clone()),
        (|c| c.remove("x", None), missing("x")),
        (|c| c.remove("a", Some(Exit::Way(0))), no_exit),
        (|c| c.point(&from("a match"), "x"), missing("x")),
        (|c| c.relocate("a", &from("a match")), ChartEditError::FollowsItself("a".to_owned())),
    ];
    for (edit, error) in refused {
        let mut edited = chart("a: b c c; b; c");
        assert_eq!(edit(&mut edited), Err(error));
        assert_eq!(edited, chart("a: b c c; b; c"));
    }
}

#[test]
fn difference_names_nodes_and_parts() {
    let before = chart("a: b c c; b; c");
    assert!(compare_charts(&before, &before).is_empty());
    let after: Chart = serde_json::from_value(json!({ "start": "b", "nodes": {
        "a": { "kind": "condition", "name": "大企業", "next": { "match": "b", "otherwise": "b", "error": "d" } },
        "b": { "kind": "outcome", "outcome": { "kind": "redirect", "url": "https://a.example" },
            "fallback": { "kind": "nothing" } },
        "d": { "kind": "outcome", "outcome": { "kind": "nothing" } } } }))
    .unwrap();
    let found = compare_charts(&before, &after);
    assert_eq!(
        (found.added, found.removed, found.starts_elsewhere),
        (vec!["d".into()], vec!["c".into()], true)
    );
    let changed: Vec<(&str, &[NodePart])> =
        found.changed.iter().map(|one| (one.node.as_str(), one.parts.as_slice())).collect();
    assert_eq!(
        changed,
        [
            ("a", [NodePart::Name, NodePart::Exits].as_slice()),
            ("b", [NodePart::Action, NodePart::Fallback].as_slice())
        ]
    );
}

#[test]
fn long_branch_is_drawn_straight_down_and_joined_branches_meet() {
    let drawn = lay_out(&chart("a: x b b; b: x c c; c: x d d; d; x"));
    let centre = |id: &str| {
        let found = drawn.boxes.iter().find(|one| one.node == id).unwrap();
        found.x + found.width / 2
    };
    assert_eq!((centre("a"), centre("b")), (centre("b"), centre("c")));
    let layer = |id: &str| drawn.boxes.iter().find(|one| one.node == id).unwrap().y;
    assert_eq!(layer("x"), layer("d"), "below the lowest that leads to it");
    let ends: Vec<bool> = (drawn.edges.iter())
        .filter(|edge| edge.to == "x")
        .map(|edge| matches!(edge.end, EdgeEnd::Line(_)))
        .collect();
    assert_eq!(ends, [false, false, true], "only the last one has no node in between");
}

fn check(chart: &Chart, drawn: &ChartLayout) {
    let ids: BTreeSet<&str> = drawn.boxes.iter().map(|one| one.node.as_str()).collect();
    assert_eq!((ids.len(), drawn.boxes.len()), (chart.nodes.len(), chart.nodes.len()), "each node once");
    for (place, one) in drawn.boxes.iter().enumerate() {
        assert!(one.x >= 0 && one.y >= 0 && one.x + one.width <= drawn.width, "{one:?}");
        assert!(one.y + one.height <= drawn.height, "{one:?}");
        for other in &drawn.boxes[place + 1..] {
            let apart = one.x + one.width <= other.x
                || other.x + other.width <= one.x
                || one.y + one.height <= other.y
                || other.y + other.height <= one.y;
            assert!(apart, "{one:?} {other:?}");
        }
    }
    let mut exits = 0;
    for (id, node) in &chart.nodes {
        for (exit, to) in node.exits() {
            exits += 1;
            let from = Some((id.clone(), exit));
            let edge = drawn.edges.iter().find(|edge| edge.from == from).unwrap();
            let target = drawn.boxes.iter().find(|one| one.node == to);
            match (&edge.end, target) {
                (EdgeEnd::Open, target) => assert_eq!(target, None),
                (EdgeEnd::Reference, target) => assert!(target.is_some()),
                (EdgeEnd::Line(points), Some(target)) => {
                    let end = points.last().unwrap();
                    assert_eq!((points[0], end.y), (edge.port, target.y), "from the exit to the node");
                    assert_eq!(end.x, target.x + target.width / 2);
                }
                (EdgeEnd::Line(_), None) => panic!("{edge:?}"),
            }
        }
    }
    assert_eq!(drawn.edges.len(), exits + 1, "and the one from the beginning");
}

/// Charts with loops, open ends, several ways to a node and nodes that nothing leads to.
fn any_chart(most: usize) -> impl Strategy<Value = Chart> {
    let node =
        (prop::sample::select(vec![0_usize, 0, 2, 3, 3, 3, 6]), prop::collection::vec(any::<u16>(), 6));
    prop::collection::vec(node, 0..most).prop_map(|drawn| {
        let count = drawn.len();
        let id = |number: usize| format!("n{number:03}");
        let lines = drawn.iter().enumerate().map(|(at, (exits, seeds))| {
            let targets = seeds.iter().take(*exits).map(|seed| match usize::from(*seed) {
                seed if seed % 11 == 0 => "-".to_owned(),
                seed if seed % 13 == 0 => id(seed % count),
                seed => id((at + 1 + seed % 9).min(count - 1)),
            });
            format!("{}: {}", id(at), targets.collect::<Vec<_>>().join(" "))
        });
        chart(&lines.collect::<Vec<_>>().join(";"))
    })
}

proptest! {
    #[test]
    fn no_two_nodes_overlap_and_every_edge_is_there(chart in any_chart(60)) {
        let drawn = lay_out(&chart);
        check(&chart, &drawn);
        prop_assert_eq!(drawn, lay_out(&chart), "the same every time");
    }

    #[test]
    fn edits_leave_no_edge_to_a_node_that_is_gone(chart in any_chart(20), seeds in prop::collection::vec(any::<(u8, u16, u16)>(), 1..12)) {
        let mut chart = chart;
        for (what, one, other) in seeds {
            let ids: Vec<String> = chart.nodes.keys().cloned().collect();
            let pick = |seed: u16| ids.get(usize::from(seed) % ids.len().max(1)).cloned().unwrap_or_default();
            let (node_id, target) = (pick(one), pick(other));
            let exits: Vec<Exit> = chart.nodes.get(&node_id).map(Node::exits).unwrap_or_default().into_iter().map(|(exit, _)| exit).collect();
            let exit = exits.get(usize::from(other) % exits.len().max(1)).copied();
            let edge = exit.map_or(EdgeFrom::Start, |exit| EdgeFrom::Exit { node: node_id.clone(), exit });
            match what % 4 {
                0 => drop(chart.insert(&edge, node("- - -")).unwrap()),
                1 if !ids.is_empty() => chart.remove(&node_id, exit).unwrap(),
                2 => chart.point(&edge, &target).unwrap(),
                _ => drop(chart.relocate(&target, &edge)),
            }
            for (exit, to) in chart.nodes.values().flat_map(Node::exits) {
                prop_assert!(to.is_empty() || chart.nodes.contains_key(to), "{:?} leads to {}", exit, to);
            }
            prop_assert!(chart.start.is_empty() || chart.nodes.contains_key(&chart.start));
        }
    }
}

#[test]
fn chart_of_500_nodes_is_drawn() {
    let lines =
        (0..499).map(|at| format!("n{at:03}: n{:03} n499 n{:03}", (at + 1).min(499), (at + 2).min(499)));
    let chart = chart(&(lines.collect::<Vec<_>>().join(";") + ";n499"));
    check(&chart, &lay_out(&chart));
}
