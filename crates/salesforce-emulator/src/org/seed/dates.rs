//! Dates of planted records.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::org::records::{Record, Table};
use crate::org::store::Org;
use crate::org::value::Value;

const DATES: [&str; 3] = ["CreatedDate", "LastModifiedDate", "SystemModstamp"];

/// Gives records of one object that were planted in the same second different dates, the oldest record the earliest.
///
/// A program that asks for changes since the latest date it has seen would else be given all of them again.
pub(super) fn spread(org: &mut Org) {
    let objects: Vec<_> = org.schema.objects().cloned().collect();
    for object in objects.iter().filter(|object| object.field("SystemModstamp").is_some()) {
        let mut tied: BTreeMap<Timestamp, Vec<Arc<Record>>> = BTreeMap::new();
        for record in org.table(&object.name).into_iter().flat_map(Table::rows) {
            if let Some(stamp) = record.value(object, "SystemModstamp").as_datetime() {
                tied.entry(stamp).or_default().push(Arc::clone(record));
            }
        }
        for (stamp, records) in tied {
            for (place, record) in records.iter().rev().enumerate().skip(1) {
                let earlier = stamp.checked_sub(SignedDuration::from_secs(place as i64)).unwrap_or(stamp);
                let mut dated = Record::clone(record);
                for name in DATES {
                    if dated.value(object, name).as_datetime() == Some(stamp) {
                        dated.put(object, name, Value::DateTime(earlier));
                    }
                }
                org.put_row(object, dated);
            }
        }
    }
}
