//! Fairness of the turns beside two published rules, and the time of decisions, of back-tests and of drawing a chart:
//! `cargo bench -p domain --bench router`.
//!
//! The plot goes to `BENCH_PLOT`, `target/fairness.svg` if it is not set.

#![expect(clippy::unwrap_used, reason = "a measurement that fails has to fail loudly")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]
#![expect(clippy::disallowed_methods, reason = "what is measured is the time itself")]

use domain::router::{Candidate, Chart, Facts, RoutingResult, choose, decide, entries, lay_out};
use domain::value::{MemberId, Timestamp};
use serde_json::json;
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Instant;

const TEAMS: u64 = 20;
const MEETINGS: u32 = 300;

/// A team under one rule: who is free at each meeting is the same for all rules.
struct Team {
    weights: Vec<u32>,
    counts: Vec<u32>,
    last: Vec<u32>,
    balances: Vec<i64>,
}

#[derive(Clone, Copy)]
enum Rule {
    Deadline,
    Shortfall,
    LeastBooked,
}

const RULES: [(&str, Rule); 3] = [
    ("on-duty ledger, earliest deadline", Rule::Deadline),
    ("largest shortfall of totals (cal.com)", Rule::Shortfall),
    ("least booked", Rule::LeastBooked),
];

/// Numbers that look drawn and are the same each time.
struct Drawn(u64);

impl Drawn {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

fn member(place: usize) -> MemberId {
    format!("00000000-0000-4000-8000-{:012}", place + 1).parse().unwrap()
}

impl Team {
    fn new(weights: Vec<u32>) -> Self {
        let hosts = weights.len();
        Self { weights, counts: vec![0; hosts], last: vec![0; hosts], balances: vec![0; hosts] }
    }

    /// Books the n-th meeting; those away are not on duty.
    fn book(&mut self, rule: Rule, n: u32, free: &[bool], away: &[bool]) -> Option<usize> {
        let chosen = match rule {
            Rule::Deadline => self.by_deadline(free, away)?,
            Rule::Shortfall => self.by_shortfall(free, away)?,
            Rule::LeastBooked => {
                (0..free.len()).filter(|host| free[*host] && !away[*host]).min_by(|one, other| {
                    let level = |host: &usize| f64::from(self.counts[*host]) / f64::from(self.weights[*host]);
                    level(one).total_cmp(&level(other)).then(self.last[*one].cmp(&self.last[*other]))
                })?
            }
        };
        self.counts[chosen] += 1;
        self.last[chosen] = n;
        Some(chosen)
    }

    fn by_deadline(&mut self, free: &[bool], away: &[bool]) -> Option<usize> {
        let on_duty: Vec<Candidate> = (0..free.len())
            .filter(|host| !away[*host])
            .map(|host| Candidate {
                member: member(host),
                weight: self.weights[host],
                balance: self.balances[host],
                last: (self.last[host] > 0).then(|| Timestamp::from_seconds(i64::from(self.last[host]))),
                is_free: free[host],
            })
            .collect();
        let chosen = choose(&on_duty)?.member;
        let place = |wanted: MemberId| (0..free.len()).find(|host| member(*host) == wanted);
        for (one, change) in entries(&on_duty, chosen) {
            self.balances[place(one)?] += change;
        }
        place(chosen)
    }

    /// Target minus meetings so far, by weight, over everybody; ties by weight, then by who waits longest.
    fn by_shortfall(&self, free: &[bool], away: &[bool]) -> Option<usize> {
        let booked: u32 = self.counts.iter().sum();
        let total: u32 = self.weights.iter().sum();
        let shortfall = |host: usize| {
            f64::from(booked) * f64::from(self.weights[host]) / f64::from(total)
                - f64::from(self.counts[host])
        };
        (0..free.len()).filter(|host| free[*host] && !away[*host]).max_by(|one, other| {
            shortfall(*one)
                .total_cmp(&shortfall(*other))
                .then(self.weights[*one].cmp(&self.weights[*other]))
                .then(self.last[*other].cmp(&self.last[*one]))
        })
    }

