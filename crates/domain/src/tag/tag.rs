//! The tags that a website can carry, and which of them can't be on together (E4).

use crate::value::FieldProblem;
use serde::{Deserialize, Serialize};

/// A tag for pages of the customer's website that opens the booking dialog by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tag {
    /// For people on a list of Account Engagement (リスト連携のタグ).
    List,
    /// For visitors by what they do on the site (Web接客タグ).
    Visitor,
}

impl Tag {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::List, Self::Visitor];

    /// The word in the database and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Visitor => "visitor",
        }
    }

    /// The tag with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tag| tag.name() == name)
    }
}

/// Whether a tag may be switched on beside the one that is on (E4): two would quarrel over who opens the dialog.
///
/// # Errors
/// A fault of the switch, `field`, that names the other tag.
pub fn may_switch_on(wanted: Tag, active: Option<Tag>, field: &str) -> Result<(), FieldProblem> {
    match active {
        Some(other) if other != wanted => Err(other_tag_is_on(wanted, field)),
        _ => Ok(()),
    }
}

/// The fault of switching on `wanted` while the other tag is on.
pub fn other_tag_is_on(wanted: Tag, field: &str) -> FieldProblem {
    match wanted {
        Tag::List => FieldProblem::new(field, "visitor-tag-is-on"),
        Tag::Visitor => FieldProblem::new(field, "list-tag-is-on"),
    }
}
