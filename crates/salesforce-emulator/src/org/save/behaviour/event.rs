//! Events: the several ways to say when they begin and end must agree.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::org::error::{SaveError, SaveResult};
use crate::org::records::Record;
use crate::org::save::SaveContext;
use crate::org::save::behaviour::activity;
use crate::org::save::missing_fields;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

const DAY: i64 = 1440;
const MAX_LENGTH: i64 = 14 * DAY;

/// Works out start, end, duration and day, and refuses contradictions.
pub(super) fn before_save(
    org: &Org,
    context: &SaveContext<'_>,
    object: &ObjectType,
    before: Option<&Record>,
    record: &mut Record,
) -> SaveResult<()> {
    activity::relate(org, object, record)?;
    let times = Times { object, before };
    let all_day = record.value(object, "IsAllDayEvent").is_true();
    let start = times.start(record, all_day)?;
    let minutes = times.minutes(record, start, all_day)?;
    if minutes > MAX_LENGTH {
        let message = "Event duration can not be longer than 14 days";
        return Err(SaveError::on("DurationInMinutes", "NUMBER_OUTSIDE_VALID_RANGE", message).into());
    }
    let shown_end = if all_day { (minutes - DAY).max(0) } else { minutes };
    let end = start.checked_add(shown_end.minutes()).unwrap_or(start);
    let zone = if all_day { TimeZone::UTC } else { org.time_zone_of(context.user) };
    record.put(object, "StartDateTime", Value::DateTime(start));
    record.put(object, "EndDateTime", Value::DateTime(end));
    record.put(object, "DurationInMinutes", Value::Integer(minutes));
    record.put(object, "ActivityDate", Value::Date(start.to_zoned_datetime(zone.clone()).date()));
    record.put(object, "EndDate", Value::Date(end.to_zoned_datetime(zone).date()));
    let moment = if all_day { Value::Null } else { Value::DateTime(start) };
    record.put(object, "ActivityDateTime", moment);
    if record.value(object, "EventSubtype").is_null() {
        record.put(object, "EventSubtype", Value::text("Event"));
    }
    Ok(())
}

struct Times<'a> {
    object: &'a ObjectType,
    before: Option<&'a Record>,
}

impl Times<'_> {
    /// A value, if this save brings it: on an update, only when it differs from before.
    fn given(&self, record: &Record, field: &str) -> Value {
        let value = record.value(self.object, field);
        match self.before {
            Some(before) if before.value(self.object, field) == value => Value::Null,
            _ => value.clone(),
        }
    }

    fn start(&self, record: &Record, all_day: bool) -> SaveResult<Timestamp> {
        let kept = self.before.and_then(|before| before.value(self.object, "StartDateTime").as_datetime());
        let start = self.given(record, "StartDateTime").as_datetime();
        let other = if all_day {
            let day = self.given(record, "ActivityDate").as_date();
            day.and_then(|day| day.to_zoned_datetime(TimeZone::UTC).ok()).map(|zoned| zoned.timestamp())
        } else {
            self.given(record, "ActivityDateTime").as_datetime()
        };
        if let (Some(start), Some(other)) = (start, other)
            && start != other
        {
            let message = "Start Date Time: must be the same as the activity date and time";
            return Err(SaveError::on("StartDateTime", "FIELD_INTEGRITY_EXCEPTION", message).into());
        }
        let start = start.or(other).or(kept).ok_or_else(|| {
            let name = if all_day { "ActivityDate" } else { "ActivityDateTime" };
            missing_fields(vec![name.to_owned()])
        })?;
        Ok(if all_day { midnight(start) } else { start })
    }

    fn minutes(&self, record: &Record, start: Timestamp, all_day: bool) -> SaveResult<i64> {
        let extra = if all_day { DAY } else { 0 };
        let end = self.given(record, "EndDateTime").as_datetime();
        let until_end = end.map(|end| (end.as_second() - start.as_second()) / 60 + extra);
        let given = self.given(record, "DurationInMinutes").as_number().map(|minutes| minutes as i64);
        if until_end.is_some_and(|minutes| minutes < 0) || given.is_some_and(|minutes| minutes < 0) {
            let message = "End Date Time: Event end time must be after the start time";
            return Err(SaveError::on("EndDateTime", "FIELD_INTEGRITY_EXCEPTION", message).into());
        }
        if let (Some(end), Some(given)) = (until_end, given)
            && end != given
        {
            let message = "End Date Time: must agree with the duration";
            return Err(SaveError::on("EndDateTime", "FIELD_INTEGRITY_EXCEPTION", message).into());
        }
        let kept = self.before.and_then(|before| before.value(self.object, "DurationInMinutes").as_number());
        let day = all_day.then_some(DAY);
        until_end
            .or(given)
            .or(kept.map(|minutes| minutes as i64))
            .or(day)
            .ok_or_else(|| missing_fields(vec!["DurationInMinutes".to_owned()]).into())
    }
}

fn midnight(moment: Timestamp) -> Timestamp {
    let seconds = moment.as_second();
    Timestamp::from_second(seconds - seconds.rem_euclid(86_400)).unwrap_or(moment)
}
