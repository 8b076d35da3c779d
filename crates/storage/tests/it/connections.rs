//! Secrets are encrypted, keys rotate, tokens are refreshed once, attempts are used once.

use crate::support::{LEASE, NOW, OVER, workspace};
use secrecy::{ExposeSecret as _, SecretString};
use storage::Vault;
use storage::org::connections;
use storage::org::connections::{Connection, Flow, OAuthAttempt, SaveResult, Secrets};
use storage::testing::TestDatabase;

mod both {
    crate::on_both!(
        secrets_are_encrypted_and_rotated,
        consumer_key_belongs_to_one_workspace,
        token_is_refreshed_once,
        oauth_attempt_is_used_once
    );
}

pub(crate) fn connection(key: &str) -> Connection {
    Connection {
        flow: Flow::WebServer,
        environment: "production".to_owned(),
        login_url: "https://login.salesforce.com".to_owned(),
        consumer_key: key.to_owned(),
        jwt_username: String::new(),
        instance_url: "https://example.my.salesforce.com".to_owned(),
        org_id: "00D000000000001AAA".to_owned(),
        org_name: "継手".to_owned(),
        user_id: "005000000000001AAA".to_owned(),
        username: "admin@example.com".to_owned(),
        scopes: vec!["api".to_owned()],
        connected_at: NOW,
        api_usage: None,
    }
}

pub(crate) fn secrets() -> Secrets {
    let secret = |text: &str| SecretString::from(text.to_owned());
    Secrets {
        consumer_secret: secret("consumer-secret"),
        private_key: secret(""),
        access_token: secret("00D!access"),
        refresh_token: secret("5Aep-refresh"),
    }
}

async fn connect(test: &TestDatabase, workspace: domain::value::WorkspaceId, key: &str) -> SaveResult {
    let write = test.database.write().await.unwrap();
    let saved = connections::save(&write, workspace, &connection(key), &secrets()).await.unwrap();
    write.commit().await.unwrap();
    saved
}

async fn secrets_are_encrypted_and_rotated(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    assert_eq!(connect(&test, workspace, "key").await, SaveResult::Yes);
    let stored = connections::find_with_secrets(test.database.read(), workspace).await.unwrap().unwrap();
    assert_eq!(stored.secrets.refresh_token.expose_secret(), "5Aep-refresh");
    assert!(!format!("{stored:?}").contains("5Aep-refresh"), "secrets don't print");

    let rotated = Vault::new(&SecretString::from(format!(
        "the new key: forty characters of it more or less,{}",
        storage::testing::SECRET_KEY
    )))
    .unwrap();
    let database = storage::Database::open(&test.address, rotated).await.unwrap();
    let read = connections::find_with_secrets(database.read(), workspace).await.unwrap().unwrap();
    assert_eq!(read.secrets.access_token.expose_secret(), "00D!access");

    let stranger = Vault::new(&SecretString::from("quite another key that has forty characters.")).unwrap();
    let database = storage::Database::open(&test.address, stranger).await.unwrap();
    let refused = connections::find_with_secrets(database.read(), workspace).await;
    assert!(matches!(refused, Err(storage::StorageError::Secret)), "{refused:?}");
}

async fn consumer_key_belongs_to_one_workspace(test: TestDatabase) {
    let mine = workspace(&test.database, "mine").await;
    let other = workspace(&test.database, "other").await;
    assert_eq!(connect(&test, mine, "key").await, SaveResult::Yes);
    assert_eq!(connect(&test, mine, "key").await, SaveResult::Yes, "connecting again is allowed");
    assert_eq!(connect(&test, other, "key").await, SaveResult::KeyInUse);
}

async fn token_is_refreshed_once(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    connect(&test, workspace, "key").await;
    let seen = connections::find_with_secrets(test.database.read(), workspace).await.unwrap().unwrap();
    let begin = async |version: i64, lease: std::time::Duration| {
        let write = test.database.write().await.unwrap();
        let begun = connections::begin_refresh(&write, workspace, version, lease).await.unwrap();
        write.commit().await.unwrap();
        begun
    };
    assert!(begin(seen.token_version, OVER).await);
    assert!(begin(seen.token_version, LEASE).await, "the first one has died");
    assert!(!begin(seen.token_version, LEASE).await, "another one is at it");
    let write = test.database.write().await.unwrap();
    let version = seen.token_version;
    let kept = connections::finish_refresh(&write, workspace, version, &seen.connection, &seen.secrets).await;
    assert!(kept.unwrap());
    let late = connections::finish_refresh(&write, workspace, version, &seen.connection, &seen.secrets).await;
    assert!(!late.unwrap(), "an older refresh must not undo a newer token");
    assert!(!connections::remove_refused(&write, workspace, version).await.unwrap(), "nor delete it");
    write.commit().await.unwrap();
    assert!(!begin(seen.token_version, LEASE).await, "the token is newer than the one that failed");
    assert!(begin(seen.token_version + 1, LEASE).await);
}

async fn oauth_attempt_is_used_once(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let attempt = OAuthAttempt {
        account: storage::ids::new(NOW),
        environment: "sandbox".to_owned(),
        consumer_key: "key".to_owned(),
        consumer_secret: "secret".to_owned(),
        code_verifier: "verifier".to_owned(),
    };
    let write = test.database.write().await.unwrap();
    connections::begin_oauth_attempt(&write, workspace, "state-1", &attempt, NOW).await.unwrap();
    connections::begin_oauth_attempt(&write, workspace, "state-2", &attempt, NOW).await.unwrap();
    let taken = connections::take_oauth_attempt(&write, workspace, "state-1", NOW).await.unwrap().unwrap();
    assert_eq!(taken.code_verifier, "verifier");
    assert!(connections::take_oauth_attempt(&write, workspace, "state-1", NOW).await.unwrap().is_none());
    let too_late = NOW.plus_seconds(1);
    assert!(connections::take_oauth_attempt(&write, workspace, "state-2", too_late).await.unwrap().is_none());
    write.commit().await.unwrap();
}
