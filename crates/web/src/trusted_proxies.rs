//! Reverse proxies whose word about a client's address is believed (Q6).

use axum::http::HeaderMap;
use ipnet::IpNet;
use std::net::IpAddr;

/// The header in which proxies name the client, the nearest proxy's word last.
pub(crate) const FORWARDED_FOR: &str = "x-forwarded-for";
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
    pub(crate) fn trusts(&self, peer: IpAddr) -> bool {
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
    }
}
