//! A website that carries the tag of the server's workspace.

use crate::support::{Reply, Server};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use domain::engagement::{EngagementLists, ListRule};
use domain::tag::Tag;
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use storage::engagement::members;
use storage::engagement::members::{EngagementSnapshot, SnapshotList, SnapshotLists};
use storage::tag::keys;
use storage::workspace::settings;

pub(crate) const ORIGIN: &str = "https://www.example.co.jp";

/// A page of a website in a browser.
pub(crate) struct Website<'a> {
    pub(crate) server: &'a Server,
    pub(crate) key: String,
    pub(crate) origin: &'static str,
    pub(crate) token: String,
    /// The visitor's address on the net.
    pub(crate) address: IpAddr,
}

const UNIT: &str = "0Uv5g0000008OVCCA2";

impl Server {
    /// The same server some minutes later.
    pub(crate) fn pass_minutes(&mut self, minutes: i64) {
        let clock = self.state.clock;
        let passed = clock.wall().seconds() - storage::Clock::default().wall().seconds();
        self.change_clock(clock.with_offset(passed + minutes * 60));
    }

    /// Turns the lists and their tag on: one list, whose members get `/b/sales/demo`.
    pub(crate) async fn turn_lists_on(&self, emails: &[String]) {
        let now = self.state.clock.now();
        let rule = ListRule {
            list: "スコア上位".to_owned(),
            list_id: Some(8),
            team: self.page.team,
            meeting_type: self.page.id,
        };
        let lists = EngagementLists {
            enabled: true,
            business_unit_id: UNIT.to_owned(),
            rules: vec![rule],
            ..EngagementLists::default()
        };
        let write = self.state.database.write().await.unwrap();
        settings::save(&write, self.workspace, &lists, now).await.unwrap();
        assert!(keys::switch_on(&write, self.workspace, Tag::List).await.unwrap());
        members::stage(&write, self.workspace, 1, 8, emails).await.unwrap();
        let list = SnapshotList { id: 8, name: "スコア上位".to_owned(), members: 1 };
        let body = SnapshotLists { business_unit_id: UNIT.to_owned(), lists: vec![list] };
        let snapshot = EngagementSnapshot { generation: 1, body, refreshed_at: now };
        members::publish(&write, self.workspace, &snapshot).await.unwrap();
        write.commit().await.unwrap();
    }

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
        let address = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9));
        let mut website =
            Website { server: self, key: key.to_owned(), origin, token: String::new(), address };
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
            .header(header::CONTENT_TYPE, "text/plain;charset=UTF-8")
            // As browsers do. Without it the server sets the longest body's memory aside for each.
            .header(header::CONTENT_LENGTH, body.len())
            .extension(ConnectInfo(SocketAddr::new(self.address, 40_000)));
        self.server.send(request.body(Body::from(body)).unwrap()).await
    }

    /// What a visitor is offered on a page, `seconds` after the visit began.
    pub(crate) async fn visit(&self, visitor: &str, path: &str, seconds: u32) -> Value {
        let body = json!({
            "visitor": attempt_id(visitor),
            "token": self.token,
            "url": format!("{}{path}", self.origin),
            "session": "s",
            "seconds": seconds,
            "language": "en",
        });
        let (status, answer) = self.post("visits", &body).await;
        assert_eq!(status, 200);
        answer["then"].clone()
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

/// A report with a visitor's ID.
pub(crate) fn by(visitor: &str, mut report: Value) -> Value {
    report["visitor"] = json!(attempt_id(visitor));
    report
}

/// 22 characters, as the tag makes them.
pub(crate) fn attempt_id(name: &str) -> String {
    format!("{name:_<22}")
}
