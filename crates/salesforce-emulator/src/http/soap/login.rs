//! `login`.

use axum::body::Body;
use axum::http::Response;

use crate::http::oauth::password_is_right;
use crate::http::soap::envelope::{Fault, answer, element};
use crate::http::soap::xml::Element;
use crate::http::xml::escape;
use crate::lock::lock;
use crate::org::ids::RecordId;
use crate::org::store::Org;
use crate::sessions::Grant;
use crate::state::EmulatorState;

const INVALID: &str = "Invalid username, password, security token; or user locked out.";

/// Signs a user in.
pub(super) fn login(state: &EmulatorState, version: &str, asked: &Element) -> Result<Response<Body>, Fault> {
    let refused =
        || Fault { kind: "LoginFault", code: "INVALID_LOGIN".to_owned(), message: INVALID.to_owned() };
    let text = |name: &str| asked.text_of(name).unwrap_or_default();
    let org = state.read();
    let right = password_is_right(&org.settings.password, text("password"));
    let user = org.user_named(text("username")).filter(|user| right && org.user_flag(*user, "IsActive"));
    let user = user.ok_or_else(refused)?;
    let grant = Grant { user, scope: "full".to_owned() };
    let session =
        lock(&state.sessions).issue_access(org.settings.organization, grant, state.clock.now(), None);
    let base = escape(&state.public_url);
    let version = escape(version);
    let short = org.settings.organization.short();
    let sandbox = org.organization_value("IsSandbox").is_true();
    let result = format!(
        "<result><metadataServerUrl>{base}/services/Soap/m/{version}/{short}</metadataServerUrl>\
         <passwordExpired>false</passwordExpired><sandbox>{sandbox}</sandbox>\
         <serverUrl>{base}/services/Soap/u/{version}/{short}</serverUrl><sessionId>{session}</sessionId>\
         <userId>{user}</userId><userInfo>{}</userInfo></result>",
        user_info(&org, user)
    );
    Ok(answer("login", &result))
}

/// What is told about the user who signed in.
pub(super) fn user_info(org: &Org, user: RecordId) -> String {
    let value = |name: &str| org.user_value(user, name).to_text();
    let seconds = org.settings.limits.session_minutes * 60;
    [
        ("organizationId", org.settings.organization.to_string()),
        ("organizationName", org.organization_value("Name").to_text()),
        ("profileId", value("ProfileId")),
        ("sessionSecondsValid", seconds.to_string()),
        ("userEmail", value("Email")),
        ("userFullName", value("Name")),
        ("userId", user.to_string()),
        ("userLanguage", value("LanguageLocaleKey")),
        ("userLocale", value("LocaleSidKey")),
        ("userName", value("Username")),
        ("userTimeZone", value("TimeZoneSidKey")),
        ("userType", "Standard".to_owned()),
    ]
    .iter()
    .map(|(name, value)| element(name, value))
    .collect()
}
