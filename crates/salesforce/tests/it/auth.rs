use salesforce::auth::{
    Authorization, Callback, ConnectedApp, Token, TokenError, TokenRequest, code_challenge, revoke,
};
use salesforce::{AllowedHosts, Environment, HostError};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use url::Url;

use crate::server::{Behaviour, answer, http, serve};

fn app(login_url: Url) -> ConnectedApp {
    ConnectedApp { login_url, client_id: "3MVG9".to_owned(), client_secret: Some("hush".into()) }
}

fn form(request: &TokenRequest) -> Vec<(&str, &str)> {
    request.form().iter().map(|(name, value)| (*name, value.expose_secret())).collect()
}

fn granted(instance_url: &str) -> String {
    json!({
        "access_token": "00Dx!secret", "instance_url": instance_url, "scope": "refresh_token api",
        "id": "https://login.salesforce.com/id/00DdM00000vfgTuUAI/005dM00000awSFJQA2",
        "token_type": "Bearer", "issued_at": "1778060860000",
    })
    .to_string()
}

#[test]
fn authorize_url_has_challenge_and_no_secret() {
    // The verifier and challenge of RFC 7636, appendix B.
    let verifier = SecretString::from("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    let url = app(Environment::Production.login_url()).authorize_url(&Authorization {
        redirect_uri: "https://example.com/connect?a=1",
        state: "s t",
        verifier: &verifier,
        scopes: &["api", "refresh_token"],
        prompt: Some("login"),
    });
    assert_eq!(
        url.as_str(),
        "https://login.salesforce.com/services/oauth2/authorize?response_type=code&client_id=3MVG9\
         &redirect_uri=https%3A%2F%2Fexample.com%2Fconnect%3Fa%3D1&state=s+t\
         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256\
         &scope=api+refresh_token&prompt=login"
    );
    assert_eq!(code_challenge(&verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

#[test]
fn each_flow_sends_its_own_fields() {
    let app = app(Environment::Sandbox.login_url());
    let code = app.exchange_code(&"aPrx==".into(), "https://example.com/cb", &"verifier".into());
    assert_eq!(code.url().as_str(), "https://test.salesforce.com/services/oauth2/token");
    assert_eq!(
        form(&code),
        [
            ("grant_type", "authorization_code"),
            ("client_id", "3MVG9"),
            ("client_secret", "hush"),
            ("code", "aPrx=="),
            ("redirect_uri", "https://example.com/cb"),
            ("code_verifier", "verifier"),
        ]
    );
    let credentials = [("client_id", "3MVG9"), ("client_secret", "hush")];
    assert_eq!(form(&app.client_credentials())[0], ("grant_type", "client_credentials"));
    assert_eq!(form(&app.client_credentials())[1..], credentials);
    assert_eq!(form(&app.refresh(&"5Aep".into()))[1..3], credentials);
    assert_eq!(form(&app.refresh(&"5Aep".into()))[3], ("refresh_token", "5Aep"));
    let public = ConnectedApp { client_secret: None, ..app.clone() };
    assert_eq!(form(&public.client_credentials()).len(), 2);
    let shown = format!("{app:?} {code:?}");
    for secret in ["hush", "aPrx", "\"verifier\""] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn callback_gives_code_or_error() {
    let callback = Callback::from_query("code=aPrx.x%3D%3D&state=s+t").unwrap();
    assert_eq!(callback.code.expose_secret(), "aPrx.x==");
    assert_eq!(callback.state.as_deref(), Some("s t"));
    for denied in
        ["error=access_denied&error_description=end-user+denied+authorization&state=x", "error=access-denied"]
    {
        assert_eq!(Callback::from_query(denied).unwrap_err(), TokenError::AccessDenied);
    }
    assert!(matches!(Callback::from_query("state=x"), Err(TokenError::Unreadable { .. })));
}

#[test]
fn debug_of_token_hides_secret() {
    let token = Token::from_answer(200, granted("https://x.my.salesforce.com").as_bytes()).unwrap();
    assert_eq!(token.access_token.expose_secret(), "00Dx!secret");
    assert_eq!(token.id.organization.as_str(), "00DdM00000vfgTuUAI");
    assert_eq!(token.id.user.prefix(), "005");
    assert_eq!(token.issued_at.unwrap().as_millisecond(), 1_778_060_860_000);
    assert!(token.has_scope("api") && token.has_scope("offline_access") && !token.has_scope("pardot_api"));
    assert!(!format!("{token:?}").contains("secret"));
    let token = token.or_refresh_token(&"old".into()).or_refresh_token(&"older".into());
    assert_eq!(token.refresh_token.unwrap().expose_secret(), "old");
    for body in ["", "{}", "<html>", r#"{"access_token":"00Dx!secret"}"#] {
        let error = Token::from_answer(200, body.as_bytes()).unwrap_err();
        assert!(matches!(&error, TokenError::Unreadable { .. }) && !error.to_string().contains("secret"));
        assert!(!error.means_reconnect());
    }
}

#[test]
fn token_errors_are_classified() {
    use TokenError as E;
    let grant = "invalid_grant";
    for (error, description, expected) in [
        ("invalid_client_id", "client identifier invalid", E::InvalidClientId),
        ("invalid_client", "invalid client credentials", E::InvalidClientSecret),
        ("invalid_client", "app must be installed into org", E::AppNotInstalled),
        ("app_not_found", "External client app is not installed in this org", E::AppNotInstalled),
        ("OAUTH_APP_BLOCKED", "this app is blocked by admin", E::AppBlocked),
        ("redirect_uri_mismatch", "redirect_uri must match configuration", E::RedirectUriMismatch),
        (grant, "ip restricted", E::IpRestricted),
        (grant, "inactive user", E::InactiveUser),
        ("inactive_user", "", E::InactiveUser),
        ("inactive_org", "", E::InactiveOrg),
        (grant, "expired access/refresh token", E::RefreshTokenExpired),
        (grant, "token revoked", E::RefreshTokenExpired),
        (grant, "expired authorization code", E::CodeExpired),
        (grant, "user hasn't approved this consumer", E::UserNotApproved),
        (grant, "no client credentials user enabled", E::NoClientCredentialsUser),
        (grant, "request not supported on this domain", E::WrongDomain),
        ("invalid_app_access", "user is not admin approved to access this app", E::NotAdminApproved),
        ("API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization.", E::ApiDisabled),
        ("API_CURRENTLY_DISABLED", "API is disabled for this User", E::ApiDisabled),
        ("invalid_scope", "the requested scope is not allowed", E::MissingScope),
        ("unsupported_grant_type", "grant type not supported", E::FlowDisabled),
    ] {
        let body = json!({"error": error, "error_description": description}).to_string();
        let found = E::from_answer(400, body.as_bytes());
        assert_eq!(found, expected, "{error}: {description}");
        assert!(found.means_reconnect() && !found.is_transient());
    }
    for (error, text) in
        [("invalid_request", "missing required code challenge"), (grant, "invalid code verifier")]
    {
        assert!(matches!(E::from_oauth(error, text), E::Pkce { .. }), "{text}");
    }
    assert!(matches!(E::from_oauth(grant, "audience is invalid"), E::InvalidAssertion { .. }));
    assert!(matches!(E::from_oauth(grant, "authentication failure"), E::Refused { .. }));
    assert!(E::from_oauth("unknown_error", "retry your request").is_transient());
    for (status, body) in
        [(503, "<html>"), (429, ""), (420, ""), (500, r#"{"error":"invalid_grant"}"#), (400, "<html>")]
    {
        let error = E::from_answer(status, body.as_bytes());
        assert!(error.is_transient() && !error.means_reconnect(), "{status} {body}");
    }
}

#[tokio::test]
async fn token_for_foreign_instance_is_rejected() {
    for (instance, allowed) in
        [("https://x.my.salesforce.com", true), ("https://salesforce.com.example", false)]
    {
        let (url, server) = serve(answer("200 OK", "", &granted(instance))).await;
        let hosts = AllowedHosts::new([url.clone()]);
        let outcome = app(url).client_credentials().send(&http(), &hosts).await;
        assert_eq!(outcome.is_ok(), allowed, "{outcome:?}");
        let request = server.await.unwrap();
        assert!(request.starts_with("POST /services/oauth2/token HTTP/1.1"), "{request}");
        assert!(request.ends_with("grant_type=client_credentials&client_id=3MVG9&client_secret=hush"));
    }
}

#[tokio::test]
async fn nothing_is_sent_to_a_foreign_host() {
    let request = app(Url::parse("https://login.example.com").unwrap()).client_credentials();
    let error = request.send(&http(), &AllowedHosts::default()).await.unwrap_err();
    assert_eq!(error, TokenError::Host(HostError::ForeignHost("login.example.com".to_owned())));
}

#[tokio::test]
async fn unreachable_login_is_transient() {
    for behaviour in [Behaviour::HangUp, answer("502 Bad Gateway", "", "")] {
        let (url, _server) = serve(behaviour).await;
        let hosts = AllowedHosts::new([url.clone()]);
        let error = app(url).refresh(&"5Aep".into()).send(&http(), &hosts).await.unwrap_err();
        assert!(error.is_transient(), "{error:?}");
    }
}

#[tokio::test]
async fn revoking_expired_token_succeeds() {
    let unknown = "error=unsupported_token_type&error_description=this%20token%20type%20is%20not%20supported";
    for (behaviour, fine) in [
        (answer("200 OK", "", ""), true),
        (answer("400 Bad Request", "", unknown), true),
        (answer("400 Bad Request", "", "error=invalid_client_id"), false),
    ] {
        let (url, _server) = serve(behaviour).await;
        let hosts = AllowedHosts::new([url.clone()]);
        assert_eq!(revoke(&http(), &hosts, &url, &"5Aep".into()).await.is_ok(), fine);
    }
}
