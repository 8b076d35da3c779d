//! A body that can end without its trailers: the client sees RST_STREAM.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Error;
use axum::body::{Body, HttpBody};
use bytes::Bytes;
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
}
