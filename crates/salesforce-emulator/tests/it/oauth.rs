//! Logging in, by every flow.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Org, Told};

const CALLBACK: &str = "http://127.0.0.1:9/callback";
const CLIENT: [(&str, &str); 2] =
    [("client_id", "tsugite-emulator-key"), ("client_secret", "tsugite-emulator-secret")];

impl Org {
    async fn token_with(&self, fields: &[(&str, &str)]) -> Told {
        let fields: Vec<(&str, &str)> = CLIENT.iter().chain(fields).copied().collect();
        self.form("/services/oauth2/token", &fields).await
    }

    fn authorize_query(&self, more: &str) -> String {
        let callback = percent(CALLBACK);
        format!("response_type=code&client_id=tsugite-emulator-key&redirect_uri={callback}&state=a%20b{more}")
    }

    /// Walks a browser through login and consent, and returns where it is sent.
    async fn browse(&self, query: &str, decision: &str) -> url::Url {
        let page =
            self.http.get(self.url(&format!("/services/oauth2/authorize?{query}"))).send().await.unwrap();
        assert!(page.text().await.unwrap().contains("name=\"password\""));
        let form = [("request", query), ("username", "admin@emulator.example"), ("password", "emulator")];
        let signed = self.http.post(self.url("/login")).form(&form).send().await.unwrap();
        assert_eq!(signed.status(), 302);
        let cookie = signed.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let onward = self.url(signed.headers()["location"].to_str().unwrap());
        let consent = self.http.get(onward).header("cookie", &cookie).send().await.unwrap();
        let consent = if consent.status() == 302 {
            consent
        } else {
            assert!(consent.text().await.unwrap().contains("value=\"deny\""));
            let form = [("request", query), ("decision", decision)];
            self.http.post(self.url("/consent")).header("cookie", &cookie).form(&form).send().await.unwrap()
        };
        assert_eq!(consent.status(), 302);
        url::Url::parse(consent.headers()["location"].to_str().unwrap()).unwrap()
    }

    /// What the token endpoint tells a browser user's client that asked for this scope.
    pub(crate) async fn tokens_for(&self, scope: &str) -> Value {
        let callback =
            self.browse(&self.authorize_query(&format!("&scope={}", percent(scope))), "allow").await;
        let code = parameter(&callback, "code");
        let form = [("grant_type", "authorization_code"), ("code", &*code), ("redirect_uri", CALLBACK)];
        let told = self.token_with(&form).await;
        assert_eq!(told.status, 200, "{:?}", told.body);
        told.body
    }
}

fn percent(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn parameter(url: &url::Url, name: &str) -> String {
    url.query_pairs()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

#[tokio::test]
async fn web_server_flow_with_pkce_gives_refreshable_token() {
    let mut org = Org::start().await;
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let query = org.authorize_query(&format!("&code_challenge={challenge}&code_challenge_method=S256"));
    let sent = org.browse(&query, "allow").await;
    assert!(sent.as_str().starts_with(CALLBACK));
    assert_eq!(parameter(&sent, "state"), "a b");
    let code = parameter(&sent, "code");
    assert!(sent.query().unwrap().contains("%3D%3D"), "{sent}");
    let trade = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", CALLBACK)];
    let without: Vec<_> = trade.to_vec();
    let told = org.token_with(&without).await;
    assert_eq!((told.status, told.body["error"].as_str()), (400, Some("invalid_grant")));

    // The failed attempt used the code up; the user has approved the app, so no consent page comes now.
    let sent = org.browse(&query, "unused").await;
    let code = parameter(&sent, "code");
    let wrong = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", "x"),
    ];
    assert_eq!(org.token_with(&wrong).await.body["error"], "invalid_request");
    let sent = org.browse(&query, "unused").await;
    let code = parameter(&sent, "code");
    let right = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", verifier),
    ];
    let told = org.token_with(&right).await;
    assert_eq!(told.status, 200, "{:?}", told.body);
    assert!(told.body["issued_at"].is_string());
    assert_eq!(told.body.get("expires_in"), None);
    assert_eq!(told.body["instance_url"], org.handle.base_url());
    let refresh = told.body["refresh_token"].as_str().unwrap().to_owned();
    assert_eq!(org.token_with(&right).await.body["error_description"], "expired authorization code");

    let again = [("grant_type", "refresh_token"), ("refresh_token", &refresh)];
    let told = org.token_with(&again).await;
    assert_eq!((told.status, told.body.get("refresh_token")), (200, None));
    org.token = told.body["access_token"].as_str().unwrap().to_owned();
    assert_eq!(org.get("/limits").await.status, 200);
    org.control("/schema", json!({"connected_app": {"rotate_refresh_tokens": true}})).await;
    let told = org.token_with(&again).await;
    let fresh = told.body["refresh_token"].as_str().unwrap().to_owned();
    assert_ne!(fresh, refresh);
    assert_eq!(org.token_with(&again).await.body["error"], "invalid_grant");
    let killed = org.form("/services/oauth2/revoke", &[("token", &fresh)]).await;
    assert_eq!((killed.status, killed.body), (200, json!("")));
    let unknown = org.form("/services/oauth2/revoke", &[("token", "x")]).await;
    assert_eq!(unknown.status, 400);
    assert!(unknown.body.as_str().unwrap().starts_with("error=unsupported_token_type"));
}

