//! Connecting a workspace to its org and disconnecting it (C1–C5, C10).

use crate::actions::org::connection_error::ConnectError;
use crate::state::AppState;
use domain::delivery::SalesforceSettings;
use domain::value::{AccountId, FieldProblem, Step, Timestamp, WorkspaceId};
use salesforce::auth::{Authorization, Callback, ConnectedApp, JwtKey, Token};
use salesforce::soql::{Condition, Select};
use salesforce::{ApiVersion, Client, CompositeRequest, Environment, Subrequest};
use secrecy::{ExposeSecret as _, SecretString};
use storage::delivery::deliveries;
use storage::org::connections::{Connection, Flow, OAuthAttempt, SaveResult, Secrets};
use storage::org::{connections, descriptions};
use storage::org_request::OrgRequest;
use storage::queue::org_lease;
use storage::run::runs;
use storage::workspace::{accounts, audit, settings};
use storage::{StorageError, org_request};
use url::Url;

/// What an admin types to connect.
#[derive(Clone, Debug, Default)]
pub struct ConnectRequest {
    /// `production`, `sandbox`, or a My Domain address.
    pub environment: String,
    /// コンシューマ鍵
    pub consumer_key: String,
    /// コンシューマの秘密
    pub consumer_secret: SecretString,
    /// For JWT: the user.
    pub username: String,
    /// For JWT: the private key, PEM.
    pub private_key: SecretString,
    /// Account Engagement is wanted too, which needs a scope of its own; for the web server flow.
    pub engagement: bool,
    /// Who connects, for the audit log.
    pub actor: String,
}

/// The scopes that are asked for (C2).
pub const SCOPES: [&str; 2] = ["api", "refresh_token"];
/// The scope that is asked for as well when Account Engagement is wanted (C2).
pub const ENGAGEMENT_SCOPE: &str = "pardot_api";
const ATTEMPT_MINUTES: i64 = 30;

/// The address that has to be registered as the app's callback (C2).
pub fn callback_url(state: &AppState) -> String {
    format!("{}/console/connection/callback", state.settings.public_url.as_str().trim_end_matches('/'))
}

/// Begins the web server flow and gives the address of Salesforce's login page (C1).
pub async fn begin(
    state: &AppState,
    workspace: WorkspaceId,
    account: AccountId,
    request: &ConnectRequest,
) -> Result<Url, ConnectError> {
    let (environment, app) = check(state, request, Flow::WebServer).map_err(ConnectError::Invalid)?;
    let now = state.clock.now();
    let write = state.database.write().await?;
    if connections::is_key_in_use(&write, workspace, &app.client_id).await? {
        return Err(ConnectError::KeyInUse);
    }
    let attempt = OAuthAttempt {
        account,
        environment: name(&environment),
        consumer_key: app.client_id.clone(),
        consumer_secret: request.consumer_secret.expose_secret().trim().to_owned(),
        code_verifier: storage::ids::new_secret(),
    };
    let state_token = storage::ids::new_secret();
    connections::begin_oauth_attempt(&write, workspace, &state_token, &attempt, now).await?;
    write.commit().await?;
    let mut scopes = SCOPES.to_vec();
    // Requested only on demand: an app without this scope rejects the whole login.
    scopes.extend(request.engagement.then_some(ENGAGEMENT_SCOPE));
    Ok(app.authorize_url(&Authorization {
        redirect_uri: &callback_url(state),
        state: &state_token,
        verifier: &SecretString::from(attempt.code_verifier),
        scopes: &scopes,
        prompt: None,
    }))
}

/// Finishes the web server flow with the callback's query string (C1).
pub async fn finish(
    state: &AppState,
    workspace: WorkspaceId,
    account: AccountId,
    query: &str,
) -> Result<Connection, ConnectError> {
    let returned = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "state");
    let returned = returned.map(|(_, value)| value.into_owned()).ok_or(ConnectError::StateMismatch)?;
    let oldest = state.clock.now().plus_minutes(-ATTEMPT_MINUTES);
    let write = state.database.write().await?;
    let attempt = connections::take_oauth_attempt(&write, workspace, &returned, oldest).await?;
    write.commit().await?;
    let attempt = attempt.filter(|attempt| attempt.account == account).ok_or(ConnectError::StateMismatch)?;
    let callback = Callback::from_query(query)?;
    let request = ConnectRequest {
        environment: attempt.environment,
        consumer_key: attempt.consumer_key,
        consumer_secret: SecretString::from(attempt.consumer_secret),
        actor: accounts::find(&state.database.read(), workspace, account)
            .await?
            .map(|account| account.email.to_string())
            .unwrap_or_default(),
        ..ConnectRequest::default()
    };
    let (environment, app) = check(state, &request, Flow::WebServer).map_err(ConnectError::Invalid)?;
    let verifier = SecretString::from(attempt.code_verifier);
    let token = app
        .exchange_code(&callback.code, &callback_url(state), &verifier)
        .send(&state.http, &state.settings.allowed_hosts)
        .await?;
    establish(state, workspace, Flow::WebServer, &environment, &request, token).await
}

