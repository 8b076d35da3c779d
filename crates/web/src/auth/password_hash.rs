//! Passwords: Argon2id hashes, made and checked off the threads that serve requests.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

/// The shortest password that is accepted.
pub const MIN_LENGTH: usize = 10;
/// The longest password that is looked at.
pub const MAX_LENGTH: usize = 256;

/// Hashes that are made at the same time: each takes 19 MiB, and anybody may ask for one by signing in.
static MAX_CONCURRENT_HASHES: Semaphore = Semaphore::const_new(4);

/// The hash to keep of a new password; takes some tens of milliseconds of one core.
pub async fn hash(password: SecretString) -> Option<String> {
    let _turn = MAX_CONCURRENT_HASHES.acquire().await.ok()?;
    let made = tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.expose_secret().as_bytes()).ok().map(|hash| hash.to_string())
    });
    made.await.ok().flatten()
}

/// Whether a password belongs to a hash. Without a hash it takes as long and says no, so that no one can
/// tell by the time whether an account exists.
pub async fn verify(password: SecretString, hash: Option<String>) -> bool {
    let Ok(_turn) = MAX_CONCURRENT_HASHES.acquire().await else { return false };
    let checked = tokio::task::spawn_blocking(move || {
        let Some(hash) = hash else {
            let _ = Argon2::default().hash_password(password.expose_secret().as_bytes());
            return false;
        };
        PasswordHash::new(&hash).is_ok_and(|hash| {
            Argon2::default().verify_password(password.expose_secret().as_bytes(), &hash).is_ok()
        })
    });
    checked.await.unwrap_or(false)
}
