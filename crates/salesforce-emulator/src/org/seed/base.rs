//! What every org has from its first day.

use crate::org::ids::RecordId;
use crate::org::seed::{row, text, yes};
use crate::org::store::Org;
use crate::org::value::Value;

const PERMISSIONS: [&str; 9] = [
    "PermissionsApiEnabled",
    "PermissionsViewAllData",
    "PermissionsModifyAllData",
    "PermissionsBulkApiHardDelete",
    "PermissionsViewSetup",
    "PermissionsCustomizeApplication",
    "PermissionsConvertLeads",
    "PermissionsEditTask",
    "PermissionsEditEvent",
];

/// What the users of a usual profile may do.
const STANDARD_USER: [&str; 4] =
    ["PermissionsApiEnabled", "PermissionsConvertLeads", "PermissionsEditTask", "PermissionsEditEvent"];

/// Plants the organization, its administrator and the standard picklists.
pub(super) fn seed(org: &mut Org, japanese: bool) {
    organization(org, japanese);
    let profile = administrator(org, japanese);
    permissions(org, profile);
    system_users(org);
    lead_statuses(org);
    task_values(org);
    stages(org);
}

fn organization(org: &mut Org, japanese: bool) {
    let name = if japanese { "継手デモ株式会社" } else { "Emulator" };
    let [locale, language, zone] = places(japanese);
    let id = row(
        org,
        "Organization",
        &[
            ("Name", text(name)),
            ("OrganizationType", text("Developer Edition")),
            ("InstanceName", text("EMU1")),
            ("DefaultLocaleSidKey", text(locale)),
            ("LanguageLocaleKey", text(language)),
            ("TimeZoneSidKey", text(zone)),
            ("FiscalYearStartMonth", Value::Integer(if japanese { 4 } else { 1 })),
            // A Japanese fiscal year is named by its April.
            ("UsesStartDateAsFiscalYearName", Value::Boolean(japanese)),
            ("DefaultAccountAccess", text("Edit")),
            ("DefaultContactAccess", text("ControlledByParent")),
            ("DefaultOpportunityAccess", text("Edit")),
            ("DefaultLeadAccess", text("ReadEditTransfer")),
            ("DefaultCaseAccess", text("ReadEditTransfer")),
            ("DefaultCampaignAccess", text("All")),
            ("Country", text(if japanese { "JP" } else { "US" })),
            ("PrimaryContact", text("Admin User")),
        ],
    );
    org.settings.organization = id;
}

fn administrator(org: &mut Org, japanese: bool) -> RecordId {
    let mut values = vec![("Name", text("System Administrator")), ("UserType", text("Standard"))];
    values.extend(PERMISSIONS.map(|name| (name, yes())));
    let profile = row(org, "Profile", &values);
    let [locale, language, zone] = places(japanese);
    org.settings.admin = row(
        org,
        "User",
        &[
            ("Username", text("admin@emulator.example")),
            ("LastName", text("User")),
            ("FirstName", text("Admin")),
            ("Name", text("Admin User")),
            ("Email", text("admin@emulator.example")),
            ("Alias", text("admin")),
            ("CommunityNickname", text("admin")),
            ("IsActive", yes()),
            ("UserType", text("Standard")),
            ("ProfileId", Value::Id(profile)),
            ("TimeZoneSidKey", text(zone)),
            ("LocaleSidKey", text(locale)),
            ("LanguageLocaleKey", text(language)),
            ("EmailEncodingKey", text("UTF-8")),
            ("UserPermissionsMarketingUser", yes()),
        ],
    );
    profile
}

/// First name, last name, user name, user type and profile of the users that stand for Salesforce's own processes.
///
/// Those without a profile here have a hidden one.
const SYSTEM_USERS: [(&str, &str, &str, &str, Option<&str>); 6] = [
    ("Automated", "Process", "autoproc", "AutomatedProcess", None),
    ("", "Platform Integration User", "cloud", "CloudIntegrationUser", None),
    ("", "Data.com Clean", "automatedclean", "AutomatedProcess", None),
    ("Integration", "User", "integration", "Standard", Some("Analytics Cloud Integration User")),
    ("Security", "User", "insightssecurity", "Standard", Some("Analytics Cloud Security User")),
    ("", "Chatter Expert", "chatty", "CsnOnly", Some("Chatter Free User")),
];

fn system_users(org: &mut Org) {
    let domain = org.settings.organization.to_string().to_lowercase();
    for (place, (first, last, alias, kind, profile)) in SYSTEM_USERS.into_iter().enumerate() {
        let profile = match profile {
            Some(name) => row(org, "Profile", &[("Name", text(name)), ("UserType", text(kind))]),
            None => RecordId::numbered("00e", 1_000 + place as u64),
        };
        row(
            org,
            "User",
            &[
                ("Username", text(&format!("{alias}@{domain}"))),
                ("LastName", text(last)),
                ("FirstName", text(first)),
                ("Name", text(format!("{first} {last}").trim())),
                ("Email", text(&format!("noreply@{domain}"))),
                ("Alias", text(&alias[..alias.len().min(8)])),
                ("CommunityNickname", text(alias)),
                ("IsActive", yes()),
                ("UserType", text(kind)),
                ("ProfileId", Value::Id(profile)),
                ("TimeZoneSidKey", text("America/Los_Angeles")),
                ("LocaleSidKey", text("en_US")),
                ("LanguageLocaleKey", text("en_US")),
                ("EmailEncodingKey", text("UTF-8")),
            ],
        );
    }
}

