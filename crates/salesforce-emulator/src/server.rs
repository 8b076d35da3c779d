//! Starting and stopping.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::connection::{Connections, Cut};
use crate::http;
use crate::options::Options;
use crate::site::EmulatorState;

/// A Salesforce org that answers on a TCP port.
#[derive(Debug)]
pub struct Emulator;

/// Why an emulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// The seed could not be planted.
    #[error("the seed could not be planted")]
    Seed,
    /// The file with the org's records cannot be read.
    #[error("cannot read {path}: {reason}")]
    Data {
        /// The file.
        path: String,
        /// Why not.
        reason: String,
    },
}

/// A running emulator; it stops when this is dropped.
#[derive(Debug)]
pub struct Handle {
    base_url: String,
    site: Arc<EmulatorState>,
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
        let site = {
            let (options, base_url) = (options.clone(), base_url.clone());
            // A big seed takes seconds, and nothing else on this thread should wait for it.
            let planted = tokio::task::spawn_blocking(move || EmulatorState::new(&options, &base_url)).await;
            Arc::new(planted.map_err(|_| StartError::Seed)??)
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let service = http::router(Arc::clone(&site)).into_make_service_with_connect_info::<Cut>();
        if options.data_file.is_some() {
            tokio::spawn(crate::data_file::save_periodically(Arc::downgrade(&site)));
        }
        let bytes_sent = Arc::clone(&site.log.bytes_sent);
        let serving = tokio::spawn(async move {
            let wait = async move {
                let _ = stopped.await;
            };
            let connections = Connections { listener, bytes_sent };
            let served = axum::serve(connections, service).with_graceful_shutdown(wait).await;
            if let Err(error) = served {
                tracing::error!(%error, "the emulator stopped serving");
            }
        });
        Ok(Handle { base_url, site, stop: Some(stop), serving: Some(serving) })
    }
}

impl Handle {
    /// The address it answers at, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Stops taking connections, and waits a moment for those that are open.
    pub async fn shutdown(mut self) {
        self.signal();
        if let Some(mut serving) = self.serving.take()
            && tokio::time::timeout(Duration::from_secs(2), &mut serving).await.is_err()
        {
            serving.abort();
        }
        self.site.save();
    }

    fn signal(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if self.stop.is_some() {
            self.signal();
            self.site.save();
        }
    }
}
