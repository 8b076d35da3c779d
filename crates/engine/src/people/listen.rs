//! ActiveListener of changes as they happen (S13). An event is a nudge: it has the next run come at once, and the run reads what
//! changed as every other run does. Whatever is missed comes with the next scheduled run.

use crate::engine::Engine;
use crate::org::connected::{Org, OrgError, connected, renewed};
use domain::people::{ListeningState, PersonObject};
use domain::run::{RunKind, RunTrigger};
use salesforce::change_events::{
    ALL_CHANGES, ChangeBatch, ChangeEventsClient, ChangeEventsError, ChangeSubscription, PubSubEndpoint,
    Remedy, ReplayId, StartAt,
};
use std::convert::Infallible;
use std::time::Duration;
use storage::StorageError;
use storage::people::listeners;
use storage::people::listeners::ListenerClaim;
use storage::run::runs;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::Instrument as _;

/// Workspaces to which one process listens.
const MAX_LISTENERS: u32 = 50;
/// Changes come in bursts: a run waits so long for more of them.
const GATHER: Duration = Duration::from_millis(500);
/// Runs that events ask for are so far apart, at the least (contract 3.6).
const SPACING: Duration = Duration::from_secs(5);
/// After so many seconds a subscription that was broken off is tried again; each failure doubles it.
const FIRST_PAUSE_SECONDS: i64 = 15;
/// How long nothing is tried where events are not offered, or used up.
const LONG_PAUSE_SECONDS: i64 = 1_800;

/// Begins to listen for workspaces that nobody listens for.
pub(crate) async fn claim_and_spawn(engine: &Engine, tasks: &mut JoinSet<()>) -> Result<(), StorageError> {
    let free = MAX_LISTENERS.saturating_sub(u32::try_from(tasks.len()).unwrap_or(MAX_LISTENERS));
    let now = engine.clock.now();
    if free == 0 || !listeners::any_free(&engine.database.read(), now).await? {
        return Ok(());
    }
    let write = engine.database.write().await?;
    let claims = listeners::claim(&write, &engine.settings.worker, now, engine.lease(), free).await?;
    write.commit().await?;
    for claim in claims {
        let engine = engine.clone();
        let span = tracing::info_span!("listen", workspace = %claim.workspace);
        let work = async move {
            if let Err(error) = listen(&engine, claim).await {
                tracing::warn!(%error, "listening was broken off");
            }
        };
        tasks.spawn(work.instrument(span));
    }
    Ok(())
}

/// Why listening ends.
enum End {
    Org(OrgError),
    Events(ChangeEventsError),
    /// The org ended the subscription.
    Closed,
    Storage(StorageError),
}

async fn listen(engine: &Engine, claim: ListenerClaim) -> Result<(), StorageError> {
    let end = match subscribe(engine, claim).await {
        Err(End::Events(error)) if error.remedy() == Remedy::RenewToken => {
            renew_token(engine, claim).await?;
            End::Events(error)
        }
        Err(end) => end,
        Ok(never) => match never {},
    };
    let (state, reason, pause, keeps_position) = match end {
        // Somebody else listens now, or nobody is to.
        End::Storage(StorageError::LeaseLost) => return Ok(()),
        End::Storage(error) => return Err(error),
        End::Closed => (ListeningState::Interrupted, String::new(), FIRST_PAUSE_SECONDS, true),
        End::Org(error) => (ListeningState::Interrupted, error.to_string(), 4 * FIRST_PAUSE_SECONDS, true),
        End::Events(error) => {
            tracing::info!(%error, "change events are not heard any more");
            let (state, pause, keeps) = after(error.remedy());
            (state, error.to_string(), pause, keeps)
        }
    };
    let write = engine.database.write().await?;
    let retry_at = engine.clock.now().plus_seconds(pause);
    listeners::release(&write, claim, (state, &reason), retry_at, keeps_position).await?;
    if !keeps_position {
        // What was missed is read; from then on events tell again.
        runs::request(&write, claim.workspace, RunKind::PeopleSync, RunTrigger::Event, engine.clock.now())
            .await?;
    }
    write.commit().await
}

/// What an error of the subscription means: how it stands, the pause in seconds, and whether the position is still good.
const fn after(remedy: Remedy) -> (ListeningState, i64, bool) {
    match remedy {
        Remedy::RenewToken | Remedy::BackOff => (ListeningState::Interrupted, FIRST_PAUSE_SECONDS, true),
        Remedy::DropPosition => (ListeningState::Interrupted, FIRST_PAUSE_SECONDS, false),
        Remedy::PollUntilUsageFalls => (ListeningState::LimitReached, LONG_PAUSE_SECONDS, true),
        Remedy::PollOnly | Remedy::Report => (ListeningState::NotOffered, LONG_PAUSE_SECONDS, true),
    }
}

