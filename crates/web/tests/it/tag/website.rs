//! A website that carries the tag of the server's workspace.

use crate::support::{Reply, Server};
use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};

pub(crate) const ORIGIN: &str = "https://www.example.co.jp";

/// A page of a website in a browser.
pub(crate) struct Website<'a> {
    pub(crate) server: &'a Server,
    pub(crate) key: String,
    pub(crate) origin: &'static str,
    pub(crate) token: String,
}

impl Server {
    /// Saves settings of the tag, over the usual ones.
    pub(crate) async fn save_tag(&self, changes: &Value) -> Value {
        let caller = self.caller().await;
        let (_, mut body) = caller.get("/tag").await;
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        let (status, saved) = caller.put("/tag", &body).await;
        assert_eq!(status, 200, "{saved}");
        saved
    }

    /// A page of an allowed website, with its configuration.
    pub(crate) async fn website(&self) -> Website<'_> {
        let saved = self.save_tag(&json!({ "origins": [ORIGIN] })).await;
        self.website_at(saved["key"].as_str().unwrap(), ORIGIN).await
    }

    /// A page of any website.
    pub(crate) async fn website_at(&self, key: &str, origin: &'static str) -> Website<'_> {
        let mut website = Website { server: self, key: key.to_owned(), origin, token: String::new() };
        let (_, config) = website.config("/contact").await;
        website.token = config["token"].as_str().unwrap().to_owned();
        website
    }
}

impl Website<'_> {
    pub(crate) async fn config(&self, path: &str) -> (Reply, Value) {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("path", path).finish();
        let request =
            Request::get(format!("/site/{}/config?{query}", self.key)).header(header::ORIGIN, self.origin);
        let reply = self.server.send(request.body(Body::empty()).unwrap()).await;
        let body = serde_json::from_str(&reply.body).unwrap();
        (reply, body)
    }

    pub(crate) async fn post(&self, what: &str, body: &Value) -> (u16, Value) {
        let reply = self.send(what, body.to_string()).await;
        (reply.status.as_u16(), serde_json::from_str(&reply.body).unwrap())
    }

    pub(crate) async fn send(&self, what: &str, body: String) -> Reply {
        let request = Request::post(format!("/site/{}/{what}", self.key))
            .header(header::ORIGIN, self.origin)
            .header(header::CONTENT_TYPE, "text/plain;charset=UTF-8");
        self.server.send(request.body(Body::from(body)).unwrap()).await
    }

    /// A report of an attempt on `/contact`.
    pub(crate) fn report(&self, attempt: &str, grade: &str, email: &str) -> Value {
        json!({
            "id": attempt_id(attempt),
            "token": self.token,
            "grade": grade,
            "evidence": ["submit"],
            "url": format!("{}/contact?utm_source=mail&secret=x#top", self.origin),
            "referrer": "https://search.example/?q=private",
            "form": { "name": "contact", "path": "/contact", "fields": [
                { "name": "your-email", "label": "メール", "type": "email", "as": "email", "filled": true },
                { "name": "your-name", "label": "お名前", "type": "text", "as": "name", "filled": true },
            ] },
            "values": { "email": email, "name": "山田　太郎" },
            "language": "ja",
        })
    }
}

/// 22 characters, as the tag makes them.
pub(crate) fn attempt_id(name: &str) -> String {
    format!("{name:_<22}")
}
