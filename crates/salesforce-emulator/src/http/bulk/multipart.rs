//! Reading `multipart/form-data`.

/// The named parts of a body; `None` when it is not what its content type says.
pub(super) fn parts<'a>(content_type: &str, body: &'a [u8]) -> Option<Vec<(String, &'a [u8])>> {
    let boundary = format!("--{}", parameter(content_type, "boundary")?);
    let mut rest = &body[find(body, boundary.as_bytes())? + boundary.len()..];
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        rest = line_end(rest)?;
        let (head, after_head) = head(rest)?;
        let end = find(after_head, format!("\n{boundary}").as_bytes())?;
        let content = after_head[..end].strip_suffix(b"\r").unwrap_or(&after_head[..end]);
        parts.push((name(head)?, content));
        rest = &after_head[end + 1 + boundary.len()..];
    }
    Some(parts)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn line_end(bytes: &[u8]) -> Option<&[u8]> {
    let blank = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let bytes = &bytes[blank..];
    bytes.strip_prefix(b"\r\n").or_else(|| bytes.strip_prefix(b"\n"))
}

/// The headers of a part and what follows the empty line.
fn head(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = |needle: &[u8]| find(bytes, needle).map(|at| (at, at + needle.len()));
    let ends = [at(b"\r\n\r\n"), at(b"\n\n")].into_iter().flatten();
    let (end, next) = ends.min()?;
    Some((&bytes[..end], &bytes[next..]))
}

fn name(head: &[u8]) -> Option<String> {
    let head = std::str::from_utf8(head).ok()?;
    let disposition =
        head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    parameter(disposition, "name")
}

/// A parameter of a header, with or without quotes.
fn parameter(header: &str, name: &str) -> Option<String> {
    header.split(';').skip(1).find_map(|part| {
        let (key, value) = part.trim().split_once('=')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim_matches('"').to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TYPE: &str = "multipart/form-data; boundary=BOUNDARY";

    #[test]
    fn multipart_parts_are_found_by_name() {
        for end in ["\r\n", "\n"] {
            let body = [
                "--BOUNDARY",
                "Content-Type: application/json",
                "Content-Disposition: form-data; name=\"job\"",
                "",
                "{\"object\":\"Contact\"}",
                "",
                "--BOUNDARY",
                "Content-Disposition: form-data; name=content; filename=\"content\"",
                "",
                "LastName\n継手\n",
                "--BOUNDARY--",
            ]
            .join(end);
            let found = parts(TYPE, body.as_bytes()).unwrap();
            assert_eq!(found[0].0, "job");
            assert_eq!(found[1], ("content".to_owned(), "LastName\n継手\n".as_bytes()));
        }
        assert_eq!(parts("multipart/form-data", b""), None);
        assert_eq!(parts(TYPE, b"--BOUNDARY\r\nnonsense"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_never_panic_or_loop(pieces in prop::collection::vec(
            prop::sample::select(vec!["--BOUNDARY", "\r\n", "\n", "--", "Content-Disposition: form-data; name=a", "x"]), 0..24,
        )) {
            parts(TYPE, pieces.concat().as_bytes());
        }
    }
}
