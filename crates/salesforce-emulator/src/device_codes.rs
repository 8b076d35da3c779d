//! Device codes with pending authorization.

use jiff::Timestamp;

use crate::org::ids::RecordId;
use crate::sessions::{Grant, secret};

/// Seconds a code can be entered and asked for. How long real ones live is not documented.
const LIFE_SECONDS: i64 = 600;
/// Devices that can wait at once; the oldest go first.
const MAX: usize = 1_000;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Decision {
    Pending,
    Denied,
    Allowed(RecordId),
}

#[derive(Clone, Debug)]
struct Device {
    device_code: String,
    user_code: String,
    scope: String,
    issued: Timestamp,
    decision: Decision,
}

/// Devices that wait.
#[derive(Debug, Default)]
pub(crate) struct DeviceCodes(Vec<Device>);

/// The answer to a device's poll.
#[derive(Debug)]
pub(crate) enum Asked {
    /// There is no such code, or it is too old.
    Unknown,
    /// Authorization is pending.
    Pending,
    /// The user has refused.
    Denied,
    /// The user has allowed it.
    Allowed(Grant),
}

impl DeviceCodes {
    /// A new code for a device, and the one a person types.
    pub(crate) fn issue(&mut self, scope: &str, now: Timestamp) -> (String, String) {
        self.0.retain(|device| alive(device, now));
        if self.0.len() >= MAX {
            self.0.remove(0);
        }
        let letters = secret(64).to_ascii_uppercase();
        let user_code: String = letters.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
        let device = Device {
            device_code: secret(64),
            user_code,
            scope: scope.to_owned(),
            issued: now,
            decision: Decision::Pending,
        };
        let codes = (device.device_code.clone(), device.user_code.clone());
        self.0.push(device);
        codes
    }

    /// Stores a decision; returns whether the code exists.
    pub(crate) fn decide(&mut self, user_code: &str, allowed: Option<RecordId>, now: Timestamp) -> bool {
        let typed = user_code.trim().to_ascii_uppercase();
        let waiting = |device: &&mut Device| {
            device.user_code == typed && alive(device, now) && device.decision == Decision::Pending
        };
        let Some(device) = self.0.iter_mut().find(waiting) else { return false };
        device.decision = allowed.map_or(Decision::Denied, Decision::Allowed);
        true
    }

    /// Answers a device's poll; a decision is returned once.
    pub(crate) fn ask(&mut self, device_code: &str, now: Timestamp) -> Asked {
        let place = self.0.iter().position(|device| device.device_code == device_code && alive(device, now));
        let Some(place) = place else { return Asked::Unknown };
        if self.0[place].decision == Decision::Pending {
            return Asked::Pending;
        }
        let device = self.0.remove(place);
        match device.decision {
            Decision::Allowed(user) => Asked::Allowed(Grant { user, scope: device.scope }),
            Decision::Denied | Decision::Pending => Asked::Denied,
        }
    }
}

fn alive(device: &Device, now: Timestamp) -> bool {
    now.as_second() - device.issued.as_second() <= LIFE_SECONDS
}
