//! As much XML as SOAP messages need: elements, text, and whether something is nil.

/// Elements inside each other.
const DEEPEST: usize = 32;
/// Elements in one message.
const MAX: usize = 200_000;

/// One element, without its prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// Its local name.
    pub(super) name: String,
    /// Its text, without the space around it.
    pub(super) text: String,
    /// Whether it says that it has no value.
    pub(super) nil: bool,
    /// The elements in it.
    pub(super) children: Vec<Element>,
}

impl Element {
    /// The first element of this name in it.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Every element of this name in it.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first element of this name in it; an empty one counts as missing.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str()).filter(|text| !text.is_empty())
    }

    /// Whether the first element of this name in it says `true`.
    pub(super) fn has_name(&self, name: &str) -> bool {
        self.text_of(name).is_some_and(|text| text.eq_ignore_ascii_case("true") || text == "1")
    }
}

/// Reads a message; `None` when it is not well formed, or not of any sensible size.
pub(super) fn read(text: &str) -> Option<Element> {
    let mut open: Vec<Element> = vec![Element::default()];
    let mut count = 0;
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        open.last_mut()?.text.push_str(&unescape(&rest[..start]));
        rest = &rest[start..];
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = after.split_once("-->")?.1;
        } else if let Some(after) = rest.strip_prefix("<![CDATA[") {
            let (literal, after) = after.split_once("]]>")?;
            open.last_mut()?.text.push_str(literal);
            rest = after;
        } else if rest.starts_with("<?") || rest.starts_with("<!") {
            rest = rest.split_once('>')?.1;
        } else if let Some(after) = rest.strip_prefix("</") {
            let (name, after) = after.split_once('>')?;
            let closed = open.pop().filter(|element| element.name == local(name.trim()))?;
            open.last_mut()?.children.push(trimmed(closed));
            rest = after;
        } else {
            let end = tag_end(rest)?;
            let tag = &rest[1..end];
            let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
            let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
            let squeezed: String = attributes.split_whitespace().collect();
            let nil = squeezed.contains("nil=\"true\"") || squeezed.contains("nil='true'");
            let element = Element { name: local(name).to_owned(), nil, ..Element::default() };
            count += 1;
            if element.name.is_empty() || count > MAX || open.len() > DEEPEST {
                return None;
            }
            if empty {
                open.last_mut()?.children.push(element);
            } else {
                open.push(element);
            }
            rest = &rest[end + 1..];
        }
    }
    match <[Element; 1]>::try_from(open) {
        Ok([root]) if root.children.len() == 1 => root.children.into_iter().next(),
        _ => None,
    }
}

/// Where a tag ends; a `>` inside quotes does not end it.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if letter == open => quote = None,
            _ => {}
        }
    }
    None
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or_default()
}

fn trimmed(element: Element) -> Element {
    let text = if element.children.is_empty() { element.text.trim().to_owned() } else { String::new() };
    Element { text, ..element }
}

fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        plain.push_str(&rest[..start]);
        rest = &rest[start..];
        let reference = rest[1..].split_once(';').and_then(|(name, after)| Some((meaning(name)?, after)));
        match reference {
            Some((letter, after)) => {
                plain.push(letter);
                rest = after;
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn meaning(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        name => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::xml::escape;
    use proptest::prelude::*;

    #[test]
    fn xml_prefixes_quotes_comments_and_entities_are_parsed() {
        for xml in [
            "<n1:a xmlns:n1='urn'><n1:b>x&amp;&#x59;</n1:b></n1:a>",
            "<?xml version=\"1.0\"?><a xmlns=\"u>rn\"><!-- <b> --><b>\n x&amp;Y </b></a>",
            "<p:a><q:b><![CDATA[x&Y]]></q:b></p:a>",
        ] {
            let read = read(xml).unwrap();
            assert_eq!((read.name.as_str(), read.text_of("b")), ("a", Some("x&Y")), "{xml}");
        }
        assert!(read("<a><b xsi:nil = \"true\"/></a>").unwrap().child("b").unwrap().nil);
        for broken in ["", "<", "<a", "<a>", "</a>", "<a></b>", "<a/><b/>", "<a><!-- </a>", "<>x</>"] {
            assert_eq!(read(broken), None, "{broken}");
        }
        assert_eq!(read(&"<a>".repeat(100_000)), None);
    }

    proptest! {
        #[test]
        fn any_text_never_panics_the_reader(text in "\\PC*") {
            let _ = read(&text);
            let _ = read(&format!("<a>{text}</a>"));
        }

        #[test]
        fn escaped_text_is_read_back(text in "[ -~\\p{Han}]*") {
            let read = read(&format!("<a>{}</a>", escape(&text))).unwrap();
            prop_assert_eq!(read.text, text.trim());
        }
    }
}
