//! Who saves, and with which wishes.

use crate::org::ids::RecordId;

/// Whether assignment rules choose the owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum AutoAssign {
    /// The active rule does; the default in Salesforce.
    #[default]
    Active,
    /// This rule does, when it is the active one.
    Rule(RecordId),
    /// No rule does.
    Off,
}

/// Who saves, and with which wishes.
#[derive(Clone, Copy)]
pub(crate) struct SaveContext<'a> {
    /// The user who saves.
    pub(crate) user: RecordId,
    /// Whether assignment rules run.
    pub(crate) auto_assign: AutoAssign,
    /// Whether an alert of a duplicate rule may be passed.
    pub(crate) allow_duplicates: bool,
    /// Whether the matches of a duplicate rule are shown with their fields.
    pub(crate) duplicate_details: bool,
    /// The path in front of record addresses, such as `/services/data/v66.0`.
    pub(crate) base_path: &'a str,
    /// Whether another user holds the record's lock now.
    pub(crate) row_locked: &'a dyn Fn() -> bool,
}

impl SaveContext<'_> {
    /// Saves as this user with no special wishes.
    pub(crate) fn plain(user: RecordId) -> SaveContext<'static> {
        SaveContext {
            user,
            auto_assign: AutoAssign::Off,
            allow_duplicates: true,
            duplicate_details: false,
            base_path: "/services/data/v66.0",
            row_locked: &|| false,
        }
    }
}
