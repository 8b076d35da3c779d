//! Origins of websites, as browsers send them and as admins type them.

use serde::{Deserialize, Serialize};

/// Scheme, host and port of a website: `https://www.example.co.jp`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SiteOrigin(String);

/// The longest address that is read; those of advertisements are long.
const MAX_ADDRESS: usize = 16_000;
/// The longest origin.
const MAX_ORIGIN: usize = 300;

impl SiteOrigin {
    /// Reads an origin or an address, of which it keeps the origin; `None` if it is of no website.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        if typed.is_empty() || typed.len() > MAX_ADDRESS {
            return None;
        }
        let address = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
        let url = url::Url::parse(&address).ok()?;
        let is_web = matches!(url.scheme(), "http" | "https");
        let host = url.host_str()?;
        let has_label = host.contains('.') || host == "localhost" || host.starts_with('[');
        let is_plain = is_web && has_label && url.username().is_empty() && url.password().is_none();
        is_plain
            .then(|| url.origin().ascii_serialization())
            .filter(|origin| origin.len() <= MAX_ORIGIN)
            .map(Self)
    }

    /// As it is compared and shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for SiteOrigin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// An allowed site as it is kept: an origin, or one with `*.` for all subdomains; `None` if it is neither.
pub(crate) fn read_allowed(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let (scheme, host) = typed.split_once("://").unwrap_or(("https", typed));
    match host.strip_prefix("*.") {
        Some(rest) => {
            let plain = SiteOrigin::parse(&format!("{scheme}://{rest}"))?;
            let (scheme, host) = plain.as_str().split_once("://")?;
            // All of .jp is nobody's site.
            host.contains('.').then(|| format!("{scheme}://*.{host}"))
        }
        None => SiteOrigin::parse(typed).map(|origin| origin.0),
    }
}

/// Whether an origin is among those allowed; `https://*.example.co.jp` is every subdomain of it.
pub fn is_allowed(allowed: &[String], origin: &SiteOrigin) -> bool {
    allowed.iter().any(|allowed| match allowed.split_once("://*.") {
        Some((scheme, host)) => {
            let rest = origin.as_str().strip_prefix(scheme).and_then(|rest| rest.strip_prefix("://"));
            rest.and_then(|rest| rest.strip_suffix(host)).is_some_and(|before| before.ends_with('.'))
        }
        None => allowed == origin.as_str(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_read_as_browsers_write_them() {
        for (typed, read) in [
            ("https://www.example.co.jp", Some("https://www.example.co.jp")),
            ("HTTPS://WWW.Example.co.jp:443/contact?x=1", Some("https://www.example.co.jp")),
            ("www.example.co.jp", Some("https://www.example.co.jp")),
            ("http://localhost:8080", Some("http://localhost:8080")),
            ("https://日本語.example", Some("https://xn--wgv71a119e.example")),
            ("null", None),
            ("", None),
            ("javascript:alert(1)", None),
            ("https://user@example.com", None),
            ("file:///etc/passwd", None),
        ] {
            assert_eq!(SiteOrigin::parse(typed).as_ref().map(SiteOrigin::as_str), read, "{typed}");
        }
    }

    #[test]
    fn star_is_every_subdomain_and_nothing_else() {
        let allowed = [read_allowed("https://*.example.co.jp").unwrap()];
        for (origin, expected) in [
            ("https://go.example.co.jp", true),
            ("https://a.b.example.co.jp", true),
            ("https://example.co.jp", false),
            ("https://badexample.co.jp", false),
            ("http://go.example.co.jp", false),
            ("https://go.example.co.jp.evil.example", false),
        ] {
            assert_eq!(is_allowed(&allowed, &SiteOrigin::parse(origin).unwrap()), expected, "{origin}");
        }
        assert_eq!(read_allowed("https://*.jp"), None);
        assert_eq!(read_allowed("*"), None);
    }
}
