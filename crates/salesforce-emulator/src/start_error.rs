//! Why an emulator did not start.

use std::io;
use std::net::SocketAddr;

/// Why an emulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// The seed could not be created.
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
