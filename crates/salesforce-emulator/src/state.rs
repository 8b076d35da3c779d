//! Everything one running emulator holds.

use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::bulk::jobs::Jobs;
use crate::cursors::Cursors;
use crate::device_codes::DeviceCodes;
use crate::engagement::business_units::Engagement;
use crate::faults::Faults;
use crate::http::pubsub::Streams;
use crate::in_flight::InFlight;
use crate::lock::lock;
use crate::options::{Options, Seed};
use crate::org::clock::Clock;
use crate::org::store::Org;
use crate::request_log::RequestLog;
use crate::sessions::Sessions;
use crate::usage::Usage;

/// Everything one running emulator holds.
#[derive(Debug)]
pub(crate) struct EmulatorState {
    /// The address it listens at.
    pub(crate) base_url: String,
    /// The address given to clients.
    pub(crate) public_url: String,
    /// The org's time.
    pub(crate) clock: Arc<Clock>,
    /// Access tokens, refresh tokens and codes.
    pub(crate) sessions: Mutex<Sessions>,
    /// Device codes with pending authorization.
    pub(crate) devices: Mutex<DeviceCodes>,
    /// Query results that have not been fetched to the end.
    pub(crate) cursors: Mutex<Cursors>,
    /// Bulk jobs.
    pub(crate) jobs: Arc<Mutex<Jobs>>,
    /// Calls counted against the daily limit.
    pub(crate) usage: Mutex<Usage>,
    /// The requested faults.
    pub(crate) faults: Faults,
    /// Account Engagement.
    pub(crate) engagement: Mutex<Engagement>,
    /// Requests that are being answered.
    pub(crate) in_flight: InFlight,
    /// Subscriptions to change events.
    pub(crate) streams: Streams,
    /// Requests and their responses.
    pub(crate) log: RequestLog,
    org: RwLock<Org>,
    client: (String, String),
}

impl EmulatorState {
    /// The state of an emulator that is about to serve.
    pub(crate) fn new(options: &Options, base_url: &str) -> Self {
        let clock = Arc::new(Clock::new(options.speed));
        let public_url = options.public_url.as_deref().unwrap_or(base_url).trim_end_matches('/').to_owned();
        let client = (options.client_id.clone(), options.client_secret.clone());
        let org = seed_org(options.seed, &clock, &client);
        let engagement = Engagement::seeded(&org, options.seed == Seed::Demo);
        EmulatorState {
            base_url: base_url.to_owned(),
            public_url,
            clock,
            sessions: Mutex::default(),
            devices: Mutex::default(),
            cursors: Mutex::default(),
            jobs: Arc::default(),
            usage: Mutex::default(),
            faults: Faults::default(),
            engagement: Mutex::new(engagement),
            in_flight: InFlight::default(),
            streams: Streams::default(),
            log: RequestLog::default(),
            org: RwLock::new(org),
            client,
        }
    }

    /// The org, to read.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Org> {
        self.org.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The org, to change.
    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Org> {
        self.org.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces the content; tokens, cursors, jobs, faults and the log are cleared too.
    pub(crate) fn reset(&self, seed: Seed) {
        let seeded = seed_org(seed, &self.clock, &self.client);
        *lock(&self.engagement) = Engagement::seeded(&seeded, seed == Seed::Demo);
        {
            let mut org = self.write();
            // Under the org's lock, so that no running job reads the new org.
            *lock(&self.jobs) = Jobs::default();
            let mut seeded = seeded;
            seeded.events.succeed(&org.events);
            *org = seeded;
        }
        *lock(&self.sessions) = Sessions::default();
        *lock(&self.devices) = DeviceCodes::default();
        *lock(&self.cursors) = Cursors::default();
        *lock(&self.usage) = Usage::default();
        self.faults.clear();
        self.log.clear();
    }
}

fn seed_org(seed: Seed, clock: &Arc<Clock>, (key, secret): &(String, String)) -> Org {
    let mut org = seed.create_org(Arc::clone(clock));
    if seed == Seed::Demo {
        let Org { events, schema, .. } = &mut org;
        // Objects that every org has.
        let _ = events.select(&["Lead", "Contact"], schema);
    }
    org.settings.app.key.clone_from(key);
    org.settings.app.secret.clone_from(secret);
    org
}
