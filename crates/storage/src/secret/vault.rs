//! Secrets at rest: XChaCha20-Poly1305, several keys for rotation (C7).

use crate::error::StorageError;
use crate::ids::fill_random;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret as _, SecretString};

/// The keys under which secrets are stored; the first encrypts, all of them decrypt.
pub struct Vault {
    keys: Vec<Key>,
}

struct Key {
    name: String,
    cipher: XChaCha20Poly1305,
    signing: ring::hmac::Key,
}

/// Why a configured key can't be used.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// No key was given.
    #[error(
        "no secret key is configured: set TSUGITE_SECRET_KEY to a random text of at least 32 characters, for instance the output of `openssl rand -base64 32`"
    )]
    Missing,
    /// A key is too short to be random.
    #[error(
        "a secret key has fewer than 32 characters: use a random text, for instance the output of `openssl rand -base64 32`"
    )]
    TooShort,
}

/// Under which key something is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// The first: the one that encrypts.
    First,
    /// Another one that is configured.
    Older,
    /// One that is not configured, by its name, or nothing that [`Vault::seal`] made.
    Unknown(String),
}

const NONCE_LENGTH: usize = 24;

impl Vault {
    /// Takes the configured keys, separated by commas or line breaks; the first encrypts.
    pub fn new(configured: &SecretString) -> Result<Self, VaultError> {
        let keys: Vec<Key> = configured
            .expose_secret()
            .split([',', '\n'])
            .map(str::trim)
            .filter(|key| !key.is_empty())
            .map(
                |key| if key.chars().count() < 32 { Err(VaultError::TooShort) } else { Ok(Key::derive(key)) },
            )
            .collect::<Result<_, _>>()?;
        if keys.is_empty() { Err(VaultError::Missing) } else { Ok(Self { keys }) }
    }

    /// Encrypts a secret for one place; `place` must be given again to decrypt it.
    pub fn seal(&self, place: &str, secret: &str) -> Result<String, StorageError> {
        let key = self.keys.first().ok_or(StorageError::Secret)?;
        let mut nonce = [0_u8; NONCE_LENGTH];
        fill_random(&mut nonce);
        let payload = Payload { msg: secret.as_bytes(), aad: place.as_bytes() };
        let sealed = key.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| StorageError::Secret)?;
        Ok(format!("{}.{}.{}", key.name, BASE64.encode(nonce), BASE64.encode(sealed)))
    }

    /// Decrypts what [`Self::seal`] made for the same place, under whichever key it was made.
    pub fn open(&self, place: &str, sealed: &str) -> Result<SecretString, StorageError> {
        let mut parts = sealed.splitn(3, '.');
        let (Some(name), Some(nonce), Some(sealed)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(StorageError::Secret);
        };
        let key = self.keys.iter().find(|key| key.name == name).ok_or(StorageError::Secret)?;
        let nonce: [u8; NONCE_LENGTH] =
            BASE64.decode(nonce).ok().and_then(|nonce| nonce.try_into().ok()).ok_or(StorageError::Secret)?;
        let sealed = BASE64.decode(sealed).map_err(|_| StorageError::Secret)?;
        let payload = Payload { msg: &sealed, aad: place.as_bytes() };
        let opened = key.cipher.decrypt(&XNonce::from(nonce), payload).map_err(|_| StorageError::Secret)?;
        String::from_utf8(opened).map(SecretString::from).map_err(|_| StorageError::Secret)
    }

    /// Under which key something was sealed.
    pub fn key_of(&self, sealed: &str) -> KeyState {
        let name = sealed.split('.').next().unwrap_or_default();
        match self.keys.iter().position(|key| key.name == name) {
            Some(0) => KeyState::First,
            Some(_) => KeyState::Older,
            None => KeyState::Unknown(name.to_owned()),
        }
    }

    /// The first key's name, which tells nothing about the key.
    pub fn first_key_name(&self) -> &str {
        self.keys.first().map(|key| key.name.as_str()).unwrap_or_default()
    }

    /// A tag that only the keys' holder can make, for links and forms; one `purpose` can't stand in for another.
    pub fn sign(&self, purpose: &str, text: &str) -> String {
        self.keys
            .first()
            .map(|key| BASE64.encode(ring::hmac::sign(&key.signing, &message(purpose, text))))
            .unwrap_or_default()
    }

    /// Whether a tag was made by [`Self::sign`] under any of the keys; takes the same time for wrong ones.
    pub fn verify(&self, purpose: &str, text: &str, tag: &str) -> bool {
        let Ok(tag) = BASE64.decode(tag) else { return false };
        self.keys.iter().any(|key| ring::hmac::verify(&key.signing, &message(purpose, text), &tag).is_ok())
    }
}

fn message(purpose: &str, text: &str) -> Vec<u8> {
    format!("{}:{purpose}:{text}", purpose.len()).into_bytes()
}

impl Key {
    fn derive(configured: &str) -> Self {
        let part = |purpose: &[u8]| {
            let root = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"tsugite vault 1");
            let mut context = ring::hmac::Context::with_key(&root);
            context.update(purpose);
            context.update(configured.as_bytes());
            context.sign()
        };
        let mut key = [0_u8; 32];
        key.copy_from_slice(part(b"encrypt:").as_ref());
        let name = BASE64.encode(&part(b"name:").as_ref()[..6]);
        let signing = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, part(b"sign:").as_ref());
        Self { name, cipher: XChaCha20Poly1305::new(&key.into()), signing }
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vault({} keys)", self.keys.len())
    }
}