    /// The furthest that anybody is from the exact share.
    fn deviation(&self, meetings: u32) -> f64 {
        let total: u32 = self.weights.iter().sum();
        let exact = |weight: u32| f64::from(meetings) * f64::from(weight) / f64::from(total);
        let off =
            self.weights.iter().zip(&self.counts).map(|(weight, count)| exact(*weight) - f64::from(*count));
        off.map(f64::abs).fold(0.0, f64::max)
    }
}

fn main() {
    let mut plots = Vec::new();
    line("all free: worst distance from the exact share, in meetings", "");
    for (name, rule) in RULES {
        let worst: Vec<f64> = (0..TEAMS).map(|seed| worst_deviation(rule, seed)).collect();
        let most = worst.iter().copied().fold(0.0, f64::max);
        let mean = worst.iter().sum::<f64>() / TEAMS as f64;
        line(&format!("  {name}"), &format!("worst {most:.2}, mean of {TEAMS} teams {mean:.2}"));
        plots.push((name, worst));
    }
    line("five hosts free 60 % of the time, one away for 60 of 300 meetings", "");
    for (name, rule) in RULES {
        let found: Vec<(u32, u32)> = (0..TEAMS).map(|seed| after_holiday(rule, seed)).collect();
        let mean = found.iter().map(|(got, _)| f64::from(*got)).sum::<f64>() / TEAMS as f64;
        let streak = found.iter().map(|(_, streak)| *streak).max().unwrap();
        let figures = format!("gets {mean:.1} of the next 20 (4 would be even), longest run {streak}");
        line(&format!("  {name}"), &figures);
    }
    plot(&plots);
    decisions();
    layouts();
}

/// Wide weights, two to twenty hosts.
fn worst_deviation(rule: Rule, seed: u64) -> f64 {
    let mut drawn = Drawn(seed + 1);
    let hosts = usize::try_from(2 + drawn.next(19)).unwrap();
    let weights = (0..hosts).map(|_| u32::try_from(1 + drawn.next(900)).unwrap()).collect();
    let (mut team, free, away) = (Team::new(weights), vec![true; hosts], vec![false; hosts]);
    let mut worst: f64 = 0.0;
    for n in 1..=MEETINGS {
        team.book(rule, n, &free, &away).unwrap();
        worst = worst.max(team.deviation(n));
    }
    worst
}

/// How many of the next twenty meetings the one who was away gets, and how many of them in a row.
fn after_holiday(rule: Rule, seed: u64) -> (u32, u32) {
    let mut drawn = Drawn(seed + 100);
    let mut team = Team::new(vec![1; 5]);
    let (mut got, mut streak, mut longest) = (0, 0, 0);
    let mut after = 0;
    for n in 1..=MEETINGS {
        let free: Vec<bool> = (0..5).map(|_| drawn.next(10) < 6).collect();
        let is_away = (100..160).contains(&n);
        let Some(chosen) = team.book(rule, n, &free, &[is_away, false, false, false, false]) else {
            continue;
        };
        if n >= 160 && after < 20 {
            after += 1;
            got += u32::from(chosen == 0);
            streak = if chosen == 0 { streak + 1 } else { 0 };
            longest = longest.max(streak);
        }
    }
    (got, longest)
}

/// Worst deviation of each team, a row of bars for each rule.
fn plot(rules: &[(&str, Vec<f64>)]) {
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"330\" font-family=\"sans-serif\" font-size=\"12\">",
    );
    for (row, (name, values)) in rules.iter().enumerate() {
        let base = 100.0 * (row + 1) as f64;
        write!(svg, "<text x=\"10\" y=\"{}\">{name}</text>", base - 78.0).unwrap();
        for (team, value) in values.iter().enumerate() {
            let (x, height) = (10.0 + 34.0 * team as f64, (value * 20.0).min(70.0));
            let fill = if *value < 1.0 { "#31588a" } else { "#b0413e" };
            write!(
                svg,
                "<rect x=\"{x}\" y=\"{}\" width=\"26\" height=\"{height}\" fill=\"{fill}\"/><text x=\"{x}\" y=\"{}\" font-size=\"9\">{value:.2}</text>",
                base - height,
                base + 11.0
            )
            .unwrap();
        }
    }
    svg.push_str("</svg>");
    let file = std::env::var("BENCH_PLOT")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/fairness.svg").to_owned());
    std::fs::write(&file, svg).unwrap();
    line("  the same as a plot", "target/fairness.svg");
}

