//! A server with a team, a page and people, without a socket.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use domain::booking::{Attendance, BookingPage, Hours, PageSalesforce};
use domain::form::{FieldKind, FormField};
use domain::value::{EmailAddress, Language, Timestamp, WorkspaceId};
use salesforce::AllowedHosts;
use std::sync::Arc;
use storage::Clock;
use storage::booking::pages;
use storage::testing::{Kind, TestDatabase, open};
use storage::workspace::workspaces::Workspace;
use storage::workspace::{teams, workspaces};
use tower::ServiceExt as _;
use web::{AppState, WebSettings};

/// A server that was set up for a test.
pub(crate) struct Server {
    pub(crate) state: AppState,
    pub(crate) workspace: WorkspaceId,
    pub(crate) page: BookingPage,
    router: Router,
    _database: TestDatabase,
}

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    /// Where a redirect leads.
    pub(crate) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default()
    }

    /// The value of an input of the page.
    pub(crate) fn input(&self, name: &str) -> String {
        let start = self.body.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no input {name}"));
        let rest = &self.body[start..];
        let value = rest.split("value=\"").nth(1).unwrap_or_default();
        value.split('"').next().unwrap_or_default().to_owned()
    }
}

pub(crate) fn field(key: &str, kind: FieldKind, required: bool, options: &[&str]) -> FormField {
    FormField {
        key: key.to_owned(),
        label: format!("質問 {key}"),
        label_en: Some(format!("Question {key}")),
        kind,
        required,
        options: options.iter().map(|&option| option.to_owned()).collect(),
        ..FormField::default()
    }
}

impl Server {
    /// A server with the team `sales`, two members, and the page `/b/sales/demo` that asks every kind of question.
    pub(crate) async fn start() -> Self {
        Self::start_on(Kind::Sqlite).await
    }

    /// The same on a database of a kind.
    pub(crate) async fn start_on(kind: Kind) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let database = open(kind).await;
        let clock = Clock::default();
        let now = clock.now();
        let settings = WebSettings {
            public_url: "http://localhost:8080".parse().unwrap(),
            trusted_proxies: web::TrustedProxies::default(),
            frame_origins: vec!["https://www.demo.example".to_owned()],
            egress_ips: vec!["203.0.113.7".to_owned()],
            allowed_hosts: AllowedHosts::default(),
            webhook_origins: Vec::new(),
            mail_from: None,
            demo_org: None,
        };
        let state = AppState {
            database: database.database.clone(),
            clock,
            http: reqwest::Client::new(),
            settings: Arc::new(settings),
        };
        let (workspace, page) = seed(&state, now).await;
        let router = web::router(state.clone());
        Self { state, workspace, page, router, _database: database }
    }

    /// The same server with another clock.
    pub(crate) fn change_clock(&mut self, clock: Clock) {
        self.state.clock = clock;
        self.router = web::router(self.state.clone());
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 10_000_000).await.unwrap();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    /// A response whose body has not been read.
    pub(crate) async fn open(&self, request: Request<Body>) -> axum::response::Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        self.send(Request::post(path).body(encoded(form)).unwrap()).await
    }

    /// The first start that can be booked, some days ahead.
    pub(crate) fn open_start(&self, skip: usize) -> Timestamp {
        let now = self.state.clock.now();
        let first = domain::booking::local(now, &self.page.time_zone).date();
        let days = domain::booking::open_days(&self.page, first, 30, now, &Default::default());
        days.into_iter().flat_map(|(_, starts)| starts).nth(skip).unwrap()
    }
}

pub(crate) fn encoded(form: &[(&str, &str)]) -> Body {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(form);
    Body::from(body.finish())
}

async fn seed(state: &AppState, now: Timestamp) -> (WorkspaceId, BookingPage) {
    let write = state.database.write().await.unwrap();
    let workspace = Workspace {
        id: storage::ids::new(now),
        slug: "demo".to_owned(),
        name: "株式会社デモ".to_owned(),
        time_zone: "Asia/Tokyo".to_owned(),
        language: Language::Japanese,
    };
    workspaces::create(&write, &workspace, now).await.unwrap();
    let team =
        teams::Team { id: storage::ids::new(now), slug: "sales".to_owned(), name: "営業部".to_owned() };
    teams::create(&write, workspace.id, &team).await.unwrap();
    let mut members = Vec::new();
    for (name, email) in [("鈴木 一郎", "suzuki@demo.example"), ("Sato <b>Hanako", "sato@demo.example")] {
        let member = teams::Member {
            id: storage::ids::new(now),
            name: name.to_owned(),
            email: EmailAddress::parse(email).unwrap(),
        };
        teams::save_member(&write, workspace.id, &member).await.unwrap();
        members.push(member.id);
    }
    teams::set_team_members(&write, workspace.id, team.id, &members).await.unwrap();
    let page = BookingPage {
        id: storage::ids::new(now),
        team: team.id,
        team_slug: team.slug.clone(),
        slug: "demo".to_owned(),
        title: "オンライン面談".to_owned(),
        title_en: "Online meeting".to_owned(),
        description: "製品をご紹介します。".to_owned(),
        description_en: String::new(),
        personal: false,
        members,
        attendance: Attendance::Any,
        slot_minutes: 30,
        hours: (1..=7).map(|weekday| Hours { weekday, from: 600, to: 1080 }).collect(),
        closures: domain::booking::Closures {
            japanese_holidays: Some(false),
            ..domain::booking::Closures::default()
        },
        time_zone: "Asia/Tokyo".to_owned(),
        notice_minutes: 60,
        window_days: 30,
        fields: vec![
            field("topic", FieldKind::Text, true, &[]),
            field("details", FieldKind::Textarea, false, &[]),
            field("size", FieldKind::Radio, true, &["1-10", "11-50"]),
            field("interests", FieldKind::Checkboxes, false, &["A", "B", "C"]),
            field("industry", FieldKind::Dropdown, false, &["IT", "製造"]),
            field("deadline", FieldKind::Date, false, &[]),
            field("utm_source", FieldKind::Hidden, false, &[]),
        ],
        ask_guests: true,
        salesforce: PageSalesforce { split_name: true, ..PageSalesforce::default() },
        active: true,
    };
    assert!(pages::save(&write, workspace.id, &page, now).await.unwrap());
    write.commit().await.unwrap();
    (workspace.id, page)
}
