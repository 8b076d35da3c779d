//! A signed-in user, with a console that has data.

use crate::support::{Reply, Server, encoded};
use axum::body::Body;
use axum::http::{Request, header};
use domain::booking::{Attendee, Booking, BookingState, Host};
use domain::delivery::{DeliveredRecord, Delivery, DeliveryKind, DeliveryState, RecordAction};
use domain::notification::Notice;
use domain::org::{FieldType, ObjectDescription, OrgField};
use domain::value::{BookingId, EmailAddress, Language, PersonName, Step, WorkspaceId};
use domain::workspace::Role;
use storage::booking::bookings;
use storage::delivery::{deliveries, timeline};
use storage::notification::inbox;
use storage::org::connections::{ApiUsage, Connection, Flow, Secrets};
use storage::org::descriptions::Described;
use storage::org::{connections, descriptions};
use storage::org_request;
use storage::org_request::{OrgRequest, OrgResponse};
use storage::workspace::accounts;
use storage::workspace::accounts::Account;

pub(crate) const PASSWORD: &str = "a long password";

/// A browser with a session.
pub(crate) struct Browser<'a> {
    pub(crate) server: &'a Server,
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

impl Server {
    pub(crate) async fn account(
        &self,
        workspace: WorkspaceId,
        role: Role,
        language: Language,
        email: &str,
    ) -> Account {
        let now = self.state.clock.now();
        let account = Account {
            workspace,
            id: storage::ids::new(now),
            email: EmailAddress::parse(email).unwrap(),
            name: format!("{} <script>alert(1)</script>", role.name()),
            password_hash: web::auth::password_hash::hash(PASSWORD.into()).await.unwrap(),
            role,
            language,
        };
        let write = self.state.database.write().await.unwrap();
        assert!(accounts::create(&write, &account, now).await.unwrap());
        write.commit().await.unwrap();
        account
    }

    /// Signs someone new in.
    pub(crate) async fn browser(&self, role: Role, language: Language) -> Browser<'_> {
        let email = format!(
            "{}-{}-{}@demo.example",
            role.name(),
            language.tag(),
            self.state.clock.now().microseconds()
        );
        self.account(self.workspace, role, language, &email).await;
        self.sign_in(&email).await
    }

    pub(crate) async fn sign_in(&self, email: &str) -> Browser<'_> {
        let reply = self.post("/sign-in", &[("email", email), ("password", PASSWORD)]).await;
        assert_eq!(reply.location(), "/console", "{}", reply.body);
        let cookie = reply.headers[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let mut browser = Browser { server: self, cookie, csrf: String::new() };
        browser.csrf = browser.get("/console").await.input("csrf");
        browser
    }
}

