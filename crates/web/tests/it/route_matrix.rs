//! Each route of the router with each kind of caller: no one, another workspace, each scope, each role.

use crate::routes::{Route, routes};
use crate::signed_in::fill;
use crate::support::Server;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::value::Language;
use domain::workspace::{ApiScope, Role};
use storage::workspace::api_keys;
use storage::workspace::api_keys::ApiKey;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// Everybody.
    Anyone,
    /// Whoever has a key, or is signed in.
    Reader,
    /// Editors and up, or keys for bookings.
    Editor,
    /// Admins and up, or keys for settings.
    Admin,
}

/// What isn't for everybody who is signed in; the router's other routes are.
const CONSOLE: [(&str, Who); 112] = [
    ("GET /console/mailings/new", Who::Editor),
    ("POST /console/mailings/new", Who::Editor),
    ("POST /console/mailings/settings", Who::Admin),
    ("POST /console/mailings/{id}", Who::Editor),
    ("POST /console/mailings/{id}/test", Who::Editor),
    ("POST /console/mailings/{id}/start", Who::Editor),
    ("POST /console/mailings/{id}/pause", Who::Editor),
    ("POST /console/mailings/{id}/resume", Who::Editor),
    ("POST /console/mailings/{id}/cancel", Who::Editor),
    ("POST /console/people/sync/start", Who::Admin),
    ("POST /console/people/sync/stop", Who::Admin),
    ("POST /console/people/sync/preview", Who::Admin),
    ("POST /console/people/sync/confirm", Who::Admin),
    ("POST /console/people/sync/settings", Who::Admin),
    ("POST /console/people/fields", Who::Admin),
    ("POST /console/people/sync/run", Who::Editor),
    ("POST /console/people/{id}", Who::Editor),
    ("POST /console/people/import", Who::Editor),
    ("POST /console/people/imports/{id}/undo", Who::Editor),
    ("POST /console/people/{id}/merge", Who::Editor),
    ("POST /console/people/{id}/merges/{merge}/undo", Who::Editor),
    ("POST /console/people/{id}/delete", Who::Admin),
    ("POST /console/people/{id}/opt-out", Who::Editor),
    ("POST /console/people/{id}/retry", Who::Editor),
    ("POST /console/people/{id}/conflicts/{conflict}/undo", Who::Editor),
    ("GET /console/segments/new", Who::Editor),
    ("POST /console/segments/new", Who::Editor),
    ("POST /console/segments/{id}", Who::Editor),
    ("POST /console/segments/{id}/remove", Who::Editor),
    ("POST /console/teams/{team}/weights", Who::Admin),
    ("POST /console/teams/{team}/credit", Who::Admin),
    ("GET /console/lists/new", Who::Admin),
    ("POST /console/lists/new", Who::Admin),
    ("POST /console/lists/{slug}", Who::Admin),
    ("POST /console/lists/{slug}/remove", Who::Admin),
    ("GET /console/forms/new", Who::Editor),
    ("POST /console/forms/new", Who::Editor),
    ("POST /console/forms/{id}", Who::Editor),
    ("POST /console/forms/{id}/remove", Who::Editor),
    ("POST /console/forms/{id}/try", Who::Reader),
    ("POST /console/submissions/{id}/deliver", Who::Editor),
    ("GET /console/routers/new", Who::Editor),
    ("GET /console/routers/{slug}/import", Who::Editor),
    ("GET /console/routers/{slug}/insert", Who::Editor),
    ("POST /console/routers/new", Who::Editor),
    ("POST /console/routers/{slug}", Who::Editor),
    ("POST /console/routers/{slug}/archive", Who::Editor),
    ("POST /console/routers/{slug}/copy", Who::Editor),
    ("POST /console/routers/{slug}/import", Who::Editor),
    ("POST /console/routers/{slug}/insert", Who::Editor),
    ("POST /console/routers/{slug}/link", Who::Editor),
    ("POST /console/routers/{slug}/nodes/{id}", Who::Editor),
    ("POST /console/routers/{slug}/nodes/{id}/move", Who::Editor),
    ("POST /console/routers/{slug}/nodes/{id}/remove", Who::Editor),
    ("POST /console/routers/{slug}/point", Who::Editor),
    ("POST /console/routers/{slug}/publish", Who::Editor),
    ("POST /console/routers/{slug}/try", Who::Reader),
    ("POST /console/routers/{slug}/undo", Who::Editor),
    ("POST /console/routers/{slug}/versions/{version}/restore", Who::Editor),
    ("GET /console/api-keys", Who::Admin),
    ("GET /console/audit", Who::Admin),
    ("GET /console/audit.csv", Who::Admin),
    ("GET /console/connection/callback", Who::Admin),
    ("GET /console/connection/disconnect", Who::Admin),
    ("GET /console/pages/new", Who::Editor),
    ("POST /console/api-keys", Who::Admin),
    ("POST /console/api-keys/remove", Who::Admin),
    ("POST /console/brand", Who::Admin),
    ("POST /console/brand/logo", Who::Admin),
    ("POST /console/bookings/{id}/cancel", Who::Editor),
    ("POST /console/bookings/{id}/outcome", Who::Editor),
    ("POST /console/companies/import/begin", Who::Admin),
    ("POST /console/companies/import/conditions", Who::Admin),
    ("POST /console/companies/import/confirm", Who::Admin),
    ("POST /console/companies/import/discard", Who::Admin),
    ("POST /console/companies/import/mapping", Who::Admin),
    ("POST /console/companies/import/object", Who::Admin),
    ("POST /console/companies/import/restore", Who::Admin),
    ("POST /console/companies/import/stop", Who::Admin),
    ("POST /console/companies/run", Who::Editor),
    ("POST /console/connection", Who::Admin),
    ("POST /console/connection/disconnect", Who::Admin),
    ("POST /console/connection/preflight", Who::Editor),
    ("POST /console/dry-run", Who::Reader),
    ("POST /console/engagement-lists", Who::Admin),
    ("POST /console/engagement-lists/sync", Who::Editor),
    ("POST /console/errors/ignore", Who::Editor),
    ("POST /console/errors/retry", Who::Editor),
    ("POST /console/errors/unignore", Who::Editor),
    ("POST /console/language", Who::Reader),
    ("POST /console/members/account", Who::Admin),
    ("POST /console/members/account/password", Who::Admin),
    ("POST /console/members/account/remove", Who::Admin),
    ("POST /console/members/member", Who::Admin),
    ("POST /console/members/team", Who::Admin),
    ("POST /console/notices", Who::Reader),
    ("POST /console/notifications", Who::Admin),
    ("POST /console/notifications/test", Who::Admin),
    ("POST /console/pages/new", Who::Editor),
    ("POST /console/pages/{id}", Who::Editor),
    ("POST /console/password", Who::Reader),
    ("POST /console/settings", Who::Admin),
    ("POST /console/synced-fields", Who::Admin),
    ("POST /console/synced-fields/sync", Who::Editor),
    ("POST /console/synced-fields/test", Who::Editor),
    ("GET /console/tag/inspect", Who::Admin),
    ("POST /console/conversions/release", Who::Editor),
    ("POST /console/tag", Who::Admin),
    ("POST /console/tag/allow", Who::Admin),
    ("POST /console/views", Who::Reader),
    ("POST /console/views/remove", Who::Reader),
    ("POST /console/views/restore", Who::Reader),
];

