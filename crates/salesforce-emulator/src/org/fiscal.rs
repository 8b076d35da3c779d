//! The org's fiscal year.

use jiff::civil::Date;

use crate::org::store::Org;

/// When a fiscal year begins, and which of its two calendar years names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fiscal {
    /// The first month, from 1.
    pub(crate) first_month: i8,
    named_by_start: bool,
}

impl Fiscal {
    /// The fiscal year as the organization has set it.
    pub(crate) fn of(org: &Org) -> Self {
        let month = org.organization_value("FiscalYearStartMonth").as_number().unwrap_or(1.0);
        let first_month = if (1.0..=12.0).contains(&month) { month as i8 } else { 1 };
        Fiscal {
            first_month,
            named_by_start: org.organization_value("UsesStartDateAsFiscalYearName").is_true(),
        }
    }

    /// The fiscal year that begins with a month and is named by its end.
    #[cfg(test)]
    pub(crate) fn from_month(first_month: i8) -> Self {
        Fiscal { first_month, named_by_start: false }
    }

    /// The number of the year that a day lies in.
    pub(crate) fn year(self, day: Date) -> i16 {
        let ends_later = self.first_month > 1 && !self.named_by_start;
        self.start_year(day) + i16::from(ends_later)
    }

    /// The quarter of the year, from 1.
    pub(crate) fn quarter(self, day: Date) -> i8 {
        (self.month(day) + 2) / 3
    }

    /// The month of the year, from 1.
    pub(crate) fn month(self, day: Date) -> i8 {
        (day.month() + 12 - self.first_month) % 12 + 1
    }

    /// The calendar year in which the year of a day began.
    pub(crate) fn start_year(self, day: Date) -> i16 {
        day.year() - i16::from(day.month() < self.first_month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn fiscal_year_from_april_is_named_by_its_end_or_its_start() {
        let by_end = Fiscal { first_month: 4, named_by_start: false };
        let by_start = Fiscal { first_month: 4, named_by_start: true };
        let calendar = Fiscal { first_month: 1, named_by_start: false };
        for (day, end, start, quarter, month) in [
            (date(2026, 3, 31), 2026, 2025, 4, 12),
            (date(2026, 4, 1), 2027, 2026, 1, 1),
            (date(2026, 12, 31), 2027, 2026, 3, 9),
        ] {
            assert_eq!((by_end.year(day), by_start.year(day)), (end, start), "{day}");
            assert_eq!((by_end.quarter(day), by_end.month(day)), (quarter, month), "{day}");
            assert_eq!(calendar.year(day), day.year());
        }
    }
}
