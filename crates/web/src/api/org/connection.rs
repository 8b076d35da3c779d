//! `/salesforce/connection`: show, connect without a browser, disconnect (C5, C10).

use crate::actions::org::connection;
use crate::actions::org::connection::ConnectRequest;
use crate::actions::org::connection_error::ConnectError;
use crate::api::refusals::{InvalidBody, NoConnection, Refused};
use crate::api::value::{FlowWord, Time};
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::value::FieldProblem;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use storage::org::connections;
use storage::org::connections::{Connection, Flow};

/// How to connect.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConnection {
    /// `client_credentials` or `jwt_bearer`.
    flow: String,
    /// `production`, `sandbox` or a My Domain address; production by default.
    #[serde(default)]
    environment: String,
    /// The consumer key of the connected app.
    consumer_key: String,
    /// The consumer secret; for client credentials.
    #[serde(default)]
    consumer_secret: String,
    /// The user; for JWT bearer.
    #[serde(default)]
    username: String,
    /// The private key as PEM; for JWT bearer.
    #[serde(default)]
    private_key: String,
}

/// The connection to the org, or that there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
#[schema(as = Connection)]
pub enum ConnectionResponse {
    /// An org is connected.
    Connected(Box<ConnectedOrg>),
    /// No org is connected.
    NotConnected(NotConnected),
}

/// The word for a connected org.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConnectedState {
    /// An org is connected.
    Connected,
}

/// The word for no connected org.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotConnectedState {
    /// No org is connected.
    NotConnected,
}

/// No org is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NotConnected {
    /// That there is none.
    state: NotConnectedState,
}

/// The connected org.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ConnectedOrg {
    /// That there is one.
    state: ConnectedState,
    /// How the connection gets its tokens.
    flow: FlowWord,
    /// `production`, `sandbox` or a My Domain address.
    #[schema(example = "production")]
    environment: String,
    /// The address of the org.
    #[schema(example = "https://demo.my.salesforce.com")]
    instance_url: String,
    /// The ID of the org, 18 characters.
    #[schema(example = "00D000000000001AAA")]
    org_id: String,
    /// The name of the org.
    #[schema(example = "株式会社サンプル")]
    org_name: String,
    /// The ID of the connected user.
    #[schema(example = "005000000000001AAA")]
    user_id: String,
    /// The name with which the connected user signs in.
    #[schema(example = "admin@sample.example")]
    username: String,
    /// The scopes that were granted.
    #[schema(example = json!(["api", "refresh_token"]))]
    scopes: Vec<String>,
    /// When it was connected.
    connected_at: Time,
    /// The API calls of the last 24 hours, as the org last reported them; null before the first call.
    api_usage: Option<UsageResponse>,
}

/// API calls of the org.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = ApiUsage)]
pub struct UsageResponse {
    /// Calls in the last 24 hours.
    #[schema(example = 1200)]
    used: i64,
    /// Calls that are allowed in 24 hours.
    #[schema(example = 15000)]
    allowed: i64,
    /// When the org reported this.
    at: Time,
}

const NOT_CONNECTED: ConnectionResponse =
    ConnectionResponse::NotConnected(NotConnected { state: NotConnectedState::NotConnected });

impl From<&Connection> for ConnectionResponse {
    fn from(connection: &Connection) -> Self {
        Self::Connected(Box::new(ConnectedOrg {
            state: ConnectedState::Connected,
            flow: connection.flow.into(),
            environment: connection.environment.clone(),
            instance_url: connection.instance_url.clone(),
            org_id: connection.org_id.clone(),
            org_name: connection.org_name.clone(),
            user_id: connection.user_id.clone(),
            username: connection.username.clone(),
            scopes: connection.scopes.clone(),
            connected_at: connection.connected_at.into(),
            api_usage: connection.api_usage.map(|usage| UsageResponse {
                used: usage.used,
                allowed: usage.allowed,
                at: usage.at.into(),
            }),
        }))
    }
}

/// The connection, or that there is none.
#[utoipa::path(
    get, path = "/salesforce/connection", tag = "salesforce", operation_id = "show_connection",
    responses((status = 200, description = "The connection, or that there is none", body = ConnectionResponse), Refused),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<ConnectionResponse>, Problem> {
    let found = connections::find(&state.database.read(), caller.workspace).await?;
    Ok(Json(found.as_ref().map_or(NOT_CONNECTED, ConnectionResponse::from)))
}

/// Connects by client credentials or JWT bearer.
#[utoipa::path(
    post, path = "/salesforce/connection", tag = "salesforce", operation_id = "connect", request_body = NewConnection,
    responses((status = 201, description = "The connection", body = ConnectionResponse), Refused, InvalidBody, NoConnection),
)]
pub async fn connect(
    State(state): State<AppState>,
    caller: Caller,
    Body(new): Body<NewConnection>,
) -> Result<(StatusCode, Json<ConnectionResponse>), Problem> {
    let flow = match new.flow.as_str() {
        "client_credentials" => Flow::ClientCredentials,
        "jwt_bearer" => Flow::JwtBearer,
        _ => {
            let unknown = FieldProblem::new("flow", "unknown-flow").with("value", &new.flow);
            return Err(Problem::invalid_field(unknown));
        }
    };
    let request = ConnectRequest {
        environment: new.environment,
        consumer_key: new.consumer_key,
        consumer_secret: SecretString::from(new.consumer_secret),
        username: new.username,
        private_key: SecretString::from(new.private_key),
        // Without a login page the app's own scopes apply.
        engagement: false,
        actor: caller.actor.clone(),
    };
    match connection::connect_headless(&state, caller.workspace, flow, &request).await {
        Ok(connection) => Ok((StatusCode::CREATED, Json(ConnectionResponse::from(&connection)))),
        Err(ConnectError::Invalid(faults)) => Err(Problem::invalid(faults)),
        Err(ConnectError::Storage(error)) => Err(Problem::from(error)),
        Err(error) => {
            tracing::info!(%error, "connecting to Salesforce failed");
            let status = match error.code() {
                "key-in-use" => StatusCode::CONFLICT,
                "unavailable" | "org-unavailable" => StatusCode::BAD_GATEWAY,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            Err(Problem::connecting(status, error.code()))
        }
    }
}

/// Disconnects; succeeds without a connection too.
#[utoipa::path(
    delete, path = "/salesforce/connection", tag = "salesforce", operation_id = "disconnect",
    responses((status = 204, description = "Disconnected"), Refused),
)]
pub async fn disconnect(State(state): State<AppState>, caller: Caller) -> Result<StatusCode, Problem> {
    let done = connection::disconnect(&state, caller.workspace, &caller.actor).await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}
