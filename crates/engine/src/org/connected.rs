//! The connected org: a client with a good token, renewed once for any number of callers (C7).

use crate::engine::Engine;
use crate::org::disconnect::release;
use crate::org::retry::{FailedCall, NextStep, RetryState};
use domain::value::WorkspaceId;
use salesforce::auth::{ConnectedApp, JwtKey, Token, TokenError};
use salesforce::{ApiVersion, Client};
use secrecy::{ExposeSecret as _, SecretString};
use std::time::Duration;
use storage::org::connections;
use storage::org::connections::{Connection, ConnectionWithSecrets, Flow, Secrets};
use storage::{Read, StorageError};
use url::Url;

/// An org that can be asked.
#[derive(Clone)]
pub(crate) struct Org {
    /// For asking.
    pub(crate) client: Client,
    /// What is known of it.
    pub(crate) connection: Connection,
    /// The token that the client has, for Account Engagement, which answers on another host.
    pub(crate) access_token: SecretString,
    /// Which token that is.
    pub(crate) token_version: i64,
}

/// Why an org can't be asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OrgError {
    /// There is no connection, or not any more.
    #[error("the workspace is not connected")]
    NotConnected,
    /// The token could not be checked; a retry may succeed.
    #[error("a new token could not be had: {0}")]
    Unavailable(String),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// How long one caller waits for another's refresh.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(30);
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// The workspace's org with the stored token.
pub(crate) async fn connected(engine: &Engine, workspace: WorkspaceId) -> Result<Org, OrgError> {
    let connected = find(engine.database.read(), workspace).await?;
    org(engine, connected)
}

async fn find(read: Read<'_>, workspace: WorkspaceId) -> Result<ConnectionWithSecrets, OrgError> {
    connections::find_with_secrets(read, workspace).await?.ok_or(OrgError::NotConnected)
}

fn org(engine: &Engine, connected: ConnectionWithSecrets) -> Result<Org, OrgError> {
    let unusable = |reason: &str| OrgError::Unavailable(reason.to_owned());
    let url =
        Url::parse(&connected.connection.instance_url).map_err(|_| unusable("the instance is no address"))?;
    engine.settings.allowed_hosts.check(&url).map_err(|error| unusable(&error.to_string()))?;
    let access_token = connected.secrets.access_token;
    let client = Client::new(engine.http.clone(), url, access_token.clone(), ApiVersion::default())
        .with_timeout(engine.settings.request_timeout);
    let (connection, token_version) = (connected.connection, connected.token_version);
    Ok(Org { client, connection, access_token, token_version })
}

/// Makes a call, again with a new token when the session has ended. Other errors of the call are the inner result.
pub(crate) async fn with_renewal<T, E, F>(
    engine: &Engine,
    workspace: WorkspaceId,
    org: &mut Org,
    call: impl Fn(Org) -> F,
    session_ended: impl Fn(&E) -> bool,
) -> Result<Result<T, E>, OrgError>
where
    F: Future<Output = Result<T, E>>,
{
    let mut state = RetryState::default();
    loop {
        let answer = call(org.clone()).await;
        let Err(error) = &answer else { return Ok(answer) };
        let failed = if session_ended(error) { FailedCall::SessionEnded } else { FailedCall::Final };
        if state.after(failed) != NextStep::Renew {
            return Ok(answer);
        }
        *org = renewed(engine, workspace, org.token_version).await?;
    }
}

/// The org with a newer token than `seen`: refreshed here or by another worker.
pub(crate) async fn renewed(engine: &Engine, workspace: WorkspaceId, seen: i64) -> Result<Org, OrgError> {
    let until = tokio::time::Instant::now() + REFRESH_TIMEOUT;
    loop {
        let connected = find(engine.database.read(), workspace).await?;
        if connected.token_version > seen {
            return org(engine, connected);
        }
        let write = engine.database.write().await?;
        let mine = connections::begin_refresh(&write, workspace, seen, engine.lease()).await?;
        write.commit().await?;
        if mine {
            return renew(engine, workspace, connected).await;
        }
        if tokio::time::Instant::now() > until {
            return Err(OrgError::Unavailable("another worker's refresh takes too long".to_owned()));
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}

async fn renew(
    engine: &Engine,
    workspace: WorkspaceId,
    connected: ConnectionWithSecrets,
) -> Result<Org, OrgError> {
    let hosts = &engine.settings.allowed_hosts;
    let version = connected.token_version;
    let token = match request(engine, &connected) {
        Ok(request) => request.send(&engine.http, hosts).await,
        Err(error) => Err(error),
    };
    match token {
        Ok(token) => save_token(engine, workspace, connected, token).await,
        Err(error) if error.means_reconnect() => {
            tracing::warn!(%workspace, %error, "Salesforce refuses the stored token; the connection is released");
            release(engine, workspace, version, &error.to_string()).await?;
            Err(OrgError::NotConnected)
        }
        Err(error) => {
            let write = engine.database.write().await?;
            connections::abandon_refresh(&write, workspace, version).await?;
            write.commit().await?;
            Err(OrgError::Unavailable(error.to_string()))
        }
    }
}

fn request(
    engine: &Engine,
    connected: &ConnectionWithSecrets,
) -> Result<salesforce::auth::TokenRequest, TokenError> {
    let ConnectionWithSecrets { connection, secrets, .. } = connected;
    let unusable =
        |reason: &str| TokenError::Refused { error: "stored".to_owned(), description: reason.to_owned() };
    let login_url =
        Url::parse(&connection.login_url).map_err(|_| unusable("the login host is no address"))?;
    let audience = login_url.origin().ascii_serialization();
    let secret = secrets.consumer_secret.expose_secret();
    let client_secret = (!secret.is_empty()).then(|| SecretString::from(secret.to_owned()));
    let app = ConnectedApp { login_url, client_id: connection.consumer_key.clone(), client_secret };
    match connection.flow {
        Flow::WebServer => Ok(app.refresh(&secrets.refresh_token)),
        Flow::ClientCredentials => Ok(app.client_credentials()),
        Flow::JwtBearer => {
            let key =
                JwtKey::from_pem(&secrets.private_key).map_err(|_| unusable("the key can't be read"))?;
            let expires = engine.clock.now().plus_minutes(3).to_jiff();
            app.jwt_bearer(&key, &connection.jwt_username, &audience, expires)
                .map_err(|_| unusable("the key can't sign"))
        }
    }
}

/// The refresh token may have been rotated and the instance may have moved: both are kept again.
async fn save_token(
    engine: &Engine,
    workspace: WorkspaceId,
    connected: ConnectionWithSecrets,
    token: Token,
) -> Result<Org, OrgError> {
    let mut connection = connected.connection;
    connection.instance_url = token.instance_url.as_str().trim_end_matches('/').to_owned();
    let secrets = Secrets {
        access_token: token.access_token,
        refresh_token: token.refresh_token.unwrap_or(connected.secrets.refresh_token),
        consumer_secret: connected.secrets.consumer_secret,
        private_key: connected.secrets.private_key,
    };
    let write = engine.database.write().await?;
    let version = connected.token_version;
    let kept = connections::finish_refresh(&write, workspace, version, &connection, &secrets).await?;
    write.commit().await?;
    if !kept {
        // Someone has connected again while we asked: theirs is the connection now.
        return org(engine, find(engine.database.read(), workspace).await?);
    }
    org(engine, ConnectionWithSecrets { connection, secrets, token_version: version + 1 })
}
