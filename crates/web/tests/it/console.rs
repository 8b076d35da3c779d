//! The console: every page, roles, cross-site forms, invalid input.

use crate::signed_in::fill;
use crate::support::Server;
use axum::http::StatusCode;
use domain::delivery::SalesforceSettings;
use domain::value::Language;
use domain::workspace::Role;
use storage::workspace::workspaces::Workspace;

const PAGES: [&str; 26] = [
    "/console",
    "/console/connection",
    "/console/connection?error=access-denied",
    "/console/connection?error=%3Cscript%3E",
    "/console/connection?failure=no-answer",
    "/console/connection/disconnect",
    "/console/settings",
    "/console/settings?done=saved",
    "/console/synced-fields",
    "/console/companies",
    "/console/companies/import",
    "/console/engagement-lists",
    "/console/pages",
    "/console/pages/new",
    "/console/bookings",
    "/console/errors",
    "/console/dry-run",
    "/console/members",
    "/console/notices",
    "/console/notifications",
    "/console/api-keys",
    "/console/audit",
    "/console/brand",
    "/console/runs",
    "/console/search",
    "/console/search?q=%3Cscript%3E",
];

#[tokio::test]
async fn every_page_renders_in_both_languages() {
    let server = Server::start().await;
    let booking = fill(&server).await;
    for language in Language::ALL {
        let browser = server.browser(Role::Owner, language).await;
        let own = [format!("/console/bookings/{booking}"), format!("/console/pages/{}", server.page.id)];
        for path in PAGES.iter().map(|path| (*path).to_owned()).chain(own) {
            let reply = browser.get(&path).await;
            assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.body);
            assert!(reply.body.contains(&format!("<html lang=\"{}\"", language.tag())), "{path}");
            assert!(!reply.body.contains("<script>"), "{path} is not escaped");
            assert!(!reply.body.contains("<img src=x"), "{path} is not escaped");
            assert!(!reply.body.contains("secret-that-nobody-sees"), "{path} shows a secret");
            let policy = reply.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
            assert!(!policy.contains("unsafe"), "{policy}");
            // A text that the catalogue lacks would show its key.
            let bare = reply.body.split('>').filter_map(|text| text.split('<').next()).find(|text| {
                let text = text.trim();
                text.contains('-')
                    && !text.is_empty()
                    && text.chars().all(|c| c.is_ascii_lowercase() || c == '-')
            });
            assert_eq!(bare, None, "{path}");
        }
    }
    let browser = server.browser(Role::Owner, Language::English).await;
    let timeline = browser.get(&format!("/console/bookings/{booking}")).await.body;
    assert!(
        timeline.contains("https://demo.my.salesforce.com/lightning/r/Task/00T000000000001AAA/view"),
        "{timeline}"
    );
    let file = browser.get("/console/audit.csv").await;
    assert!(file.body.contains("\"Signed in\""), "{}", file.body);
}

#[tokio::test]
async fn signed_out_requests_redirect_to_sign_in() {
    let server = Server::start().await;
    for path in PAGES {
        let reply = server.get(path).await;
        assert!(reply.location().starts_with("/sign-in"), "{path}: {}", reply.status);
        let reply = server.post(path, &[("csrf", "x")]).await;
        assert!(
            reply.location().starts_with("/sign-in") || reply.status == StatusCode::METHOD_NOT_ALLOWED,
            "{path}"
        );
    }
    assert_eq!(server.get("/").await.location(), "/console");
}

