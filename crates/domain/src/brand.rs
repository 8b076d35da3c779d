//! How a workspace's public pages look: its name, its colour, its logo.

use crate::form::check_text;
use crate::value::{FieldProblem, tidy_line};
use serde::{Deserialize, Serialize};

/// The least contrast of text with what it stands on (WCAG 2.2, 1.4.3).
pub const LEAST_CONTRAST: f64 = 4.5;
/// The largest logo, in bytes.
pub const MAX_LOGO: usize = 100 * 1024;
/// What dark pages stand on.
const DARK_SHEET: Color = Color { red: 0x1c, green: 0x1f, blue: 0x29 };
const WHITE: Color = Color { red: 255, green: 255, blue: 255 };
const BLACK: Color = Color { red: 0, green: 0, blue: 0 };

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color {
    red: u8,
    green: u8,
    blue: u8,
}

impl Color {
    /// Reads `#1a2b3c`.
    pub fn parse(typed: &str) -> Option<Self> {
        let digits = tidy_line(typed);
        let digits = digits.strip_prefix('#').unwrap_or(&digits);
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let part = |from: usize| u8::from_str_radix(&digits[from..from + 2], 16).ok();
        Some(Self { red: part(0)?, green: part(2)?, blue: part(4)? })
    }

    /// `#1a2b3c`
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }

    /// The relative luminance of WCAG.
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// The contrast with another colour, from 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// The contrast with white, on which it stands and which stands on it.
    pub fn contrast_with_white(self) -> f64 {
        self.contrast(WHITE)
    }

    /// A part of this colour and the rest of another.
    fn mixed(self, other: Self, tenths: u16) -> Self {
        let mix = |own: u8, other: u8| {
            let mixed = (u16::from(own) * tenths + u16::from(other) * (10 - tenths)) / 10;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Self {
            red: mix(self.red, other.red),
            green: mix(self.green, other.green),
            blue: mix(self.blue, other.blue),
        }
    }

    /// A darker one, for what the pointer is on.
    #[must_use]
    pub fn deep(self) -> Self {
        self.mixed(BLACK, 8)
    }

    /// A pale one, to stand behind text.
    #[must_use]
    pub fn wash(self) -> Self {
        self.mixed(WHITE, 1)
    }

    /// As near to it as can be read on dark pages.
    #[must_use]
    pub fn for_dark(self) -> Self {
        let lighter = (0..=10).rev().map(|tenths| self.mixed(WHITE, tenths));
        lighter.into_iter().find(|color| color.contrast(DARK_SHEET) >= LEAST_CONTRAST + 1.0).unwrap_or(WHITE)
    }

    /// What stands on it: white or nearly black, whichever is read better.
    pub fn text_on(self) -> &'static str {
        if self.contrast(WHITE) >= self.contrast(BLACK) { "#fff" } else { "#12141c" }
    }

    /// What stands behind text on dark pages.
    #[must_use]
    pub fn dark_wash(self) -> Self {
        self.mixed(DARK_SHEET, 2)
    }
}

/// The pictures that can be logos. Drawings (SVG) can hold scripts and are none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageKind {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
    /// GIF.
    Gif,
}

impl ImageKind {
    /// What a file is by its first bytes, whatever its name says.
    pub fn of(file: &[u8]) -> Option<Self> {
        if file.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if file.starts_with(b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else if file.starts_with(b"RIFF") && file.get(8..12) == Some(b"WEBP") {
            Some(Self::Webp)
        } else if file.starts_with(b"GIF87a") || file.starts_with(b"GIF89a") {
            Some(Self::Gif)
        } else {
            None
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
        }
    }
}

/// How a workspace's public pages look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Brand {
    /// In whose name they speak; the team's when empty.
    pub name: String,
    /// The colour of buttons and links (`#1a2b3c`); ours when empty.
    pub color: String,
    /// What names the logo's content; empty for none.
    pub logo: String,
}

/// Checks name and colour as they were typed; the logo is none of them.
pub fn check_brand(name: &str, color: &str) -> Result<(String, String), Vec<FieldProblem>> {
    let name = tidy_line(name);
    let mut problems: Vec<FieldProblem> = check_text("name", &name, 0, 60).into_iter().collect();
    let color = match color.trim() {
        "" => String::new(),
        typed => match Color::parse(typed) {
            None => {
                problems.push(FieldProblem::new("color", "not-a-color"));
                String::new()
            }
            Some(color) if color.contrast_with_white() < LEAST_CONTRAST => {
                let told = format!("{:.1}", color.contrast_with_white());
                problems.push(FieldProblem::new("color", "too-pale").with("value", told));
                String::new()
            }
            Some(color) => color.hex(),
        },
    };
    if problems.is_empty() { Ok((name, color)) } else { Err(problems) }
}

/// Checks a logo; gives what kind of picture it is.
pub fn check_logo(file: &[u8]) -> Result<ImageKind, FieldProblem> {
    let fault = |code| FieldProblem::new("logo", code);
    if file.is_empty() {
        return Err(fault("required"));
    }
    if file.len() > MAX_LOGO {
        return Err(fault("logo-too-large").with("max", MAX_LOGO / 1024));
    }
    ImageKind::of(file).ok_or_else(|| fault("not-a-picture"))
}