/// Who may use a route: a new one of the console that changes something has to be added above, or it fails here.
fn expected(route: &Route) -> Who {
    if !route.is_api() {
        let name = route.name();
        return match CONSOLE.iter().find(|(known, _)| *known == name) {
            Some((_, who)) => *who,
            None if route.path.starts_with("/console") && route.method == "GET" => Who::Reader,
            None if route.path.starts_with("/console") => panic!("who may use {name}?"),
            None => Who::Anyone,
        };
    }
    let address = route.path.strip_prefix("/api/v1").unwrap();
    if address == "/openapi.json" {
        return Who::Anyone;
    }
    match (route.method.as_str(), address) {
        ("GET", _)
        | (
            _,
            "/forms/{slug}/dry-run"
            | "/dry-run"
            | "/synced-fields/test"
            | "/company-import/preview"
            | "/salesforce/preflight"
            | "/tag/why"
            | "/routers/{slug}/check"
            | "/routers/{slug}/try"
            | "/segments/count",
        ) => Who::Reader,
        (
            _,
            "/bookings"
            | "/bookings/{id}/cancel"
            | "/bookings/{id}/outcome"
            | "/deliveries/{id}/retry"
            | "/forms/{slug}/submissions"
            | "/routers/{slug}/route",
        ) => Who::Editor,
        _ => Who::Admin,
    }
}

