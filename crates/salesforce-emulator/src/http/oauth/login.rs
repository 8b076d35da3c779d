//! The login page's form, and the cookie that remembers who has signed in.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response};

use crate::http::answer::set;
use crate::http::call::pairs;
use crate::http::oauth::password::password_is_right;
use crate::http::oauth::redirect::redirect;
use crate::lock::lock;
use crate::org::ids::RecordId;
use crate::pages::{self, Language};
use crate::state::EmulatorState;

const COOKIE: &str = "emulator_sid";

/// Signs the browser in and returns it to the authorization request.
pub(in crate::http) async fn post(
    State(state): State<Arc<EmulatorState>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let form = pairs(&body);
    let field =
        |name: &str| form.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let request = field("request");
    let user = {
        let org = state.read();
        let user = org.user_named(field("username").trim());
        user.filter(|user| {
            password_is_right(&org.settings.password, field("password")) && org.user_flag(*user, "IsActive")
        })
    };
    let Some(user) = user else {
        let language = Language::of(&headers, request);
        return pages::login(language, request, field("username"), true);
    };
    let cookie = lock(&state.sessions).open_browser(user);
    // A second round through the login page would never end.
    let onward = request.replace("prompt=login", "prompt=");
    let mut response = redirect(&format!("/services/oauth2/authorize?{onward}"));
    set(&mut response, "set-cookie", &format!("{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Lax"));
    response
}

/// The user that the browser has signed in.
pub(super) fn signed_in(state: &EmulatorState, headers: &HeaderMap) -> Option<RecordId> {
    let cookies = headers.get_all("cookie").iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let cookie = pairs.filter(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned()).next_back()?;
    lock(&state.sessions).browser(&cookie)
}
