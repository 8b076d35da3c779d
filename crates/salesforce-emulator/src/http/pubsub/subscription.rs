//! One subscription: sends as many events as were asked for, and a sign of life when there are none.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::Sender;
use tonic::{Status, Streaming};

use crate::http::pubsub::eventbus::{
    ConsumerEvent, FetchRequest, FetchResponse, ProducerEvent, ReplayPreset,
};
use crate::http::pubsub::refusal::{Refusal, random_id};
use crate::http::pubsub::replay;
use crate::http::pubsub::topic::open_topic;
use crate::org::change_events::{ChangeEvent, ReplayError, Topic};
use crate::org::ids::RecordId;
use crate::org::store::Org;
use crate::state::EmulatorState;

/// Events that can be outstanding; more count as so many.
const MAX_PENDING: usize = 100;
/// Seconds between signs of life, by the org's clock.
const KEEP_ALIVE_SECONDS: i64 = 60;
/// Seconds after which a stream ends whose client asks for nothing more, by the org's clock.
const IDLE_SECONDS: i64 = 60;
/// Bytes of events in one response.
const MAX_RESPONSE: usize = 3_000_000;

/// One subscription.
pub(super) struct Subscription {
    state: Arc<EmulatorState>,
    user: RecordId,
    rpc_id: String,
    responses: Sender<Result<FetchResponse, Status>>,
}

/// How far a subscription has come.
struct Progress {
    topic_name: String,
    topic: Topic,
    /// The number of the last event that was passed.
    position: u64,
    /// Events that may still be sent.
    pending: usize,
    /// When something was last sent.
    sent: Timestamp,
}

/// Why a subscription ends.
enum End {
    /// With a status.
    Refused(Refusal),
    /// Because one of the sides is done, or gone.
    Done,
}

impl From<Refusal> for End {
    fn from(refusal: Refusal) -> Self {
        End::Refused(refusal)
    }
}

impl Subscription {
    /// A subscription of this user, answered through `responses`.
    pub(super) fn new(
        state: Arc<EmulatorState>,
        user: RecordId,
        rpc_id: String,
        responses: Sender<Result<FetchResponse, Status>>,
    ) -> Self {
        Subscription { state, user, rpc_id, responses }
    }

    /// Answers the requests until one of the sides is done.
    pub(super) async fn run(self, requests: Streaming<FetchRequest>) {
        if let Err(End::Refused(refusal)) = self.serve(requests).await {
            let _ = self.responses.send(Err(refusal.into_status(&self.rpc_id))).await;
        }
    }

    async fn serve(&self, mut requests: Streaming<FetchRequest>) -> Result<(), End> {
        let first = requests.message().await.map_err(|_| End::Done)?.ok_or(End::Done)?;
        let mut changed = self.state.read().events.watch();
        let mut progress = self.begin(&first)?;
        let _open = self.state.streams.enter();
        let mut asks = true;
        loop {
            changed.borrow_and_update();
            let next_at = self.send_events(&mut progress).await?;
            if !asks && progress.pending == 0 {
                return Ok(());
            }
            let wait = if progress.pending == 0 { IDLE_SECONDS } else { KEEP_ALIVE_SECONDS };
            let due = later(progress.sent, wait);
            tokio::select! {
                request = requests.message(), if asks => match request.map_err(|_| End::Done)? {
                    Some(request) => progress.add(&request)?,
                    None => asks = false,
                },
                _ = changed.changed() => {}
                () = self.state.clock.reach(next_at.map_or(due, |next_at| next_at.min(due))) => {
                    if self.state.clock.now() >= due {
                        if progress.pending == 0 {
                            return Ok(());
                        }
                        self.send_sign_of_life(&mut progress).await?;
                    }
                }
                () = self.responses.closed() => return Ok(()),
            }
        }
    }

    fn begin(&self, first: &FetchRequest) -> Result<Progress, Refusal> {
        let mut org = self.state.write();
        let topic = open_topic(&org, self.user, &first.topic_name)?;
        let pending = wanted(first)?;
        let now = self.state.clock.now();
        let preset = ReplayPreset::try_from(first.replay_preset).map_err(|_| Refusal::ReplayPreset)?;
        let position = match preset {
            ReplayPreset::Latest => org.events.latest(now),
            ReplayPreset::Earliest => org.events.earliest(),
            ReplayPreset::Custom => {
                let number = replay::decode(&first.replay_id).ok_or(Refusal::CorruptedReplayId)?;
                org.events.resume(number, now).map_err(|error| match error {
                    ReplayError::Unknown => Refusal::CorruptedReplayId,
                    ReplayError::Expired => Refusal::ExpiredReplayId,
                })?
            }
        };
        Ok(Progress { topic_name: first.topic_name.clone(), topic, position, pending, sent: now })
    }

