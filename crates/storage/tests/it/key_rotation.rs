//! Everything that was stored with an older key is stored with the first one, and keys that are missing are named.

use crate::support::{NOW, workspace};
use domain::notification::{NotificationSettings, WebhookChange};
use secrecy::{ExposeSecret as _, SecretString};
use storage::database::key_rotation::{missing_keys, rotate, with_older_keys};
use storage::form::drafts;
use storage::notification::settings;
use storage::org::connections;
use storage::org::connections::OAuthAttempt;
use storage::testing::{SECRET_KEY, TestDatabase};
use storage::{Database, Vault};

mod both {
    crate::on_both! {
        rotation_moves_every_secret_to_the_first_key,
        missing_key_is_named_by_workspace_and_table,
    }
}

const NEW_KEY: &str = "the new key: forty characters of it more or less";
const WEBHOOK: &str = "https://hooks.slack.com/services/T/B/x";

async fn open_with(test: &TestDatabase, keys: &str) -> Database {
    Database::open(&test.address, Vault::new(&SecretString::from(keys)).unwrap()).await.unwrap()
}

/// A workspace with a secret in every place.
async fn fill(test: &TestDatabase, slug: &str) -> domain::value::WorkspaceId {
    let workspace = workspace(&test.database, slug).await;
    let write = test.database.write().await.unwrap();
    let (connection, secrets) = (crate::connections::connection(slug), crate::connections::secrets());
    connections::save(&write, workspace, &connection, &secrets).await.unwrap();
    let attempt = OAuthAttempt {
        account: storage::ids::new(NOW),
        environment: "sandbox".to_owned(),
        consumer_key: "key".to_owned(),
        consumer_secret: "secret".to_owned(),
        code_verifier: "verifier".to_owned(),
    };
    connections::begin_oauth_attempt(&write, workspace, slug, &attempt, NOW).await.unwrap();
    let webhook = WebhookChange::Set(domain::notification::SlackWebhook::parse(WEBHOOK, &[]).unwrap());
    settings::save(&write, workspace, &NotificationSettings::default(), &webhook, NOW).await.unwrap();
    let place = (storage::ids::new(NOW), slug);
    drafts::save(&write, test.database.vault(), workspace, place, &"typed", NOW).await.unwrap();
    write.commit().await.unwrap();
    workspace
}

async fn rotation_moves_every_secret_to_the_first_key(test: TestDatabase) {
    let workspaces = [fill(&test, "one").await, fill(&test, "two").await];
    let both = open_with(&test, &format!("{NEW_KEY},{SECRET_KEY}")).await;
    assert_eq!(missing_keys(&both).await.unwrap(), []);
    assert_eq!(with_older_keys(&both).await.unwrap(), 4, "two connections, two webhooks");
    for done in rotate(&both).await.unwrap() {
        assert_eq!((done.rotated, done.current, done.unreadable), (2, 0, 0), "{}", done.table);
    }
    for done in rotate(&both).await.unwrap() {
        assert_eq!((done.rotated, done.current), (0, 2), "{}: nothing is left to do", done.table);
    }
    let only_new = open_with(&test, NEW_KEY).await;
    assert_eq!(missing_keys(&only_new).await.unwrap(), []);
    for (workspace, slug) in workspaces.into_iter().zip(["one", "two"]) {
        let read = connections::find_with_secrets(only_new.read(), workspace).await.unwrap().unwrap();
        assert_eq!(read.secrets.access_token.expose_secret(), "00D!access");
        let webhook = settings::webhook(only_new.read(), workspace).await.unwrap().unwrap();
        assert_eq!(webhook.expose_secret(), WEBHOOK);
        let write = only_new.write().await.unwrap();
        let attempt = connections::take_oauth_attempt(&write, workspace, slug, NOW).await.unwrap().unwrap();
        assert_eq!(attempt.code_verifier, "verifier");
    }
}

async fn missing_key_is_named_by_workspace_and_table(test: TestDatabase) {
    fill(&test, "one").await;
    let stranger = open_with(&test, NEW_KEY).await;
    let missing = missing_keys(&stranger).await.unwrap();
    let told: Vec<_> = missing.iter().map(|missing| (missing.workspace.as_str(), missing.table)).collect();
    assert_eq!(told, [("one", "connections"), ("one", "settings")]);
    for done in rotate(&stranger).await.unwrap() {
        assert_eq!((done.rotated, done.unreadable), (0, 1), "{}: left as it was", done.table);
    }
    assert_eq!(missing_keys(&test.database).await.unwrap(), []);
}

#[test]
fn what_an_older_key_signed_is_good_while_it_is_configured() {
    let vault = |keys: &str| Vault::new(&SecretString::from(keys.to_owned())).unwrap();
    let tag = vault(SECRET_KEY).sign("cancel", "a booking");
    assert!(vault(&format!("{NEW_KEY},{SECRET_KEY}")).verify("cancel", "a booking", &tag));
    assert!(!vault(NEW_KEY).verify("cancel", "a booking", &tag));
}

/// Whoever seals in another file has to list the place for the rotation, and then the file here.
#[test]
fn every_file_that_seals_is_known_to_the_rotation() {
    fn search(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                search(&path, found);
            } else if std::fs::read_to_string(&path).unwrap().contains(".seal(") {
                found.push(path.strip_prefix("src").unwrap().display().to_string());
            }
        }
    }
    let mut found = Vec::new();
    search(std::path::Path::new("src"), &mut found);
    found.sort();
    assert_eq!(
        found,
        ["database/key_rotation.rs", "form/drafts.rs", "notification/settings.rs", "org/connections.rs"]
    );
}
