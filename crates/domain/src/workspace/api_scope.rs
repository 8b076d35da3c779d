//! What a key for the REST API may be used for.

use crate::workspace::Role;

/// One thing that a key may be used for; no scope includes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApiScope {
    /// Reads everything, and tries out what changes nothing.
    Read,
    /// Makes and cancels bookings, and retries what failed.
    Bookings,
    /// Changes pages, teams, settings and the connection, and starts syncs.
    Settings,
}

impl ApiScope {
    /// All scopes, as they are offered.
    pub const ALL: [Self; 3] = [Self::Read, Self::Bookings, Self::Settings];

    /// The word in the database, in the API's description and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Bookings => "bookings",
            Self::Settings => "settings",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    /// The least role of the person who made the key: nobody hands on what they may not do.
    pub const fn needs(self) -> Role {
        match self {
            Self::Read => Role::Contributor,
            Self::Bookings => Role::Editor,
            Self::Settings => Role::Admin,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ApiScope;
    use crate::workspace::Role;

    #[test]
    fn scopes_need_the_role_that_does_the_same_in_the_console() {
        assert!(!Role::Contributor.may_edit() && ApiScope::Bookings.needs().may_edit());
        assert!(!Role::Editor.may_configure() && ApiScope::Settings.needs().may_configure());
        for scope in ApiScope::ALL {
            assert_eq!(ApiScope::from_name(scope.name()), Some(scope));
        }
        assert_eq!(ApiScope::from_name("all"), None);
    }
}
