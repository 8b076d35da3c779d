//! What the org does by itself as time passes: old deleted records go for good, old activities are archived.

use jiff::Span;
use jiff::civil::Date;

use crate::org::records::Record;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

/// Days after which a closed task or a past event is archived.
const ARCHIVED_AFTER_DAYS: i32 = 365;

impl Org {
    /// Whether there is something to do.
    pub(crate) fn upkeep_is_due(&self) -> bool {
        self.bin_is_overdue() || self.archived_on != Some(self.today())
    }

    /// Does what is due.
    pub(crate) fn do_upkeep(&mut self) {
        self.empty_overdue();
        let today = self.today();
        if self.archived_on == Some(today) {
            return;
        }
        self.archived_on = Some(today);
        let oldest = today.saturating_sub(Span::new().days(ARCHIVED_AFTER_DAYS));
        for name in ["Task", "Event"] {
            let Some(object) = self.schema.object(name).cloned() else { continue };
            let old: Vec<_> = self.live(name).filter(|row| is_over(&object, row, oldest)).cloned().collect();
            for row in old {
                let mut archived = Record::clone(&row);
                archived.put(&object, "IsArchived", Value::Boolean(true));
                self.put_row(&object, archived);
            }
        }
    }
}

fn is_over(object: &ObjectType, row: &Record, oldest: Date) -> bool {
    let open = object.index_of("IsClosed").is_some_and(|index| !row.get(index).is_true());
    let day = ["EndDate", "ActivityDate"].iter().find_map(|name| row.value(object, name).as_date());
    !open && !row.value(object, "IsArchived").is_true() && day.is_some_and(|day| day < oldest)
}
