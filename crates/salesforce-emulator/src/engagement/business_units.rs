//! Every business unit of the org, and what holds for all of them.

use std::collections::HashSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::engagement::business_unit::BusinessUnit;
use crate::engagement::error::{Problem, Refusal};
use crate::engagement::page_token::{Continuation, PageTokens};
use crate::engagement::query::{Page, Query};
use crate::engagement::schema::EngagementObject;
use crate::engagement::table::MAX_STALENESS;
use crate::org::ids::RecordId;

/// The business unit of every seed.
pub(crate) const FIRST_UNIT: &str = "0Uv000000000001AAA";

/// What Account Engagement allows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EngagementLimits {
    /// Requests a day and business unit.
    pub(crate) daily_requests: u64,
    /// Requests a minute and business unit, if they are limited.
    pub(crate) requests_per_minute: Option<u64>,
    /// Requests at once.
    pub(crate) concurrent_requests: usize,
    /// Seconds by which queries lag behind.
    pub(crate) staleness_seconds: i64,
}

impl Default for EngagementLimits {
    fn default() -> Self {
        // What the smallest edition has.
        EngagementLimits {
            daily_requests: 25_000,
            requests_per_minute: None,
            concurrent_requests: 5,
            staleness_seconds: 60,
        }
    }
}

/// Account Engagement as one org has it.
#[derive(Debug, Default)]
pub(crate) struct Engagement {
    /// Limits.
    pub(crate) limits: EngagementLimits,
    /// Users who may not use it.
    pub(crate) users_without_access: HashSet<RecordId>,
    units: Vec<BusinessUnit>,
    tokens: PageTokens,
    writes: u64,
}

impl Engagement {
    /// The business units.
    pub(crate) fn units(&self) -> &[BusinessUnit] {
        &self.units
    }

    /// A business unit by its id, to change it.
    pub(crate) fn unit_mut(&mut self, id: &str) -> Option<&mut BusinessUnit> {
        self.writes += 1;
        self.units.iter_mut().find(|unit| unit.id == id)
    }

    /// A business unit by its id.
    pub(crate) fn unit(&self, id: &str) -> Option<&BusinessUnit> {
        self.units.iter().find(|unit| unit.id == id)
    }

    /// Adds a business unit.
    pub(crate) fn add_unit(&mut self, unit: BusinessUnit) {
        self.writes += 1;
        self.units.push(unit);
    }

    /// Takes every business unit away.
    pub(super) fn clear(&mut self) {
        self.units.clear();
    }

    /// A number that grows whenever something may have changed.
    pub(crate) fn writes(&self) -> u64 {
        self.writes
    }

    /// Counts one request of a business unit; tells how many there were today.
    pub(crate) fn count_request(&mut self, unit: &str, today: Date, now: Timestamp) -> Result<u64, Problem> {
        let limits = self.limits;
        let unit = self.units.iter_mut().find(|known| known.id == unit).ok_or(Refusal::BusinessUnit)?;
        if limits.requests_per_minute.is_some_and(|most| !unit.usage.fits_minute(now, most)) {
            return Err(Refusal::RatePerMinute.into());
        }
        unit.usage.count(today, limits.daily_requests).ok_or_else(|| Refusal::DailyLimit.into())
    }

    /// The next page of a query, and the token for the one after it.
    pub(crate) fn page(
        &mut self,
        unit: &str,
        object: &EngagementObject,
        query: &Query,
        now: Timestamp,
    ) -> Result<(Page, Option<String>), Problem> {
        let table = self.unit(unit).and_then(|unit| unit.table(&object.collection));
        let table = table.ok_or(Refusal::UnknownObject)?;
        let lag = SignedDuration::from_secs(self.limits.staleness_seconds.clamp(0, MAX_STALENESS));
        let mut page = query.page(table, now.checked_sub(lag).unwrap_or(now));
        let token = page.next.take().map(|query| {
            self.tokens.issue(Continuation {
                query,
                collection: object.collection.clone(),
                unit: unit.to_owned(),
                issued: now,
            })
        });
        Ok((page, token))
    }

    /// The query that a token continues.
    pub(crate) fn continued(
        &self,
        unit: &str,
        object: &EngagementObject,
        token: &str,
        now: Timestamp,
    ) -> Result<Query, Problem> {
        let found = self.tokens.find(token, now);
        let found = found.filter(|kept| kept.unit == unit && kept.collection == object.collection);
        found.map(|kept| kept.query.clone()).ok_or_else(|| Refusal::InvalidParameter.about("nextPageToken"))
    }
}
