//! The limits of a user's members (docs/graph.md#properties, docs/graph.md#names): this simulator's own reading of the documents, on purpose not the
//! library's, so that one mistake is not made twice.

use super::errors::Refusal;
use serde_json::{Value, json};

/// Text members that PATCH and POST take, with their longest length in characters. Zero: no limit is documented.
const TEXTS: &[(&str, usize)] = &[
    ("givenName", 64),
    ("surname", 64),
    ("jobTitle", 128),
    ("department", 64),
    ("companyName", 64),
    ("employeeId", 16),
    ("employeeType", 0),
    ("officeLocation", 128),
    ("city", 128),
    ("state", 128),
    ("country", 128),
    ("streetAddress", 1024),
    ("postalCode", 40),
    ("mobilePhone", 64),
    ("faxNumber", 0),
    ("preferredLanguage", 0),
    ("preferredDataLocation", 0),
    ("mail", 0),
    ("onPremisesImmutableId", 0),
    ("employeeHireDate", 0),
    ("employeeLeaveDateTime", 0),
];

/// Members that only the service sets.
const READ_ONLY: &[&str] = &[
    "id",
    "createdDateTime",
    "deletedDateTime",
    "creationType",
    "proxyAddresses",
    "licenseAssignmentStates",
    "assignedPlans",
    "provisionedPlans",
    "isManagementRestricted",
    "securityIdentifier",
    "signInSessionsValidFromDateTime",
    "signInActivity",
    "imAddresses",
    "assignedLicenses",
    "lastPasswordChangeDateTime",
    "legalAgeGroupClassification",
    "onPremisesDistinguishedName",
    "onPremisesDomainName",
    "onPremisesLastSyncDateTime",
    "onPremisesSamAccountName",
    "onPremisesSecurityIdentifier",
    "onPremisesSyncEnabled",
    "onPremisesUserPrincipalName",
    "serviceProvisioningErrors",
];

/// Members that Graph keeps elsewhere, in SharePoint or Exchange, and reads for one user at a time: not simulated.
pub(super) const ELSEWHERE: &[&str] = &[
    "aboutMe",
    "birthday",
    "deviceEnrollmentLimit",
    "hireDate",
    "interests",
    "mailboxSettings",
    "mySite",
    "pastProjects",
    "preferredName",
    "print",
    "responsibilities",
    "schools",
    "skills",
];

/// Declared members that have no field of their own here: null when they were never set.
pub(super) const DECLARED: &[&str] = &[
    "ageGroup",
    "city",
    "companyName",
    "consentProvidedForMinor",
    "country",
    "creationType",
    "department",
    "employeeHireDate",
    "employeeId",
    "employeeLeaveDateTime",
    "employeeOrgData",
    "employeeType",
    "externalUserState",
    "faxNumber",
    "givenName",
    "isManagementRestricted",
    "isResourceAccount",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "onPremisesImmutableId",
    "passwordPolicies",
    "passwordProfile",
    "postalCode",
    "preferredDataLocation",
    "preferredLanguage",
    "securityIdentifier",
    "showInAddressList",
    "state",
    "streetAddress",
    "surname",
];

/// The members of a v1.0 read of a user without `$select` (docs/graph.md#properties).
pub(super) const DEFAULTS: &[&str] = &[
    "businessPhones",
    "displayName",
    "givenName",
    "id",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
];

/// A UPN: local part up to 64 of the allowed characters, not ending in a full stop, one `@`, a domain up to 48.
pub(super) fn user_principal_name(upn: &str) -> Result<(), Refusal> {
    let refuse = || Refusal::invalid("userPrincipalName");
    let (local, domain) = upn.split_once('@').ok_or_else(refuse)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "'.-_!#^~".contains(c);
    let sound = (1..=64).contains(&local.len())
        && (1..=48).contains(&domain.len())
        && local.chars().all(allowed)
        && domain.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
        && !local.ends_with('.');
    if sound { Ok(()) } else { Err(refuse()) }
}

/// A mail nickname: 1 to 64 characters. No full stop in front (IdFix), ASCII without spaces and signs that would
/// break an address; that Graph refuses just these is an assumption.
pub(super) fn mail_nickname(nickname: &str) -> Result<(), Refusal> {
    let sound = (1..=64).contains(&nickname.len())
        && !nickname.starts_with('.')
        && nickname.chars().all(|c| c.is_ascii_graphic() && !"@()\\[]\";:<>,".contains(c));
    if sound { Ok(()) } else { Err(Refusal::invalid("mailNickname")) }
}

/// A mail nickname of a group: 1 to 64 ASCII characters without those that the page on creating groups names.
pub(super) fn group_nickname(nickname: &str) -> Result<(), Refusal> {
    let sound = (1..=64).contains(&nickname.len())
        && nickname.chars().all(|c| c.is_ascii() && !"@()\\[]\";:<>, ".contains(c));
    if sound { Ok(()) } else { Err(Refusal::invalid("mailNickname")) }
}

