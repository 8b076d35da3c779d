//! `eventbus.v1.PubSub`: the Pub/Sub API, which is gRPC on the same port. Only subscribing is answered.

mod around;
mod breakable;
mod caller;
#[rustfmt::skip]
#[expect(
    clippy::allow_attributes, clippy::allow_attributes_without_reason, clippy::doc_lazy_continuation,
    unreachable_pub, unused_qualifications,
    reason = "generated from Salesforce's proto file"
)]
mod eventbus;
mod refusal;
mod replay;
mod service;
mod streams;
mod subscription;
mod topic;

pub(super) use around::routes;
pub(crate) use streams::Streams;
