//! Keeping what was read of the org, and how far it was read.

use crate::people::context::PeopleRun;
use crate::people::failure::PeopleFailure;
use domain::people::{ChangeOrigin, PeopleCursors, RemoteRecord, SETTLE_SECONDS};
use std::collections::BTreeMap;
use storage::people::changes::PersonChange;
use storage::people::{changes, person, records};
use storage::run::runs;
use storage::workspace::settings;

/// Keeps how far the org was read.
pub(crate) async fn save_cursors(
    run: &mut PeopleRun<'_>,
    cursors: &PeopleCursors,
) -> Result<(), PeopleFailure> {
    run.update_receipt();
    let (engine, workspace) = (run.engine, run.claim.workspace);
    let write = engine.database.write().await?;
    runs::progress(&write, run.claim, &run.receipt, engine.lease()).await?;
    settings::save(&write, workspace, cursors, engine.clock.now()).await?;
    Ok(write.commit().await?)
}

/// Keeps what is new among records that were read, to be merged, and takes over who refuses mail.
pub(crate) async fn keep(
    run: &mut PeopleRun<'_>,
    read: Vec<RemoteRecord>,
    cursors: Option<&PeopleCursors>,
) -> Result<(), PeopleFailure> {
    let (engine, workspace, now) = (run.engine, run.claim.workspace, run.engine.clock.now());
    let ids: Vec<String> = read.iter().map(|record| record.id.clone()).collect();
    let known = records::find_many(&engine.database.read(), workspace, &ids).await?;
    let known: BTreeMap<&str, &RemoteRecord> =
        known.iter().map(|record| (record.id.as_str(), record)).collect();
    let all = read.len();
    let read_at = read.iter().map(|record| record.read_at).min();
    let (mut fresh, mut refusing, mut read_again) = (Vec::new(), Vec::new(), Vec::new());
    for record in read {
        let earlier = known.get(record.id.as_str()).copied();
        // An older stamp comes from a replica that lags behind.
        if earlier.is_some_and(|earlier| record.stamp < earlier.stamp) {
            continue;
        }
        if let Some(earlier) = earlier.filter(|earlier| record.says_the_same_as(earlier)) {
            // Nothing of that second can have come later: whoever waited for that can go on.
            let is_over = |one: &RemoteRecord| one.read_at >= one.stamp.plus_seconds(SETTLE_SECONDS);
            if is_over(&record) && !is_over(earlier) {
                read_again.push(record.id);
            }
            continue;
        }
        if record.opted_out && !earlier.is_some_and(|earlier| earlier.opted_out) {
            refusing.push(record.clone());
        }
        fresh.push(record.after(earlier));
    }
    run.receipt.changed += fresh.len() as u64;
    run.receipt.unchanged += (all - fresh.len()) as u64;
    run.update_receipt();
    let write = engine.database.write().await?;
    runs::progress(&write, run.claim, &run.receipt, engine.lease()).await?;
    records::save(&write, workspace, &fresh, true).await?;
    if let Some(read_at) = read_at.filter(|_| !read_again.is_empty()) {
        records::set_read_again(&write, workspace, &read_again, read_at).await?;
    }
    let keys: Vec<String> = refusing.iter().map(|record| record.email_key.clone()).collect();
    for person in person::refuse_mail(&write, workspace, &keys, now).await? {
        let change = PersonChange {
            id: storage::ids::new(now),
            person,
            at: now,
            field: "opted_out".to_owned(),
            old_value: "false".to_owned(),
            new_value: "true".to_owned(),
            origin: ChangeOrigin::Salesforce,
            origin_id: refusing.first().map(|record| record.id.clone()).unwrap_or_default(),
        };
        changes::add(&write, workspace, &change).await?;
    }
    if let Some(cursors) = cursors {
        settings::save(&write, workspace, cursors, now).await?;
    }
    Ok(write.commit().await?)
}