/// The route's address with things of the first workspace in it.
fn address(server: &Server, booking: &str, route: &Route) -> String {
    let id = if route.path.contains("/pages/") { server.page.id.to_string() } else { booking.to_owned() };
    let start = server.open_start(0).to_string();
    route
        .path
        .replace("{*path}", "sales/demo")
        .replace("{team}", "sales")
        .replace("{page}", "demo")
        .replace("{start}", &start)
        .replace("{step}", "mapping")
        .replace("{object}", "Lead")
        .replace("{id}", &id)
        .replace("{booking}", "forged")
}

async fn call(
    server: &Server,
    route: &Route,
    path: &str,
    headers: &[(&str, &str)],
    form: &str,
) -> (StatusCode, String, String) {
    let mut request = Request::builder().method(route.method.as_str()).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let is_form = !route.is_api() && route.method == "POST";
    let body = if route.is_api() && route.method != "GET" {
        request = request.header(header::CONTENT_TYPE, "application/json");
        Body::from("{}")
    } else if is_form {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        Body::from(form.to_owned())
    } else {
        Body::empty()
    };
    let response = server.open(request.body(body).unwrap()).await;
    let location = response.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
    let status = response.status();
    // What pages watch has no end.
    let body = if route.path.ends_with("/events") {
        String::new()
    } else {
        let bytes = axum::body::to_bytes(response.into_body(), 10_000_000).await.unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    (status, location.unwrap_or_default(), body)
}

async fn key(server: &Server, workspace: domain::value::WorkspaceId, scopes: &[ApiScope]) -> String {
    let now = server.state.clock.now();
    let secret = format!("tsk_{}", storage::ids::new_secret());
    let key = ApiKey { scopes: scopes.to_vec(), ..ApiKey::unlimited("matrix", now) };
    let write = server.state.database.write().await.unwrap();
    let hash = storage::secret::token_hash::of_token(&secret);
    api_keys::create(&write, workspace, &key, &hash).await.unwrap();
    write.commit().await.unwrap();
    format!("Bearer {secret}")
}

#[tokio::test]
async fn nobody_gets_in_without_a_key_or_a_session() {
    let server = Server::start().await;
    let booking = fill(&server).await.to_string();
    for route in routes() {
        let path = address(&server, &booking, &route);
        for headers in [&[][..], &[("authorization", "Bearer tsk_wrong"), ("cookie", "tsugite=wrong")]] {
            let (status, location, _) = call(&server, &route, &path, headers, "").await;
            let name = route.name();
            assert!(status.as_u16() < 500 || path == "/readyz", "{name}: {status}");
            match (expected(&route), route.is_api()) {
                (Who::Anyone, _) => {
                    assert!(status != 401 && !location.starts_with("/sign-in?"), "{name}: {status}");
                }
                (_, true) => assert_eq!(status, 401, "{name}"),
                (_, false) => assert!(location.starts_with("/sign-in"), "{name}: {status} {location}"),
            }
        }
    }
}

#[tokio::test]
async fn keys_do_what_their_scopes_say() {
    for scope in ApiScope::ALL {
        let server = Server::start().await;
        let booking = fill(&server).await.to_string();
        let own = key(&server, server.workspace, &[scope]).await;
        for route in routes().into_iter().filter(Route::is_api) {
            // Whoever answers for the org is not there, and these wait for it.
            if waits_for_an_org(&route) && scope_for(expected(&route)) == Some(scope) {
                continue;
            }
            let path = address(&server, &booking, &route);
            let (status, _, body) = call(&server, &route, &path, &[("authorization", &own)], "").await;
            let name = route.name();
            assert!(status.as_u16() < 500, "{name}: {status}");
            match scope_for(expected(&route)) {
                Some(needed) if needed != scope => {
                    assert_eq!(status, 403, "{name} with {}: {body}", scope.name());
                    assert!(body.contains("urn:tsugite:problem:missing-scope"), "{name}: {body}");
                }
                _ => assert!(status != 403 && status != 401, "{name} with {}: {status} {body}", scope.name()),
            }
        }
    }
}

fn scope_for(who: Who) -> Option<ApiScope> {
    match who {
        Who::Anyone => None,
        Who::Reader => Some(ApiScope::Read),
        Who::Editor => Some(ApiScope::Bookings),
        Who::Admin => Some(ApiScope::Settings),
    }
}

fn waits_for_an_org(route: &Route) -> bool {
    [
        "/synced-fields",
        "/synced-fields/test",
        "/company-import/preview",
        "/preflight",
        "/connection",
        "/import/conditions",
        "/import/confirm",
    ]
    .iter()
    .any(|path| route.path.ends_with(path) && route.method != "GET")
}

/// Nothing that is the first workspace's is shown to another one, which also can't change it.
#[tokio::test]
async fn another_workspace_sees_and_changes_nothing() {
    let server = Server::start().await;
    let booking = fill(&server).await.to_string();
    let other = server.other_workspace().await;
    let foreign = key(&server, other, &ApiScope::ALL).await;
    server.account(other, Role::Owner, Language::English, "owner@other.example").await;
    let browser = server.sign_in("owner@other.example").await;
    let form = format!("csrf={}", browser.csrf);
    let probes = format!("{form}&key={booking}&account={booking}&delivery={booking}&view={booking}");
    let secret = [server.page.id.to_string(), booking.clone(), "suzuki@demo.example".to_owned()];
    for route in routes() {
        let is_mine = expected(&route) != Who::Anyone;
        if !is_mine || waits_for_an_org(&route) || ends_session(&route) {
            continue;
        }
        let path = address(&server, &booking, &route);
        let headers = [("authorization", foreign.as_str()), ("cookie", browser.cookie.as_str())];
        let names_what =
            ["/remove", "/retry", "/ignore", "/unignore", "/account", "/account/password", "/restore"];
        let form = if names_what.iter().any(|end| path.ends_with(end)) { &probes } else { &form };
        let (status, _, body) = call(&server, &route, &path, &headers, form).await;
        let name = route.name();
        assert!(status.as_u16() < 500, "{name}: {status}");
        assert!(status != 401 && status != 403, "{name}: an owner with every scope, elsewhere: {status}");
        for secret in &secret {
            assert!(!body.contains(secret.as_str()), "{name} shows {secret}: {body}");
        }
        let names_one = ["{id}", "{*path}"].iter().any(|place| route.path.contains(place));
        // What isn't there is said so before anything that is sent is looked at.
        if names_one && !route.path.ends_with("/suggest") {
            // Save for a body that is at fault by itself.
            assert!(status == 404 || (route.method == "PUT" && status == 422), "{name}: {status}");
        }
    }
    let read = server.state.database.read();
    let kept = storage::booking::bookings::find(&read, server.workspace, booking.parse().unwrap());
    assert_eq!(kept.await.unwrap().unwrap().state, domain::booking::BookingState::Confirmed);
}

fn ends_session(route: &Route) -> bool {
    route.path == "/sign-out" || route.path == "/console/password"
}

#[tokio::test]
async fn roles_do_what_they_may() {
    for role in [Role::Contributor, Role::Editor, Role::Admin, Role::Owner] {
        let server = Server::start().await;
        let booking = fill(&server).await.to_string();
        let browser = server.browser(role, Language::English).await;
        let form = format!("csrf={}", browser.csrf);
        let mut wrong = Vec::new();
        for route in routes().into_iter().filter(|route| route.path.starts_with("/console")) {
            if ends_session(&route) {
                continue;
            }
            let path = address(&server, &booking, &route);
            let allowed = match expected(&route) {
                Who::Anyone | Who::Reader => true,
                Who::Editor => role.may_edit(),
                Who::Admin => role.may_configure(),
            };
            // Nobody answers for the org here.
            if allowed && waits_for_an_org(&route) {
                continue;
            }
            let cookie = [("cookie", browser.cookie.as_str())];
            let (status, _, _) = call(&server, &route, &path, &cookie, &form).await;
            // What isn't even a form of the right kind is refused before it is asked who sent it.
            let refused = status == StatusCode::FORBIDDEN || (!allowed && status == StatusCode::BAD_REQUEST);
            if refused == allowed || status.as_u16() >= 500 {
                wrong.push(format!("{} as {}: {status}", route.name(), role.name()));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