#[tokio::test]
async fn denied_consent_redirects_and_invalid_callback_does_not() {
    let org = Org::start().await;
    let sent = org.browse(&org.authorize_query(""), "deny").await;
    assert_eq!(parameter(&sent, "error"), "access_denied");
    assert_eq!(parameter(&sent, "error_description"), "end-user denied authorization");
    for (query, error) in [
        (org.authorize_query("").replace("tsugite-emulator-key", "nobody"), "invalid_client_id"),
        (org.authorize_query("").replace("127.0.0.1", "evil.example"), "redirect_uri_mismatch"),
    ] {
        let page =
            org.http.get(org.url(&format!("/services/oauth2/authorize?{query}"))).send().await.unwrap();
        assert_eq!(page.status(), 400);
        assert!(page.text().await.unwrap().contains(error));
    }
    org.control("/schema", json!({"connected_app": {"require_pkce": true}})).await;
    let query = org.authorize_query("");
    let page = org.http.get(org.url(&format!("/services/oauth2/authorize?{query}"))).send().await.unwrap();
    assert!(page.headers()["location"].to_str().unwrap().contains("error=invalid_request"));
    let form = [("request", query.as_str()), ("username", "admin@emulator.example"), ("password", "wrong")];
    let page = org.http.post(org.url("/login")).form(&form).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("role=\"alert\""));
}

#[tokio::test]
async fn token_errors_use_salesforce_format() {
    let org = Org::start().await;
    let password = |user: &'static str, secret: &'static str| {
        [("grant_type", "password"), ("username", user), ("password", secret)]
    };
    let told = org.token_with(&password("ADMIN@emulator.example", "emulator")).await;
    assert_eq!(told.status, 200);
    let told = org.token_with(&password("admin@emulator.example", "no")).await;
    assert_eq!(
        (told.status, &told.body),
        (400, &json!({"error": "invalid_grant", "error_description": "authentication failure"}))
    );
    let unknown = [("grant_type", "client_credentials"), ("client_id", "x"), ("client_secret", "y")];
    assert_eq!(org.form("/services/oauth2/token", &unknown).await.body["error"], "invalid_client_id");
    let wrong =
        [("grant_type", "client_credentials"), ("client_id", "tsugite-emulator-key"), ("client_secret", "y")];
    assert_eq!(org.form("/services/oauth2/token", &wrong).await.body["error"], "invalid_client");
    assert_eq!(org.token_with(&[("grant_type", "magic")]).await.body["error"], "unsupported_grant_type");
    for (setting, error) in [
        (json!({"connected_app": {"ip_restricted": true}}), "ip restricted"),
        (
            json!({"connected_app": {"ip_restricted": false, "admin_approved": false}}),
            "user is not admin approved to access this app",
        ),
        (
            json!({"connected_app": {"admin_approved": true, "client_credentials_user": false}}),
            "no client credentials user enabled",
        ),
        (
            json!({"connected_app": {"client_credentials_user": true}, "user": {"IsActive": false}}),
            "inactive user",
        ),
    ] {
        org.control("/schema", setting).await;
        let told = org.token_with(&[("grant_type", "client_credentials")]).await;
        assert_eq!((told.status, told.body["error_description"].as_str()), (400, Some(error)));
    }
}

