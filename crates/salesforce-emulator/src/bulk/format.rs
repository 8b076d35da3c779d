//! How the rows of a job are written: what stands between values, and what ends a line.

/// What stands between the values of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Delimiter {
    /// `` ` ``
    Backquote,
    /// `^`
    Caret,
    /// `,`
    #[default]
    Comma,
    /// `|`
    Pipe,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
}

/// What ends a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LineEnding {
    /// A line feed.
    #[default]
    Lf,
    /// A carriage return and a line feed.
    Crlf,
}

/// How the rows of a job are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Format {
    /// What stands between the values of a row.
    pub(crate) delimiter: Delimiter,
    /// What ends a line.
    pub(crate) line_ending: LineEnding,
}

impl Delimiter {
    /// Every delimiter, under the name a job gives it.
    pub(crate) const ALL: [(&'static str, Delimiter); 6] = [
        ("BACKQUOTE", Delimiter::Backquote),
        ("CARET", Delimiter::Caret),
        ("COMMA", Delimiter::Comma),
        ("PIPE", Delimiter::Pipe),
        ("SEMICOLON", Delimiter::Semicolon),
        ("TAB", Delimiter::Tab),
    ];

    /// Reads the name a job gives it.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Delimiter::ALL.iter().find(|(known, _)| *known == name).map(|(_, delimiter)| *delimiter)
    }

    /// The name a job gives it.
    pub(crate) fn name(self) -> &'static str {
        Delimiter::ALL.iter().find(|(_, known)| *known == self).map_or("COMMA", |(name, _)| name)
    }

    /// The character.
    pub(crate) fn byte(self) -> u8 {
        match self {
            Delimiter::Backquote => b'`',
            Delimiter::Caret => b'^',
            Delimiter::Comma => b',',
            Delimiter::Pipe => b'|',
            Delimiter::Semicolon => b';',
            Delimiter::Tab => b'\t',
        }
    }
}

impl LineEnding {
    /// Reads the name a job gives it.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "LF" => Some(LineEnding::Lf),
            "CRLF" => Some(LineEnding::Crlf),
            _ => None,
        }
    }

    /// The name a job gives it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            LineEnding::Lf => "LF",
            LineEnding::Crlf => "CRLF",
        }
    }

    /// The characters.
    pub(crate) fn bytes(self) -> &'static [u8] {
        match self {
            LineEnding::Lf => b"\n",
            LineEnding::Crlf => b"\r\n",
        }
    }
}
