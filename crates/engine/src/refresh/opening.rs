//! How a run begins: one call that tells whether the fields are still there and what changed since the last run.

use super::asking::Asking;
use super::descriptions::Known;
use super::failure::Failure;
use super::reader::Reader;
use super::source::Source;
use super::stream::{Shown, Stream, changed_since};
use super::work::{Phase, Work};
use crate::engine::Engine;
use domain::id::WorkspaceId;
use domain::pull::{Plan, Wanted, covered_until, is_overtaken, needs_sweep, plan};
use domain::run::RunOrigin;
use domain::timestamp::Timestamp;
use salesforce::{CompositeRequest, Error, QueryOptions, QueryPages, SubResult, Subrequest};
use storage::mirror::{self, Mirror};

/// Times that the call is made anew because the org's fields changed under it.
const TRIES: u32 = 4;
/// Minutes before now by our clock, of which the org tells what changed when it is asked how far it can tell.
const REACH_MINUTES: i64 = 2;
const DAY_MINUTES: i64 = 24 * 60;

/// A stream that a run has begun with.
pub(crate) struct Opened {
    pub(crate) mirror: Mirror,
    pub(crate) work: Work,
    /// The first records, when they have come already.
    pub(crate) first: Option<Source>,
}

/// Opens every stream. Several streams' changes cost one call together, as a composite counts as one.
pub(crate) async fn open(
    engine: &Engine,
    workspace: WorkspaceId,
    asking: &mut Asking<'_>,
    known: &mut Known,
    streams: &[Stream],
    origin: RunOrigin,
) -> Result<Vec<Opened>, Failure> {
    let mut mirrors = Vec::new();
    for stream in streams {
        mirrors.push(mirror::find(&engine.database.read(), workspace, &stream.name).await?);
    }
    let mut tries = 0;
    loop {
        tries += 1;
        let mut planned = Vec::new();
        for (stream, mirror) in streams.iter().zip(&mirrors) {
            let shown = known.shown(engine, workspace, asking, stream).await?;
            planned.push((planned_for(stream, mirror, &shown)?, shown));
        }
        let mut request = CompositeRequest::new().in_order();
        known.check_in(&mut request)?;
        let mut push = |name: String, part: Subrequest| {
            let pushed = request.push(&name, part);
            pushed.map_err(|error| Error::InvalidRequest { reason: error.to_string() })
        };
        // Before the queries: what may come late is not among what they find.
        let now = engine.clock.now();
        for (place, stream) in streams.iter().enumerate() {
            push(reach_name(place), reach(&stream.object, now)?)?;
        }
        let queries = queries(streams, &planned)?;
        for (place, soql) in &queries {
            push(name(*place), Subrequest::query_with(soql, options(&streams[*place])))?;
        }
        let sent = &request;
        let answer = asking.ask(|client| async move { client.composite(sent).await }).await?;
        let changed = known.read(engine, workspace, &answer).await?;
        if changed && tries < TRIES {
            // The fields are other than thought; what came was asked for in vain.
            continue;
        }
        let org_now = answer.server_time.map(Timestamp::from_jiff);
        let mut opened = opened(streams, mirrors, planned, org_now, origin);
        for (place, one) in opened.iter_mut().enumerate() {
            // Not every object can be asked so; then the lag alone has to do.
            let told = answer.value.get(&reach_name(place)).and_then(SubResult::updated);
            let told = told.ok().map(|updated| Timestamp::from_jiff(updated.latest_date_covered));
            one.work.covered_until = org_now.map(|now| covered_until(now, told));
        }
        for (place, soql) in queries {
            let value = answer.value.get(&name(place))?.query_page()?;
            let Plan::Changes { since } = opened[place].work.plan else { continue };
            if is_overtaken(since, org_now.unwrap_or(since), value.total_size) {
                opened[place].work.plan = Plan::Everything;
                continue;
            }
            let all_rows = options(&streams[place]).all_rows;
            let held =
                salesforce::Answer { value, api_usage: answer.api_usage, server_time: answer.server_time };
            let pages: QueryPages =
                asking.client().query_pages(&soql, options(&streams[place])).holding(held);
            opened[place].first = Some(Source::of_pages(asking, pages, &soql, all_rows).await?);
        }
        return Ok(opened);
    }
}

fn name(place: usize) -> String {
    format!("changes{place}")
}

fn reach_name(place: usize) -> String {
    format!("reach{place}")
}

/// The question how far an object's changes can be told: what changed within the last minutes, and those to come.
///
/// Where our clock is behind the org's by a day, the answer is held back by so much, which costs some rows that come
/// twice.
fn reach(object: &str, now: Timestamp) -> Result<Subrequest, Error> {
    let (start, end) = (now.plus_minutes(-REACH_MINUTES), now.plus_minutes(DAY_MINUTES));
    Subrequest::updated(object, start.to_jiff(), end.to_jiff())
}

/// Streams with conditions ask for deleted records by their ids, as those fit no condition.
fn options(stream: &Stream) -> QueryOptions {
    QueryOptions { all_rows: stream.condition.is_none(), batch_size: None }
}

fn planned_for(stream: &Stream, mirror: &Mirror, shown: &Shown) -> Result<Plan, Failure> {
    let usable: Vec<String> = shown.usable.iter().map(|usable| usable.path.clone()).collect();
    let condition = stream.condition_text()?;
    let wanted = Wanted { chosen: &stream.chosen, usable: &usable, condition: &condition };
    Ok(plan(&mirror.state, wanted))
}

/// The queries of what changed, each with its stream's place.
fn queries(streams: &[Stream], planned: &[(Plan, Shown)]) -> Result<Vec<(usize, String)>, Failure> {
    let mut queries = Vec::new();
    for (place, (stream, (plan, shown))) in streams.iter().zip(planned).enumerate() {
        if let Plan::Changes { since } = plan {
            queries.push((place, changes_query(stream, shown, *since)?));
        }
    }
    Ok(queries)
}

/// The query of a stream's records that changed.
pub(crate) fn changes_query(stream: &Stream, shown: &Shown, since: Timestamp) -> Result<String, Failure> {
    let reader = Reader::of_rows(stream, shown, stream.condition.is_none());
    Ok(stream.select(reader.columns().paths()).filter(changed_since(since)).build()?)
}

fn opened(
    streams: &[Stream],
    mirrors: Vec<Mirror>,
    planned: Vec<(Plan, Shown)>,
    org_now: Option<Timestamp>,
    origin: RunOrigin,
) -> Vec<Opened> {
    let each = streams.iter().zip(mirrors).zip(planned).map(|((stream, mirror), (plan, shown))| {
        let drifts = stream.drifts || shown.usable.iter().any(|usable| usable.derived);
        let sweep = org_now.is_some_and(|now| needs_sweep(&mirror.state, drifts, origin, now));
        let work = Work {
            plan,
            phase: Phase::Rows,
            position: None,
            shown,
            covered_until: None,
            org_now,
            sweep,
            kept_more: 0,
            records: 0,
            key_parts: 0,
            keys_lost: false,
            judged: false,
            staged: false,
            failed: 0,
        };
        Opened { mirror, work, first: None }
    });
    each.collect()
}
