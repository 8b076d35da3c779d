//! A program with an API key.

use crate::api::description::{description, operations, resolve, validator};
use crate::support::Server;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::value::{Language, WorkspaceId};
use serde_json::{Value, json};
use std::sync::LazyLock;
use storage::org_request;
use storage::org_request::{OrgRequest, OrgResponse};
use storage::workspace::api_keys::ApiKey;
use storage::workspace::workspaces::Workspace;
use storage::workspace::{api_keys, workspaces};

static DESCRIPTION: LazyLock<Value> = LazyLock::new(description);

/// A program that calls the API in a language.
pub(crate) struct Caller<'a> {
    pub(crate) server: &'a Server,
    pub(crate) key: String,
    pub(crate) language: &'static str,
}

impl Server {
    /// A program with a key of the server's workspace.
    pub(crate) async fn caller(&self) -> Caller<'_> {
        self.caller_of(self.workspace).await
    }

    /// A program with a key of a workspace.
    pub(crate) async fn caller_of(&self, workspace: WorkspaceId) -> Caller<'_> {
        let now = self.state.clock.now();
        let secret = format!("tsk_{}", storage::ids::new_secret());
        let key = ApiKey::unlimited("test", now);
        let hash = storage::secret::token_hash::of_token(&secret);
        let write = self.state.database.write().await.unwrap();
        api_keys::create(&write, workspace, &key, &hash).await.unwrap();
        write.commit().await.unwrap();
        Caller { server: self, key: secret, language: "en" }
    }

    /// A workspace without anything in it.
    pub(crate) async fn other_workspace(&self) -> WorkspaceId {
        let now = self.state.clock.now();
        let other = Workspace {
            id: storage::ids::new(now),
            slug: "other".to_owned(),
            name: "Other".to_owned(),
            time_zone: "UTC".to_owned(),
            language: Language::English,
        };
        let write = self.state.database.write().await.unwrap();
        workspaces::create(&write, &other, now).await.unwrap();
        write.commit().await.unwrap();
        other.id
    }
}

impl Caller<'_> {
    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        self.send("get", path, None, &[]).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.send("post", path, Some(body.to_string()), &[]).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> (u16, Value) {
        self.send("put", path, Some(body.to_string()), &[]).await
    }

    pub(crate) async fn delete(&self, path: &str) -> (u16, Value) {
        self.send("delete", path, None, &[]).await
    }

    /// Sends a file.
    pub(crate) async fn put_file(&self, path: &str, file: impl Into<Vec<u8>>) -> (u16, Value) {
        self.send_bytes("put", path, Some(file.into()), &[("content-type", "text/csv")]).await
    }

    /// Calls while someone answers for the engine.
    pub(crate) async fn answered(
        &self,
        method: &str,
        path: &str,
        body: &Value,
        answer: impl Fn(&OrgRequest) -> OrgResponse,
    ) -> (u16, Value) {
        let answering = async {
            loop {
                let write = self.server.state.database.write().await.unwrap();
                let lease = std::time::Duration::from_secs(60);
                for (claim, question) in org_request::claim(&write, "worker", lease, 8).await.unwrap() {
                    org_request::complete(&write, claim, &answer(&question)).await.unwrap();
                }
                write.commit().await.unwrap();
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            reply = self.send(method, path, Some(body.to_string()), &[]) => reply,
            () = answering => unreachable!("it goes on until the reply is there"),
        }
    }

    /// Calls, and holds the answer against the description; gives its status and body.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<String>,
        headers: &[(&str, &str)],
    ) -> (u16, Value) {
        self.send_bytes(method, path, body.map(String::into_bytes), headers).await
    }

    async fn send_bytes(
        &self,
        method: &str,
        path: &str,
        body: Option<Vec<u8>>,
        headers: &[(&str, &str)],
    ) -> (u16, Value) {
        let mut request = Request::builder()
            .method(method.to_uppercase().as_str())
            .uri(format!("/api/v1{path}"))
            .header(header::ACCEPT_LANGUAGE, self.language)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.key));
        let is_json = !headers.iter().any(|(name, _)| *name == "content-type");
        if body.is_some() && is_json {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let reply = self.server.send(request.body(body.map_or_else(Body::empty, Body::from)).unwrap()).await;
        let kind = reply.headers.get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap().to_owned());
        let answer =
            if reply.body.is_empty() { Value::Null } else { serde_json::from_str(&reply.body).unwrap() };
        check(method, path, reply.status, kind.as_deref(), &answer);
        (reply.status.as_u16(), answer)
    }
}

/// Fails when an answer is not what the description promises.
fn check(method: &str, path: &str, status: StatusCode, kind: Option<&str>, answer: &Value) {
    let at = format!("{method} {path} {status}: {answer:#}");
    let path = path.split('?').next().unwrap();
    let described = operations(&DESCRIPTION);
    let operation = described.iter().find(|(of, template, _)| of == method && fits(template, path));
    let Some((_, _, operation)) = operation else {
        assert!(status == StatusCode::NOT_FOUND || status == StatusCode::METHOD_NOT_ALLOWED, "{at}");
        return;
    };
    let response = &operation["responses"][status.as_str()];
    assert!(!response.is_null(), "the description promises no such status: {at}");
    let response = resolve(&DESCRIPTION, response);
    if response["content"].is_null() {
        assert_eq!((kind, answer), (None, &Value::Null), "{at}");
        return;
    }
    let content = &response["content"][kind.unwrap()];
    assert!(!content.is_null(), "the description promises no {kind:?}: {at}");
    let validator = validator(&DESCRIPTION, &content["schema"]);
    let errors: Vec<String> =
        validator.iter_errors(answer).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:?}: {at}");
    assert!(method != "get" || status != StatusCode::OK || answer.is_object(), "{at}");
}

/// Whether a path is one of a template, whose last part may have slashes in it.
fn fits(template: &str, path: &str) -> bool {
    if let Some(start) = template.strip_suffix("{path}") {
        return path.starts_with(start) && path.len() > start.len();
    }
    let (parts, wanted) = (path.split('/'), template.split('/'));
    parts.clone().count() == wanted.clone().count()
        && parts.zip(wanted).all(|(part, wanted)| wanted.starts_with('{') || part == wanted)
}

/// The faults of a problem as field and code.
pub(crate) fn faults(problem: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("no errors: {problem:#}"));
    for error in errors {
        let message = text(&error["message"]);
        assert!(!message.is_empty() && !message.starts_with("problem-"), "{error}");
    }
    errors.iter().map(|error| (text(&error["field"]), text(&error["code"]))).collect()
}

/// The same body with one part of it replaced; the part is named by a JSON pointer.
pub(crate) fn with(body: &Value, pointer: &str, value: Value) -> Value {
    let mut body = body.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match body.pointer_mut(parent).unwrap() {
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
        parent => parent[name] = value,
    }
    body
}

#[test]
fn paths_fit_their_templates_only() {
    for (template, path, expected) in [
        ("/bookings", "/bookings", true),
        ("/bookings/{id}", "/bookings/x", true),
        ("/bookings/{id}", "/bookings", false),
        ("/bookings/{id}/cancel", "/bookings/x/cancel", true),
        ("/pages/{path}", "/pages/sales/demo", true),
        ("/pages/{path}", "/pages/", false),
    ] {
        assert_eq!(fits(template, path), expected, "{template} {path}");
    }
    assert_eq!(with(&json!({ "a": [{ "b": 1 }] }), "/a/0/b", json!(2)), json!({ "a": [{ "b": 2 }] }));
}
