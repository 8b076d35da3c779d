//! The people of the demo.

use crate::org::store::Org;

/// Plants the people.
pub(super) fn plant(_org: &mut Org) {}
