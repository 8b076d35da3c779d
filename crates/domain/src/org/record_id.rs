//! Salesforce record ids as people paste them: 15 or 18 characters, or a whole address (K3).

const CHECK_CHARACTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/// The 18-character id in a text: an id itself, or the one in a pasted Salesforce URL.
///
/// `None` when there is none or its check characters disagree (contract 6.1).
pub fn read(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.contains("://") {
        let url = url::Url::parse(typed).ok()?;
        return url.path_segments()?.find_map(complete);
    }
    complete(typed)
}

fn complete(candidate: &str) -> Option<String> {
    if !candidate.chars().all(|c| c.is_ascii_alphanumeric())
        || !candidate.starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let (base, given_check) = match candidate.len() {
        15 => (candidate, None),
        18 => (&candidate[..15], Some(&candidate[15..])),
        _ => return None,
    };
    let check: String = base.as_bytes().chunks(5).map(check_character).collect();
    given_check.is_none_or(|given| given == check).then(|| format!("{base}{check}"))
}

/// Whether the last three of 18 characters are those that belong to the others; a mistyped id fails this.
pub fn check_fits(id: &str) -> bool {
    let Some((base, check)) = id.split_at_checked(15) else { return false };
    check.len() == 3 && base.as_bytes().chunks(5).map(check_character).eq(check.chars())
}

/// One check character: bit k is set when the block's k-th character is a capital.
fn check_character(block: &[u8]) -> char {
    let bits = block
        .iter()
        .enumerate()
        .filter(|(_, byte)| byte.is_ascii_uppercase())
        .fold(0_usize, |bits, (place, _)| bits | (1 << place));
    char::from(CHECK_CHARACTERS[bits])
}
