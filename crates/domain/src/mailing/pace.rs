//! How fast mails go out: so many a second, so many to one domain, and less when the server asks for it.

use std::collections::BTreeMap;

/// After a request to slow down the pace is halved, down to this part of the setting.
const SLOWEST_PART: f64 = 1.0 / 64.0;
/// Seconds in which a pace that was halved doubles again.
const RECOVERY_SECONDS: f64 = 60.0;
/// Domains that are remembered at most; the rest has no bound of its own for a moment.
const MAX_DOMAINS: usize = 10_000;

/// Buckets of what may be sent now. Seconds are counted from any beginning.
#[derive(Clone, Debug)]
pub struct Pace {
    per_second: f64,
    per_domain: f64,
    part: f64,
    at: f64,
    ready: f64,
    domains: BTreeMap<String, (f64, f64)>,
}

impl Pace {
    /// Begins with nothing sent.
    pub fn new(per_second: u32, per_domain: u32, now: f64) -> Self {
        let (per_second, per_domain) = (f64::from(per_second.max(1)), f64::from(per_domain.max(1)));
        Self { per_second, per_domain, part: 1.0, at: now, ready: 1.0, domains: BTreeMap::new() }
    }

    /// How many mails may go out now.
    pub fn allowed(&mut self, now: f64) -> u32 {
        let passed = (now - self.at).max(0.0);
        self.at = now;
        self.part = (self.part * 2_f64.powf(passed / RECOVERY_SECONDS)).min(1.0);
        let rate = self.per_second * self.part;
        // What was not used is kept for a quarter of a second, so that a late look is made up for.
        self.ready = (self.ready + passed * rate).min((rate / 4.0).max(1.0));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is not negative, and small"
        )]
        let whole = self.ready.max(0.0) as u32;
        whole
    }

    /// Counts a mail to a domain, if one may go there now. The domain's bucket is as deep as a second.
    pub fn take(&mut self, domain: &str, now: f64) -> bool {
        if self.domains.len() >= MAX_DOMAINS {
            self.domains.clear();
        }
        let rate = self.per_domain * self.part;
        let (ready, at) = self.domains.entry(domain.to_owned()).or_insert((rate.max(1.0), now));
        *ready = (*ready + (now - *at).max(0.0) * rate).min(rate.max(1.0));
        *at = now;
        if *ready < 1.0 {
            return false;
        }
        *ready -= 1.0;
        self.ready -= 1.0;
        true
    }

    /// The server asked to slow down.
    pub fn slow_down(&mut self) {
        self.part = (self.part / 2.0).max(SLOWEST_PART);
        self.ready = self.ready.min(1.0);
    }
}
