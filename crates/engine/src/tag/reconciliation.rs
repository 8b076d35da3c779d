//! The nightly look at the tag: conversions against Leads, silent forms, and deleting what is kept no longer.
//!
//! Without a connection, or if the org can't be asked, the rest is done all the same: what is not known is said so.

use crate::engine::Engine;
use crate::org::client::OrgCallError;
use crate::run::finish::count_calls;
use crate::tag::org;
use domain::notification::{Notice, NoticeKind};
use domain::run::{Receipt, Run, RunKind, RunState};
use domain::tag::{ConversionSeen, OrgSeen, Reconciliation, TagSettings, is_silent, reconcile};
use domain::value::{EmailAddress, Timestamp, WorkspaceId};
use std::collections::{BTreeMap, BTreeSet};
use storage::StorageError;
use storage::notification::inbox;
use storage::run::runs;
use storage::run::runs::RunClaim;
use storage::tag::conversions::StoredConversion;
use storage::tag::forms_seen::FormSeen;
use storage::tag::{conversions, forms_seen, retention};
use storage::workspace::settings;
use storage::workspace::settings::LastReconciliation;

/// Minutes that a Lead may come later than its conversion.
const GRACE: i64 = 60;
/// The longest window, after nights without a run.
const MAX_WINDOW: i64 = 7 * 24 * 60;
const DAY: i64 = 24 * 60;
/// Conversions of a window that are looked at.
const MAX_CONVERSIONS: u32 = 10_000;

/// Works on a claimed run to its end.
///
/// # Errors
/// [`StorageError::LeaseLost`] when someone else has the run now, or any other failure of the database.
pub(crate) async fn run(engine: &Engine, claim: RunClaim, run: &Run) -> Result<(), StorageError> {
    let (workspace, now) = (claim.workspace, engine.clock.now());
    let read = engine.database.read();
    let last = settings::find::<LastReconciliation>(&read, workspace).await?.0;
    let until = now.plus_minutes(-GRACE);
    let from = last.map_or(until.plus_minutes(-DAY), |last| last.until).max(until.plus_minutes(-MAX_WINDOW));
    let tag = settings::find::<TagSettings>(&read, workspace).await?;
    let found = conversions::between(&read, workspace, from, until, MAX_CONVERSIONS).await?;
    let seen: Vec<ConversionSeen> = found.iter().map(|one| conversion(&tag, one)).collect();
    let around = (from.plus_minutes(-2 * DAY), now);
    let converted = conversions::between(&read, workspace, around.0, around.1, MAX_CONVERSIONS).await?;
    let converted: BTreeSet<String> = converted.iter().filter_map(email_key).collect();
    let wanted: BTreeSet<String> = found.iter().filter_map(email_key).collect();
    let mut traffic = (0, 0);
    let org = match org::ask(engine, claim, workspace, (from, until), &wanted, &mut traffic).await {
        Ok(org) => Some(org),
        Err(OrgCallError::Storage(error)) => return Err(error),
        Err(error) => {
            tracing::info!(reason = error.step().code, "the org could not be asked about conversions");
            None
        }
    };
    let report = reconcile((now, from, until), org.as_ref(), &seen, &converted);
    let receipt = receipt(run, &report, org.as_ref(), traffic);
    delete_old(engine, claim, now).await?;
    finish(engine, claim, report, &receipt, now).await
}

fn conversion(tag: &TagSettings, stored: &StoredConversion) -> ConversionSeen {
    let mapped = tag.forms.iter().find(|form| form.id == stored.form_id);
    let first = &stored.conversion.first.form;
    ConversionSeen {
        id: stored.id,
        email_key: email_key(stored).unwrap_or_default(),
        form: mapped.map_or_else(|| name_of(&first.name, &first.path), |form| form.name.clone()),
        grade: stored.conversion.grade,
    }
}

fn name_of(name: &str, path: &str) -> String {
    if name.is_empty() { path.to_owned() } else { format!("{name} ({path})") }
}

