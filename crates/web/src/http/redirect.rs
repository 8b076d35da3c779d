//! Addresses in headers.

use url::Url;

/// An address as a header can carry it: other letters than ASCII's in percent-encoding, hosts in Punycode; empty for what
/// is no address.
pub fn in_a_header(address: &str) -> String {
    Url::parse(address.trim()).map(String::from).unwrap_or_default()
}
