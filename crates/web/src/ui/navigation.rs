//! The menu: every page that is entered from it, in groups, for the menu, breadcrumbs and the search.

/// One entry of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name: the text is under `nav-{key}`, other words for it under `nav-words-{key}`.
    pub key: &'static str,
    /// Where it leads.
    pub path: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Only for those who may configure (N2).
    pub is_for_admins: bool,
}

/// Entries that belong together; the text is under `nav-group-{key}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name; empty for the entries on top, which have no heading.
    pub key: &'static str,
    /// Its entries.
    pub entries: &'static [Entry],
}

const fn entry(key: &'static str, path: &'static str, icon: &'static str) -> Entry {
    Entry { key, path, icon, is_for_admins: false }
}

const fn admin(key: &'static str, path: &'static str, icon: &'static str) -> Entry {
    Entry { is_for_admins: true, ..entry(key, path, icon) }
}

/// The whole menu.
pub const MENU: [Group; 6] = [
    Group { key: "", entries: &[entry("overview", "/console", "layout-dashboard")] },
    Group {
        key: "bookings",
        entries: &[
            entry("bookings", "/console/bookings", "calendar-check"),
            entry("errors", "/console/errors", "circle-alert"),
            entry("pages", "/console/pages", "calendar-days"),
        ],
    },
    Group {
        key: "website",
        entries: &[
            entry("forms", "/console/forms", "file-text"),
            entry("routers", "/console/routers", "list-filter"),
            entry("lists", "/console/lists", "list"),
            entry("submissions", "/console/submissions", "inbox"),
            entry("conversions", "/console/conversions", "inbox"),
            entry("tag", "/console/tag", "globe"),
            entry("tag-why", "/console/tag/why", "circle-help"),
            entry("engagement-lists", "/console/engagement-lists", "message-square"),
            entry("brand", "/console/brand", "palette"),
        ],
    },
    Group {
        key: "salesforce",
        entries: &[
            entry("connection", "/console/connection", "link"),
            entry("settings", "/console/settings", "settings-2"),
            entry("dry-run", "/console/dry-run", "flask-conical"),
            entry("synced-fields", "/console/synced-fields", "refresh-cw"),
        ],
    },
    Group {
        key: "data",
        entries: &[
            entry("people", "/console/people", "users"),
            entry("mailings", "/console/mailings", "mail"),
            entry("segments", "/console/segments", "filter"),
            entry("companies", "/console/companies", "building-2"),
            entry("runs", "/console/runs", "activity"),
        ],
    },
    Group {
        key: "admin",
        entries: &[
            entry("members", "/console/members", "users"),
            entry("notifications", "/console/notifications", "mail"),
            admin("api-keys", "/console/api-keys", "key-round"),
            admin("audit", "/console/audit", "history"),
        ],
    },
];

/// Pages that are entered from the row on top.
pub const ON_TOP: [Entry; 2] =
    [entry("notices", "/console/notices", "bell"), entry("password", "/console/password", "user")];

/// The group and the entry with a key.
pub fn find(key: &str) -> Option<(&'static str, Entry)> {
    let in_menu = MENU.iter().flat_map(|group| group.entries.iter().map(move |entry| (group.key, *entry)));
    in_menu.chain(ON_TOP.map(|entry| ("", entry))).find(|(_, entry)| entry.key == key)
}