fn email_key(stored: &StoredConversion) -> Option<String> {
    stored.conversion.email().map(EmailAddress::into_key)
}

fn receipt(run: &Run, report: &Reconciliation, org: Option<&OrgSeen>, (calls, bytes): (u64, u64)) -> Receipt {
    let conversions: u64 = report.forms.iter().map(|form| form.conversions).sum();
    let mut received = BTreeMap::from([("conversions".to_owned(), conversions)]);
    if let Some(org) = org {
        received.insert("Lead".to_owned(), org.leads.len() as u64);
    }
    Receipt {
        calls: run.receipt.calls + calls,
        bytes: run.receipt.bytes + bytes,
        received,
        ..Receipt::default()
    }
}

async fn delete_old(engine: &Engine, claim: RunClaim, now: Timestamp) -> Result<(), StorageError> {
    loop {
        let write = engine.database.write().await?;
        runs::renew(&write, claim, engine.lease()).await?;
        let more = retention::delete_old(&write, claim.workspace, now).await?;
        write.commit().await?;
        if !more {
            return Ok(());
        }
    }
}

/// Forms of one name or mapping, however often their fields changed.
struct Group {
    name: String,
    keys: Vec<String>,
    weeks: [u64; 5],
    is_told: bool,
}

fn groups(tag: &TagSettings, forms: &[FormSeen], weeks: &[(String, [u64; 5])]) -> Vec<Group> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for form in forms {
        let mapped = tag.forms.iter().find(|known| known.id == form.form_id);
        let id = if form.form_id.is_empty() {
            format!("{} {} {}", form.origin, form.path, form.name)
        } else {
            form.form_id.clone()
        };
        let group = groups.entry(id).or_insert_with(|| Group {
            name: mapped.map_or_else(|| name_of(&form.name, &form.path), |known| known.name.clone()),
            keys: Vec::new(),
            weeks: [0; 5],
            is_told: false,
        });
        group.keys.push(form.key.clone());
        group.is_told |= form.is_told_silent;
        let counts = weeks.iter().find(|(key, _)| *key == form.key).map_or([0; 5], |(_, counts)| *counts);
        for (sum, count) in group.weeks.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    groups.into_values().collect()
}

async fn finish(
    engine: &Engine,
    claim: RunClaim,
    mut report: Reconciliation,
    receipt: &Receipt,
    now: Timestamp,
) -> Result<(), StorageError> {
    let workspace: WorkspaceId = claim.workspace;
    let read = engine.database.read();
    let tag = settings::find::<TagSettings>(&read, workspace).await?;
    let forms = forms_seen::list(&read, workspace).await?;
    let weeks = conversions::by_week(&read, workspace, now).await?;
    let write = engine.database.write().await?;
    for group in groups(&tag, &forms, &weeks) {
        let [this_week, before @ ..] = group.weeks;
        let told_at = match (is_silent(this_week, before), group.is_told) {
            (true, false) => {
                let notice = Notice::new(NoticeKind::FormSilent).with("form", &group.name);
                inbox::publish(&write, workspace, &notice, now).await?;
                Some(now)
            }
            // It is told once, until it speaks again.
            (_, true) if this_week > 0 => None,
            _ => continue,
        };
        for key in &group.keys {
            forms_seen::set_silent(&write, workspace, key, told_at).await?;
        }
    }
    let silent = groups(&tag, &forms, &weeks).into_iter().filter(|group| {
        let [this_week, before @ ..] = group.weeks;
        is_silent(this_week, before)
    });
    report.silent = silent.map(|group| group.name).collect();
    runs::finish(&write, claim, RunState::Done, receipt, None, now).await?;
    settings::save(&write, workspace, &LastReconciliation(Some(report)), now).await?;
    count_calls(&write, claim, RunKind::TagReconciliation, receipt, now).await?;
    write.commit().await
}
