//! One row of a table.

/// The values of one row, as slices of the reader's buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CsvRow<'a> {
    text: &'a str,
    ends: &'a [usize],
}

impl<'a> CsvRow<'a> {
    /// `ends` are the places in `text` where values end, one a value.
    pub(super) fn new(text: &'a str, ends: &'a [usize]) -> Self {
        Self { text, ends }
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none, which only a reader that has not read yet shows.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The value at a place.
    pub fn get(&self, place: usize) -> Option<&'a str> {
        let end = *self.ends.get(place)?;
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        self.text.get(start..end)
    }

    /// All values in order.
    pub fn values(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let row = *self;
        (0..row.len()).filter_map(move |place| row.get(place))
    }
}
