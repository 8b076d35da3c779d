//! Which of several records with a person's e-mail is its partner (S8).

use crate::value::Timestamp;

/// A Lead or Contact with the person's e-mail that is there, can be read, and is no converted Lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Its ID, 18 characters.
    pub record_id: &'a str,
    /// When it was last modified by somebody other than the connected user; when it was created, if nobody else has.
    pub edited_at: Timestamp,
}

/// The record that somebody edited last; the present partner if that says nothing, else the lowest ID.
///
/// What we write ourselves elects nobody, nor do flows that run within our writes: two records whose flows copy one to the
/// other would take turns for ever.
pub fn elect<'a>(partner: Option<&str>, candidates: &[Candidate<'a>]) -> Option<&'a str> {
    let rank = |candidate: &Candidate<'a>| {
        let is_partner = partner == Some(candidate.record_id);
        (candidate.edited_at, is_partner, std::cmp::Reverse(candidate.record_id))
    };
    candidates.iter().max_by_key(|candidate| rank(candidate)).map(|candidate| candidate.record_id)
}
