//! How a run begins: one call that tells whether the fields are still there and what changed since the last run.

use crate::engine::Engine;
use crate::mirror::deletion_report::DeletionReport;
use crate::mirror::model::checkpoint::{Checkpoint, Phase};
use crate::mirror::model::failure::PullFailure;
use crate::mirror::model::stream::{Stream, VisibleFields, changed_since};
use crate::mirror::pipeline::row_reader::Reader;
use crate::mirror::pipeline::source::Source;
use crate::mirror::start_request;
use crate::mirror::start_request::StartRequest;
use crate::org::client::{OrgCallError, OrgClient};
use crate::org::describe_cache::DescribeCache;
use domain::mirror::{PullPlan, StreamConfig, covered_until, needs_full, needs_id_scan, plan};
use domain::run::RunTrigger;
use domain::value::{Timestamp, WorkspaceId};
use salesforce::QueryPages;
use storage::mirror::streams;
use storage::mirror::streams::Mirror;

/// Times that the call is made again because the org's fields changed under it.
const TRIES: u32 = 4;

/// A stream that a run has begun with.
pub(crate) struct StartedStream {
    pub(crate) mirror: Mirror,
    pub(crate) work: Checkpoint,
    /// The first records, when they have come already.
    pub(crate) first: Option<Source>,
}

/// What is shown of a stream; objects without a describe are requested.
async fn visible_fields(
    known: &mut DescribeCache,
    engine: &Engine,
    workspace: WorkspaceId,
    asking: &mut OrgClient<'_>,
    stream: &Stream,
) -> Result<VisibleFields, OrgCallError> {
    loop {
        match stream.visible_fields(&known.descriptions) {
            Ok(visible) => return Ok(visible),
            Err(object) => known.find(engine, workspace, asking, &object).await?,
        }
    }
}

/// Opens every stream. Several streams' changes cost one call together, as a composite counts as one.
pub(crate) async fn start(
    engine: &Engine,
    workspace: WorkspaceId,
    asking: &mut OrgClient<'_>,
    known: &mut DescribeCache,
    streams: &[Stream],
    origin: RunTrigger,
) -> Result<Vec<StartedStream>, PullFailure> {
    let mut mirrors = Vec::new();
    for stream in streams {
        mirrors.push(streams::find(&engine.database.read(), workspace, &stream.name).await?);
    }
    let mut tries = 0;
    loop {
        tries += 1;
        let mut planned = Vec::new();
        for (stream, mirror) in streams.iter().zip(&mirrors) {
            let shown = visible_fields(known, engine, workspace, asking, stream).await?;
            planned.push((planned_for(stream, mirror, &shown)?, shown));
        }
        let queries = queries(streams, &planned)?;
        let (answer, told) =
            StartRequest { known, streams, planned: &planned, queries: &queries, now: engine.clock.now() }
                .send(asking)
                .await?;
        let changed = known.read(engine, workspace, &answer).await?;
        if changed && tries < TRIES {
            // The fields changed: retry.
            continue;
        }
        let org_now = answer.server_time.map(Timestamp::from_jiff);
        let mut opened = started(streams, mirrors, planned, told, org_now, origin);
        for (place, soql) in queries {
            let value = answer.value.get(&start_request::name(place))?.query_page()?;
            let PullPlan::Incremental { since } = opened[place].work.plan else { continue };
            if needs_full(since, org_now.unwrap_or(since), value.total_size) {
                let work = &mut opened[place].work;
                (work.plan, work.gone) = (PullPlan::Full, Vec::new());
                continue;
            }
            let all_rows = streams[place].query_options().all_rows;
            let held =
                salesforce::Response { value, api_usage: answer.api_usage, server_time: answer.server_time };
            let pages: QueryPages =
                asking.client().query_pages(&soql, streams[place].query_options()).holding(held);
            opened[place].first = Some(Source::of_pages(asking, pages, &soql, all_rows).await?);
        }
        return Ok(opened);
    }
}

fn planned_for(stream: &Stream, mirror: &Mirror, shown: &VisibleFields) -> Result<PullPlan, PullFailure> {
    let usable: Vec<String> = shown.usable.iter().map(|usable| usable.path.clone()).collect();
    let condition = stream.condition_text()?;
    let wanted = StreamConfig { chosen: &stream.chosen, usable: &usable, condition: &condition };
    Ok(plan(&mirror.state, wanted))
}

/// The queries of what changed, each with its stream's place.
fn queries(
    streams: &[Stream],
    planned: &[(PullPlan, VisibleFields)],
) -> Result<Vec<(usize, String)>, PullFailure> {
    let mut queries = Vec::new();
    for (place, (stream, (plan, shown))) in streams.iter().zip(planned).enumerate() {
        if let PullPlan::Incremental { since } = plan {
            queries.push((place, changes_query(stream, shown, *since)?));
        }
    }
    Ok(queries)
}

/// The query of a stream's records that changed.
pub(crate) fn changes_query(
    stream: &Stream,
    shown: &VisibleFields,
    since: Timestamp,
) -> Result<String, PullFailure> {
    let reader = Reader::of_rows(stream, shown, stream.condition.is_none());
    Ok(stream.select(reader.columns().paths()).filter(changed_since(since)).build()?)
}

fn started(
    streams: &[Stream],
    mirrors: Vec<Mirror>,
    planned: Vec<(PullPlan, VisibleFields)>,
    told: Vec<DeletionReport>,
    org_now: Option<Timestamp>,
    origin: RunTrigger,
) -> Vec<StartedStream> {
    let each = streams.iter().zip(mirrors).zip(planned.into_iter().zip(told));
    let each = each.map(|((stream, mut mirror), ((plan, shown), told))| {
        // What the org has forgotten to have deleted may be any record that is kept.
        mirror.state.deletions_missed |= told.gone.is_none();
        let drifts = stream.drifts || shown.usable.iter().any(|usable| usable.derived);
        let sweep = org_now.is_some_and(|now| needs_id_scan(&mirror.state, drifts, origin, now));
        let work = Checkpoint {
            plan,
            phase: Phase::Rows,
            position: None,
            shown,
            covered_until: org_now.map(|now| covered_until(now, told.covered_until)),
            org_now,
            sweep,
            gone: told.gone.unwrap_or_default(),
            deletions_missed: mirror.state.deletions_missed,
            kept_more: 0,
            records: 0,
            key_parts: 0,
            keys_lost: false,
            judged: false,
            staged: false,
            failed: 0,
        };
        StartedStream { mirror, work, first: None }
    });
    each.collect()
}

#[cfg(test)]
#[path = "start_tests.rs"]
mod tests;
