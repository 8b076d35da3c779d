//! Each route of the router that changes something leaves an entry in the audit log, or says here why it needs none.

use crate::routes::{Route, routes};
use crate::signed_in::fill;
use crate::support::Server;
use domain::delivery::DeliveryState;
use domain::value::Language;
use domain::workspace::Role;
use serde_json::json;
use std::collections::BTreeSet;
use storage::workspace::audit;

/// What a route leaves.
enum Left {
    /// An entry with this action.
    Entry(&'static str),
    /// None, and why.
    Nothing(&'static str),
}

use Left::{Entry, Nothing};

const VISITOR: Left = Nothing("a visitor's own, and on the booking's timeline");
const TRIAL: Left = Nothing("changes nothing");
const OWN: Left = Nothing("concerns only the person's own screen");
const DRAFT: Left = Nothing("a draft, of which nothing is in use until it is confirmed");

/// The person's history has every change of it.
const HISTORY: Left = Nothing("in the person's own history");

const ROUTES: [(&str, Left); 187] = [
    ("POST /api/v1/mailings", Entry("mailing-created")),
    ("PUT /api/v1/mailings/{id}", Entry("mailing-saved")),
    ("POST /api/v1/mailings/{id}/test", Entry("mailing-tested")),
    ("POST /api/v1/mailings/{id}/start", Entry("mailing-started")),
    ("POST /api/v1/mailings/{id}/pause", Entry("mailing-paused")),
    ("POST /api/v1/mailings/{id}/resume", Entry("mailing-resumed")),
    ("POST /api/v1/mailings/{id}/cancel", Entry("mailing-canceled")),
    ("PUT /api/v1/settings/mail", Entry("mail-settings-saved")),
    ("POST /console/mailings/new", Entry("mailing-created")),
    ("POST /console/mailings/settings", Entry("mail-settings-saved")),
    ("POST /console/mailings/{id}", Entry("mailing-saved")),
    ("POST /console/mailings/{id}/test", Entry("mailing-tested")),
    ("POST /console/mailings/{id}/start", Entry("mailing-started")),
    ("POST /console/mailings/{id}/pause", Entry("mailing-paused")),
    ("POST /console/mailings/{id}/resume", Entry("mailing-resumed")),
    ("POST /console/mailings/{id}/cancel", Entry("mailing-canceled")),
    ("POST /u/{token}", HISTORY),
    ("POST /hooks/mail/{token}", Nothing("what mail services report, kept with each recipient")),
    ("POST /console/people/sync/start", Entry("people-sync-started")),
    ("POST /console/people/sync/stop", Entry("people-sync-stopped")),
    ("POST /console/people/sync/preview", Entry("people-preview-asked")),
    ("POST /console/people/sync/confirm", Entry("people-changes-confirmed")),
    ("POST /console/people/sync/settings", Entry("people-sync-changed")),
    ("POST /console/people/fields", Entry("person-fields-changed")),
    ("POST /console/people/sync/run", Entry("sync-asked")),
    ("POST /console/people/{id}", HISTORY),
    ("POST /console/people/import", Entry("people-imported")),
    ("POST /console/people/imports/{id}/undo", Entry("people-import-undone")),
    ("POST /console/people/{id}/merge", Entry("people-merged")),
    ("POST /console/people/{id}/merges/{merge}/undo", Entry("people-unmerged")),
    ("POST /console/people/{id}/delete", Entry("person-deleted")),
    ("POST /console/people/{id}/opt-out", HISTORY),
    ("POST /console/people/{id}/retry", Entry("person-retried")),
    ("POST /console/people/{id}/conflicts/{conflict}/undo", Entry("person-conflict-undone")),
    ("POST /api/v1/people", HISTORY),
    ("PATCH /api/v1/people/{id}", HISTORY),
    ("POST /api/v1/people/import", Entry("people-imported")),
    ("POST /api/v1/people/imports/{id}/undo", Entry("people-import-undone")),
    ("POST /api/v1/people/{id}/merge", Entry("people-merged")),
    ("POST /api/v1/people/{id}/merges/{merge}/undo", Entry("people-unmerged")),
    ("DELETE /api/v1/people/{id}", Entry("person-deleted")),
    ("POST /api/v1/people/{id}/retry", Entry("person-retried")),
    ("PUT /api/v1/person-fields", Entry("person-fields-changed")),
    ("PUT /api/v1/people-sync", Entry("people-sync-changed")),
    ("POST /api/v1/people-sync/start", Entry("people-sync-started")),
    ("POST /api/v1/people-sync/stop", Entry("people-sync-stopped")),
    ("POST /api/v1/people-sync/run", Entry("sync-asked")),
    ("POST /api/v1/people-sync/preview", Entry("people-preview-asked")),
    ("POST /api/v1/people-sync/confirm", Entry("people-changes-confirmed")),
    ("POST /api/v1/people-sync/conflicts/{id}/undo", Entry("person-conflict-undone")),
    ("POST /api/v1/segments", Entry("segment-created")),
    ("PUT /api/v1/segments/{id}", Entry("segment-changed")),
    ("DELETE /api/v1/segments/{id}", Entry("segment-removed")),
    ("POST /api/v1/segments/count", TRIAL),
    ("POST /console/segments/new", Entry("segment-created")),
    ("POST /console/segments/{id}", Entry("segment-changed")),
    ("POST /console/segments/{id}/remove", Entry("segment-removed")),
    ("POST /api/v1/routers", Entry("router-made")),
    ("POST /api/v1/routers/{slug}/check", TRIAL),
    ("POST /api/v1/routers/{slug}/publish", Entry("router-published")),
    ("POST /api/v1/routers/{slug}/route", Nothing("a decision about a visitor, which is kept itself")),
    ("POST /api/v1/routers/{slug}/try", TRIAL),
    ("POST /api/v1/routers/{slug}/versions/{version}/restore", Entry("router-saved")),
    ("PUT /api/v1/routers/{slug}", Entry("router-saved")),
    ("PUT /api/v1/lists/{slug}", Entry("list-replaced")),
    ("DELETE /api/v1/lists/{slug}", Entry("list-removed")),
    ("POST /console/lists/new", Entry("list-created")),
    ("POST /console/lists/{slug}", Entry("list-replaced")),
    ("POST /console/lists/{slug}/remove", Entry("list-removed")),
    ("POST /console/routers/new", Entry("router-made")),
    ("POST /console/routers/{slug}", Entry("router-saved")),
    ("POST /console/routers/{slug}/archive", Entry("router-archived")),
    ("POST /console/routers/{slug}/copy", Entry("router-made")),
    ("POST /console/routers/{slug}/import", Entry("router-saved")),
    ("POST /console/routers/{slug}/insert", Entry("router-saved")),
    ("POST /console/routers/{slug}/link", Entry("router-link-made")),
    ("POST /console/routers/{slug}/nodes/{id}", Entry("router-saved")),
    ("POST /console/routers/{slug}/nodes/{id}/move", Entry("router-saved")),
    ("POST /console/routers/{slug}/nodes/{id}/remove", Entry("router-saved")),
    ("POST /console/routers/{slug}/point", Entry("router-saved")),
    ("POST /console/routers/{slug}/publish", Entry("router-published")),
    ("POST /console/routers/{slug}/try", TRIAL),
    ("POST /console/routers/{slug}/undo", Entry("router-undone")),
    ("POST /console/routers/{slug}/versions/{version}/restore", Entry("router-saved")),
    ("DELETE /api/v1/forms/{slug}", Entry("form-removed")),
    ("POST /api/v1/forms", Entry("form-made")),
    ("POST /api/v1/forms/{slug}/dry-run", TRIAL),
    ("POST /api/v1/forms/{slug}/submissions", Entry("submission-added")),
    ("PUT /api/v1/forms/{slug}", Entry("form-saved")),
    ("POST /console/forms/new", Entry("form-made")),
    ("POST /console/forms/{id}", Entry("form-saved")),
    ("POST /console/forms/{id}/remove", Entry("form-removed")),
    ("POST /console/forms/{id}/try", TRIAL),
    ("POST /console/submissions/{id}/deliver", Entry("submission-released")),
    ("POST /f/{form}", VISITOR),
    ("POST /r/{router}", VISITOR),
    ("POST /console/teams/{team}/weights", Entry("team-weights-saved")),
    ("POST /console/teams/{team}/credit", Entry("host-credited")),
    ("POST /f/{form}/shown", TRIAL),
    ("POST /f/{form}/token", TRIAL),
    ("DELETE /api/v1/salesforce/connection", Entry("disconnected")),
    ("POST /api/v1/bookings", Entry("booking-added")),
    ("POST /api/v1/bookings/{id}/cancel", Entry("booking-cancelled")),
    ("POST /api/v1/bookings/{id}/outcome", Entry("meeting-outcome")),
    ("POST /api/v1/company-import/preview", TRIAL),
    ("POST /api/v1/company-import/run", Entry("import-asked")),
    ("POST /api/v1/deliveries/{id}/retry", Entry("delivery-retried")),
    ("POST /api/v1/dry-run", TRIAL),
    ("POST /api/v1/engagement-lists/sync", Entry("sync-asked")),
    ("POST /api/v1/pages", Entry("page-made")),
    ("POST /api/v1/salesforce/connection", Entry("connected")),
    ("POST /api/v1/salesforce/preflight", TRIAL),
    ("POST /api/v1/settings/notifications/test", Entry("notification-tested")),
    ("POST /api/v1/synced-fields/sync", Entry("sync-asked")),
    ("POST /api/v1/synced-fields/test", TRIAL),
    ("POST /api/v1/tag/why", TRIAL),
    ("POST /api/v1/teams", Entry("team-made")),
    ("PUT /api/v1/teams/{slug}", Entry("team-saved")),
    ("POST /api/v1/routers/{slug}/backtest", TRIAL),
    ("POST /b/{team}/{page}", VISITOR),
    ("POST /b/{team}/{page}/{start}", VISITOR),
    ("POST /cancel/{booking}", VISITOR),
    ("POST /console/api-keys", Entry("api-key-made")),
    ("POST /console/api-keys/remove", Entry("api-key-removed")),
    ("POST /console/bookings/{id}/cancel", Entry("booking-cancelled")),
    ("POST /console/bookings/{id}/outcome", Entry("meeting-outcome")),
    ("POST /console/brand", Entry("brand-saved")),
    ("POST /console/brand/logo", Entry("brand-saved")),
    ("POST /console/companies/import/begin", DRAFT),
    ("POST /console/companies/import/conditions", DRAFT),
    ("POST /console/companies/import/confirm", Entry("company-import-saved")),
    ("POST /console/companies/import/discard", DRAFT),
    ("POST /console/companies/import/mapping", DRAFT),
    ("POST /console/companies/import/object", DRAFT),
    ("POST /console/companies/import/restore", DRAFT),
    ("POST /console/companies/import/stop", Entry("company-import-stopped")),
    ("POST /console/companies/run", Entry("import-asked")),
    ("POST /console/connection", Entry("connected")),
    ("POST /console/connection/disconnect", Entry("disconnected")),
    ("POST /console/connection/preflight", TRIAL),
    ("POST /console/dry-run", TRIAL),
    ("POST /console/engagement-lists", Entry("engagement-lists-saved")),
    ("POST /console/engagement-lists/sync", Entry("sync-asked")),
    ("POST /console/errors/ignore", Entry("deliveries-ignored")),
    ("POST /console/errors/retry", Entry("delivery-retried")),
    ("POST /console/errors/unignore", Entry("deliveries-reopened")),
    ("POST /console/language", OWN),
    ("POST /console/members/account", Entry("account-saved")),
    ("POST /console/members/account/password", Entry("password-reset")),
    ("POST /console/members/account/remove", Entry("account-removed")),
    ("POST /console/members/member", Entry("member-saved")),
    ("POST /console/members/team", Entry("team-saved")),
    ("POST /console/notices", OWN),
    ("POST /console/notifications", Entry("notifications-saved")),
    ("POST /console/notifications/test", Entry("notification-tested")),
    ("POST /console/pages/new", Entry("page-made")),
    ("POST /console/pages/{id}", Entry("page-saved")),
    ("POST /console/password", Entry("password-changed")),
    ("POST /console/settings", Entry("settings-saved")),
    ("POST /console/synced-fields", Entry("synced-fields-saved")),
    ("POST /console/synced-fields/sync", Entry("sync-asked")),
    ("POST /console/synced-fields/test", TRIAL),
    ("POST /console/tag", Entry("tag-saved")),
    ("POST /console/tag/allow", Entry("tag-saved")),
    ("POST /console/conversions/release", Entry("conversions-released")),
    ("POST /console/views", OWN),
    ("POST /console/views/remove", OWN),
    ("POST /console/views/restore", OWN),
    ("POST /sign-in", Entry("signed-in")),
    ("POST /sign-out", OWN),
    ("PUT /api/v1/company-import", Entry("company-import-saved")),
    ("PUT /api/v1/engagement-lists", Entry("engagement-lists-saved")),
    ("PUT /api/v1/pages/{*path}", Entry("page-saved")),
    ("PUT /api/v1/settings/notifications", Entry("notifications-saved")),
    ("PUT /api/v1/settings/salesforce", Entry("settings-saved")),
    ("PUT /api/v1/settings/visitor-tag", Entry("visitor-tag-on")),
    ("POST /site/{key}/bookings", VISITOR),
    ("POST /site/{key}/forget", VISITOR),
    ("POST /site/{key}/inspector", TRIAL),
    ("POST /site/{key}/mapping", Entry("tag-saved")),
    ("POST /site/{key}/not-me", VISITOR),
    ("POST /site/{key}/outcomes", VISITOR),
    ("POST /site/{key}/slots", TRIAL),
    ("POST /site/{key}/visits", VISITOR),
    ("POST /site/{key}/entries", Nothing("a visitor's own, and in the list of conversions")),
    ("PUT /api/v1/tag", Entry("tag-saved")),
    ("PUT /api/v1/synced-fields", Entry("synced-fields-saved")),
];

#[test]
fn every_changing_route_says_what_it_leaves() {
    let changing: BTreeSet<String> =
        routes().iter().filter(|route| route.method != "GET").map(Route::name).collect();
    let listed: BTreeSet<String> = ROUTES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(
        changing.difference(&listed).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "say what these leave"
    );
    assert_eq!(listed.difference(&changing).collect::<Vec<_>>(), Vec::<&String>::new(), "these are gone");
    for (name, left) in &ROUTES {
        match left {
            Nothing(why) => assert!(!why.is_empty(), "{name}"),
            Entry(action) => {
                for language in ["en", "ja"] {
                    let key = format!("\naudit-{action} = ");
                    assert!(catalogue(language).contains(&key), "{name}: {key}");
                }
            }
        }
    }
}

/// A language's files, one after the other.
fn catalogue(language: &str) -> String {
    let files = std::fs::read_dir(format!("locales/{language}")).unwrap();
    files.map(|file| format!("\n{}", std::fs::read_to_string(file.unwrap().path()).unwrap())).collect()
}

/// The actions that were recorded, by the route that was called.
#[tokio::test]
async fn calls_leave_the_entries_that_their_routes_name() {
    let server = Server::start().await;
    let booking = fill(&server).await;
    let caller = server.caller().await;
    let browser = server.browser(Role::Owner, Language::English).await;
    let read = server.state.database.read();
    let deliveries =
        storage::delivery::deliveries::of_subjects(&read, server.workspace, &[booking.into()]).await.unwrap();
    let failed = deliveries.iter().find(|one| one.state == DeliveryState::Failed).unwrap().id.to_string();
    let made = server.account(server.workspace, Role::Editor, Language::English, "e@demo.example").await;
    let team = json!({ "slug": "partners", "name": "Partners", "members": [] });
    let start = server.open_start(1).to_string();
    let new = json!({ "page": "sales/demo", "start": start, "answers": { "topic": "x", "size": "1-10" },
        "attendee": { "email": "a@b.example", "family_name": "A", "given_name": "B", "company": "C" } });
    let (_, salesforce) = caller.get("/settings/salesforce").await;

    let mut calls: Vec<(&str, u16)> = Vec::new();
    calls.push(("POST /api/v1/teams", caller.post("/teams", &team).await.0));
    calls.push(("POST /api/v1/bookings", caller.post("/bookings", &new).await.0));
    calls.push(("PUT /api/v1/settings/salesforce", caller.put("/settings/salesforce", &salesforce).await.0));
    let retry = format!("/deliveries/{failed}/retry");
    calls.push(("POST /api/v1/deliveries/{id}/retry", caller.post(&retry, &json!({})).await.0));
    let cancel = format!("/bookings/{booking}/cancel");
    calls.push(("POST /api/v1/bookings/{id}/cancel", caller.post(&cancel, &json!({})).await.0));
    for (name, status) in &calls {
        assert!((200..300).contains(status), "{name}: {status}");
    }
    let id = made.id.to_string();
    let forms: [(&str, Vec<(&str, &str)>); 6] = [
        ("POST /console/members/team", vec![("team.slug", "east"), ("team.name", "East")]),
        ("POST /console/members/member", vec![("member.name", "New"), ("member.email", "n@demo.example")]),
        (
            "POST /console/members/account",
            vec![("account.id", &id), ("account.name", "E"), ("account.role", "contributor")],
        ),
        ("POST /console/members/account/password", vec![("account", &id)]),
        ("POST /console/members/account/remove", vec![("account", &id)]),
        ("POST /console/api-keys", vec![("name", "K"), ("scopes", "read"), ("expires", "30")]),
    ];
    for (name, form) in &forms {
        let reply = browser.post(name.strip_prefix("POST ").unwrap(), form).await;
        assert!(reply.status.as_u16() < 400, "{name}: {} {}", reply.status, reply.body);
        calls.push((name, reply.status.as_u16()));
    }
    let entries = audit::list(&read, server.workspace, 100).await.unwrap();
    let recorded: BTreeSet<&str> = entries.iter().map(|entry| entry.action.code.as_str()).collect();
    for (name, _) in calls {
        let left = ROUTES.iter().find(|(known, _)| *known == name);
        let Some((_, Entry(action))) = left else { panic!("{name} leaves nothing") };
        assert!(recorded.contains(action), "{name}: {action} is not in {recorded:?}");
    }
    let by_key = entries.iter().filter(|entry| entry.actor == "api: test").count();
    assert_eq!(by_key, 5, "each call of the API names its key");
}
