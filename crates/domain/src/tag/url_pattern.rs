//! Patterns of addresses: `/contact`, `/products/*`, `https://www.example.co.jp/contact*`.

use crate::tag::SiteOrigin;

/// Characters of a pattern.
const MAX_PATTERN: usize = 500;
/// Characters of an address that patterns are compared with.
const MAX_URL: usize = 2_000;

/// Whether a text is a pattern: a path, an address, or `*`.
pub fn is_url_pattern(text: &str) -> bool {
    let is_text = text.len() <= MAX_PATTERN && !text.contains(char::is_whitespace);
    let starts = text.starts_with('/') || text == "*";
    let is_address = ["https://", "http://"].iter().any(|scheme| {
        text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
    });
    is_text && (starts || is_address)
}

/// Whether a page is one of those that a pattern names.
///
/// `*` stands for anything. Parameters count only where the pattern has a `?`, and a slash at the end never does.
pub fn matches_url(pattern: &str, origin: &SiteOrigin, path_and_query: &str) -> bool {
    if path_and_query.len() > MAX_URL {
        return false;
    }
    let page = path_and_query.split('#').next().unwrap_or_default();
    let page = if pattern.contains('?') { page } else { page.split('?').next().unwrap_or_default() };
    if pattern.starts_with('/') || pattern == "*" {
        return matches(trim(pattern), trim(page));
    }
    let (scheme, rest) = pattern.split_once("://").unwrap_or(("https", pattern));
    let (host, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    // `https://example.co.jp*` means every page of the site, not every host that begins like it.
    let (host, path) = match host.strip_suffix('*').filter(|host| !host.is_empty() && path == "/") {
        Some(host) => (host, "/*"),
        None => (host, path),
    };
    let wanted = format!("{scheme}://{}", host.to_ascii_lowercase());
    let wanted = SiteOrigin::parse(&wanted).map_or(wanted, |origin| origin.as_str().to_owned());
    matches(&wanted, origin.as_str()) && matches(trim(path), trim(page))
}

fn trim(path: &str) -> &str {
    match path.trim_end_matches('/') {
        "" => "/",
        path => path,
    }
}

/// Whether a text fits a pattern with `*`; it goes back to the last `*` only, so that it takes no exponential time.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, t));
            p += 1;
        } else if pattern.get(p) == Some(&text[t]) {
            p += 1;
            t += 1;
        } else if let Some((at, from)) = star {
            p = at + 1;
            t = from + 1;
            star = Some((at, from + 1));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_name_pages() {
        let site = SiteOrigin::parse("https://www.example.co.jp").unwrap();
        for (pattern, page, expected) in [
            ("/*", "/", true),
            ("/contact", "/contact", true),
            ("/contact", "/contact/", true),
            ("/contact", "/contact?utm_source=x", true),
            ("/contact", "/contact/thanks", false),
            ("/contact*", "/contact/thanks", true),
            ("/products/*", "/products/a/b", true),
            ("/products/*", "/products", false),
            ("*", "/anything", true),
            ("/", "/", true),
            ("/", "/contact", false),
            ("/*", "/contact", true),
            ("/search?q=*", "/search?q=x", true),
            ("/search?q=*", "/search", false),
            ("https://www.example.co.jp/contact", "/contact", true),
            ("https://WWW.example.co.jp", "/", true),
            ("https://www.example.co.jp*", "/contact", true),
            ("https://*.example.co.jp/*", "/contact", true),
            ("https://other.example/contact", "/contact", false),
            ("http://www.example.co.jp/contact", "/contact", false),
        ] {
            assert_eq!(matches_url(pattern, &site, page), expected, "{pattern} {page}");
        }
        let long = "*a".repeat(100);
        assert!(!matches(&long, &"a".repeat(99)), "ends soon");
    }

    #[test]
    fn patterns_are_paths_or_addresses() {
        for good in ["/", "/contact", "*", "https://example.co.jp/a*"] {
            assert!(is_url_pattern(good), "{good}");
        }
        for bad in ["", "contact", "javascript:alert(1)", "https:///x", "https://", "/a b"] {
            assert!(!is_url_pattern(bad), "{bad}");
        }
    }
}
