//! What a user may do.

use jiff::tz::TimeZone;

use super::ids::RecordId;
use super::records::Record;
use super::schema::{Access, ObjectType};
use super::store::Org;
use super::value::Value;

impl Access {
    /// Whether records may be created, or else changed.
    pub(crate) fn may_write(self, create: bool) -> bool {
        if create { self.create } else { self.edit }
    }
}

impl Org {
    /// What a user may do with an object.
    ///
    /// Campaigns and their statuses can only be written by users with the Marketing User flag, whatever their profile.
    pub(crate) fn object_access(&self, user: RecordId, object: &ObjectType) -> Access {
        let access = object.access;
        if object.has("marketing") && !self.user_flag(user, "UserPermissionsMarketingUser") {
            return Access { create: false, edit: false, delete: false, ..access };
        }
        access
    }

    /// Whether a checkbox of a User record is ticked.
    pub(crate) fn user_flag(&self, user: RecordId, field: &str) -> bool {
        self.user_value(user, field).is_true()
    }

    /// Whether API users have a permission; one record tells it for whoever asks.
    pub(crate) fn permits(&self, permission: &str) -> bool {
        let Some(object) = self.schema.object("UserPermissionAccess") else { return false };
        self.live(&object.name).next().is_some_and(|record| record.value(object, permission).is_true())
    }

    /// Gives API users a permission, or takes it away.
    pub(crate) fn permit(&mut self, permission: &str, given: bool) {
        let Some(object) = self.schema.object("UserPermissionAccess").cloned() else { return };
        let Some(mut record) = self.live(&object.name).next().map(|record| Record::clone(record)) else {
            return;
        };
        record.put(&object, permission, Value::Boolean(given));
        self.store(&object, record);
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
        self.now().to_zoned(zone).date()
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
