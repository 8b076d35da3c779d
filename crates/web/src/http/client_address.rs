//! Who sends a request: the peer, or whom a trusted proxy names (Q6).

use crate::state::AppState;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use ipnet::IpNet;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Once;

/// The header in which proxies name the client, the nearest proxy's word last.
const FORWARDED_FOR: &str = "x-forwarded-for";
/// Told once: it is the same for every request.
static UNTRUSTED_PROXY: Once = Once::new();
/// Proxies that one request may pass.
const MAX_HOPS: usize = 20;

/// Reverse proxies whose word about the client's address is believed.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Reads addresses and networks.
    ///
    /// # Errors
    /// The text that is neither.
    pub fn parse(listed: &[String]) -> Result<Self, &str> {
        let network = |text: &String| {
            text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
        };
        listed.iter().map(|text| network(text).ok_or(text.as_str())).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a peer is one of them.
    fn trusts(&self, peer: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&peer.to_canonical()))
    }

    /// The client's address: the last one that no trusted proxy has.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let named = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
        let named: Vec<&str> = named.flat_map(|value| value.split(',')).collect();
        let mut client = peer.to_canonical();
        for name in named.iter().rev().take(MAX_HOPS) {
            if !self.trusts(client) {
                break;
            }
            // A word that is no address ends the chain: whoever wrote it is the nearest that is known.
            let Ok(next) = name.trim().parse::<IpAddr>() else { break };
            client = next.to_canonical();
        }
        client
    }
}

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
    fn only_trusted_proxies_are_believed() {
        let proxies = TrustedProxies::parse(&["10.0.0.0/8".to_owned(), "::1".to_owned()]).unwrap();
        let client = |peer: &str, headers: &[&str]| {
            let mut map = HeaderMap::new();
            for header in headers {
                map.append(FORWARDED_FOR, header.parse().unwrap());
            }
            proxies.client(peer.parse().unwrap(), &map).to_string()
        };
        for (peer, headers, expected) in [
            ("203.0.113.9", &["198.51.100.1"][..], "203.0.113.9"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["192.0.2.1, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["192.0.2.1", "198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["unknown"], "10.0.0.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("::ffff:10.0.0.1", &["2001:db8::7"], "2001:db8::7"),
            ("::1", &["198.51.100.1"], "198.51.100.1"),
        ] {
            assert_eq!(client(peer, headers), expected, "{peer} {headers:?}");
        }
        assert_eq!(TrustedProxies::parse(&["10.0.0.0/99".to_owned()]).unwrap_err(), "10.0.0.0/99");
        assert_eq!(ClientAddress("2001:db8:1:2:3::4".parse().unwrap()).block(), "2001:db8:1:2::/64");
    }
}
