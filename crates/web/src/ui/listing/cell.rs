//! One cell of a list: a text with a second line, words that tell how things stand, or both.

/// A cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// A quieter text after it.
    pub more: String,
    /// Words with the class of their chip.
    pub chips: Vec<(&'static str, String)>,
    /// Is code or an ID.
    pub is_code: bool,
    /// Is a time, or something else that is as long in every row.
    pub is_short: bool,
    /// What the file has instead, such as a time that programs read.
    pub exported: Option<String>,
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A time as people read it, and as programs do.
    pub fn time(shown: String, at: domain::value::Timestamp) -> Self {
        Self { text: shown, is_short: true, exported: Some(at.to_string()), ..Self::default() }
    }

    /// Code or an ID.
    pub fn code(text: impl Into<String>) -> Self {
        Self { is_code: true, ..Self::text(text) }
    }

    /// Words that tell how things stand.
    pub fn chips(chips: Vec<(&'static str, String)>) -> Self {
        Self { chips, ..Self::default() }
    }

    /// The same cell with a quieter text after it.
    #[must_use]
    pub fn and(mut self, more: impl Into<String>) -> Self {
        self.more = more.into();
        self
    }

    /// The same cell with a word that tells how things stand.
    #[must_use]
    pub fn with_chip(mut self, tone: &'static str, text: String) -> Self {
        self.chips.push((tone, text));
        self
    }

    /// The cell in a file.
    pub fn plain(&self) -> String {
        if let Some(exported) = &self.exported {
            return exported.clone();
        }
        let chips = self.chips.iter().map(|(_, text)| text.as_str());
        let parts = [self.text.as_str(), self.more.as_str()].into_iter().chain(chips);
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}
