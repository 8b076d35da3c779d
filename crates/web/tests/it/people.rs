//! Signing in and out, members, accounts and passwords.

use crate::signed_in::PASSWORD;
use crate::support::Server;
use axum::http::StatusCode;
use domain::value::Language;
use domain::workspace::Role;

#[tokio::test]
async fn wrong_password_is_rejected_and_rate_limited() {
    let server = Server::start().await;
    server.account(server.workspace, Role::Editor, Language::Japanese, "e@demo.example").await;
    for (email, password) in
        [("e@demo.example", "wrong"), ("nobody@demo.example", PASSWORD), ("", ""), ("\0", "\0")]
    {
        let reply = server.post("/sign-in?language=en", &[("email", email), ("password", password)]).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{email}");
        assert!(reply.body.contains("Incorrect email or password."));
    }
    let good = [("email", "e@demo.example"), ("password", PASSWORD)];
    for (next, leads) in [
        ("/console/pages", "/console/pages"),
        ("//evil.example", "/console"),
        ("https://evil.example", "/console"),
        ("/console\\evil", "/console"),
    ] {
        let reply = server.post("/sign-in", &[good[0], good[1], ("next", next)]).await;
        assert_eq!(reply.location(), leads);
    }
    for _ in 0..10 {
        server.post("/sign-in", &[("email", "e@demo.example"), ("password", "guess")]).await;
    }
    let slowed = server.post("/sign-in", &good).await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    let seconds: u64 = slowed.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=10).contains(&seconds), "slowed down, not locked out: {seconds}");
    assert_eq!(slowed.input("email"), "e@demo.example", "what was typed stays");
    // However the address is spelt, it is the same account.
    for spelling in ["ｅ＠ｄｅｍｏ．ｅｘａｍｐｌｅ", "E@Demo.Example", "\u{200b}e@demo.example"]
    {
        let reply = server.post("/sign-in", &[("email", spelling), ("password", "guess")]).await;
        assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS, "{spelling}");
    }
    let other = [("email", "another@demo.example"), ("password", "guess")];
    assert_eq!(
        server.post("/sign-in", &other).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "others may try"
    );
}

#[tokio::test]
async fn sign_out_ends_session() {
    let server = Server::start().await;
    let browser = server.browser(Role::Editor, Language::Japanese).await;
    assert_eq!(browser.post("/sign-out", &[]).await.location(), "/sign-in");
    assert!(browser.get("/console").await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn members_accounts_and_keys_are_managed() {
    let server = Server::start().await;
    let browser = server.browser(Role::Owner, Language::English).await;
    for (path, form, expected) in [
        ("team", &[("team.name", ""), ("team.slug", "x y")][..], "lower-case letters"),
        ("team", &[("team.name", "T"), ("team.slug", "sales")][..], "is already in use"),
        ("member", &[("member.name", "M"), ("member.email", "nope")][..], "not an email"),
        (
            "account",
            &[("account.name", ""), ("account.email", "x"), ("account.role", "editor")][..],
            "not an email",
        ),
        (
            "account",
            &[("account.name", "A"), ("account.email", "a@demo.example"), ("account.role", "king")][..],
            "Choose an option",
        ),
    ] {
        let reply = browser.post(&format!("/console/members/{path}"), form).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {form:?}");
        assert!(reply.body.contains(expected), "{expected}");
    }
    let new = [("account.name", "A"), ("account.email", "a@demo.example"), ("account.role", "editor")];
    let made = browser.post("/console/members/account", &new).await;
    assert!(made.body.contains("be able to see it again"), "{}", made.body);
    let again = browser.post("/console/members/account", &new).await;
    assert!(again.body.contains("already in use"), "{}", again.body);
    let member = browser
        .post("/console/members/member", &[("member.name", "M"), ("member.email", "m@demo.example")])
        .await;
    assert_eq!(member.status, StatusCode::SEE_OTHER);
    let key = browser
        .post("/console/api-keys", &[("name", "Test"), ("scopes", "read"), ("expires", "never")])
        .await;
    assert!(key.body.contains("tsk_"), "{}", key.body);
    assert!(!browser.get("/console/api-keys").await.body.contains("tsk_"), "shown once");
    // The last owner stays.
    let accounts =
        storage::workspace::accounts::list(&server.state.database.read(), server.workspace).await.unwrap();
    let me = accounts.iter().find(|account| account.role == Role::Owner).unwrap().id.to_string();
    let demoted = [("account.id", me.as_str()), ("account.name", "Me"), ("account.role", "editor")];
    assert!(browser.post("/console/members/account", &demoted).await.body.contains("at least one owner"));
    let removed = browser.post("/console/members/account/remove", &[("account", &me)]).await;
    assert!(removed.body.contains("at least one owner"));
    let weak = browser.post("/console/password", &[("password", PASSWORD), ("new_password", "short")]).await;
    assert!(weak.body.contains("at least 10"), "{}", weak.body);
    let wrong =
        browser.post("/console/password", &[("password", "x"), ("new_password", "long enough now")]).await;
    assert!(wrong.body.contains("is incorrect"));
    let good = browser
        .post("/console/password", &[("password", PASSWORD), ("new_password", "long enough now")])
        .await;
    assert_eq!(good.location(), "/sign-in");
    assert!(browser.get("/console").await.location().starts_with("/sign-in"));
}

/// Two editors have the same settings open: the second one to save is told, keeps what was typed, and may overwrite.
#[tokio::test]
async fn settings_saved_by_two_people_are_not_lost_in_silence() {
    let server = Server::start().await;
    let browser = server.browser(Role::Owner, Language::English).await;
    let form = |version: &str, subject: &str| {
        [
            ("version", version),
            ("todo.lag_minutes", "3"),
            ("todo.subject", subject),
            ("search_order", "lead_first"),
            ("rescue.every_minutes", "10"),
            ("rescue.for_hours", "24"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let save = async |version: &str, subject: &str| {
        let form = form(version, subject);
        let form: Vec<(&str, &str)> =
            form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post("/console/settings", &form).await
    };
    let seen_by_both = browser.get("/console/settings").await.input("version");
    assert_eq!(save(&seen_by_both, "first").await.status, StatusCode::SEE_OTHER);
    let refused = save(&seen_by_both, "second").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("Someone else saved this") && refused.body.contains("second"),
        "{}",
        refused.body
    );
    assert_eq!(browser.get("/console/settings").await.input("todo.subject"), "first");
    assert_eq!(save(&refused.input("version"), "second").await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/console/settings").await.input("todo.subject"), "second");
}
