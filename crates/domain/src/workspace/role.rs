//! Who may do what in the console (N2).

use serde::{Deserialize, Serialize};

/// A person's role in a workspace, from most to least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// 投稿者: reads.
    Contributor,
    /// 編集者: edits booking pages, retries deliveries.
    Editor,
    /// 管理者: connects, configures, manages members.
    Admin,
    /// オーナー: everything, owners included.
    Owner,
}

impl Role {
    /// All roles, the strongest first, as they are offered.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Editor, Self::Contributor];

    /// The word in the database, in the API and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Editor => "editor",
            Self::Contributor => "contributor",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// May connect to Salesforce and change settings and members (N2).
    pub fn may_configure(self) -> bool {
        self >= Self::Admin
    }

    /// May change booking pages, cancel bookings and retry deliveries.
    pub fn may_edit(self) -> bool {
        self >= Self::Editor
    }

    /// May give or take away `other`: no one touches a role above their own.
    pub fn may_grant(self, other: Self) -> bool {
        self.may_configure() && self >= other
    }
}
