//! Days counted from today, as conditions name them: `this_month`, `last_n_days:30` (contract 5.2).

use std::fmt;

/// Days that a count may go back or forth; some twenty-seven years.
pub const MAX_DAYS: u32 = 9_999;

/// A day or a span of days relative to the day on which a condition is looked at, in the org user's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelativeDay {
    word: &'static str,
    days: Option<u32>,
}

impl RelativeDay {
    /// Those that stand by themselves, in the order in which they are offered.
    pub const PLAIN: [&'static str; 15] = [
        "today",
        "yesterday",
        "tomorrow",
        "this_week",
        "last_week",
        "next_week",
        "this_month",
        "last_month",
        "next_month",
        "this_quarter",
        "last_quarter",
        "next_quarter",
        "this_year",
        "last_year",
        "next_year",
    ];
    /// Those that need a number of days: `last_n_days:30`.
    pub const COUNTED: [&'static str; 3] = ["last_n_days", "next_n_days", "n_days_ago"];

    /// Reads one, in any case; `None` for anything else and for a number out of reach.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim().to_lowercase();
        let named = |words: &'static [&'static str], name: &str| words.iter().find(|word| **word == name);
        match typed.split_once(':') {
            None => named(&Self::PLAIN, &typed).map(|word| Self { word, days: None }),
            Some((name, days)) => {
                let days: u32 = days.trim().parse().ok().filter(|days| (1..=MAX_DAYS).contains(days))?;
                named(&Self::COUNTED, name.trim()).map(|word| Self { word, days: Some(days) })
            }
        }
    }

    /// Its word, without the number: `last_n_days`.
    pub const fn word(self) -> &'static str {
        self.word
    }

    /// The number of days, for those that have one.
    pub const fn days(self) -> Option<u32> {
        self.days
    }
}

impl fmt::Display for RelativeDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.days {
            None => f.write_str(self.word),
            Some(days) => write!(f, "{}:{days}", self.word),
        }
    }
}
