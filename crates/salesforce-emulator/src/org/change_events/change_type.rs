//! What an event tells of its records.

/// What happened to the records of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangeType {
    /// They were created.
    Create,
    /// Some of their fields changed.
    Update,
    /// They were put into the recycle bin.
    Delete,
    /// They were taken out of the recycle bin.
    Undelete,
    /// Reserved.
    Snapshot,
    /// A create that could not be told in full.
    GapCreate,
    /// An update that could not be told in full.
    GapUpdate,
    /// A deletion that could not be told in full.
    GapDelete,
    /// A restoration that could not be told in full.
    GapUndelete,
    /// A transaction changed too much to be told at all.
    GapOverflow,
}

impl ChangeType {
    /// In the order in which the schema names them.
    pub(super) const ALL: [ChangeType; 10] = [
        ChangeType::Create,
        ChangeType::Update,
        ChangeType::Delete,
        ChangeType::Undelete,
        ChangeType::Snapshot,
        ChangeType::GapCreate,
        ChangeType::GapUpdate,
        ChangeType::GapDelete,
        ChangeType::GapUndelete,
        ChangeType::GapOverflow,
    ];

    /// The name in events.
    pub(crate) fn name(self) -> &'static str {
        match self {
            ChangeType::Create => "CREATE",
            ChangeType::Update => "UPDATE",
            ChangeType::Delete => "DELETE",
            ChangeType::Undelete => "UNDELETE",
            ChangeType::Snapshot => "SNAPSHOT",
            ChangeType::GapCreate => "GAP_CREATE",
            ChangeType::GapUpdate => "GAP_UPDATE",
            ChangeType::GapDelete => "GAP_DELETE",
            ChangeType::GapUndelete => "GAP_UNDELETE",
            ChangeType::GapOverflow => "GAP_OVERFLOW",
        }
    }

    /// The type of this name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        ChangeType::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
