//! Which groups have members that Graph changes (docs/graph.md#group-members).

use super::errors::Refusal;
use super::permissions::WRITE_ROLE_MEMBERS;
use super::relations::{Holder, Relation};
use super::{Call, Directory};
use crate::switches::MailGroupMembers;
use agentuser_core::ObjectId;

impl Directory {
    /// Whether an object is a direct member of a group, as the write master has it.
    #[must_use]
    pub fn is_member(&self, group: ObjectId, member: ObjectId) -> bool {
        self.group(group).is_some_and(|group| group.members.contains(&member))
    }

    /// A change of a user's memberships is about the user.
    pub(super) fn note_member(&mut self, holder: Holder, relation: Relation, member: ObjectId) {
        if holder == Holder::Group && relation == Relation::Members && self.find_user(member).is_some() {
            self.subject = Some(member);
        }
    }

    /// Refuses a group whose members Graph does not change, and any change of one with restricted management.
    pub(super) fn check_writable_group(
        &self,
        call: &Call<'_>,
        id: ObjectId,
        holder: Holder,
        relation: Relation,
        member: ObjectId,
    ) -> Result<(), Refusal> {
        let Some(group) = self.group(id).filter(|_| holder == Holder::Group) else { return Ok(()) };
        self.refuse_restricted(id)?;
        if relation != Relation::Members {
            return Ok(());
        }
        if group.is("onPremisesSyncEnabled") {
            return Err(Refusal::bad_request(
                "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.",
            ));
        }
        if group.is("mailEnabled") && !group.is_unified() {
            return Err(match self.switches.mail_group_members {
                MailGroupMembers::BadRequest => Refusal::bad_request(
                    "Cannot Update a mail-enabled security groups and or distribution list.",
                ),
                MailGroupMembers::Denied => Refusal::denied(),
            });
        }
        if group.is_assignable_to_role() {
            self.require(call, WRITE_ROLE_MEMBERS)?;
        }
        let is_agent = self.find_user(member).is_some_and(super::User::is_agent);
        if group.dynamic && !(is_agent && self.switches.dynamic_groups_take_agents) {
            return Err(Refusal::bad_request("The members of a dynamic group can't be changed."));
        }
        Ok(())
    }
}