    /// Sends what can be sent now, and tells when something more can be.
    async fn send_events(&self, progress: &mut Progress) -> Result<Option<Timestamp>, End> {
        if progress.pending == 0 {
            return Ok(None);
        }
        let (events, next_at) = {
            let mut org = self.state.write();
            let hidden = org.objects_without_events(self.user);
            let may_see = |object: &str| !hidden.contains(object);
            let now = self.state.clock.now();
            let (topic, position) = (&progress.topic, progress.position);
            let delivery = org.events.deliver(topic, may_see, position, progress.pending, now);
            let delivery = delivery.map_err(|_| Refusal::OverQuota)?;
            progress.position = delivery.position;
            let encode = |(number, event): &(u64, ChangeEvent)| encode(&org, self.user, *number, event);
            (delivery.events.iter().map(encode).collect::<Vec<_>>(), delivery.next_at)
        };
        for events in in_responses(events) {
            progress.pending = progress.pending.saturating_sub(events.len());
            let latest = events.last().map(|event| event.replay_id.clone()).unwrap_or_default();
            self.send(progress, events, latest).await?;
        }
        Ok(next_at)
    }

    async fn send_sign_of_life(&self, progress: &mut Progress) -> Result<(), End> {
        if self.state.read().events.settings.silent {
            progress.sent = self.state.clock.now();
            return Ok(());
        }
        let latest = replay::encode(progress.position);
        self.send(progress, Vec::new(), latest).await
    }

    async fn send(
        &self,
        progress: &mut Progress,
        events: Vec<ConsumerEvent>,
        latest_replay_id: bytes::Bytes,
    ) -> Result<(), End> {
        progress.sent = self.state.clock.now();
        let pending_num_requested = i32::try_from(progress.pending).unwrap_or(i32::MAX);
        let rpc_id = self.rpc_id.clone();
        let response = FetchResponse { events, latest_replay_id, rpc_id, pending_num_requested };
        self.responses.send(Ok(response)).await.map_err(|_| End::Done)
    }
}

impl Progress {
    /// Takes another request in. What it says about replay is ignored, as in Salesforce.
    fn add(&mut self, request: &FetchRequest) -> Result<(), Refusal> {
        if !request.topic_name.is_empty() && request.topic_name != self.topic_name {
            return Err(Refusal::OtherTopic);
        }
        self.pending = (self.pending + wanted(request)?).min(MAX_PENDING);
        Ok(())
    }
}

fn wanted(request: &FetchRequest) -> Result<usize, Refusal> {
    let wanted = usize::try_from(request.num_requested).ok().filter(|wanted| *wanted > 0);
    wanted.map(|wanted| wanted.min(MAX_PENDING)).ok_or(Refusal::NothingWanted)
}

fn encode(org: &Org, user: RecordId, number: u64, event: &ChangeEvent) -> ConsumerEvent {
    let hidden: HashSet<String> = org.fields_hidden_in_events(user, event.object());
    let payload = event.encode(|field| !hidden.contains(field));
    let schema_id = event.schema.id.clone();
    let event = ProducerEvent { id: random_id(), schema_id, payload: payload.into(), headers: Vec::new() };
    ConsumerEvent { event: Some(event), replay_id: replay::encode(number) }
}

/// Divides events so that no response is too long.
fn in_responses(events: Vec<ConsumerEvent>) -> Vec<Vec<ConsumerEvent>> {
    let mut responses: Vec<Vec<ConsumerEvent>> = Vec::new();
    let mut room = 0;
    for event in events {
        let length = event.event.as_ref().map_or(0, |event| event.payload.len());
        match responses.last_mut() {
            Some(last) if length <= room => last.push(event),
            _ => {
                room = MAX_RESPONSE;
                responses.push(vec![event]);
            }
        }
        room = room.saturating_sub(length);
    }
    responses
}

fn later(moment: Timestamp, seconds: i64) -> Timestamp {
    moment.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(moment)
}
