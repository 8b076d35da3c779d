//! Keys for the API: scopes, an end, and who made them.

use crate::support::Server;
use axum::http::StatusCode;
use domain::value::Language;
use domain::workspace::Role;
use storage::workspace::{accounts, audit};

fn key_in(body: &str) -> String {
    format!("tsk_{}", body.split("tsk_").nth(1).unwrap().split(['<', '"']).next().unwrap())
}

#[tokio::test]
async fn key_stops_when_its_maker_is_demoted_or_removed() {
    let server = Server::start().await;
    let keeper = server.browser(Role::Owner, Language::English).await;
    let maker = server.account(server.workspace, Role::Admin, Language::English, "maker@demo.example").await;
    let browser = server.sign_in("maker@demo.example").await;
    let made = async |name: &str, scopes: &[(&str, &str)]| {
        let mut form = vec![("name", name), ("expires", "never")];
        form.extend(scopes);
        key_in(&browser.post("/console/api-keys", &form).await.body)
    };
    let mut reading = server.caller().await;
    reading.key = made("reading", &[("scopes", "read"), ("scopes", "bookings")]).await;
    let mut configuring = server.caller().await;
    configuring.key = made("configuring", &[("scopes", "read"), ("scopes", "settings")]).await;
    assert_eq!((reading.get("/teams").await.0, configuring.get("/teams").await.0), (200, 200));

    let demote = async |role: Role| {
        let write = server.state.database.write().await.unwrap();
        accounts::set_name_and_role(&write, server.workspace, maker.id, "Maker", role).await.unwrap();
        write.commit().await.unwrap();
    };
    demote(Role::Editor).await;
    assert_eq!((reading.get("/teams").await.0, configuring.get("/teams").await.0), (200, 401));
    let listed = keeper.get("/console/api-keys").await.body;
    assert!(listed.contains("no longer has the permissions it needs"), "{listed}");
    assert!(listed.contains("maker@demo.example"), "{listed}");
    demote(Role::Admin).await;
    assert_eq!(configuring.get("/teams").await.0, 200);
    keeper.post("/console/members/account/remove", &[("account", &maker.id.to_string())]).await;
    assert_eq!((reading.get("/teams").await.0, configuring.get("/teams").await.0), (401, 401));
    let listed = keeper.get("/console/api-keys").await.body;
    assert!(listed.contains("its creator no longer has an account"), "{listed}");
}

#[tokio::test]
async fn key_ends_at_its_time_and_says_what_it_did() {
    let server = Server::start().await;
    let now = server.state.clock.now();
    let mut caller = server.caller().await;
    let team = serde_json::json!({ "slug": "partners", "name": "Partners", "members": [] });
    assert_eq!(caller.post("/teams", &team).await.0, 201);
    let entries = audit::list(&server.state.database.read(), server.workspace, 10).await.unwrap();
    assert_eq!((entries[0].actor.as_str(), entries[0].action.code.as_str()), ("api: test", "team-made"));
    let browser = server.browser(Role::Owner, Language::English).await;
    let log = browser.get("/console/audit").await.body;
    assert!(log.contains("the API key “test”"), "{log}");

    let secret = "tsk_ended".to_owned();
    let key = storage::workspace::api_keys::ApiKey {
        expires_at: Some(now),
        ..storage::workspace::api_keys::ApiKey::unlimited("ended", now)
    };
    let write = server.state.database.write().await.unwrap();
    let hash = storage::secret::token_hash::of_token(&secret);
    storage::workspace::api_keys::create(&write, server.workspace, &key, &hash).await.unwrap();
    write.commit().await.unwrap();
    caller.key = secret;
    assert_eq!(caller.get("/teams").await.0, 401);
}

#[tokio::test]
async fn key_without_scope_or_end_is_not_made() {
    let server = Server::start().await;
    let browser = server.browser(Role::Owner, Language::English).await;
    for form in [
        &[("name", "x"), ("expires", "90")][..],
        &[("name", "x"), ("scopes", "everything"), ("expires", "90")],
        &[("name", "x"), ("scopes", "read")],
        &[("name", "x"), ("scopes", "read"), ("expires", "91")],
        &[("name", "\u{200b}"), ("scopes", "read"), ("expires", "90")],
    ] {
        let reply = browser.post("/console/api-keys", form).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{form:?}");
        assert!(!reply.body.contains("tsk_"), "{form:?}");
    }
}
