//! Passwords: Argon2id hashes, made and checked off the threads that serve requests.
//!
//! Each hash fills 19 MiB, and anybody may ask for one by signing in. So few are made at the same time, in buffers that
//! are used again and again: freed ones would stay with the allocator.

use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use argon2::{Argon2, Block, Params};
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

/// The shortest password that is accepted.
pub const MIN_LENGTH: usize = 10;
/// The longest password that is looked at.
pub const MAX_LENGTH: usize = 256;

/// Hashes that are made at the same time.
const BUFFERS: usize = 2;
/// Those who wait for their turn, at most; further ones are sent away.
const MAX_WAITING: usize = 200;
/// How long someone waits for a turn.
const TURN_TIMEOUT: Duration = Duration::from_secs(20);

static TURNS: Semaphore = Semaphore::const_new(BUFFERS);
static QUEUE: Semaphore = Semaphore::const_new(MAX_WAITING);
static FREE_BUFFERS: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// Too many passwords are being checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked at the same time")]
pub struct Busy;

/// The hash to keep of a new password; takes some tens of milliseconds of one core. `None` when it can't be made now.
pub async fn hash(password: SecretString) -> Option<String> {
    let _turn = turn().await.ok()?;
    tokio::task::spawn_blocking(move || make(&password)).await.ok().flatten()
}

/// Whether a password belongs to a hash. Without a hash it takes as long and says no, so that no one can
/// tell by the time whether an account exists.
///
/// # Errors
/// [`Busy`] when too many wait already.
pub async fn verify(password: SecretString, hash: Option<String>) -> Result<bool, Busy> {
    let _turn = turn().await?;
    let checked = tokio::task::spawn_blocking(move || matches(&password, hash.as_deref())).await;
    Ok(checked.unwrap_or(false))
}

async fn turn() -> Result<SemaphorePermit<'static>, Busy> {
    let _place = QUEUE.try_acquire().map_err(|_| Busy)?;
    let turn = tokio::time::timeout(TURN_TIMEOUT, TURNS.acquire()).await;
    turn.map_err(|_| Busy)?.map_err(|_| Busy)
}

fn make(password: &SecretString) -> Option<String> {
    let salt = Salt::generate();
    let (argon, params) = (Argon2::default(), Params::default());
    let output = derive(&argon, &params, password, &salt)?;
    let hash = PasswordHash {
        algorithm: argon2::Algorithm::default().ident(),
        version: Some(argon2::Version::default().into()),
        params: (&params).try_into().ok()?,
        salt: Some(salt),
        hash: Some(output),
    };
    Some(hash.to_string())
}

fn matches(password: &SecretString, hash: Option<&str>) -> bool {
    let known = hash.and_then(|hash| PasswordHash::new(hash).ok()).and_then(|hash| {
        let params = Params::try_from(&hash).ok()?;
        let algorithm = argon2::Algorithm::try_from(hash.algorithm.as_str()).ok()?;
        let version = hash.version.and_then(|version| version.try_into().ok()).unwrap_or_default();
        Some((Argon2::new(algorithm, version, params.clone()), params, hash.salt?, hash.hash?))
    });
    let Some((argon, params, salt, expected)) = known else {
        let _ = derive(&Argon2::default(), &Params::default(), password, &Salt::generate());
        return false;
    };
    // The library compares outputs in constant time.
    derive(&argon, &params, password, &salt).is_some_and(|output| output == expected)
}

fn derive(argon: &Argon2<'_>, params: &Params, password: &SecretString, salt: &Salt) -> Option<Output> {
    let mut buffer = FREE_BUFFERS.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
    buffer.resize(params.block_count(), Block::default());
    let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
    let mut output = vec![0; length];
    let password = password.expose_secret().as_bytes();
    let made = argon.hash_password_into_with_memory(password, salt.as_ref(), &mut output, &mut buffer);
    let mut free = FREE_BUFFERS.lock().unwrap_or_else(PoisonError::into_inner);
    if free.len() < BUFFERS {
        free.push(buffer);
    }
    made.ok()?;
    Output::new(&output).ok()
}