/// Locale, language and time zone of the org.
pub(super) fn places(japanese: bool) -> [&'static str; 3] {
    if japanese { ["ja_JP", "ja", "Asia/Tokyo"] } else { ["en_US", "en_US", "America/Los_Angeles"] }
}

/// Gives the administrator's profile the permission set that stands for it, and adds a profile with fewer rights.
fn permissions(org: &mut Org, profile: RecordId) {
    let set = owned_set(org, profile);
    let admin = org.settings.admin;
    let assigned =
        [("PermissionSetId", Value::Id(set)), ("AssigneeId", Value::Id(admin)), ("IsActive", yes())];
    row(org, "PermissionSetAssignment", &assigned);
    row(org, "UserPermissionAccess", &PERMISSIONS.map(|name| (name, yes())));
    let mut values = vec![("Name", text("Standard User")), ("UserType", text("Standard"))];
    values.extend(STANDARD_USER.map(|name| (name, yes())));
    let standard = row(org, "Profile", &values);
    owned_set(org, standard);
    org.show_all_permissions();
}

fn owned_set(org: &mut Org, profile: RecordId) -> RecordId {
    let name = format!("X{}_128_09_04_11_20", profile.short());
    row(
        org,
        "PermissionSet",
        &[
            ("Name", text(&name)),
            ("Label", text(&name[1..])),
            ("ProfileId", Value::Id(profile)),
            ("IsOwnedByProfile", yes()),
            ("Type", text("Profile")),
        ],
    )
}

fn lead_statuses(org: &mut Org) {
    let statuses = [
        ("Open - Not Contacted", true, false),
        ("Working - Contacted", false, false),
        ("Closed - Converted", false, true),
        ("Closed - Not Converted", false, false),
    ];
    for (order, (name, default, converted)) in statuses.into_iter().enumerate() {
        let flags = [("IsDefault", default), ("IsConverted", converted)];
        picklist_row(org, "LeadStatus", order, name, &flags);
    }
}

fn task_values(org: &mut Org) {
    let statuses = ["Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred"];
    for (order, name) in statuses.into_iter().enumerate() {
        let flags = [("IsDefault", order == 0), ("IsClosed", name == "Completed")];
        picklist_row(org, "TaskStatus", order, name, &flags);
    }
    for (order, name) in ["High", "Normal", "Low"].into_iter().enumerate() {
        let flags = [("IsDefault", name == "Normal"), ("IsHighPriority", name == "High")];
        picklist_row(org, "TaskPriority", order, name, &flags);
    }
}

fn stages(org: &mut Org) {
    let stages = [
        ("Prospecting", 10.0, "Pipeline"),
        ("Qualification", 10.0, "Pipeline"),
        ("Needs Analysis", 20.0, "Pipeline"),
        ("Value Proposition", 50.0, "Pipeline"),
        ("Id. Decision Makers", 60.0, "Pipeline"),
        ("Perception Analysis", 70.0, "Pipeline"),
        ("Proposal/Price Quote", 75.0, "Pipeline"),
        ("Negotiation/Review", 90.0, "Pipeline"),
        ("Closed Won", 100.0, "Closed"),
        ("Closed Lost", 0.0, "Omitted"),
    ];
    for (order, (name, probability, category)) in stages.into_iter().enumerate() {
        let id = picklist_row(
            org,
            "OpportunityStage",
            order,
            name,
            &[("IsActive", true), ("IsClosed", category != "Pipeline"), ("IsWon", category == "Closed")],
        );
        let Some(object) = org.schema.object("OpportunityStage").cloned() else { return };
        let Some(stage) = org.row(&object.name, id) else { return };
        let mut stage = crate::org::records::Record::clone(stage);
        stage.put(&object, "DefaultProbability", Value::Decimal(probability));
        stage.put(&object, "ForecastCategory", text(category));
        stage.put(&object, "ForecastCategoryName", text(category));
        org.store(&object, stage);
    }
}

fn picklist_row(org: &mut Org, object: &str, order: usize, name: &str, flags: &[(&str, bool)]) -> RecordId {
    let mut values = vec![
        ("MasterLabel", text(name)),
        ("ApiName", text(name)),
        ("SortOrder", Value::Integer(order as i64 + 1)),
    ];
    values.extend(flags.iter().map(|(flag, on)| (*flag, Value::Boolean(*on))));
    row(org, object, &values)
}
