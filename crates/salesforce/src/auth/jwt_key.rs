//! The private key of the JWT flow.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use secrecy::{ExposeSecret, SecretString};

/// An RSA key that signs assertions. Its `Debug` shows nothing of it.
pub struct JwtKey(RsaKeyPair);

/// Why a key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No `PRIVATE KEY` block in the text, or a damaged one.
    #[error("this is not a private key in PEM form")]
    NotPem,
    /// Protected by a passphrase.
    #[error("the private key is encrypted; remove its passphrase")]
    Encrypted,
    /// Not RSA, or of fewer than 2048 or more than 4096 bits.
    #[error("the private key is not an RSA key of 2048 to 4096 bits")]
    Unsupported,
    /// The signature could not be made.
    #[error("signing failed")]
    Signing,
}

impl JwtKey {
    /// Reads a key from PEM text: PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`).
    ///
    /// # Errors
    /// [`KeyError`]
    pub fn from_pem(pem: &SecretString) -> Result<Self, KeyError> {
        let pem = pem.expose_secret();
        if pem.contains("BEGIN ENCRYPTED") || pem.contains("4,ENCRYPTED") {
            return Err(KeyError::Encrypted);
        }
        let key = if let Some(der) = block(pem, "PRIVATE KEY") {
            RsaKeyPair::from_pkcs8(&decode(der)?)
        } else if let Some(der) = block(pem, "RSA PRIVATE KEY") {
            RsaKeyPair::from_der(&decode(der)?)
        } else {
            return Err(KeyError::NotPem);
        };
        key.map(Self).map_err(|_| KeyError::Unsupported)
    }

    /// The public half as PKCS#1 DER, for showing or checking which key this is.
    pub fn public_key_der(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    /// The RS256 signature of a message.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let mut signature = vec![0; self.0.public().modulus_len()];
        // The randomness only blinds the computation: the signature is the same every time.
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| KeyError::Signing)?;
        Ok(signature)
    }
}

impl std::fmt::Debug for JwtKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JwtKey(…)")
    }
}

fn block<'a>(pem: &'a str, label: &str) -> Option<&'a str> {
    let (_, after) = pem.split_once(&format!("-----BEGIN {label}-----"))?;
    Some(after.split_once(&format!("-----END {label}-----"))?.0)
}

fn decode(text: &str) -> Result<Vec<u8>, KeyError> {
    let compact: String = text.split_whitespace().collect();
    STANDARD.decode(compact).map_err(|_| KeyError::NotPem)
}