/// Fifty conditions one after the other, the last of which holds.
fn chart(nodes: usize) -> Chart {
    let mut all = serde_json::Map::new();
    for n in 0..nodes {
        let next = if n + 1 < nodes { format!("n{}", n + 1) } else { "end".to_owned() };
        all.insert(
            format!("n{n}"),
            json!({ "kind": "condition", "all": [{ "fact": "email.domain", "operator": "equals", "value": format!("other{n}.example") }],
                "next": { "match": "end", "otherwise": next, "error": "end" } }),
        );
    }
    all.insert("end".to_owned(), json!({ "kind": "outcome", "outcome": { "kind": "nothing" } }));
    serde_json::from_value(json!({ "start": "n0", "nodes": all })).unwrap()
}

fn decisions() {
    let chart = chart(50);
    let facts: Facts =
        serde_json::from_value(json!({ "email": "taro@example.co.jp", "language": "ja" })).unwrap();
    let mut times: Vec<f64> = (0..10_000)
        .map(|_| {
            let begun = Instant::now();
            assert_eq!(decide(&chart, &facts).path.len(), 51);
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    line(
        "decision over 50 nodes, facts given",
        &format!("p50 {:.3} ms, p99 {:.3} ms", times[5_000], times[9_900]),
    );
    back_test(&chart, &facts);
}

/// A draft over past decisions as they are stored: read, decided again, and compared.
fn back_test(draft: &Chart, facts: &Facts) {
    let decided = decide(draft, facts);
    let result = RoutingResult {
        path: decided.path,
        outcome: decided.outcome,
        instead_of: None,
        hosts: Vec::new(),
        assignment: None,
    };
    let stored = (serde_json::to_string(facts).unwrap(), serde_json::to_string(&result).unwrap());
    let begun = Instant::now();
    for _ in 0..10_000 {
        let facts: Facts = serde_json::from_str(&stored.0).unwrap();
        let result: RoutingResult = serde_json::from_str(&stored.1).unwrap();
        assert_eq!(decide(draft, &facts).outcome, *result.wanted());
    }
    let took = begun.elapsed().as_secs_f64();
    line("draft over 10,000 past decisions of 50 nodes (bar: 2 s)", &format!("{took:.2} s"));
}

/// A chart of 200 nodes, half of them questions with an end of their own, is placed for drawing.
fn layouts() {
    let mut nodes = serde_json::Map::new();
    for n in 0..100 {
        let next = if n < 99 { format!("n{:03}", n + 1) } else { "end000".to_owned() };
        nodes.insert(
            format!("n{n:03}"),
            json!({ "kind": "condition", "all": [{ "fact": "email.domain", "operator": "equals", "value": format!("other{n}.example") }],
                "next": { "match": format!("end{n:03}"), "otherwise": next, "error": "end000" } }),
        );
        nodes.insert(format!("end{n:03}"), json!({ "kind": "outcome", "outcome": { "kind": "nothing" } }));
    }
    let chart: Chart = serde_json::from_value(json!({ "start": "n000", "nodes": nodes })).unwrap();
    let mut times: Vec<f64> = (0..200)
        .map(|_| {
            let begun = Instant::now();
            assert_eq!(lay_out(&chart).boxes.len(), 200);
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    line(
        "layout of a chart with 200 nodes (bar: 50 ms)",
        &format!("p50 {:.2} ms, p99 {:.2} ms", times[100], times[198]),
    );
}

fn line(what: &str, figure: &str) {
    writeln!(std::io::stdout().lock(), "{what:<72} {figure}").unwrap();
}