#[tokio::test]
async fn invalid_jwt_assertion_is_rejected() {
    let org = Org::start().await;
    let assertion = |claims: Value| {
        use base64::Engine as _;
        let encode = |part: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(part);
        format!("{}.{}.{}", encode("{\"alg\":\"RS256\"}"), encode(&claims.to_string()), encode("signed"))
    };
    let claims = json!({"iss": "tsugite-emulator-key", "sub": "admin@emulator.example",
                        "aud": "https://login.salesforce.com", "exp": 4_000_000_000_000_u64});
    let changed = |key: &str, value: Value| {
        let mut claims = claims.clone();
        claims[key] = value;
        claims
    };
    for (claims, expected) in [
        (claims.clone(), None),
        (changed("exp", json!("4000000000")), None),
        (changed("aud", json!(org.handle.base_url())), None),
        (changed("aud", json!("https://evil.example")), Some("audience is invalid")),
        (changed("sub", json!("nobody@emulator.example")), Some("user hasn't approved this consumer")),
        (changed("iss", json!("x")), Some("client identifier invalid")),
        (changed("exp", json!(1000)), Some("expired authorization code")),
    ] {
        let assertion = assertion(claims);
        let fields =
            [("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", &*assertion)];
        let told = org.form("/services/oauth2/token", &fields).await;
        assert_eq!(told.body["error_description"].as_str(), expected, "{:?}", told.body);
        assert_eq!(told.body.get("refresh_token"), None);
    }
}

#[tokio::test]
async fn token_introspection_names_user() {
    let org = Org::start().await;
    let ask = |path: String, token: &str| org.http.get(org.url(&path)).bearer_auth(token).send();
    let told = Told::read(ask("/services/oauth2/userinfo".to_owned(), &org.token).await.unwrap()).await;
    assert_eq!(told.body["preferred_username"], "admin@emulator.example");
    assert_eq!(told.header("sforce-limit-info"), "");
    let sub = url::Url::parse(told.body["sub"].as_str().unwrap()).unwrap();
    let told = Told::read(ask(sub.path().to_owned(), &org.token).await.unwrap()).await;
    assert_eq!(told.body["username"], "admin@emulator.example");
    let told = Told::read(ask(sub.path().to_owned(), "bad").await.unwrap()).await;
    assert_eq!((told.status, told.body), (403, json!("Bad_OAuth_Token")));
    let form = [("token", org.token.as_str()), CLIENT[0], CLIENT[1]];
    let told = org.form("/services/oauth2/introspect", &form).await;
    assert_eq!(told.body["active"], true);
    assert_eq!(org.observe("/requests").await["api_calls"], 0);
    let refused =
        org.http.request(Method::GET, org.url("/services/data/v66.0/limits")).bearer_auth("bad").send();
    let told = Told::read(refused.await.unwrap()).await;
    assert_eq!(
        told.body,
        json!([{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}])
    );
}

