//! The orgs that stories run against.

use std::time::Duration;

use reqwest::{Client, Method};
use salesforce_emulator::{Emulator, Handle, Options, Seed};

use super::shape::Names;

/// An org, known only by its address and credentials.
pub(super) struct Target {
    /// What stories may name: `{base}`, `{token}`, `{client_id}`, `{client_secret}`, `{username}`, `{password}`, `{run}`.
    pub(super) names: Names,
    /// The client that asks.
    pub(super) http: Client,
    /// Whether it is the emulator, which can be steered.
    pub(super) emulator: Option<Handle>,
}

impl Target {
    /// A new emulator.
    pub(super) async fn emulator(demo: bool) -> Self {
        let seed = if demo { Seed::Demo } else { Seed::Empty };
        let handle = Emulator::start(Options { seed, ..Options::default() }).await.unwrap();
        let mut names = Names::new();
        for (name, value) in [
            ("base", handle.base_url()),
            ("client_id", "tsugite-emulator-key"),
            ("client_secret", "tsugite-emulator-secret"),
            ("username", "admin@emulator.example"),
            ("password", "emulator"),
            ("run", "1"),
        ] {
            names.insert(name.to_owned(), value.to_owned());
        }
        let mut target = Target { names, http: client(), emulator: Some(handle) };
        target.sign_in().await;
        target
    }

    /// The org that the environment names: `CONFORMANCE_URL` with `CONFORMANCE_TOKEN`, or with
    /// `CONFORMANCE_CLIENT_ID` and `CONFORMANCE_CLIENT_SECRET`; `CONFORMANCE_USERNAME` and `CONFORMANCE_PASSWORD` let
    /// more stories be told.
    pub(super) async fn from_environment() -> Option<Self> {
        let mut names = Names::new();
        for name in ["URL", "TOKEN", "CLIENT_ID", "CLIENT_SECRET", "USERNAME", "PASSWORD"] {
            if let Ok(value) = std::env::var(format!("CONFORMANCE_{name}")) {
                let name = if name == "URL" { "base".to_owned() } else { name.to_lowercase() };
                names.insert(name, value.trim_end_matches('/').to_owned());
            }
        }
        names.get("base")?;
        names.insert("run".to_owned(), std::process::id().to_string());
        let mut target = Target { names, http: client(), emulator: None };
        if !target.names.contains_key("token") {
            target.sign_in().await;
        }
        Some(target)
    }

    async fn sign_in(&mut self) {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", &self.names["client_id"]),
            ("client_secret", &self.names["client_secret"]),
        ];
        let url = format!("{}/services/oauth2/token", self.names["base"]);
        let answer = self.http.post(url).form(&form).send().await.unwrap();
        let body: serde_json::Value = answer.json().await.unwrap();
        let token = body["access_token"].as_str().unwrap_or_else(|| panic!("no token: {body}"));
        self.names.insert("token".to_owned(), token.to_owned());
    }

    /// Deletes what a story has made, as far as it still exists.
    pub(super) async fn clean(&self, made: &[String]) {
        for ids in made.chunks(200) {
            let url = format!(
                "{}/services/data/v66.0/composite/sobjects?ids={}",
                self.names["base"],
                ids.join(",")
            );
            let request = self.http.request(Method::DELETE, url).bearer_auth(&self.names["token"]);
            let _ = request.send().await;
        }
    }
}

fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder().redirect(reqwest::redirect::Policy::none());
    builder.timeout(Duration::from_secs(60)).build().unwrap()
}
