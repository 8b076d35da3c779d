//! `/services/Soap/u/NN.0`: the login and logout of older clients.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::Response;

use super::answer::respond;
use super::oauth::password_is_right;
use crate::org::store::Org;
use crate::sessions::Grant;
use crate::site::{Site, lock};

const XML: &str = "text/xml;charset=UTF-8";
const INVALID: &str = "Invalid username, password, security token; or user locked out.";

/// Signs a user in or out; other calls are refused.
pub(super) async fn post(
    State(site): State<Arc<Site>>,
    Path(rest): Path<String>,
    body: Bytes,
) -> Response<Body> {
    let text = String::from_utf8_lossy(&body);
    let version = rest.split('/').next().unwrap_or("66.0").to_owned();
    if let (Some(username), Some(password)) = (element(&text, "username"), element(&text, "password")) {
        return login(&site, &version, &username, &password);
    }
    if contains(&text, "logout") {
        let session = element(&text, "sessionId").unwrap_or_default();
        lock(&site.sessions).revoke(&session);
        return respond(200, XML, envelope("<logoutResponse/>"));
    }
    fault("INVALID_OPERATION", "only login and logout are answered here")
}

fn login(site: &Site, version: &str, username: &str, password: &str) -> Response<Body> {
    let org = site.read();
    let user = org.user_named(username).filter(|_| password_is_right(&org.settings.password, password));
    let Some(user) = user else { return fault("INVALID_LOGIN", INVALID) };
    if !org.user_flag(user, "IsActive") {
        return fault("INVALID_LOGIN", INVALID);
    }
    let grant = Grant { user, scope: "full".to_owned() };
    let session = lock(&site.sessions).issue_access(org.settings.organization, grant, site.clock.now(), None);
    let base = &site.public_url;
    let short = org.settings.organization.short();
    let result = format!(
        "<loginResponse><result><metadataServerUrl>{base}/services/Soap/m/{version}/{short}</metadataServerUrl>\
         <passwordExpired>false</passwordExpired><sandbox>false</sandbox>\
         <serverUrl>{base}/services/Soap/u/{version}/{short}</serverUrl><sessionId>{session}</sessionId>\
         <userId>{user}</userId><userInfo>{}</userInfo></result></loginResponse>",
        user_info(&org, user)
    );
    respond(200, XML, envelope(&result))
}

fn user_info(org: &Org, user: crate::org::ids::RecordId) -> String {
    let value = |name: &str| escape(&org.user_value(user, name).to_text());
    let organization = org.record(org.settings.organization);
    let name =
        organization.map(|(object, record)| record.value(object, "Name").to_text()).unwrap_or_default();
    let seconds = org.settings.limits.session_minutes * 60;
    [
        ("organizationId", org.settings.organization.to_string()),
        ("organizationName", escape(&name)),
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
    .map(|(name, value)| format!("<{name}>{value}</{name}>"))
    .collect()
}

fn envelope(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns=\"urn:partner.soap.sforce.com\" xmlns:sf=\"urn:fault.partner.soap.sforce.com\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
    )
}

fn fault(code: &str, message: &str) -> Response<Body> {
    let body = format!(
        "<soapenv:Fault><faultcode>sf:{code}</faultcode><faultstring>{code}: {message}</faultstring><detail><sf:LoginFault xsi:type=\"sf:LoginFault\"><sf:exceptionCode>{code}</sf:exceptionCode><sf:exceptionMessage>{message}</sf:exceptionMessage></sf:LoginFault></detail></soapenv:Fault>"
    );
    respond(500, XML, envelope(&body))
}

/// Whether there is an element of this name, with any prefix.
fn contains(xml: &str, name: &str) -> bool {
    start(xml, name).is_some()
}

/// The text of the first element of this name, with any prefix.
fn element(xml: &str, name: &str) -> Option<String> {
    let from = start(xml, name)?;
    let rest = &xml[from..];
    Some(unescape(rest[..rest.find('<')?].trim()))
}

/// Where the content of the first element of this name begins.
fn start(xml: &str, name: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(open) = xml[from..].find('<') {
        let begin = from + open + 1;
        let end = begin + xml[begin..].find('>')?;
        let tag = xml[begin..end].split([' ', '/', '\n', '\r', '\t']).next().unwrap_or_default();
        let local = tag.rsplit(':').next().unwrap_or_default();
        if local == name {
            return Some(end + 1);
        }
        from = end + 1;
    }
    None
}

fn unescape(text: &str) -> String {
    let known =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&")];
    known.iter().fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

fn escape(text: &str) -> String {
    [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")]
        .iter()
        .fold(text.to_owned(), |text, (plain, escaped)| text.replace(plain, escaped))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_found_whatever_the_prefix() {
        for xml in [
            "<n1:login xmlns:n1='urn'><n1:username>a&amp;b@c.d</n1:username></n1:login>",
            "<login xmlns=\"urn\"><username>a&amp;b@c.d</username></login>",
            "<urn:username>\n a&amp;b@c.d\n</urn:username>",
        ] {
            assert_eq!(element(xml, "username").as_deref(), Some("a&b@c.d"), "{xml}");
        }
        for broken in ["", "<", "<username", "<username>", "</username>"] {
            assert!(element(broken, "username").is_none_or(|text| text.is_empty()), "{broken}");
        }
    }
}
