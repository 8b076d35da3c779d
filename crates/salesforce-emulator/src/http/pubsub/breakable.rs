//! A body that can end without its trailers: the client sees RST_STREAM.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Error;
use axum::body::{Body, HttpBody};
use bytes::Bytes;
use futures_util::stream;
use hyper::body::Frame;

/// A body that ends in an error as soon as something else has happened.
pub(super) struct Breakable {
    body: Body,
    broken_off: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Breakable {
    /// A body that breaks off when this future ends.
    pub(super) fn new(body: Body, broken_off: impl Future<Output = ()> + Send + 'static) -> Self {
        Breakable { body, broken_off: Box::pin(broken_off) }
    }

    /// A body that breaks off at once.
    pub(super) fn broken_off() -> Self {
        Breakable::new(Body::from_stream(stream::pending::<Result<Bytes, io::Error>>()), async {})
    }
}

impl HttpBody for Breakable {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if self.broken_off.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(Error::new(io::Error::from(io::ErrorKind::ConnectionReset)))));
        }
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        // A refusal ends with its head, and there are clients that take nothing behind it.
        self.body.is_end_stream()
    }
}