/// What each role may send, as the status of a form that holds nothing else (N2).
#[tokio::test]
async fn roles_are_enforced() {
    let server = Server::start().await;
    let booking = fill(&server).await;
    let page = format!("/console/pages/{}", server.page.id);
    let cancel = format!("/console/bookings/{booking}/cancel");
    let admin = [
        "/console/settings",
        "/console/connection",
        "/console/connection/disconnect",
        "/console/members/team",
        "/console/members/member",
        "/console/members/account",
        "/console/members/account/password",
        "/console/members/account/remove",
        "/console/api-keys",
        "/console/api-keys/remove",
        "/console/notifications",
        "/console/notifications/test",
        "/console/engagement-lists",
    ];
    let lists = "/console/engagement-lists/sync";
    let editor = ["/console/pages/new", page.as_str(), cancel.as_str(), "/console/errors/retry", lists];
    for (role, may_configure, may_edit) in
        [(Role::Contributor, false, false), (Role::Editor, false, true), (Role::Admin, true, true)]
    {
        let browser = server.browser(role, Language::English).await;
        for (paths, allowed) in [(&admin[..], may_configure), (&editor[..], may_edit)] {
            for path in paths {
                let reply = browser.post(path, &[]).await;
                assert!(reply.status.as_u16() < 500, "{path} {}", reply.status);
                assert_eq!(
                    reply.status == StatusCode::FORBIDDEN,
                    !allowed,
                    "{} {path} {}",
                    role.name(),
                    reply.status
                );
            }
        }
        for path in ["/console/api-keys", "/console/audit", "/console/audit.csv"] {
            assert_eq!(browser.get(path).await.status == StatusCode::FORBIDDEN, !may_configure, "{path}");
        }
        for path in ["/console", "/console/settings", "/console/bookings", "/console/members"] {
            assert_eq!(browser.get(path).await.status, StatusCode::OK, "everybody reads {path}");
        }
    }
    // An admin can't make an owner, nor touch one.
    let browser = server.browser(Role::Admin, Language::English).await;
    let owner = server.account(server.workspace, Role::Owner, Language::English, "owner@demo.example").await;
    let new = [("account.name", "N"), ("account.email", "n@demo.example"), ("account.role", "owner")];
    assert_eq!(browser.post("/console/members/account", &new).await.status, StatusCode::FORBIDDEN);
    let id = owner.id.to_string();
    for path in ["/console/members/account/password", "/console/members/account/remove"] {
        assert_eq!(browser.post(path, &[("account", &id)]).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn cross_site_forms_are_rejected() {
    let server = Server::start().await;
    let browser = server.browser(Role::Owner, Language::English).await;
    let other = server.browser(Role::Owner, Language::English).await;
    let own = [("csrf", browser.csrf.as_str()), ("language", "ja")];
    let none: [(&str, &str); 0] = [];
    for (form, headers, allowed) in [
        (&[("language", "ja")][..], &none[..], false),
        (&[("csrf", other.csrf.as_str())][..], &none[..], false),
        (&[("csrf", "")][..], &none[..], false),
        (&own[..], &[("sec-fetch-site", "cross-site")][..], false),
        (&own[..], &[("sec-fetch-site", "same-site")][..], false),
        (&own[..], &[("origin", "https://evil.example"), ("host", "localhost:8080")][..], false),
        (&own[..], &[("origin", "null"), ("host", "localhost:8080")][..], false),
        (&own[..], &[("sec-fetch-site", "same-origin")][..], true),
        (&own[..], &[("origin", "http://localhost:8080")][..], true),
        (&own[..], &none[..], true),
    ] {
        let reply = browser.post_raw("/console/language", form, headers).await;
        assert_eq!(reply.status == StatusCode::SEE_OTHER, allowed, "{form:?} {headers:?} {}", reply.status);
    }
}

const SETTINGS: [(&str, &str); 7] = [
    ("todo.enabled", "on"),
    ("todo.lag_minutes", "3"),
    ("todo.subject", "{{name}} 様"),
    ("todo.comment", "{{answers}}"),
    ("search_order", "contact_first"),
    ("rescue.every_minutes", "１０"),
    ("rescue.for_hours", "24"),
];

fn changed<'a>(base: &[(&'a str, &'a str)], changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = base.iter().filter(|(name, _)| !changes.iter().any(|(one, _)| one == name));
    kept.copied().chain(changes.iter().copied()).collect()
}

#[tokio::test]
async fn settings_are_saved_or_rejected_by_field() {
    let server = Server::start().await;
    let browser = server.browser(Role::Admin, Language::English).await;
    let saved = browser.post("/console/settings", &SETTINGS).await;
    assert_eq!(saved.location(), "/console/settings?done=saved", "{}", saved.body);
    let long = "x".repeat(100_000);
    for (name, value, expected) in [
        ("todo.lag_minutes", "11", "from 0 to 10"),
        ("todo.lag_minutes", "-1", "from 0 to 10"),
        ("todo.lag_minutes", "", "field is required"),
        ("todo.lag_minutes", "three", "Enter a number"),
        ("todo.lag_minutes", "99999999999999999999", "Enter a number"),
        ("todo.subject", "", "field is required"),
        ("todo.subject", &long, "at most 255"),
        ("todo.subject", "{{nmae}}", "no placeholder {{nmae}}"),
        ("todo.comment", &long, "at most 10,000"),
        ("campaign.enabled", "on", "field is required"),
        ("campaign.campaign_id", "701", "15 or 18"),
        ("campaign.campaign_id", "003000000000001", "not a campaign ID"),
        ("campaign.campaign_id", "701000000000001AAB", "15 or 18"),
        ("search_order", "account_first", "Choose an option"),
        ("rescue.for_hours", "0", "from 1 to 168"),
    ] {
        let reply = browser.post("/console/settings", &changed(&SETTINGS, &[(name, value)])).await;
        assert_eq!(
            reply.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{name}={}",
            &value[..value.len().min(20)]
        );
        let shown = reply.body.replace("&#123;", "{").replace("&#125;", "}");
        assert!(shown.contains(expected), "{name}: {expected}");
        assert!(shown.contains("aria-invalid=\"true\""), "{name} is marked");
        assert!(shown.contains("{{answers}}") || name == "todo.comment", "what was typed stays");
    }
    let kept = storage::workspace::settings::find::<SalesforceSettings>(
        &server.state.database.read(),
        server.workspace,
    )
    .await
    .unwrap();
    assert_eq!(
        (kept.todo.subject.as_str(), kept.rescue.every_minutes),
        ("{{name}} 様", 10),
        "nothing was changed"
    );
    let url = "https://demo.lightning.force.com/lightning/r/Campaign/701000000000001AAA/view";
    let pasted = changed(&SETTINGS, &[("campaign.enabled", "on"), ("campaign.campaign_id", url)]);
    assert_eq!(browser.post("/console/settings", &pasted).await.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/console/settings").await.body.contains("value=\"701000000000001AAA\""));
}

#[tokio::test]
async fn other_workspace_data_is_not_visible() {
    let server = Server::start().await;
    let booking = fill(&server).await;
    let now = server.state.clock.now();
    let other = Workspace {
        id: storage::ids::new(now),
        slug: "other".to_owned(),
        name: "Other".to_owned(),
        time_zone: "UTC".to_owned(),
        language: Language::English,
    };
    let write = server.state.database.write().await.unwrap();
    storage::workspace::workspaces::create(&write, &other, now).await.unwrap();
    write.commit().await.unwrap();
    server.account(other.id, Role::Owner, Language::English, "owner@other.example").await;
    let browser = server.sign_in("owner@other.example").await;
    for path in [format!("/console/bookings/{booking}"), format!("/console/pages/{}", server.page.id)] {
        assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!browser.get("/console/bookings").await.body.contains("x@y.example"));
    assert_eq!(
        browser.post(&format!("/console/bookings/{booking}/cancel"), &[]).await.status,
        StatusCode::NOT_FOUND
    );
    assert!(browser.get("/console/connection").await.body.contains("Not connected"));
}

#[tokio::test]
async fn invalid_connection_input_shows_problems() {
    let server = Server::start().await;
    let browser = server.browser(Role::Admin, Language::English).await;
    let shown = browser.get("/console/connection").await.body;
    for value in ["http://localhost:8080/console/connection/callback", "api refresh_token", "203.0.113.7"] {
        assert!(shown.contains(&format!("value=\"{value}\"")), "{value} can be copied");
    }
    let good = [("environment", "production"), ("consumer_key", "key"), ("consumer_secret", "secret")];
    for (change, expected) in [
        (("consumer_key", ""), "field is required"),
        (("consumer_secret", ""), "field is required"),
        (("environment", "my_domain"), "not a Salesforce URL"),
        (("my_domain", "http://evil.example"), "not a Salesforce URL"),
    ] {
        let mut form = changed(&good, &[change]);
        if change.0 == "my_domain" {
            form = changed(&form, &[("environment", "my_domain")]);
        }
        let reply = browser.post("/console/connection", &form).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{change:?}");
        assert!(reply.body.contains(expected), "{change:?}");
    }
    let begun = browser.post("/console/connection", &good).await;
    assert!(
        begun.location().starts_with("https://login.salesforce.com/services/oauth2/authorize?"),
        "{}",
        begun.location()
    );
    assert!(begun.location().contains("code_challenge_method=S256"));
    assert!(!begun.location().contains("pardot_api"), "no scope is asked for that nobody wants");
    let with_engagement = changed(&good, &[("engagement", "on")]);
    let asked = browser.post("/console/connection", &with_engagement).await;
    assert!(asked.location().contains("pardot_api"), "{}", asked.location());
    let begun = browser.post("/console/connection", &good).await;
    let policy = begun.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://*.salesforce.com"), "{policy}");
    let state = begun.location().split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    for (query, code) in [
        ("state=forged&code=x".to_owned(), "state-mismatch"),
        (String::new(), "state-mismatch"),
        (format!("state={state}&error=access_denied&error_description=no"), "access-denied"),
        (format!("state={state}&code=x"), "state-mismatch"),
    ] {
        let reply = browser.get(&format!("/console/connection/callback?{query}")).await;
        assert_eq!(reply.location(), format!("/console/connection?error={code}"), "{query}");
        assert!(browser.get(reply.location()).await.body.contains("role=\"alert\""));
    }
}

/// Everything that takes a form, and every name that any of them reads.
#[tokio::test]
async fn invalid_console_input_never_gives_500() {
    let server = Server::start().await;
    let booking = fill(&server).await;
    let browser = server.browser(Role::Owner, Language::Japanese).await;
    let own = [format!("/console/pages/{}", server.page.id), format!("/console/bookings/{booking}/cancel")];
    let paths = [
        "/console/settings",
        "/console/pages/new",
        "/console/pages/%00",
        "/console/bookings/%FF/cancel",
        "/console/errors/retry",
        "/console/members/team",
        "/console/members/member",
        "/console/members/account",
        "/console/members/account/password",
        "/console/api-keys",
        "/console/api-keys/remove",
        "/console/notices",
        "/console/password",
        "/console/connection",
    ];
    let names = [
        "title",
        "slug",
        "team",
        "hours.1",
        "member_order",
        "members",
        "fields[0].label",
        "fields[0].key",
        "do",
        "fields[0].options",
        "salesforce.mappings[0].salesforce_field",
        "todo.subject",
        "todo.lag_minutes",
        "campaign.campaign_id",
        "team.name",
        "team.slug",
        "team.members",
        "member.id",
        "member.email",
        "account",
        "account.id",
        "account.email",
        "account.role",
        "key",
        "name",
        "delivery",
        "booking",
        "password",
        "new_password",
        "environment",
        "my_domain",
        "consumer_key",
        "consumer_secret",
        "slot_minutes",
    ];
    let long = "長".repeat(1_500);
    for garbage in
        ["", "\0", "💥\u{202e}", "-1", "99999999999999999999", "%00%FF", "{{", "<script>", "'; --", &long]
    {
        let form: Vec<(&str, &str)> = names.iter().map(|name| (*name, garbage)).collect();
        for path in paths.iter().copied().chain(own.iter().map(String::as_str)) {
            let reply = browser.post(path, &form).await;
            assert!(reply.status.as_u16() < 500, "{path}: {}", reply.status);
            assert!(!reply.body.contains("<script>"), "{path} is not escaped");
        }
        let start: String = garbage.chars().take(100).collect();
        let path: String = url::form_urlencoded::byte_serialize(start.as_bytes()).collect();
        for address in [
            format!("/b/sales/demo/{path}"),
            format!("/console/bookings?before={path}"),
            format!("/sign-in?next={path}"),
        ] {
            assert!(browser.get(&address).await.status.as_u16() < 500, "{address}");
        }
    }
}