/// Connects without a browser (C10).
pub async fn connect_headless(
    state: &AppState,
    workspace: WorkspaceId,
    flow: Flow,
    request: &ConnectRequest,
) -> Result<Connection, ConnectError> {
    let (environment, app) = check(state, request, flow).map_err(ConnectError::Invalid)?;
    if connections::is_key_in_use(&state.database.read(), workspace, &app.client_id).await? {
        return Err(ConnectError::KeyInUse);
    }
    let token_request = match flow {
        Flow::JwtBearer => {
            let invalid =
                || ConnectError::Invalid(vec![FieldProblem::new("private_key", "not-a-private-key")]);
            let key = JwtKey::from_pem(&request.private_key).map_err(|_| invalid())?;
            let expires = state.clock.now().plus_minutes(3).to_jiff();
            app.jwt_bearer(&key, &request.username, &environment.audience(), expires)
                .map_err(|_| invalid())?
        }
        Flow::ClientCredentials | Flow::WebServer => app.client_credentials(),
    };
    let token = token_request.send(&state.http, &state.settings.allowed_hosts).await?;
    establish(state, workspace, flow, &environment, request, token).await
}

/// Revokes the token at Salesforce, deletes the credentials and stops what runs by itself (C5).
///
/// The console's settings of ToDo and campaign go too; everything else is kept for the next connection.
pub async fn disconnect(state: &AppState, workspace: WorkspaceId, actor: &str) -> Result<bool, StorageError> {
    let Some(connected) = connections::find_with_secrets(state.database.read(), workspace).await? else {
        return Ok(false);
    };
    let now = state.clock.now();
    let write = state.database.write().await?;
    org_lease::close(&write, workspace).await?;
    connections::remove(&write, workspace).await?;
    deliveries::hold_all(&write, workspace, now).await?;
    runs::stop_all(&write, workspace, &Step::new("run-disconnected"), now).await?;
    settings::forget::<SalesforceSettings>(&write, workspace).await?;
    audit::record(&write, workspace, actor, &Step::new("disconnected"), now).await?;
    write.commit().await?;
    let secrets = &connected.secrets;
    let token = if secrets.refresh_token.expose_secret().is_empty() {
        &secrets.access_token
    } else {
        &secrets.refresh_token
    };
    // The credentials are gone here already; a token that can't be revoked now dies by the org's policy.
    if let Ok(login) = Url::parse(&connected.connection.login_url)
        && let Err(error) =
            salesforce::auth::revoke(&state.http, &state.settings.allowed_hosts, &login, token).await
    {
        tracing::warn!(%workspace, %error, "the token could not be revoked at Salesforce");
    }
    Ok(true)
}

fn name(environment: &Environment) -> String {
    match environment {
        Environment::Production => "production".to_owned(),
        Environment::Sandbox => "sandbox".to_owned(),
        Environment::MyDomain(url) => url.as_str().trim_end_matches('/').to_owned(),
    }
}

fn check(
    state: &AppState,
    request: &ConnectRequest,
    flow: Flow,
) -> Result<(Environment, ConnectedApp), Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let key = request.consumer_key.trim();
    if key.is_empty() || key.len() > 512 {
        problems.push(
            FieldProblem::new("consumer_key", if key.is_empty() { "required" } else { "too-long" })
                .with("max", 512),
        );
    }
    let secret = request.consumer_secret.expose_secret().trim().to_owned();
    if flow != Flow::JwtBearer && secret.is_empty() {
        problems.push(FieldProblem::new("consumer_secret", "required"));
    }
    if secret.len() > 512 {
        problems.push(FieldProblem::new("consumer_secret", "too-long").with("max", 512));
    }
    if flow == Flow::JwtBearer && request.username.trim().is_empty() {
        problems.push(FieldProblem::new("username", "required"));
    }
    let environment = match request.environment.trim() {
        "" | "production" => Some(Environment::Production),
        "sandbox" => Some(Environment::Sandbox),
        typed => state.settings.allowed_hosts.read(typed).ok().map(Environment::MyDomain),
    };
    if environment.is_none() {
        problems.push(FieldProblem::new("environment", "not-a-salesforce-host"));
    }
    match environment {
        Some(environment) if problems.is_empty() => {
            let client_secret = (!secret.is_empty()).then(|| SecretString::from(secret));
            let app =
                ConnectedApp { login_url: environment.login_url(), client_id: key.to_owned(), client_secret };
            Ok((environment, app))
        }
        _ => Err(problems),
    }
}

