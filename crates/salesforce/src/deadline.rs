//! A moment after which a request is not sent any more.

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant, SystemTime};

/// A moment after which nothing is sent: looked at in the instant in which a request's body goes to the network.
///
/// A process that stood still between its decision and its request would send it long after others have decided
/// anew. Two clocks are looked at: one that nobody can set, and one that goes on while the machine is suspended.
#[derive(Clone, Copy, Debug)]
pub struct SendDeadline {
    from: Instant,
    from_wall: SystemTime,
    length: Duration,
}

impl SendDeadline {
    /// A deadline that is reached at once, until [`SendDeadline::lasting`] gives it a length.
    #[expect(clippy::disallowed_methods, reason = "a length of real time, not a time of day")]
    pub fn begin() -> Self {
        Self { from: Instant::now(), from_wall: SystemTime::now(), length: Duration::ZERO }
    }

    /// The same deadline so long after the moment in which it was begun.
    pub fn lasting(self, length: Duration) -> Self {
        Self { length, ..self }
    }

    /// Whether it has passed.
    #[expect(clippy::disallowed_methods, reason = "a length of real time, not a time of day")]
    pub fn has_passed(&self) -> bool {
        let by_wall = SystemTime::now().duration_since(self.from_wall).unwrap_or_default();
        self.from.elapsed().max(by_wall) >= self.length
    }
}

/// The error of a body that was not sent.
#[derive(Debug, thiserror::Error)]
#[error("the time for sending is over")]
struct TooLate;

/// A body that ends the request instead of being sent when the deadline has passed.
#[derive(Debug)]
pub(crate) struct GuardedBody {
    bytes: Option<Bytes>,
    deadline: SendDeadline,
    refused: Arc<AtomicBool>,
}

impl GuardedBody {
    /// The body, and a flag that tells whether it was held back.
    pub(crate) fn new(bytes: Bytes, deadline: SendDeadline) -> (Self, Arc<AtomicBool>) {
        let refused = Arc::new(AtomicBool::new(false));
        (Self { bytes: Some(bytes), deadline, refused: Arc::clone(&refused) }, refused)
    }
}

impl Body for GuardedBody {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let Some(bytes) = self.bytes.take() else { return Poll::Ready(None) };
        if self.deadline.has_passed() {
            self.refused.store(true, Ordering::SeqCst);
            return Poll::Ready(Some(Err(Box::new(TooLate))));
        }
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}
