//! `microsoft.graph.agentUser` and the users around it.

use super::license::{AssignedLicense, AssignedPlan, LicenseAssignmentState};
use super::open::open_type;
use crate::ObjectId;

/// Whether `@odata.type` says agent user.
pub(crate) fn is_agent_user_type(kind: &str) -> bool {
    kind.trim_start_matches('#').eq_ignore_ascii_case("microsoft.graph.agentUser")
}

/// The name that a deleted user had before. While it is in the recycle bin, its object id, without hyphens, stands before
/// the name (docs/graph.md#recycle-bin). None for a name without that.
pub(crate) fn former_name(id: ObjectId, name: &str) -> Option<&str> {
    let digits = id.to_string().replace('-', "");
    let (start, former) = name.split_at_checked(digits.len())?;
    (start.eq_ignore_ascii_case(&digits) && !former.starts_with('@')).then_some(former)
}

open_type! {
    /// A user, most often an agent user: the account that an AI agent works with (docs/graph.md#properties).
    AgentUser {
        /// `#microsoft.graph.agentUser` for an agent user. Answers to cast paths may omit it.
        odata_type: Option<String> = "@odata.type",
        /// The object id. Always set in what this library returns.
        id: Option<ObjectId> = "id",
        /// The sign-in name.
        user_principal_name: Option<String> = "userPrincipalName",
        /// The name people see.
        display_name: Option<String> = "displayName",
        /// The mail alias.
        mail_nickname: Option<String> = "mailNickname",
        /// The object id of the agent identity that owns it. Never changes; absent on a human.
        identity_parent_id: Option<ObjectId> = "identityParentId",
        /// Whether the account can be used.
        account_enabled: Option<bool> = "accountEnabled",
        /// Two-letter country code.
        usage_location: Option<String> = "usageLocation",
        /// `Member` or `Guest`.
        user_type: Option<String> = "userType",
        /// The mail address; set once there is a mailbox.
        mail: Option<String> = "mail",
        /// When it was created, ISO 8601.
        created_date_time: Option<String> = "createdDateTime",
        /// Job title.
        job_title: Option<String> = "jobTitle",
        /// Department.
        department: Option<String> = "department",
        /// Licenses, direct and inherited.
        assigned_licenses: Vec<AssignedLicense> = "assignedLicenses",
    }
    beside Unlisted {
        /// When it was deleted, ISO 8601.
        deleted_date_time: Option<String> = "deletedDateTime",
        /// First name.
        given_name: Option<String> = "givenName",
        /// Last name.
        surname: Option<String> = "surname",
        /// Company.
        company_name: Option<String> = "companyName",
        /// Employee id.
        employee_id: Option<String> = "employeeId",
        /// Employee type.
        employee_type: Option<String> = "employeeType",
        /// Start of work, ISO 8601.
        employee_hire_date: Option<String> = "employeeHireDate",
        /// End of work, ISO 8601. Needs User-LifeCycleInfo.Read.All, so it is read only when asked for.
        employee_leave_date_time: Option<String> = "employeeLeaveDateTime",
        /// Office.
        office_location: Option<String> = "officeLocation",
        /// City.
        city: Option<String> = "city",
        /// State or province.
        state: Option<String> = "state",
        /// Country.
        country: Option<String> = "country",
        /// Street address.
        street_address: Option<String> = "streetAddress",
        /// Postal code.
        postal_code: Option<String> = "postalCode",
        /// Preferred language.
        preferred_language: Option<String> = "preferredLanguage",
        /// Mobile number.
        mobile_phone: Option<String> = "mobilePhone",
        /// Business numbers; at most one.
        business_phones: Vec<String> = "businessPhones",
        /// Further mail addresses.
        other_mails: Vec<String> = "otherMails",
        /// Mail addresses with their protocol.
        proxy_addresses: Vec<String> = "proxyAddresses",
        /// The state of each assignment.
        license_assignment_states: Vec<LicenseAssignmentState> = "licenseAssignmentStates",
        /// The service plans of the licenses.
        assigned_plans: Vec<AssignedPlan> = "assignedPlans",
    }
}

impl AgentUser {
    /// Whether it is an agent user: by its type where the answer names one, else by having a parent.
    #[must_use]
    pub fn is_agent_user(&self) -> bool {
        match self.odata_type() {
            Some(kind) => is_agent_user_type(kind),
            None => self.identity_parent_id.is_some(),
        }
    }

    /// The same with the user principal name that it had before it was deleted.
    #[must_use]
    pub(crate) fn with_former_name(mut self) -> Self {
        if let (Some(id), Some(name)) = (self.id, &self.user_principal_name)
            && let Some(former) = former_name(id, name)
        {
            self.user_principal_name = Some(former.to_owned());
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_members_are_kept_and_written_back() {
        let text = r#"{"@odata.context":"c","id":"0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f","displayName":"Zoë","mail":null,"agentIdentityBlueprintId":"b","businessPhones":null,"extension_x":{"deep":[1,2,{"a":null}]}}"#;
        let user: AgentUser = serde_json::from_str(text).unwrap();
        assert_eq!(user.display_name(), Some("Zoë"));
        assert_eq!((user.mail(), user.business_phones()), (None, &[][..]));
        let again: serde_json::Value = serde_json::to_value(&user).unwrap();
        let expected = serde_json::json!({"@odata.context":"c","id":"0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f","displayName":"Zoë","agentIdentityBlueprintId":"b","extension_x":{"deep":[1,2,{"a":null}]}});
        assert_eq!(again, expected);
    }

    #[test]
    fn members_that_lists_do_not_read_take_no_room() {
        let empty: AgentUser = serde_json::from_str(r#"{"givenName":null,"otherMails":[]}"#).unwrap();
        assert_eq!((&empty, empty.given_name()), (&AgentUser::default(), None));
        let text = r#"{"id":"0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f","city":"Bern","otherMails":["a@b.c"]}"#;
        let user: AgentUser = serde_json::from_str(text).unwrap();
        assert_eq!((user.city(), user.other_mails()), (Some("Bern"), &["a@b.c".to_owned()][..]));
        assert_eq!(serde_json::to_string(&user).unwrap(), text);
        // A page of a list has a thousand of them.
        assert!(size_of::<AgentUser>() < 400, "{}", size_of::<AgentUser>());
    }
}
