//! The org's objects and fields.

mod field;
mod formula;
mod object;
mod parse;
mod registry;

pub(crate) use field::{Field, FieldType, PicklistValue};
pub(crate) use formula::Formula;
pub(in crate::org) use formula::Piece;
pub(crate) use object::{Access, ObjectType};
pub(crate) use parse::field as parse_field;
pub(crate) use registry::Schema;

/// The tables of the standard objects.
pub(crate) const TABLES: &[&str] = &[
    include_str!("../../../schema/Account.txt"),
    include_str!("../../../schema/Campaign.txt"),
    include_str!("../../../schema/CampaignMember.txt"),
    include_str!("../../../schema/CampaignMemberStatus.txt"),
    include_str!("../../../schema/Contact.txt"),
    include_str!("../../../schema/Event.txt"),
    include_str!("../../../schema/Lead.txt"),
    include_str!("../../../schema/Opportunity.txt"),
    include_str!("../../../schema/Organization.txt"),
    include_str!("../../../schema/Task.txt"),
    include_str!("../../../schema/User.txt"),
    include_str!("../../../schema/activity_lists.txt"),
    include_str!("../../../schema/setup.txt"),
];

/// A field from one line of a table.
#[cfg(test)]
pub(crate) fn test_field(line: &str) -> Field {
    parse_field(line).unwrap()
}
