//! The demo: a small Japanese company.

use super::people;
use crate::org::store::Org;

/// Plants users, customers, leads, campaigns and custom fields.
pub(super) fn plant(org: &mut Org) {
    people::plant(org);
}