/// A display name: 1 to 256 characters.
pub(super) fn display_name(name: &str) -> Result<(), Refusal> {
    if (1..=256).contains(&name.chars().count()) { Ok(()) } else { Err(Refusal::invalid("displayName")) }
}

/// A usage location: two capital letters. Which pairs are countries is not checked.
pub(super) fn usage_location(code: &str) -> Result<(), Refusal> {
    let sound = code.len() == 2 && code.chars().all(|c| c.is_ascii_uppercase());
    if sound { Ok(()) } else { Err(Refusal::invalid("usageLocation")) }
}

/// Refuses a member that only the service sets.
pub(super) fn read_only(name: &str) -> Result<(), Refusal> {
    if READ_ONLY.contains(&name) { Err(Refusal::read_only(name)) } else { Ok(()) }
}

/// `employeeOrgData` is written as a whole: what is not sent becomes null (docs/graph.md#properties).
pub(super) fn whole_org_data(value: &Value) -> Value {
    let part = |name: &str| value.get(name).cloned().unwrap_or_default();
    json!({"division": part("division"), "costCenter": part("costCenter")})
}

fn is_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'))
        && !text.contains(char::is_whitespace)
}

/// The limits of a member that has no field of its own and is of the right type.
pub(super) fn other(name: &str, value: &Value) -> Result<(), Refusal> {
    let refuse = || Err(Refusal::invalid(name));
    if let Some((_, longest)) = TEXTS.iter().find(|(text, _)| *text == name) {
        return match value {
            // Graph refuses a text that is not an address (an assumption).
            Value::String(text) if name == "mail" && !is_address(text) => refuse(),
            // `mail` can't be set to null (docs/graph.md#properties).
            Value::Null if name != "mail" => Ok(()),
            Value::String(text) if *longest == 0 || text.chars().count() <= *longest => Ok(()),
            _ => refuse(),
        };
    }
    let texts = |most: usize, longest: usize| match value.as_array() {
        Some(items) if items.len() <= most => items
            .iter()
            .all(|item| item.as_str().is_some_and(|text| longest == 0 || text.chars().count() <= longest)),
        _ => false,
    };
    let sound = match name {
        "businessPhones" => texts(1, 0),
        "otherMails" => texts(250, 250),
        "userType" => value.as_str().is_some_and(|kind| kind == "Member" || kind == "Guest"),
        "employeeOrgData" => value.is_object() || value.is_null(),
        _ => true,
    };
    if sound { Ok(()) } else { refuse() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn principal_names() {
        let long = |local: usize, domain: usize| format!("{}@{}", "a".repeat(local), "b".repeat(domain));
        for good in ["a@b.c", "O'Neil-1_2!#^~.x@contoso.com", &long(64, 48)] {
            assert!(user_principal_name(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "@b.c",
            "a@",
            "a.@b.c",
            "a@b@c",
            "a b@c.d",
            "ä@b.c",
            "a%b@c.d",
            "a+b@c.d",
            &long(65, 5),
            &long(5, 49),
        ] {
            assert!(user_principal_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn nicknames_and_names() {
        assert!(mail_nickname("Sales.Agent-1").is_ok());
        for bad in ["", ".a", "a b", "a@b", "ä", "a,b", &"a".repeat(65)] {
            assert!(mail_nickname(bad).is_err(), "{bad}");
        }
        assert!(display_name(&"ä".repeat(256)).is_ok());
        assert!(display_name(&"ä".repeat(257)).is_err());
        assert!(display_name("").is_err());
        assert!(usage_location("CH").is_ok());
        for bad in ["", "ch", "CHE", "C1"] {
            assert!(usage_location(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn members_of_the_service() {
        for name in ["id", "createdDateTime", "assignedPlans"] {
            assert!(read_only(name).is_err(), "{name}");
        }
        assert!(read_only("jobTitle").is_ok());
        let whole = whole_org_data(&json!({"division": "North"}));
        assert_eq!(whole, json!({"division": "North", "costCenter": null}));
    }

    #[test]
    fn other_members() {
        for (name, value) in [
            ("jobTitle", json!("x".repeat(128))),
            ("jobTitle", json!(null)),
            ("businessPhones", json!(["1"])),
            ("businessPhones", json!([])),
            ("userType", json!("Guest")),
            ("extension_abc_tag", json!({"any": ["thing"]})),
        ] {
            assert!(other(name, &value).is_ok(), "{name} {value}");
        }
        for (name, value) in [
            ("jobTitle", json!("x".repeat(129))),
            ("jobTitle", json!(5)),
            ("employeeId", json!("x".repeat(17))),
            ("businessPhones", json!(["1", "2"])),
            ("businessPhones", json!(null)),
            ("otherMails", json!(vec!["x"; 251])),
            ("otherMails", json!(["x".repeat(251)])),
            ("userType", json!("Robot")),
            ("mail", json!(null)),
            ("mail", json!("nonsense")),
            ("mail", json!("a b@c.d")),
        ] {
            assert!(other(name, &value).is_err(), "{name} {value}");
        }
    }
}
