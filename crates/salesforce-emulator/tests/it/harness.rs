//! A running emulator, and helpers to call it.

use std::time::Duration;

use reqwest::{Client, Method, Response};
use salesforce_emulator::{Emulator, Handle, Options, Seed};
use serde_json::{Value, json};

/// A running emulator with one signed-in client.
pub(crate) struct Org {
    pub(crate) handle: Handle,
    pub(crate) http: Client,
    pub(crate) token: String,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Told {
    pub(crate) async fn read(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Told { status, headers, body }
    }

    /// The code of the first error.
    pub(crate) fn code(&self) -> &str {
        self.body[0]["errorCode"].as_str().unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The id of a created record.
    pub(crate) fn id(&self) -> String {
        assert_eq!(self.status, 201, "{:?}", self.body);
        self.body["id"].as_str().unwrap().to_owned()
    }
}

impl Org {
    pub(crate) async fn start() -> Self {
        Org::with(Options::default()).await
    }

    pub(crate) async fn demo() -> Self {
        Org::with(Options { seed: Seed::Demo, ..Options::default() }).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let handle = Emulator::start(options).await.unwrap();
        let http = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(20))
            .build()
            .unwrap();
        let mut org = Org { handle, http, token: String::new() };
        org.sign_in().await;
        org
    }

    pub(crate) async fn sign_in(&mut self) {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", "tsugite-emulator-key"),
            ("client_secret", "tsugite-emulator-secret"),
        ];
        let told = self.form("/services/oauth2/token", &form).await;
        assert_eq!(told.status, 200, "{:?}", told.body);
        self.token = told.body["access_token"].as_str().unwrap().to_owned();
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.handle.base_url())
    }

    pub(crate) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Told {
        Told::read(self.http.post(self.url(path)).form(fields).send().await.unwrap()).await
    }

    /// A request to the data API; the path continues after the version.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = self.url(&format!("/services/data/v66.0{path}"));
        self.http.request(method, url).bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> Told {
        Told::read(self.request(Method::GET, path).send().await.unwrap()).await
    }

    /// The same in the words of a user who reads English.
    pub(crate) async fn in_english(&self, path: &str) -> Told {
        let user = serde_json::json!({"user": {"LanguageLocaleKey": "en_US"}});
        self.control("/schema", user).await;
        self.get(path).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Told {
        Told::read(self.request(Method::POST, path).json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Told {
        Told::read(self.request(Method::PATCH, path).json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Told {
        Told::read(self.request(Method::DELETE, path).send().await.unwrap()).await
    }

    pub(crate) async fn create(&self, object: &str, fields: Value) -> String {
        self.post(&format!("/sobjects/{object}"), fields).await.id()
    }

    pub(crate) async fn lead(&self, last_name: &str, email: &str) -> String {
        self.create("Lead", json!({"LastName": last_name, "Company": "継手", "Email": email})).await
    }

    pub(crate) async fn query(&self, soql: &str) -> Told {
        Told::read(self.request(Method::GET, "/query").query(&[("q", soql)]).send().await.unwrap()).await
    }

    /// The records a query finds.
    pub(crate) async fn rows(&self, soql: &str) -> Vec<Value> {
        let told = self.query(soql).await;
        assert_eq!(told.status, 200, "{soql}: {:?}", told.body);
        told.body["records"].as_array().unwrap().clone()
    }

    /// Steers the emulator.
    pub(crate) async fn control(&self, path: &str, body: Value) -> Value {
        let response =
            self.http.post(self.url(&format!("/emulator{path}"))).json(&body).send().await.unwrap();
        let told = Told::read(response).await;
        assert_eq!(told.status, 200, "{:?}", told.body);
        told.body
    }

    pub(crate) async fn observe(&self, path: &str) -> Value {
        let response = self.http.get(self.url(&format!("/emulator{path}"))).send().await.unwrap();
        response.json().await.unwrap()
    }
}
