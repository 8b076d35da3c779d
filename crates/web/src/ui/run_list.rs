//! Runs of syncs and imports as the console shows them: how far they are, what they cost and brought.

use crate::text::catalogue::grouped;
use crate::text::translator::Translator;
use domain::run::{Receipt, Run, RunState};

/// One run as a line of a table.
pub struct RunLine {
    /// When it was wanted.
    pub when: String,
    /// Who wanted it.
    pub origin: String,
    /// How it stands, as the style sheet calls it.
    pub state: &'static str,
    /// How it stands.
    pub state_word: String,
    /// Rows that came and rows that there are, by object.
    pub counts: String,
    /// Why it failed or stopped; empty otherwise.
    pub reason: String,
    /// Fields that were left out; empty when none were.
    pub left_out: String,
    /// What it cost and what was new; empty before the first call.
    pub receipt: String,
}

/// How far the run is that is being worked on.
pub struct Progress {
    /// Rows that came.
    pub received: u64,
    /// Expected rows; 0 if unknown.
    pub expected: u64,
    /// Both as a sentence.
    pub text: String,
}

/// The runs as lines.
pub fn run_lines(t: &Translator, runs: &[Run]) -> Vec<RunLine> {
    runs.iter().map(|run| run_line(t, run)).collect()
}

fn run_line(t: &Translator, run: &Run) -> RunLine {
    let receipt_of = &run.receipt;
    let counts = receipt_of.expected.iter().filter_map(|(object, expected)| {
        let received = receipt_of.received.get(object).copied().unwrap_or(0);
        // Where only changes were asked for, none is no news.
        let is_news = *expected > 0 || receipt_of.everything.contains(object);
        is_news.then(|| {
            let (received, expected) = (received.to_string(), expected.to_string());
            format!("{} {} / {}", t.word("object", object), grouped(&received), grouped(&expected))
        })
    });
    let counts = t.list(counts);
    let nothing = counts.is_empty() && run.state == RunState::Done;
    RunLine {
        when: t.date_time(run.requested_at),
        origin: t.word("run-origin", run.origin.name()),
        state: run.state.name(),
        state_word: t.word("run-state", run.state.name()),
        counts: if nothing { t.text("run-nothing-changed") } else { counts },
        reason: run.reason.as_ref().map(|reason| t.step(reason)).unwrap_or_default(),
        left_out: match t.list(&run.receipt.skipped_fields) {
            none if none.is_empty() => none,
            fields => t.fill("sync-left-out", "fields", fields),
        },
        receipt: receipt(t, &run.receipt),
    }
}

fn receipt(t: &Translator, receipt: &Receipt) -> String {
    if receipt.calls == 0 {
        return String::new();
    }
    let mut parts = vec![t.sentence(
        "run-receipt",
        [
            ("changed", receipt.changed.to_string()),
            ("unchanged", receipt.unchanged.to_string()),
            ("calls", receipt.calls.to_string()),
            ("kilobytes", receipt.bytes.div_ceil(1024).to_string()),
        ],
    )];
    if receipt.failed > 0 {
        parts.push(t.fill("run-receipt-failed", "count", receipt.failed));
    }
    let gone = receipt.gone.iter().map(|(state, count)| {
        let state = t.word("kept-state", state);
        t.sentence("run-receipt-gone", [("state", state), ("count", count.to_string())])
    });
    parts.extend(gone);
    if let Some(until) = receipt.covered_until {
        parts.push(t.fill("run-receipt-until", "when", t.date_time(until)));
    }
    parts.join(&t.text("sentence-gap"))
}

/// How far the latest run is, if it is not over.
pub fn progress(t: &Translator, runs: &[Run]) -> Option<Progress> {
    let run = runs.first().filter(|run| !run.state.is_over())?;
    let sum = |counts: &std::collections::BTreeMap<String, u64>| counts.values().sum::<u64>();
    let (received, expected) = (sum(&run.receipt.received), sum(&run.receipt.expected));
    let text = if run.state == RunState::Waiting || expected == 0 {
        t.word("run-progress", run.state.name())
    } else {
        let counts = [("received", received.to_string()), ("expected", expected.to_string())];
        t.sentence("run-progress", counts)
    };
    Some(Progress { received: received.min(expected), expected, text })
}
