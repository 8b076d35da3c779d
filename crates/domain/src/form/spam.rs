//! How much a submission looks like spam. Signs add up; none drops anything (front door contract 5.2).

use crate::form::{Answer, Answers, FieldKind, FormField};

/// Something that is rare with people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpamSign {
    /// The hidden input was filled in.
    Trap,
    /// The form was sent without a token of ours, or with a forged one.
    NoToken,
    /// The token is too old.
    OldToken,
    /// It was sent sooner than anybody types.
    TooFast,
    /// Its address has sent many.
    ManyFromAddress,
    /// The form has got many of the same e-mail domain.
    ManyFromDomain,
    /// A web address or HTML in a name.
    LinkInName,
    /// Several web addresses in other answers.
    ManyLinks,
    /// Work was asked for and not done.
    NoWork,
}

impl SpamSign {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Trap,
        Self::NoToken,
        Self::OldToken,
        Self::TooFast,
        Self::ManyFromAddress,
        Self::ManyFromDomain,
        Self::LinkInName,
        Self::ManyLinks,
        Self::NoWork,
    ];

    /// The word in the database and for the catalogues (`spam-sign-{name}`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Trap => "trap",
            Self::NoToken => "no-token",
            Self::OldToken => "old-token",
            Self::TooFast => "too-fast",
            Self::ManyFromAddress => "many-from-address",
            Self::ManyFromDomain => "many-from-domain",
            Self::LinkInName => "link-in-name",
            Self::ManyLinks => "many-links",
            Self::NoWork => "no-work",
        }
    }

    /// What the sign counts: a password manager fills in quickly, and an office shares an address.
    const fn weight(self) -> u32 {
        match self {
            Self::Trap | Self::LinkInName | Self::NoToken => 60,
            Self::NoWork => 50,
            Self::ManyFromAddress | Self::ManyLinks => 40,
            Self::TooFast | Self::ManyFromDomain => 30,
            Self::OldToken => 20,
        }
    }
}

/// From here on a submission waits for somebody's decision.
const QUARANTINE: u32 = 60;
/// From here on the visitor's browser is asked for work, which clears what volume alone made suspicious.
const WORK: u32 = 40;

fn score(signs: &[SpamSign]) -> u32 {
    signs.iter().map(|sign| sign.weight()).sum()
}

/// Whether a submission with these signs is put into quarantine.
pub fn is_quarantined(signs: &[SpamSign]) -> bool {
    score(signs) >= QUARANTINE
}

/// Whether work is asked for before a submission with these signs is taken.
pub fn asks_for_work(signs: &[SpamSign]) -> bool {
    score(signs) >= WORK
}

/// The signs in the answers themselves.
pub fn signs_in_answers(fields: &[FormField], answers: &Answers) -> Vec<SpamSign> {
    let kind_of = |key: &str| fields.iter().find(|field| field.owns(key)).map(|field| field.kind);
    let mut signs = Vec::new();
    let mut links = 0;
    for (key, answer) in answers {
        let Answer::One(text) = answer else { continue };
        let found = count_links(text);
        match kind_of(key) {
            Some(FieldKind::Name) if found > 0 || text.contains('<') => signs.push(SpamSign::LinkInName),
            Some(FieldKind::Text | FieldKind::Textarea) => links += found,
            _ => {}
        }
    }
    signs.dedup();
    if links >= 4 {
        signs.push(SpamSign::ManyLinks);
    }
    signs
}

fn count_links(text: &str) -> usize {
    let text = text.to_ascii_lowercase();
    ["http://", "https://", "www.", "[url="].iter().map(|mark| text.matches(mark).count()).max().unwrap_or(0)
}
