//! Who sends a request: the peer, or whom a trusted proxy names (Q6).

use crate::state::AppState;
use crate::trusted_proxies::FORWARDED_FOR;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Once;

/// Told once: it is the same for every request.
static UNTRUSTED_PROXY: Once = Once::new();

/// The client of a request, as far as it can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// What one household or company has: an IPv4 address, or the 64 bits of an IPv6 network.
    pub fn block(self) -> String {
        match self.0 {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        }
    }
}

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        if parts.headers.contains_key(FORWARDED_FOR) && !state.settings.trusted_proxies.trusts(peer) {
            UNTRUSTED_PROXY.call_once(|| {
                tracing::warn!(
                    %peer,
                    "requests come through a proxy that is not trusted, so that limits count all visitors as one; \
                     name it in TSUGITE_TRUSTED_PROXIES if it is yours"
                );
            });
        }
        Ok(Self(state.settings.trusted_proxies.client(peer, &parts.headers)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn block_is_an_address_or_a_network_of_64_bits() {
        for (address, block) in [("203.0.113.9", "203.0.113.9"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64")] {
            assert_eq!(ClientAddress(address.parse().unwrap()).block(), block);
        }
    }
}
