//! What is asked for.

use crate::query_page::encode;

/// The most rows a page has.
pub(super) const MAX_PAGE: usize = 1000;

/// The objects that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EngagementObject {
    /// Lists of prospects.
    Lists,
    /// Who is on which list.
    ListMemberships,
    /// People.
    Prospects,
}

/// Rows of one object with some of their fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngagementQuery {
    object: EngagementObject,
    fields: Vec<String>,
    filters: Vec<(String, String)>,
}

impl EngagementObject {
    /// The name in addresses.
    pub fn collection(self) -> &'static str {
        match self {
            Self::Lists => "lists",
            Self::ListMemberships => "list-memberships",
            Self::Prospects => "prospects",
        }
    }
}

impl EngagementQuery {
    /// All rows of an object with these fields (`listId`, `prospect.email`) and the id, which always comes.
    pub fn of<'a>(object: EngagementObject, fields: impl IntoIterator<Item = &'a str>) -> Self {
        let mut names = vec!["id".to_owned()];
        names.extend(fields.into_iter().filter(|field| *field != "id").map(str::to_owned));
        Self { object, fields: names, filters: Vec::new() }
    }

    /// Only rows that fulfil a condition, named as in the API: `listId`, `updatedAtAfterOrEqualTo`.
    ///
    /// Two fields can be filtered: the org takes three, and paging needs the id.
    pub fn filter(mut self, name: &str, value: impl ToString) -> Self {
        self.filters.push((name.to_owned(), value.to_string()));
        self
    }

    /// Rows in the recycle bin too.
    pub fn with_deleted(self) -> Self {
        self.filter("deleted", "all")
    }

    /// The address of a page, below the base address.
    ///
    /// By id and not by page token: a chain of tokens ends after 100,000 rows without an error.
    pub(super) fn path(&self, after_id: u64) -> String {
        let collection = self.object.collection();
        let fields = encode(&self.fields.join(","));
        let order = encode("id ASC");
        let mut path = format!(
            "/api/v5/objects/{collection}?fields={fields}&orderBy={order}&limit={MAX_PAGE}&idGreaterThan={after_id}"
        );
        for (name, value) in &self.filters {
            path.push_str(&format!("&{}={}", encode(name), encode(value)));
        }
        path
    }
}