/// Finds out whose token it is, keeps it, and lets everything that waited go on (C6).
async fn establish(
    state: &AppState,
    workspace: WorkspaceId,
    flow: Flow,
    environment: &Environment,
    request: &ConnectRequest,
    token: Token,
) -> Result<Connection, ConnectError> {
    check_scopes(flow, &token)?;
    let client = Client::new(
        state.http.clone(),
        token.instance_url.clone(),
        token.access_token.clone(),
        ApiVersion::default(),
    );
    let about = who(&client, &token).await?;
    let now = state.clock.now();
    let connection = Connection {
        flow,
        environment: name(environment),
        login_url: environment.login_url().to_string(),
        consumer_key: request.consumer_key.trim().to_owned(),
        jwt_username: request.username.trim().to_owned(),
        instance_url: token.instance_url.as_str().trim_end_matches('/').to_owned(),
        org_id: token.id.organization.to_string(),
        org_name: about.org_name,
        user_id: token.id.user.to_string(),
        username: about.username,
        scopes: token.scope.split_whitespace().map(str::to_owned).collect(),
        connected_at: now,
        api_usage: None,
    };
    let secrets = Secrets {
        consumer_secret: SecretString::from(request.consumer_secret.expose_secret().trim().to_owned()),
        private_key: request.private_key.clone(),
        access_token: token.access_token,
        refresh_token: token.refresh_token.unwrap_or_default(),
    };
    save(state, workspace, &request.actor, &connection, &secrets, now).await?;
    state.database.wake_worker();
    Ok(connection)
}

struct OrgIdentity {
    org_name: String,
    username: String,
}

/// The names behind a token's ids, in one call, which also shows that the API may be used.
async fn who(client: &Client, token: &Token) -> Result<OrgIdentity, salesforce::Error> {
    let mut request = CompositeRequest::new();
    let user = Condition::equals("Id", token.id.user.as_str());
    for (name, select) in [
        ("organization", Select::from("Organization").fields(["Id", "Name"])),
        ("user", Select::from("User").fields(["Id", "Username"]).filter(user)),
    ] {
        request.push(name, Subrequest::query(&select.build()?))?;
    }
    let answer = client.composite(&request).await?.value;
    let text = |name: &str, field: &str| {
        let page = answer.get(name)?.query_page()?;
        Ok::<_, salesforce::Error>(
            page.records.first().and_then(|row| row.text(field)).unwrap_or_default().to_owned(),
        )
    };
    Ok(OrgIdentity { org_name: text("organization", "Name")?, username: text("user", "Username")? })
}

async fn save(
    state: &AppState,
    workspace: WorkspaceId,
    actor: &str,
    connection: &Connection,
    secrets: &Secrets,
    now: Timestamp,
) -> Result<(), ConnectError> {
    let write = state.database.write().await?;
    // The lane first, as the worker does: two that take both in different order wait for each other.
    org_lease::open(&write, workspace, now).await?;
    if connections::save(&write, workspace, connection, secrets).await? == SaveResult::KeyInUse {
        return Err(ConnectError::KeyInUse);
    }
    descriptions::forget(&write, workspace).await?;
    deliveries::resume_all(&write, workspace, now).await?;
    org_request::enqueue(&write, workspace, &OrgRequest::Preflight, now).await?;
    let step = Step::new("connected").with("org", &connection.org_name).with("user", &connection.username);
    audit::record(&write, workspace, actor, &step, now).await?;
    Ok(write.commit().await?)
}

fn check_scopes(flow: Flow, token: &Token) -> Result<(), ConnectError> {
    // Some flows don't say what was granted; the first call tells then.
    if !token.scope.is_empty() && !token.has_scope("api") && !token.has_scope("full") {
        return Err(ConnectError::MissingScope("api"));
    }
    if flow == Flow::WebServer && token.refresh_token.is_none() {
        return Err(ConnectError::MissingScope("refresh_token"));
    }
    Ok(())
}
