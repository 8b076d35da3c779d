//! What conditions of segments may name, as the workspace has it now.

use crate::people::PersonFields;
use crate::segment::Segment;
use crate::value::{FormId, PageId, SegmentId, Timestamp};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// What conditions may name, and the moment and zone in which they are looked at.
#[derive(Clone, Debug)]
pub struct SegmentContext {
    /// The person fields.
    pub fields: PersonFields,
    /// The workspace's zone, in which days begin.
    pub zone: TimeZone,
    /// Now.
    pub now: Timestamp,
    /// Forms by their slug.
    pub forms: BTreeMap<String, FormId>,
    /// Booking pages by `team/page`.
    pub pages: BTreeMap<String, PageId>,
    /// Campaigns by their ID, 18 characters.
    pub campaigns: BTreeMap<String, CampaignSources>,
    /// Lists whose rows are addresses, by their slug.
    pub lists: BTreeSet<String>,
    /// All segments.
    pub segments: BTreeMap<SegmentId, Segment>,
}

/// By what people come into a campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CampaignSources {
    /// Forms that add to it.
    pub forms: Vec<FormId>,
    /// Bookings add to it.
    pub has_bookings: bool,
}

impl SegmentContext {
    /// The day on which conditions are looked at.
    pub fn today(&self) -> Date {
        self.now.to_jiff().to_zoned_datetime(self.zone.clone()).date()
    }

    /// The moment from which something happened in so many days before today, or today.
    pub fn since(&self, days: u32) -> Timestamp {
        let first = crate::segment::DayRange::last_days(self.today(), days).from;
        let begin = first.to_zoned_datetime(self.zone.clone()).map(|zoned| zoned.timestamp());
        begin.map_or(Timestamp::from_seconds(0), Timestamp::from_jiff)
    }
}
