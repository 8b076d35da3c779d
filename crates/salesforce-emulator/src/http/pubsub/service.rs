//! The calls of the service.

use std::pin::Pin;
use std::sync::Arc;

use futures_util::stream::{self, Empty};
use futures_util::{Stream, StreamExt as _};
use tokio::sync::mpsc;
use tonic::{Request, Response, Status, Streaming};

use crate::http::pubsub::caller::authenticate;
use crate::http::pubsub::eventbus::pub_sub_server::PubSub;
use crate::http::pubsub::eventbus::{
    FetchRequest, FetchResponse, ManagedFetchRequest, ManagedFetchResponse, PublishRequest, PublishResponse,
    SchemaInfo, SchemaRequest, TopicInfo, TopicRequest,
};
use crate::http::pubsub::refusal::{Refusal, random_id};
use crate::http::pubsub::subscription::Subscription;
use crate::http::pubsub::topic::open_topic;
use crate::org::change_events::{EventSchema, Topic};
use crate::org::store::Org;
use crate::state::EmulatorState;

/// Responses that wait for a client to read them.
const WAITING_RESPONSES: usize = 4;

/// The service.
#[derive(Clone, Debug)]
pub(super) struct PubSubService {
    state: Arc<EmulatorState>,
}

impl PubSubService {
    /// The service of this emulator.
    pub(super) fn new(state: Arc<EmulatorState>) -> Self {
        PubSubService { state }
    }
}

#[tonic::async_trait]
impl PubSub for PubSubService {
    type SubscribeStream = Pin<Box<dyn Stream<Item = Result<FetchResponse, Status>> + Send>>;
    type PublishStreamStream = Empty<Result<PublishResponse, Status>>;
    type ManagedSubscribeStream = Empty<Result<ManagedFetchResponse, Status>>;

    async fn subscribe(
        &self,
        request: Request<Streaming<FetchRequest>>,
    ) -> Result<Response<Self::SubscribeStream>, Status> {
        let rpc_id = random_id();
        let user = authenticate(&self.state, request.metadata()).map_err(|why| why.into_status(&rpc_id))?;
        let (sender, mut receiver) = mpsc::channel(WAITING_RESPONSES);
        let subscription = Subscription::new(Arc::clone(&self.state), user, rpc_id, sender);
        tokio::spawn(subscription.run(request.into_inner()));
        // Like a server written in Java, it sends no headers before it has something to say.
        let first = receiver.recv().await.transpose()?;
        let others = stream::unfold(receiver, |mut receiver| async {
            let next = receiver.recv().await?;
            Some((next, receiver))
        });
        Ok(Response::new(Box::pin(stream::iter(first.map(Ok)).chain(others))))
    }

    async fn get_schema(&self, request: Request<SchemaRequest>) -> Result<Response<SchemaInfo>, Status> {
        let rpc_id = random_id();
        let refuse = |why: Refusal| why.into_status(&rpc_id);
        authenticate(&self.state, request.metadata()).map_err(refuse)?;
        let id = request.into_inner().schema_id;
        let schema =
            find_schema(&mut self.state.write(), &id).ok_or_else(|| refuse(Refusal::UnknownSchema(id)))?;
        let info = SchemaInfo { schema_json: schema.json.clone(), schema_id: schema.id.clone(), rpc_id };
        Ok(Response::new(info))
    }

    async fn get_topic(&self, request: Request<TopicRequest>) -> Result<Response<TopicInfo>, Status> {
        let rpc_id = random_id();
        let refuse = |why: Refusal| why.into_status(&rpc_id);
        let user = authenticate(&self.state, request.metadata()).map_err(refuse)?;
        let topic_name = request.into_inner().topic_name;
        let mut org = self.state.write();
        let topic = open_topic(&org, user, &topic_name).map_err(refuse)?;
        let object = match &topic {
            Topic::Object(name) => org.whole_schema().object(name).cloned(),
            Topic::All => None,
        };
        let schema_id = object.map_or_else(String::new, |object| org.events.schema_of(&object).id.clone());
        Ok(Response::new(TopicInfo {
            topic_name,
            tenant_guid: format!("core/prod/{}", org.settings.organization),
            can_publish: false,
            can_subscribe: true,
            schema_id,
            rpc_id,
        }))
    }

    async fn publish(&self, _: Request<PublishRequest>) -> Result<Response<PublishResponse>, Status> {
        Err(Refusal::Unimplemented("Publish").into_status(&random_id()))
    }

    async fn publish_stream(
        &self,
        _: Request<Streaming<PublishRequest>>,
    ) -> Result<Response<Self::PublishStreamStream>, Status> {
        Err(Refusal::Unimplemented("PublishStream").into_status(&random_id()))
    }

    async fn managed_subscribe(
        &self,
        _: Request<Streaming<ManagedFetchRequest>>,
    ) -> Result<Response<Self::ManagedSubscribeStream>, Status> {
        Err(Refusal::Unimplemented("ManagedSubscribe").into_status(&random_id()))
    }
}

/// A schema by its id. Schemas are made when they are needed, which may be after a restart.
fn find_schema(org: &mut Org, id: &str) -> Option<Arc<EventSchema>> {
    if org.events.schema(id).is_none() {
        let objects: Vec<_> = org.whole_schema().objects().cloned().collect();
        objects.iter().for_each(|object| drop(org.events.schema_of(object)));
    }
    org.events.schema(id).cloned()
}
