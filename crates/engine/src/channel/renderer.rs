//! Renders a message's text: the catalogues belong to the web crate, so `app` passes the function in.

use domain::notification::{MessageContext, MessageText};
use std::fmt;
use std::sync::Arc;

/// Makes the words of messages.
#[derive(Clone)]
pub struct Renderer(Arc<dyn Fn(&MessageContext) -> MessageText + Send + Sync>);

impl Renderer {
    /// Takes what makes the words.
    pub fn new(write: impl Fn(&MessageContext) -> MessageText + Send + Sync + 'static) -> Self {
        Self(Arc::new(write))
    }

    /// The words for an occasion.
    pub(crate) fn render(&self, occasion: &MessageContext) -> MessageText {
        (self.0)(occasion)
    }
}

impl fmt::Debug for Renderer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer")
    }
}
