//! What the standard objects do by themselves when they are saved, one object a file.

pub(super) mod activity;
mod address;
pub(super) mod campaign;
mod contact;
mod event;
pub(super) mod field_permission;
mod lead;
pub(super) mod member;
mod name;
mod opportunity;
mod task;
mod user;

use crate::org::error::SaveResult;
use crate::org::records::Record;
use crate::org::save::context::SaveContext;
use crate::org::schema::ObjectType;
use crate::org::store::Org;

/// Fills what the org derives, and refuses what the object does not allow.
pub(super) fn before_save(
    org: &Org,
    context: &SaveContext<'_>,
    object: &ObjectType,
    before: Option<&Record>,
    record: &mut Record,
) -> SaveResult<()> {
    address::settle(org, object, before, record)?;
    match object.name.as_str() {
        "Lead" => lead::before_save(org, context, object, before, record),
        "Contact" => contact::before_save(org, context, object, record),
        "User" => user::before_save(org, context, object, before, record),
        "Task" => task::before_save(org, object, before, record),
        "Event" => event::before_save(org, context, object, before, record),
        "CampaignMember" => member::before_save(org, object, before, record),
        "CampaignMemberStatus" => campaign::order_status(org, object, before, record),
        "Campaign" => campaign::before_save(object, before, record),
        "FieldPermissions" => field_permission::before_save(org, object, before, record),
        "Opportunity" => opportunity::before_save(org, object, before, record),
        _ => Ok(()),
    }
}
