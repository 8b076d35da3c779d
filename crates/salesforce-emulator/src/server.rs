//! Starting and stopping.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::connection::Connections;
use crate::data_file::{self, DataFile};
use crate::http;
use crate::options::Options;
use crate::start_error::StartError;
use crate::state::EmulatorState;

/// A Salesforce org that answers on a TCP port.
#[derive(Debug)]
pub struct Emulator;

/// A running emulator; it stops when this is dropped.
#[derive(Debug)]
pub struct Handle {
    base_url: String,
    state: Arc<EmulatorState>,
    data_file: Option<Arc<DataFile>>,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<()>>,
}

impl Emulator {
    /// Starts an emulator and returns once it listens.
    pub async fn start(options: Options) -> Result<Handle, StartError> {
        let failed = |source| StartError::Listen { address: options.listen, source };
        let listener = TcpListener::bind(options.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let base_url = format!("http://{address}");
        let data_file = options.data_file.as_deref().map(|path| Arc::new(DataFile::new(path)));
        let state = {
            let (options, base_url, data_file) = (options.clone(), base_url.clone(), data_file.clone());
            // A big seed takes seconds, and nothing else on this thread should wait for it.
            let started = tokio::task::spawn_blocking(move || {
                let state = EmulatorState::new(&options, &base_url);
                data_file.map_or(Ok(()), |file| file.load(&state)).map(|()| state)
            });
            Arc::new(started.await.map_err(|_| StartError::Seed)??)
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let router = http::router(Arc::clone(&state));
        if let Some(file) = &data_file {
            tokio::spawn(data_file::save_periodically(Arc::clone(file), Arc::downgrade(&state)));
        }
        let bytes_sent = Arc::clone(&state.log.bytes_sent);
        let serving = tokio::spawn(async move {
            let wait = async move {
                let _ = stopped.await;
            };
            Connections { listener, bytes_sent }.serve(router, wait).await;
        });
        Ok(Handle { base_url, state, data_file, stop: Some(stop), serving: Some(serving) })
    }
}

impl Handle {
    /// The address it answers at, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Stops accepting connections, and waits briefly for open ones.
    pub async fn shutdown(mut self) {
        self.signal();
        if let Some(mut serving) = self.serving.take()
            && tokio::time::timeout(Duration::from_secs(2), &mut serving).await.is_err()
        {
            serving.abort();
        }
        self.save();
    }

    fn signal(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        // Subscriptions have no end of their own.
        self.state.streams.break_off();
    }

    /// Stores the org in the data file, if there is one.
    fn save(&self) {
        if let Some(file) = &self.data_file {
            file.save(&self.state);
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if self.stop.is_some() {
            self.signal();
            self.save();
        }
    }
}