/// Has a new token made for the next try, unless somebody has one already.
async fn renew_token(engine: &Engine, claim: ListenerClaim) -> Result<(), StorageError> {
    let Ok(org) = connected(engine, claim.workspace).await else { return Ok(()) };
    match renewed(engine, claim.workspace, org.token_version).await {
        Err(OrgError::Storage(error)) => Err(error),
        _ => Ok(()),
    }
}

async fn subscribe(engine: &Engine, claim: ListenerClaim) -> Result<Infallible, End> {
    let org = connected(engine, claim.workspace).await.map_err(End::Org)?;
    let client = client(engine, &org)?;
    let position = listeners::position(&engine.database.read(), claim).await.map_err(End::Storage)?;
    let start = match from_hex(&position) {
        Some(bytes) if !bytes.is_empty() => StartAt::After(ReplayId::from_bytes(bytes)),
        _ => StartAt::Latest,
    };
    let mut listener = ActiveListener { engine, claim, position, asked_at: None, is_due: false };
    let mut subscription = client.subscribe(ALL_CHANGES, start);
    loop {
        listener.go_on(&mut subscription).await?;
    }
}

fn client(engine: &Engine, org: &Org) -> Result<ChangeEventsClient, End> {
    let unusable =
        |reason: &str| End::Events(ChangeEventsError::InvalidRequest { reason: reason.to_owned() });
    let instance =
        url::Url::parse(&org.connection.instance_url).map_err(|_| unusable("the instance is no address"))?;
    let is_salesforces = instance.host_str().is_some_and(|host| host.ends_with(".salesforce.com"));
    // A token goes nowhere but to Salesforce, or to the test org that gave it.
    let endpoint = match &engine.settings.change_events {
        Some(url) => PubSubEndpoint::Other(url.clone()),
        None if is_salesforces => PubSubEndpoint::Global,
        None => PubSubEndpoint::Other(instance.clone()),
    };
    let organization = org.connection.org_id.parse().map_err(|_| unusable("the organization has no ID"))?;
    ChangeEventsClient::new(&endpoint, &instance, org.access_token.clone(), organization).map_err(End::Events)
}

/// A subscription that is being listened to.
struct ActiveListener<'a> {
    engine: &'a Engine,
    claim: ListenerClaim,
    /// The position behind what was heard, in hexadecimal digits.
    position: String,
    /// When events asked for a run last.
    asked_at: Option<Instant>,
    /// A change was heard of for which no run was asked yet.
    is_due: bool,
}

impl ActiveListener<'_> {
    /// Waits for the next batch, for the moment in which a run may be asked for, or for that in which the claim has to be
    /// renewed.
    async fn go_on(&mut self, subscription: &mut ChangeSubscription) -> Result<(), End> {
        let renewal = self.engine.lease() / 3;
        let pause = if self.is_due { self.until_allowed().min(renewal) } else { renewal };
        tokio::select! {
            next = subscription.next() => match next.map_err(End::Events)? {
                Some(batch) => self.take(&batch).await,
                None => Err(End::Closed),
            },
            () = tokio::time::sleep(pause) => self.keep(None).await,
        }
    }

    fn until_allowed(&self) -> Duration {
        match self.asked_at {
            None => GATHER,
            Some(asked) => (asked + SPACING).saturating_duration_since(Instant::now()).max(GATHER),
        }
    }

    async fn take(&mut self, batch: &ChangeBatch) -> Result<(), End> {
        let concerns = |entity: &str| PersonObject::ALL.iter().any(|object| object.name() == entity);
        let is_heard = batch.events.iter().any(|event| concerns(&event.header.entity_name));
        self.is_due |= is_heard;
        self.position = to_hex(batch.replay_id.as_bytes());
        let now = self.engine.clock.now();
        self.keep(is_heard.then_some(now)).await
    }

    /// Renews the claim; asks for the run when it is time. The position moves in the same transaction, so that no change
    /// is passed over.
    async fn keep(&mut self, heard_at: Option<domain::value::Timestamp>) -> Result<(), End> {
        let (engine, claim) = (self.engine, self.claim);
        let is_allowed = self.asked_at.is_none_or(|asked| asked.elapsed() >= SPACING);
        let kept = async {
            let write = engine.database.write().await?;
            listeners::renew(&write, claim, &self.position, heard_at, engine.lease()).await?;
            let mut is_asked = false;
            if self.is_due && is_allowed {
                let (kind, now) = (RunKind::PeopleSync, engine.clock.now());
                // While one is at work, the change may have come too late for it: another one is asked for behind it.
                is_asked =
                    runs::request(&write, claim.workspace, kind, RunTrigger::Event, now).await?.is_some();
            }
            write.commit().await?;
            Ok(is_asked)
        };
        if kept.await.map_err(End::Storage)? {
            (self.is_due, self.asked_at) = (false, Some(Instant::now()));
            engine.database.wake_worker();
        }
        Ok(())
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
