//! The languages that Tsugite speaks.

use serde::{Deserialize, Serialize};

/// Japanese or English; Japanese is the default (N4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// 日本語
    #[default]
    #[serde(rename = "ja")]
    Japanese,
    /// English
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// Both, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Japanese, Self::English];

    /// The BCP 47 tag, as used in `lang` attributes and in the database.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::English => "en",
        }
    }

    /// Reads a tag such as `ja`, `ja-JP` or `en-GB`; `None` for other languages.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|language| language.tag() == primary)
    }

    /// The best of ours for an `Accept-Language` header: the first that is named, English when others only.
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut wanted: Vec<(f32, &str)> = header
            .split(',')
            .filter_map(|part| {
                let mut pieces = part.trim().split(';');
                let tag = pieces.next().filter(|tag| !tag.is_empty())?;
                let weight = pieces
                    .find_map(|piece| piece.trim().strip_prefix("q=").and_then(|q| q.parse().ok()))
                    .unwrap_or(1.0);
                Some((weight, tag))
            })
            .collect();
        wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
        if wanted.is_empty() {
            return None;
        }
        Some(wanted.iter().find_map(|(_, tag)| Self::from_tag(tag)).unwrap_or(Self::English))
    }
}
