//! `/id/{org}/{user}` and `/services/oauth2/userinfo`: who a token belongs to.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Response};
use serde_json::{Map, Value as Json, json};

use crate::http::answer::{JSON, respond};
use crate::http::authentication::token;
use crate::http::call::pairs;
use crate::http::data::edge_headers;
use crate::lock::lock;
use crate::org::ids::RecordId;
use crate::org::store::Org;
use crate::org::value::Value;
use crate::sessions::Checked;
use crate::state::EmulatorState;

/// The identity address; refusals are plain text.
pub(in crate::http) async fn identity(
    State(state): State<Arc<EmulatorState>>,
    Path((organization, user)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    if let Err(refused) = authenticate(&state, &headers, query.as_deref()) {
        return respond(403, "text/plain", refused);
    }
    let org = state.read();
    if RecordId::parse(&organization) != Some(org.settings.organization) {
        return respond(403, "text/plain", "Wrong_Org");
    }
    let user = RecordId::parse(&user).filter(|user| org.row("User", *user).is_some());
    match user {
        Some(user) => respond(200, JSON, Json::Object(describe_identity(&state, &org, user)).to_string()),
        None => respond(404, "text/plain", "Bad_Id"),
    }
}

/// The OpenID Connect user info.
pub(in crate::http) async fn userinfo(
    State(state): State<Arc<EmulatorState>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    match authenticate(&state, &headers, query.as_deref()) {
        Ok(user) => {
            let shown = Json::Object(describe_userinfo(&state, &state.read(), user));
            let mut response = respond(200, JSON, shown.to_string());
            edge_headers(&mut response);
            response
        }
        Err(refused) => respond(403, "text/plain", refused),
    }
}

fn authenticate(
    state: &EmulatorState,
    headers: &HeaderMap,
    query: Option<&str>,
) -> Result<RecordId, &'static str> {
    let query = pairs(query.unwrap_or_default().as_bytes());
    let in_query = query.into_iter().find(|(name, _)| name == "oauth_token" || name == "access_token");
    let Some(token) = token(headers).or(in_query.map(|(_, token)| token)) else {
        return Err("Missing_OAuth_Token");
    };
    let minutes = state.read().settings.limits.session_minutes;
    match lock(&state.sessions).check(&token, state.clock.now(), minutes) {
        Checked::Good(grant) => Ok(grant.user),
        Checked::Dead => Err("Bad_OAuth_Token"),
    }
}

/// The addresses of the org's interfaces; those of SOAP end in the short id.
fn urls(state: &EmulatorState, org: &Org, user: RecordId) -> Json {
    let base = &state.public_url;
    let short = org.settings.organization.short().to_owned();
    json!({
        "enterprise": format!("{base}/services/Soap/c/{{version}}/{short}"),
        "metadata": format!("{base}/services/Soap/m/{{version}}/{short}"),
        "partner": format!("{base}/services/Soap/u/{{version}}/{short}"),
        "rest": format!("{base}/services/data/v{{version}}/"),
        "sobjects": format!("{base}/services/data/v{{version}}/sobjects/"),
        "search": format!("{base}/services/data/v{{version}}/search/"),
        "query": format!("{base}/services/data/v{{version}}/query/"),
        "recent": format!("{base}/services/data/v{{version}}/recent/"),
        "tooling_soap": format!("{base}/services/Soap/T/{{version}}/{short}"),
        "tooling_rest": format!("{base}/services/data/v{{version}}/tooling/"),
        "profile": format!("{base}/{user}"),
        "feeds": format!("{base}/services/data/v{{version}}/chatter/feeds"),
        "groups": format!("{base}/services/data/v{{version}}/chatter/groups"),
        "users": format!("{base}/services/data/v{{version}}/chatter/users"),
        "feed_items": format!("{base}/services/data/v{{version}}/chatter/feed-items"),
        "feed_elements": format!("{base}/services/data/v{{version}}/chatter/feed-elements"),
        "custom_domain": base,
    })
}

/// Milliseconds by which the user's clock is ahead of UTC.
fn offset(org: &Org, user: RecordId) -> i64 {
    i64::from(org.time_zone_of(user).to_offset(org.now()).seconds()) * 1000
}

fn describe_identity(state: &EmulatorState, org: &Org, user: RecordId) -> Map<String, Json> {
    let value = |name: &str| org.user_value(user, name).to_json();
    let base = &state.public_url;
    let shown = json!({
        "id": format!("{base}/id/{}/{user}", org.settings.organization), "asserted_user": true,
        "user_id": user.to_string(), "organization_id": org.settings.organization.to_string(),
        "username": value("Username"), "nick_name": value("CommunityNickname"), "display_name": value("Name"),
        "email": value("Email"), "email_verified": true, "first_name": value("FirstName"), "last_name": value("LastName"),
        "timezone": value("TimeZoneSidKey"),
        "photos": {"picture": format!("{base}/profilephoto/005/F"), "thumbnail": format!("{base}/profilephoto/005/T")},
        "addr_street": value("Street"), "addr_city": value("City"), "addr_state": value("State"),
        "addr_country": value("Country"), "addr_zip": value("PostalCode"), "mobile_phone": value("MobilePhone"),
        "mobile_phone_verified": false, "is_lightning_login_user": false,
        "status": {"created_date": null, "body": null}, "urls": urls(state, org, user), "active": value("IsActive"),
        "user_type": "STANDARD", "language": value("LanguageLocaleKey"), "locale": value("LocaleSidKey"),
        "utcOffset": offset(org, user), "last_modified_date": value("SystemModstamp"),
    });
    into_map(shown)
}

fn describe_userinfo(state: &EmulatorState, org: &Org, user: RecordId) -> Map<String, Json> {
    let value = |name: &str| org.user_value(user, name).to_json();
    let base = &state.public_url;
    let updated = match org.user_value(user, "SystemModstamp") {
        Value::DateTime(moment) => json!(moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        _ => Json::Null,
    };
    let shown = json!({
        "sub": format!("{base}/id/{}/{user}", org.settings.organization), "user_id": user.to_string(),
        "organization_id": org.settings.organization.to_string(), "preferred_username": value("Username"),
        "nickname": value("CommunityNickname"), "name": value("Name"), "email": value("Email"), "email_verified": true,
        "given_name": value("FirstName"), "family_name": value("LastName"), "zoneinfo": value("TimeZoneSidKey"),
        "photos": {"picture": format!("{base}/profilephoto/005/F"), "thumbnail": format!("{base}/profilephoto/005/T")},
        "profile": format!("{base}/{user}"), "picture": format!("{base}/profilephoto/005/F"), "address": {},
        "is_salesforce_integration_user": false, "urls": urls(state, org, user), "active": value("IsActive"),
        "user_type": "STANDARD", "language": value("LanguageLocaleKey"), "locale": value("LocaleSidKey"),
        "utcOffset": offset(org, user), "updated_at": updated,
    });
    into_map(shown)
}

fn into_map(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}
