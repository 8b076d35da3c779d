//! The public key of a connected app, read from PEM.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;

/// Reads a certificate, a public key or an RSA public key, and returns the RSA key alone.
pub(crate) fn rsa_key(pem: &str) -> Option<Vec<u8>> {
    let body: String = pem.lines().map(str::trim).filter(|line| !line.starts_with("-----")).collect();
    let der = STANDARD.decode(body).ok()?;
    let whole = element(&der)?;
    let parts = children(whole.content)?;
    match parts.as_slice() {
        // RSAPublicKey: modulus, exponent.
        [first, _] if first.tag == INTEGER => Some(der),
        // SubjectPublicKeyInfo: algorithm, key.
        [first, second] if first.tag == SEQUENCE && second.tag == BIT_STRING => inner_key(second.content),
        // Certificate: the signed part holds the key as its last sequence of algorithm and bits.
        [signed, _, _] => {
            let fields = children(signed.content)?;
            let infos = fields.iter().filter_map(|field| children(field.content));
            let mut key = infos.filter_map(|parts| match parts.as_slice() {
                [first, second] if first.tag == SEQUENCE && second.tag == BIT_STRING => {
                    inner_key(second.content)
                }
                _ => None,
            });
            key.next_back()
        }
        _ => None,
    }
}

fn inner_key(bits: &[u8]) -> Option<Vec<u8>> {
    let (unused, key) = bits.split_first()?;
    (*unused == 0).then(|| key.to_vec())
}

struct Element<'a> {
    tag: u8,
    content: &'a [u8],
    rest: &'a [u8],
}

fn element(bytes: &[u8]) -> Option<Element<'_>> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let count = usize::from(first & 0x7f);
        if count == 0 || count > 4 {
            return None;
        }
        let (digits, rest) = rest.split_at_checked(count)?;
        (digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit)), rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some(Element { tag, content, rest })
}

fn children(mut bytes: &[u8]) -> Option<Vec<Element<'_>>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let next = element(bytes)?;
        bytes = next.rest;
        found.push(next);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_key_is_decoded_and_invalid_key_rejected() {
        // SEQUENCE { SEQUENCE {}, BIT STRING 00 AA BB }
        let wrapped = STANDARD.encode([0x30, 0x07, 0x30, 0x00, 0x03, 0x03, 0x00, 0xAA, 0xBB]);
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{wrapped}\n-----END PUBLIC KEY-----\n");
        assert_eq!(rsa_key(&pem), Some(vec![0xAA, 0xBB]));
        for rubbish in ["", "!!!", "-----BEGIN X-----\nMA==\n-----END X-----", "MIIBCgKCAQ=="] {
            assert_eq!(rsa_key(rubbish), None, "{rubbish}");
        }
    }
}
