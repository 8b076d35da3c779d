//! What a user may do.

use jiff::tz::TimeZone;

use crate::org::ids::RecordId;
use crate::org::schema::{Access, ObjectType};
use crate::org::store::Org;
use crate::org::value::Value;

impl Access {
    /// Whether records may be created, or else changed.
    pub(crate) fn may_write(self, create: bool) -> bool {
        if create { self.create } else { self.edit }
    }

    /// What both allow.
    fn and(self, other: Access) -> Access {
        Access {
            create: self.create && other.create,
            read: self.read && other.read,
            edit: self.edit && other.edit,
            delete: self.delete && other.delete,
        }
    }
}

impl Org {
    /// What a user may do with an object.
    ///
    /// Campaigns and their statuses can only be written by users with the Marketing User flag, whatever their profile.
    pub(crate) fn object_access(&self, user: RecordId, object: &ObjectType) -> Access {
        let profile = self.user_value(user, "ProfileId").as_id();
        let access = profile.map_or(object.access, |profile| self.profile_access(profile, object));
        if object.has("marketing") && !self.user_flag(user, "UserPermissionsMarketingUser") {
            return Access { create: false, edit: false, delete: false, ..access };
        }
        access
    }

    /// What a profile's users may do with an object: what the org allows and the profile does not forbid.
    pub(crate) fn profile_access(&self, profile: RecordId, object: &ObjectType) -> Access {
        let rights = self.settings.profile_rights.get(&profile).and_then(|rights| rights.get(&object.name));
        rights.map_or(object.access, |rights| object.access.and(*rights))
    }

    /// Whether a checkbox of a User record is ticked.
    pub(crate) fn user_flag(&self, user: RecordId, field: &str) -> bool {
        self.user_value(user, field).is_true()
    }

    /// A value of a User record.
    pub(crate) fn user_value(&self, user: RecordId, field: &str) -> Value {
        let found = self.record(user);
        found.map(|(object, record)| record.value(object, field).clone()).unwrap_or_default()
    }

    /// Whether a user's profile has a permission such as `PermissionsConvertLeads`.
    pub(crate) fn user_may(&self, user: RecordId, permission: &str) -> bool {
        let profile = self.user_value(user, "ProfileId").as_id().and_then(|profile| self.record(profile));
        profile.is_some_and(|(object, record)| record.value(object, permission).is_true())
    }

    /// A value of the organization.
    pub(crate) fn organization_value(&self, field: &str) -> Value {
        let found = self.record(self.settings.organization);
        found.map(|(object, record)| record.value(object, field).clone()).unwrap_or_default()
    }

    /// Today, where the organization is.
    pub(crate) fn today(&self) -> jiff::civil::Date {
        let name = self.organization_value("TimeZoneSidKey");
        let zone = name.as_text().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
        self.now().to_zoned_datetime(zone).date()
    }

    /// How many requests may take long at once: more in an edition that is paid for.
    pub(crate) fn concurrent_long_requests(&self) -> usize {
        let edition = self.organization_value("OrganizationType");
        let usual = if edition.as_text() == Some("Developer Edition") { 5 } else { 25 };
        self.settings.limits.concurrent_long_requests.unwrap_or(usual)
    }

    /// Whether a user reads Japanese.
    pub(crate) fn reads_japanese(&self, user: RecordId) -> bool {
        self.user_value(user, "LanguageLocaleKey").as_text() == Some("ja")
    }

    /// The time zone of a user; UTC when it is unknown.
    pub(crate) fn time_zone_of(&self, user: RecordId) -> TimeZone {
        let name = self.user_value(user, "TimeZoneSidKey");
        name.as_text().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
    }

    /// The user with this user name, whatever its case.
    pub(crate) fn user_named(&self, username: &str) -> Option<RecordId> {
        self.find("User", "Username", &Value::text(username)).first().map(|record| record.id)
    }
}
