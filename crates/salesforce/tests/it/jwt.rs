use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use salesforce::auth::{JwtKey, KeyError, sign_assertion};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

const PKCS8: &str = include_str!("keys/for_tests_only.pkcs8.pem");
const PKCS1: &str = include_str!("keys/for_tests_only.pkcs1.pem");

fn key(pem: &str) -> Result<JwtKey, KeyError> {
    JwtKey::from_pem(&SecretString::from(pem))
}

#[test]
fn pkcs1_and_pkcs8_signatures_verify() {
    let expires = "2026-05-06T11:30:00.9Z".parse().unwrap();
    for pem in [PKCS8, PKCS1] {
        let key = key(pem).unwrap();
        let jwt =
            sign_assertion(&key, "key", "ops@example.com", "https://login.salesforce.com", expires).unwrap();
        let (message, signature) = jwt.expose_secret().rsplit_once('.').unwrap();
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key_der());
        public.verify(message.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();

        let parts: Vec<Value> = message
            .split('.')
            .map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap())
            .collect();
        assert_eq!(parts[0], json!({"alg": "RS256"}));
        let audience = "https://login.salesforce.com";
        let exp = 1_778_067_000;
        assert_eq!(parts[1], json!({"iss": "key", "sub": "ops@example.com", "aud": audience, "exp": exp}));
    }
    assert_eq!(key(PKCS8).unwrap().public_key_der(), key(PKCS1).unwrap().public_key_der());
}

#[test]
fn unusable_key_gives_reason() {
    assert_eq!(key("").unwrap_err(), KeyError::NotPem);
    assert_eq!(
        key("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----").unwrap_err(),
        KeyError::NotPem
    );
    let encrypted = PKCS8.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    assert_eq!(key(&encrypted).unwrap_err(), KeyError::Encrypted);
    let damaged = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
    assert_eq!(key(damaged).unwrap_err(), KeyError::Unsupported);
    assert_eq!(format!("{:?}", key(PKCS8).unwrap()), "JwtKey(…)");
}
