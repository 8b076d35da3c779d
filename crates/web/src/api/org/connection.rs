//! `/salesforce/connection`: show, connect without a browser, disconnect (C5, C10).

use crate::actions::org::connection;
use crate::actions::org::connection::ConnectRequest;
use crate::actions::org::connection_error::ConnectError;
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::value::FieldProblem;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};
use storage::org::connections;
use storage::org::connections::{Connection, Flow};

/// How to connect.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConnection {
    flow: String,
    #[serde(default)]
    environment: String,
    consumer_key: String,
    #[serde(default)]
    consumer_secret: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    private_key: String,
}

fn shown(connection: &Connection) -> Value {
    json!({
        "state": "connected",
        "flow": connection.flow,
        "environment": connection.environment,
        "instance_url": connection.instance_url,
        "org_id": connection.org_id,
        "org_name": connection.org_name,
        "user_id": connection.user_id,
        "username": connection.username,
        "scopes": connection.scopes,
        "connected_at": connection.connected_at,
        "api_usage": connection.api_usage.map(|usage| json!({ "used": usage.used, "allowed": usage.allowed, "at": usage.at })),
    })
}

/// The connection, or that there is none.
#[utoipa::path(get, path = "/salesforce/connection", tag = "salesforce", responses((status = 200, description = "The connection, or that there is none"), (status = 401, description = "The API key is not valid")))]
pub async fn show(State(state): State<AppState>, caller: Caller) -> Result<Json<Value>, Problem> {
    let found = connections::find(&state.database.read(), caller.workspace).await;
    let found = found?;
    Ok(Json(found.as_ref().map_or_else(|| json!({ "state": "not_connected" }), shown)))
}

/// Connects by client credentials or JWT bearer.
#[utoipa::path(post, path = "/salesforce/connection", tag = "salesforce", request_body = NewConnection, responses((status = 201, description = "The connection"), (status = 409, description = "Another workspace uses the consumer key"), (status = 422, description = "Salesforce or this server rejected the connection; the detail says why"), (status = 502, description = "Could not reach Salesforce"), (status = 401, description = "The API key is not valid")))]
pub async fn connect(
    State(state): State<AppState>,
    caller: Caller,
    Body(new): Body<NewConnection>,
) -> Result<(StatusCode, Json<Value>), Problem> {
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
        actor: "api".to_owned(),
    };
    match connection::connect_headless(&state, caller.workspace, flow, &request).await {
        Ok(connection) => Ok((StatusCode::CREATED, Json(shown(&connection)))),
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
#[utoipa::path(delete, path = "/salesforce/connection", tag = "salesforce", responses((status = 204, description = "Disconnected"), (status = 401, description = "The API key is not valid")))]
pub async fn disconnect(State(state): State<AppState>, caller: Caller) -> Result<StatusCode, Problem> {
    let done = connection::disconnect(&state, caller.workspace, "api").await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}
