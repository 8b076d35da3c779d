//! Who a browser is taken for: the address that was typed in it, within rations, so that nobody can try addresses out.

use crate::actions::tag::site::Site;
use crate::http::client_address::ClientAddress;
use crate::state::AppState;
use domain::tag::ADDRESSES_A_DAY;
use domain::value::Timestamp;
use std::net::IpAddr;
use storage::secret::token_hash;
use storage::tag::visitors;
use storage::workspace::attempts;
use storage::workspace::attempts::AttemptLimit;
use storage::{StorageError, Write};

/// New addresses in one network within an hour; those beyond are stored, and open no dialog later.
const PER_NETWORK: AttemptLimit = AttemptLimit { free: 20, pause_seconds: 3_600, window_minutes: 60 };
/// Characters of a visitor's ID.
const ID_LENGTH: std::ops::RangeInclusive<usize> = 16..=64;

/// The hash under which a visitor's ID is kept; `None` if it is none.
pub(crate) fn hash(id: &str) -> Option<String> {
    let is_id = ID_LENGTH.contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    is_id.then(|| token_hash::of_token(id))
}

/// What became of an address that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Identified {
    /// It is this browser's.
    Same,
    /// Another one was typed here before: the browser is shared, and gets this ID from now on.
    Renewed(String),
    /// Too many addresses were typed in this browser or network.
    OverRation,
}

/// Takes note of an address that was typed in a browser. The same again changes nothing.
pub(crate) async fn identify(
    state: &AppState,
    write: &Write,
    site: &Site,
    client: ClientAddress,
    (id, email_key, level): (&str, &str, i64),
) -> Result<Identified, StorageError> {
    let now = state.clock.now();
    let Some(own) = hash(id) else { return Ok(Identified::OverRation) };
    let known = visitors::find(write, site.workspace, &own).await?;
    let before = known.map(|known| known.email_key).unwrap_or_default();
    if before == email_key {
        visitors::identify(write, site.workspace, &own, email_key, level, now).await?;
        return Ok(Identified::Same);
    }
    if !is_within_rations(write, site, client, &own, email_key, now).await? {
        return Ok(Identified::OverRation);
    }
    visitors::note_address(write, site.workspace, &own, email_key, now).await?;
    if before.is_empty() {
        visitors::identify(write, site.workspace, &own, email_key, level, now).await?;
        return Ok(Identified::Same);
    }
    // Made of both, so that a report that comes twice gives one new ID.
    let signed = state.database.vault().sign("tag-visitor", &format!("{} {id} {email_key}", site.workspace));
    let renewed: String = signed.chars().take(22).collect();
    let new = token_hash::of_token(&renewed);
    // The rations of the old ID go on.
    for address in visitors::addresses_since(write, site.workspace, &own, now.plus_minutes(-DAY)).await? {
        visitors::note_address(write, site.workspace, &new, &address, now).await?;
    }
    visitors::identify(write, site.workspace, &new, email_key, level, now).await?;
    Ok(Identified::Renewed(renewed))
}

const DAY: i64 = 24 * 60;

async fn is_within_rations(
    write: &Write,
    site: &Site,
    client: ClientAddress,
    hash: &str,
    email_key: &str,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let today = visitors::addresses_since(write, site.workspace, hash, now.plus_minutes(-DAY)).await?;
    if today.iter().any(|known| known == email_key) {
        return Ok(true);
    }
    if i64::try_from(today.len()).unwrap_or(i64::MAX) >= ADDRESSES_A_DAY {
        return Ok(false);
    }
    let name = format!("tag identity {} {}", site.workspace, network(client));
    Ok(attempts::take(write, &name, PER_NETWORK, now).await?.is_none())
}

/// What one office or provider has: a /24, or a /56.
fn network(client: ClientAddress) -> String {
    match client.0 {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{:x}::/56", d & 0xff00)
        }
    }
}
