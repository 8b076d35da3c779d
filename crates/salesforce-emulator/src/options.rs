//! How an emulator is started.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

pub use crate::org::seed::{Seed, UnknownSeed};

/// How an emulator is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens; port 0 takes any free one.
    pub listen: SocketAddr,
    /// The address clients are told, when it is not the one listened on.
    pub public_url: Option<String>,
    /// What the org holds at first.
    pub seed: Seed,
    /// The connected app's consumer key.
    pub client_id: String,
    /// The connected app's consumer secret.
    pub client_secret: String,
    /// A file that keeps the org's records from one start to the next.
    pub data_file: Option<PathBuf>,
    /// How much faster than real time the org's clock runs.
    pub speed: f64,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            public_url: None,
            seed: Seed::Empty,
            client_id: "tsugite-emulator-key".to_owned(),
            client_secret: "tsugite-emulator-secret".to_owned(),
            data_file: None,
            speed: 1.0,
        }
    }
}