#[tokio::test]
async fn soap_login_gives_session() {
    let mut org = Org::start().await;
    let envelope = |password: &str| {
        format!(
            "<e:Envelope><e:Body><n1:login><n1:username>admin@emulator.example</n1:username><n1:password>{password}</n1:password></n1:login></e:Body></e:Envelope>"
        )
    };
    let post = |body: String| org.http.post(org.url("/services/Soap/u/59.0")).body(body).send();
    let failed = post(envelope("wrong")).await.unwrap();
    assert_eq!(failed.status(), 500);
    assert!(failed.text().await.unwrap().contains("<faultstring>INVALID_LOGIN: "));
    let told = post(envelope("emulatorABCDEFGHIJKLMNOPQRSTUVWX")).await.unwrap().text().await.unwrap();
    let session = told.split("<sessionId>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    org.token = session;
    assert_eq!(org.get("/sobjects").await.status, 200);
}

#[tokio::test]
async fn idle_session_expires() {
    let org = Org::start().await;
    org.control("/clock", json!({"advance_seconds": 7000})).await;
    assert_eq!(org.get("/limits").await.status, 200);
    org.control("/clock", json!({"advance_seconds": 7000})).await;
    let told = org.get("/limits").await;
    assert_eq!(told.status, 200, "each call starts the idle time anew");
    org.control("/clock", json!({"advance_seconds": 7300})).await;
    assert_eq!(org.get("/limits").await.code(), "INVALID_SESSION_ID");
}

#[tokio::test]
async fn id_token_verifies_with_published_key() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let org = Org::start().await;
    assert_eq!(org.tokens_for("api refresh_token").await["id_token"], Value::Null);
    let query = org.authorize_query("&scope=openid%20api%20refresh_token&nonce=n-1");
    let code = parameter(&org.browse(&query, "allow").await, "code");
    let form = [("grant_type", "authorization_code"), ("code", &*code), ("redirect_uri", CALLBACK)];
    let told = org.token_with(&form).await.body;
    let token = told["id_token"].as_str().unwrap();
    let (text, signature) = token.rsplit_once('.').unwrap();
    let keys = org.http.get(org.url("/id/keys")).send().await.unwrap().json::<Value>().await.unwrap();
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let number = |name: &str| decode(keys["keys"][0][name].as_str().unwrap());
    let key = ring::rsa::PublicKeyComponents { n: number("n"), e: number("e") };
    let checked =
        key.verify(&ring::signature::RSA_PKCS1_2048_8192_SHA256, text.as_bytes(), &decode(signature));
    assert!(checked.is_ok());
    let claims: Value = serde_json::from_slice(&decode(text.split('.').nth(1).unwrap())).unwrap();
    assert_eq!((&claims["sub"], &claims["aud"]), (&told["id"], &json!("tsugite-emulator-key")));
    assert_eq!((&claims["nonce"], &claims["iss"]), (&json!("n-1"), &json!(org.url(""))));
    let refreshed = org
        .token_with(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", told["refresh_token"].as_str().unwrap()),
        ])
        .await;
    assert!(refreshed.body["id_token"].is_string());
}

#[tokio::test]
async fn user_agent_flow_puts_token_in_fragment() {
    let mut org = Org::start().await;
    let query = org.authorize_query("").replace("response_type=code", "response_type=token");
    let back = org.browse(&query, "allow").await;
    assert_eq!(back.query(), None);
    let fragment: Vec<(String, String)> =
        url::form_urlencoded::parse(back.fragment().unwrap().as_bytes()).into_owned().collect();
    let field = |name: &str| {
        fragment.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    assert_eq!((field("state").as_str(), field("token_type").as_str()), ("a b", "Bearer"));
    assert!(field("refresh_token").starts_with("5Aep"));
    org.token = field("access_token");
    assert_eq!(org.get("/limits").await.status, 200);
}

#[tokio::test]
async fn device_flow_waits_for_authorization() {
    let mut org = Org::start().await;
    let begin = [
        ("response_type", "device_code"),
        ("client_id", "tsugite-emulator-key"),
        ("scope", "api refresh_token"),
    ];
    let told = org.form("/services/oauth2/token", &begin).await.body;
    let (device, user) = (told["device_code"].as_str().unwrap(), told["user_code"].as_str().unwrap());
    assert_eq!((&told["verification_uri"], user.len()), (&json!(org.url("/setup/connect")), 8));
    let ask = async || {
        let form = [("grant_type", "device"), ("client_id", "tsugite-emulator-key"), ("code", device)];
        org.form("/services/oauth2/token", &form).await
    };
    assert_eq!(ask().await.body["error"], "authorization_pending");
    let page = org.http.get(org.url(&format!("/setup/connect?user_code={user}"))).send().await.unwrap();
    assert!(page.text().await.unwrap().contains(user));
    let decide = async |password: &str, decision: &str| {
        let form = [
            ("user_code", user),
            ("username", "admin@emulator.example"),
            ("password", password),
            ("decision", decision),
        ];
        org.http.post(org.url("/setup/connect")).form(&form).send().await.unwrap().text().await.unwrap()
    };
    assert!(decide("wrong", "allow").await.contains("role=\"alert\""));
    assert!(decide("emulator", "allow").await.contains("role=\"status\""));
    let told = ask().await;
    assert_eq!(told.status, 200, "{:?}", told.body);
    assert!(told.body["refresh_token"].is_string());
    assert_eq!(ask().await.body["error"], "invalid_grant", "a decision is told once");
    let token = told.body["access_token"].as_str().unwrap().to_owned();
    org.token = token;
    assert_eq!(org.get("/limits").await.status, 200);
}
