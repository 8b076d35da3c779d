//! Everything one running emulator holds.

use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::bulk::jobs::Jobs;
use crate::data_file::DataFile;
use crate::device_codes::DeviceCodes;
use crate::engagement::business_units::Engagement;
use crate::faults::Faults;
use crate::http::cursors::Cursors;
use crate::in_flight::InFlight;
use crate::options::{Options, Seed};
use crate::org::clock::Clock;
use crate::org::store::Org;
use crate::request_log::RequestLog;
use crate::server::StartError;
use crate::sessions::Sessions;
use crate::usage::Usage;

/// Everything one running emulator holds.
#[derive(Debug)]
pub(crate) struct EmulatorState {
    /// The address it listens at.
    pub(crate) base_url: String,
    /// The address clients are told.
    pub(crate) public_url: String,
    /// The org's time.
    pub(crate) clock: Arc<Clock>,
    /// Who is signed in.
    pub(crate) sessions: Mutex<Sessions>,
    /// Device codes with pending authorization.
    pub(crate) devices: Mutex<DeviceCodes>,
    /// Query results that have not been fetched to the end.
    pub(crate) cursors: Mutex<Cursors>,
    /// Bulk jobs.
    pub(crate) jobs: Arc<Mutex<Jobs>>,
    /// Calls counted against the daily limit.
    pub(crate) usage: Mutex<Usage>,
    /// Faults that were asked for.
    pub(crate) faults: Faults,
    /// Account Engagement.
    pub(crate) engagement: Mutex<Engagement>,
    /// Requests that are being answered.
    pub(crate) in_flight: InFlight,
    /// What was asked and answered.
    pub(crate) log: RequestLog,
    org: RwLock<Org>,
    client: (String, String),
    data_file: Option<DataFile>,
}

impl EmulatorState {
    /// The state of an emulator that is about to serve.
    pub(crate) fn new(options: &Options, base_url: &str) -> Result<Self, StartError> {
        let clock = Arc::new(Clock::new(options.speed));
        let public_url = options.public_url.as_deref().unwrap_or(base_url).trim_end_matches('/').to_owned();
        let client = (options.client_id.clone(), options.client_secret.clone());
        let mut org = seed_org(options.seed, &clock, &client);
        let data_file = options.data_file.as_deref().map(DataFile::new);
        let mut sessions = Sessions::default();
        let mut engagement = Engagement::planted(&org, options.seed == Seed::Demo);
        if let Some(file) = &data_file
            && let Some(snapshot) = file.load(&mut org)?
        {
            sessions.restore(&snapshot["refresh_tokens"]);
            engagement.restore(&snapshot["engagement"]);
        }
        Ok(EmulatorState {
            base_url: base_url.to_owned(),
            public_url,
            clock,
            sessions: Mutex::new(sessions),
            devices: Mutex::default(),
            cursors: Mutex::default(),
            jobs: Arc::default(),
            usage: Mutex::default(),
            faults: Faults::default(),
            engagement: Mutex::new(engagement),
            in_flight: InFlight::default(),
            log: RequestLog::default(),
            org: RwLock::new(org),
            client,
            data_file,
        })
    }

    /// The org, to read.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Org> {
        self.org.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The org, to change.
    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Org> {
        self.org.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts again with another content; tokens, cursors, jobs, faults and the log are gone too.
    pub(crate) fn reset(&self, seed: Seed) {
        let planted = seed_org(seed, &self.clock, &self.client);
        *lock(&self.engagement) = Engagement::planted(&planted, seed == Seed::Demo);
        {
            let mut org = self.write();
            // Under the org's lock, so that no job that still runs finds the new org.
            *lock(&self.jobs) = Jobs::default();
            *org = planted;
        }
        *lock(&self.sessions) = Sessions::default();
        *lock(&self.devices) = DeviceCodes::default();
        *lock(&self.cursors) = Cursors::default();
        *lock(&self.usage) = Usage::default();
        self.faults.clear();
        self.log.clear();
    }

    /// Keeps the org's records in the data file, if there is one.
    pub(crate) fn save(&self) {
        if let Some(file) = &self.data_file {
            file.save(self);
        }
    }
}

fn seed_org(seed: Seed, clock: &Arc<Clock>, (key, secret): &(String, String)) -> Org {
    let mut org = seed.plant(Arc::clone(clock));
    org.settings.app.key.clone_from(key);
    org.settings.app.secret.clone_from(secret);
    org
}

/// Takes a lock, whatever happened to the last one who held it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
