//! One subscription: what changes, batch by batch.

use std::pin::Pin;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Response, Status, Streaming};

use crate::change_events::avro::decode;
use crate::change_events::client::ChangeEventsClient;
use crate::change_events::error::ChangeEventsError;
use crate::change_events::eventbus::{ConsumerEvent, FetchRequest, FetchResponse, ReplayPreset};
use crate::change_events::header::ChangeEventHeader;
use crate::change_events::replay::{ReplayId, StartAt};

/// Events that may be under way; the org counts no more.
const MAX_PENDING: i32 = 100;
/// So few may be left before more are asked for.
const FEW_PENDING: i32 = 50;
/// Requests that wait to be sent.
const WAITING_REQUESTS: usize = 4;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeEvent {
    /// What changed.
    pub header: ChangeEventHeader,
    /// The position behind the event.
    pub replay_id: ReplayId,
}

/// What came together. A sign of life has no events, but a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeBatch {
    /// The events, oldest first.
    pub events: Vec<ChangeEvent>,
    /// The position behind all of them, to be kept once they are processed.
    pub replay_id: ReplayId,
}

/// One subscription. Dropping it ends it.
pub struct ChangeSubscription {
    client: ChangeEventsClient,
    topic: String,
    requests: mpsc::Sender<FetchRequest>,
    responses: Responses,
}

type Opening = Pin<Box<dyn Future<Output = Result<Response<Streaming<FetchResponse>>, Status>> + Send>>;

/// The org's side of a subscription. It says nothing at all before it has an event or a sign of life to send.
enum Responses {
    Opening(Opening),
    Open(Box<Streaming<FetchResponse>>),
}

impl ChangeEventsClient {
    /// A subscription to a topic, such as [`ALL_CHANGES`] or `/data/LeadChangeEvent`.
    ///
    /// Nothing is sent before the first [`ChangeSubscription::next`], which also says what is wrong with the topic.
    pub fn subscribe(&self, topic: impl Into<String>, start: StartAt) -> ChangeSubscription {
        ChangeSubscription::new(self.clone(), topic.into(), start)
    }
}

impl ChangeSubscription {
    /// A subscription that is opened by the first call of [`ChangeSubscription::next`].
    fn new(client: ChangeEventsClient, topic: String, start: StartAt) -> Self {
        let (replay_preset, replay_id) = match start {
            StartAt::Latest => (ReplayPreset::Latest, Vec::new()),
            StartAt::Earliest => (ReplayPreset::Earliest, Vec::new()),
            StartAt::After(position) => (ReplayPreset::Custom, position.as_bytes().to_vec()),
        };
        let first = FetchRequest {
            topic_name: topic.clone(),
            replay_preset: replay_preset.into(),
            replay_id: replay_id.into(),
            num_requested: MAX_PENDING,
            auth_refresh: String::new(),
        };
        let (requests, waiting) = mpsc::channel(WAITING_REQUESTS);
        // There is room, as nothing was sent before.
        let _ = requests.try_send(first);
        let opening = client.request(ReceiverStream::new(waiting));
        let mut stub = client.stub();
        let responses = Responses::Opening(Box::pin(async move { stub.subscribe(opening).await }));
        Self { client, topic, requests, responses }
    }

    /// The next batch, which may be a sign of life without events; `None` when the org has ended the subscription.
    ///
    /// More events are asked for as soon as a batch has come, so that a caller may take its time with it. Stopping
    /// to wait loses nothing, unless it happens while a new schema is being fetched.
    ///
    /// # Errors
    /// Any [`ChangeEventsError`]; the subscription is over then.
    pub async fn next(&mut self) -> Result<Option<ChangeBatch>, ChangeEventsError> {
        let longest = self.client.longest_silence();
        let next = tokio::time::timeout(longest, self.responses.next()).await;
        let next = next.map_err(|_| ChangeEventsError::Silence { after: longest })?;
        let Some(response) = next.map_err(|status| ChangeEventsError::from_status(&status))? else {
            return Ok(None);
        };
        self.ask_for_more(response.pending_num_requested);
        let mut events = Vec::with_capacity(response.events.len());
        for event in response.events {
            events.push(read(&self.client, event).await?);
        }
        let replay_id = ReplayId::from_bytes(response.latest_replay_id.to_vec());
        Ok(Some(ChangeBatch { events, replay_id }))
    }

    fn ask_for_more(&self, pending: i32) {
        if pending <= FEW_PENDING {
            let num_requested = MAX_PENDING - pending.max(0);
            let request =
                FetchRequest { topic_name: self.topic.clone(), num_requested, ..FetchRequest::default() };
            // If the requests before it still wait, they will do.
            let _ = self.requests.try_send(request);
        }
    }
}

async fn read(client: &ChangeEventsClient, event: ConsumerEvent) -> Result<ChangeEvent, ChangeEventsError> {
    let unreadable = |reason: String| ChangeEventsError::Unreadable { reason };
    let inner = event.event.ok_or_else(|| unreadable("it is empty".to_owned()))?;
    let kind = client.header_type(&inner.schema_id).await?;
    let datum = decode(&kind, &inner.payload).map_err(|error| unreadable(error.to_string()))?;
    let header = ChangeEventHeader::from_datum(datum)?;
    Ok(ChangeEvent { header, replay_id: ReplayId::from_bytes(event.replay_id.to_vec()) })
}

impl Responses {
    async fn next(&mut self) -> Result<Option<FetchResponse>, Status> {
        loop {
            match self {
                Self::Opening(opening) => *self = Self::Open(Box::new(opening.await?.into_inner())),
                Self::Open(responses) => return responses.message().await,
            }
        }
    }
}

impl std::fmt::Debug for ChangeSubscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChangeSubscription")
            .field("client", &self.client)
            .field("topic", &self.topic)
            .finish_non_exhaustive()
    }
}
