//! Headers that change what a write sets off (contract 2.2).

use crate::SalesforceId;

/// What else may happen when a row is written. The default is the org's default throughout.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// Whether assignment rules run and may change the owner; without a choice they do.
    pub auto_assign: Option<AutoAssign>,
    /// Saves in spite of a duplicate rule that only warns. A blocking rule still refuses.
    pub allow_duplicates: bool,
    /// Lets a refusal by a duplicate rule name the fields of the matching rows.
    pub duplicate_details: bool,
    /// Keeps the row out of the user's list of recent items.
    pub leave_recent_items: bool,
}

/// Which assignment rule runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AutoAssign {
    /// None: the owner given stays.
    Off,
    /// The active one.
    Active,
    /// This one.
    Rule(SalesforceId),
}

impl WriteOptions {
    /// Options that keep the owner given and the recent items as they are.
    pub fn quiet() -> Self {
        Self { auto_assign: Some(AutoAssign::Off), leave_recent_items: true, ..Self::default() }
    }

    /// The headers to send.
    pub(crate) fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = Vec::new();
        match &self.auto_assign {
            None => {}
            Some(AutoAssign::Off) => headers.push(("Sforce-Auto-Assign", "FALSE".to_owned())),
            Some(AutoAssign::Active) => headers.push(("Sforce-Auto-Assign", "TRUE".to_owned())),
            Some(AutoAssign::Rule(id)) => headers.push(("Sforce-Auto-Assign", id.to_string())),
        }
        let wishes = [
            (self.allow_duplicates, "allowSave=true"),
            (self.duplicate_details, "includeRecordDetails=true"),
        ];
        let wishes: Vec<&str> =
            wishes.into_iter().filter(|(wanted, _)| *wanted).map(|(_, wish)| wish).collect();
        if !wishes.is_empty() {
            headers.push(("Sforce-Duplicate-Rule-Header", wishes.join("; ")));
        }
        if self.leave_recent_items {
            headers.push(("Sforce-Mru", "updateMru=false".to_owned()));
        }
        headers
    }
}