impl Browser<'_> {
    pub(crate) async fn get(&self, path: &str) -> Reply {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty());
        self.server.send(request.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        let mut sent = vec![("csrf", self.csrf.as_str())];
        sent.extend(form);
        self.post_raw(path, &sent, &[]).await
    }

    /// Posts while someone answers for the engine as long as the page asks.
    pub(crate) async fn post_answered(
        &self,
        path: &str,
        form: &[(&str, &str)],
        answer: impl Fn(&OrgRequest) -> OrgResponse,
    ) -> Reply {
        let answering = async {
            loop {
                let write = self.server.state.database.write().await.unwrap();
                let lease = std::time::Duration::from_secs(60);
                for (claim, question) in org_request::claim(&write, "engine", lease, 8).await.unwrap() {
                    org_request::complete(&write, claim, &answer(&question)).await.unwrap();
                }
                write.commit().await.unwrap();
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            reply = self.post(path, form) => reply,
            () = answering => unreachable!("it goes on until the reply is there"),
        }
    }

    pub(crate) async fn post_raw(
        &self,
        path: &str,
        form: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Reply {
        let mut request = Request::post(path).header(header::COOKIE, &self.cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.server.send(request.body(encoded(form)).unwrap()).await
    }
}

pub(crate) fn lead_field(name: &str, label: &str, kind: FieldType, updateable: bool) -> OrgField {
    OrgField {
        name: name.to_owned(),
        label: label.to_owned(),
        kind,
        length: 255,
        precision: 18,
        scale: 2,
        createable: updateable,
        updateable,
        nillable: true,
        defaulted_on_create: false,
        options: Vec::new(),
        relationship: None,
        reference_to: Vec::new(),
        compound: false,
        calculated: false,
        part_of: None,
        external_id: false,
        unique: false,
        filterable: true,
    }
}

/// An org, a booking with deliveries in every state and a long timeline, and notices.
pub(crate) async fn fill(server: &Server) -> BookingId {
    let now = server.state.clock.now();
    let workspace = server.workspace;
    let write = server.state.database.write().await.unwrap();
    connections::save(&write, workspace, &connection(now), &no_secrets()).await.unwrap();
    let description = ObjectDescription {
        name: "Lead".to_owned(),
        label: "リード".to_owned(),
        createable: true,
        updateable: true,
        fields: vec![
            lead_field("Title", "役職", FieldType::String, true),
            lead_field("Interests__c", "興味 <b>", FieldType::MultiPicklist, true),
            lead_field("Score__c", "点数", FieldType::Number, false),
            lead_field("Email", "メール", FieldType::Email, true),
        ],
        child_lists: Vec::new(),
        record_types: Vec::new(),
    };
    let described = Described { description, last_modified: String::new(), fetched_at: now };
    descriptions::save(&write, workspace, &described).await.unwrap();
    let booking = booking(server, now);
    assert!(bookings::create(&write, workspace, &booking).await.unwrap());
    let kinds = DeliveryKind::ALL.into_iter().cycle();
    for (state, kind) in DeliveryState::ALL.into_iter().zip(kinds) {
        let delivery = delivery(&booking, kind, state, now);
        deliveries::create(&write, workspace, &delivery, now).await.unwrap();
        let steps = [
            Step::new("lookup")
                .with("email", "x@y.example")
                .with("leads", 1)
                .with("contacts", 0)
                .with("users", 1),
            Step::new("record-created").with("object", "Task").with("id", "00T000000000001AAA"),
            Step::new("retry-at").with("at", now.plus_minutes(3)),
            Step::new("gave-up").with("code", "X").with("message", "<script>alert('org')</script>"),
        ];
        timeline::add(&write, workspace, booking.id.into(), Some(delivery.id), &steps, now).await.unwrap();
    }
    let failed = Delivery {
        error_code: Some("X".to_owned()),
        ..delivery(&booking, DeliveryKind::Todo, DeliveryState::Failed, now)
    };
    inbox::publish(&write, workspace, &Notice::delivery_failed(&failed), now).await.unwrap();
    write.commit().await.unwrap();
    booking.id
}

fn connection(now: domain::value::Timestamp) -> Connection {
    Connection {
        flow: Flow::WebServer,
        environment: "production".to_owned(),
        login_url: "https://login.salesforce.com/".to_owned(),
        consumer_key: "key".to_owned(),
        jwt_username: String::new(),
        instance_url: "https://demo.my.salesforce.com".to_owned(),
        org_id: "00D000000000001AAA".to_owned(),
        org_name: "Org <script>".to_owned(),
        user_id: "005000000000001AAA".to_owned(),
        username: "admin@org.example".to_owned(),
        scopes: vec!["api".to_owned(), "refresh_token".to_owned()],
        connected_at: now,
        api_usage: Some(ApiUsage { used: 120, allowed: 15_000, at: now }),
    }
}

fn no_secrets() -> Secrets {
    let secret = || "secret-that-nobody-sees".to_owned().into();
    Secrets {
        consumer_secret: secret(),
        private_key: secret(),
        access_token: secret(),
        refresh_token: secret(),
    }
}

fn booking(server: &Server, now: domain::value::Timestamp) -> Booking {
    let start = server.open_start(5);
    Booking {
        id: storage::ids::new(now),
        page: server.page.id,
        page_path: server.page.path(),
        title: server.page.title.clone(),
        start,
        end: start.plus_minutes(30),
        time_zone: server.page.time_zone.clone(),
        attendee: Attendee {
            email: EmailAddress::parse("x@y.example").unwrap(),
            name: PersonName::Split {
                family_name: "<script>alert('x')</script>".to_owned(),
                given_name: "太郎".to_owned(),
            },
            company: "\"><img src=x>".to_owned(),
        },
        guests: Vec::new(),
        hosts: vec![Host {
            member: server.page.members[0],
            name: "鈴木".to_owned(),
            email: EmailAddress::parse("suzuki@demo.example").unwrap(),
        }],
        answers: [("topic".to_owned(), domain::form::Answer::One("</dd><script>".to_owned()))].into(),
        language: Language::Japanese,
        state: BookingState::Confirmed,
        outcome: None,
        routing: String::new(),
        external_id: None,
        created_at: now,
    }
}

pub(crate) fn delivery(
    booking: &Booking,
    kind: DeliveryKind,
    state: DeliveryState,
    now: domain::value::Timestamp,
) -> Delivery {
    Delivery {
        attempts: 2,
        records: vec![DeliveredRecord {
            object: "Task".to_owned(),
            id: "00T000000000001AAA".to_owned(),
            action: RecordAction::Created,
        }],
        explanation: vec![Step::new("gave-up").with("code", "X").with("message", "<script>")],
        error_code: (state == DeliveryState::Failed).then(|| "REQUIRED_FIELD_MISSING".to_owned()),
        ..Delivery::new(storage::ids::new(now), booking.id.into(), kind, state, now)
    }
}
