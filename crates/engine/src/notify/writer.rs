//! Renders a message's text: the catalogues belong to the web crate, so `app` passes the function in.

use domain::notification::{Occasion, Wording};
use std::fmt;
use std::sync::Arc;

/// Makes the words of messages.
#[derive(Clone)]
pub struct Writer(Arc<dyn Fn(&Occasion) -> Wording + Send + Sync>);

impl Writer {
    /// Takes what makes the words.
    pub fn new(write: impl Fn(&Occasion) -> Wording + Send + Sync + 'static) -> Self {
        Self(Arc::new(write))
    }

    /// The words for an occasion.
    pub(crate) fn write(&self, occasion: &Occasion) -> Wording {
        (self.0)(occasion)
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer")
    }
}
