//! Several connections to the mail server that take mails from one queue.

use crate::channel::smtp::{Handover, SmtpConnection, SmtpServer};
use lettre::Address;
use std::sync::Arc;
use std::time::Duration;
use storage::mailing::queue::NextRecipient;
use tokio::sync::{Mutex, mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Connections at the same time: what relays usually allow.
const CONNECTIONS: usize = 8;

/// A mail that is to be handed over.
pub(crate) struct Outgoing {
    /// Whose it is.
    pub(crate) recipient: NextRecipient,
    /// The address.
    pub(crate) to: Address,
    /// The whole mail.
    pub(crate) mail: Vec<u8>,
}

/// What came of a mail.
pub(crate) struct Incoming {
    /// Whose it is.
    pub(crate) recipient: NextRecipient,
    /// What came of it.
    pub(crate) handover: Handover,
}

/// The connections, which live as long as this does.
pub(crate) struct Connections {
    outgoing: mpsc::Sender<Outgoing>,
    incoming: mpsc::Receiver<Incoming>,
    /// Until when mails may be handed over.
    deadline: watch::Sender<Instant>,
    tasks: JoinSet<()>,
    /// Mails whose outcome is yet to come.
    pub(crate) in_flight: usize,
}

impl Connections {
    /// Opens none before the first mail. `patience` is how long a mail may take.
    pub(crate) fn start(server: &SmtpServer, from: &Address, most: usize, patience: Duration) -> Self {
        let (outgoing, queue) = mpsc::channel(most);
        let (results, incoming) = mpsc::channel(most);
        let (deadline, until) = watch::channel(Instant::now());
        let queue = Arc::new(Mutex::new(queue));
        let mut tasks = JoinSet::new();
        for _ in 0..CONNECTIONS.min(most) {
            let (queue, results, until) = (Arc::clone(&queue), results.clone(), until.clone());
            let (server, from) = (server.clone(), from.clone());
            tasks.spawn(async move {
                let mut connection = SmtpConnection::new(server);
                loop {
                    let next: Option<Outgoing> = queue.lock().await.recv().await;
                    let Some(next) = next else { break };
                    // What is handed over now is answered, or given up, before the lease is over.
                    let may_send = || Instant::now() + patience < *until.borrow();
                    let handover = connection.send(&from, &next.to, &next.mail, may_send).await;
                    let incoming = Incoming { recipient: next.recipient, handover };
                    if results.send(incoming).await.is_err() {
                        break;
                    }
                }
                connection.close().await;
            });
        }
        Self { outgoing, incoming, deadline, tasks, in_flight: 0 }
    }

    /// Lets mails go out until then.
    pub(crate) fn extend(&self, until: Instant) {
        self.deadline.send_replace(until);
    }

    /// Hands a mail to the next connection that is free.
    pub(crate) async fn send(&mut self, mail: Outgoing) {
        if self.outgoing.send(mail).await.is_ok() {
            self.in_flight += 1;
        }
    }

    /// Outcomes that have come, at least `enough` or what comes within `pause`.
    pub(crate) async fn receive(&mut self, enough: usize, pause: Duration) -> Vec<Incoming> {
        let until = Instant::now() + pause;
        let mut found = Vec::new();
        while found.len() < enough.min(found.len() + self.in_flight) {
            match tokio::time::timeout_at(until, self.incoming.recv()).await {
                Ok(Some(one)) => {
                    self.in_flight -= 1;
                    found.push(one);
                }
                Ok(None) | Err(_) => break,
            }
        }
        while let Ok(one) = self.incoming.try_recv() {
            self.in_flight -= 1;
            found.push(one);
        }
        found
    }

    /// Closes the connections; nothing is in flight any more.
    pub(crate) async fn close(mut self) {
        drop(self.outgoing);
        while self.tasks.join_next().await.is_some() {}
    }
}
