//! Tenants, ids, names and scopes.

use crate::common::*;
use agentuser_core::problem::Code;
use agentuser_core::sign_in::{
    AgentIdentityId, ClientId, Prompt, Scopes, Secret, SignIn, Tenant, UserOf, Who,
};
use agentuser_core::validate::RuleCode;

#[test]
fn a_tenant_is_a_guid_or_a_domain() {
    for good in ["contoso.com", " Contoso.OnMicrosoft.com ", APP, &APP.to_ascii_uppercase()] {
        assert_eq!(Tenant::parse(good).unwrap().as_str(), good.trim().to_ascii_lowercase());
    }
    for (bad, code) in [
        ("", RuleCode::Required),
        ("contoso", RuleCode::NotATenant),
        ("contoso.com/x", RuleCode::NotATenant),
        ("a@contoso.com", RuleCode::NotATenant),
        ("contoso..com", RuleCode::NotATenant),
        ("common", RuleCode::SharedTenant),
        ("Organizations", RuleCode::SharedTenant),
        ("consumers", RuleCode::SharedTenant),
    ] {
        let broken = Tenant::parse(bad).unwrap_err();
        assert_eq!((broken.code, &*broken.field), (code, "tenantId"), "{bad}");
    }
    assert!(Tenant::of_person("common").unwrap().is_shared());
    assert_eq!(Tenant::of_person("consumers").unwrap_err().code, RuleCode::SharedTenant);
}

#[test]
fn only_a_person_leaves_the_tenant_open() {
    let shared = Tenant::of_person("organizations").unwrap();
    let sign_in = |who| SignIn::new(login(), shared.clone(), who);
    let person = Who::Person { client_id: app(), prompt: Prompt::Browser };
    assert!(sign_in(person).is_ok());
    let problem = sign_in(Who::Application { client_id: app() }).unwrap_err();
    assert_eq!(problem.violations()[0].code, RuleCode::SharedTenant);
}

#[test]
fn an_agent_user_is_named_by_one_of_two_things() {
    assert_eq!(UserOf::by_id(USER).unwrap(), UserOf::Id(USER.parse().unwrap()));
    let name = UserOf::by_name("agent@contoso.com").unwrap();
    assert_eq!(name, UserOf::by_name("AGENT@contoso.com").unwrap());
    let broken = UserOf::by_id("agent@contoso.com").unwrap_err();
    assert_eq!((broken.code, &*broken.field), (RuleCode::UserNameAsId, "userId"));
    let broken = UserOf::by_name(USER).unwrap_err();
    assert_eq!((broken[0].code, &*broken[0].field), (RuleCode::IdAsUserName, "userPrincipalName"));
    assert_eq!(UserOf::by_id("agent").unwrap_err().code, RuleCode::NotAnObjectId);
    assert!(UserOf::by_name("agent").is_err());
}

#[test]
fn a_secret_in_place_of_an_id_is_not_repeated() {
    for text in ["s3cr3t~value", "{s3cr3t}", "s3cr3t.value"] {
        let broken = [
            ClientId::parse("clientId", text).unwrap_err(),
            AgentIdentityId::parse("agentIdentityId", text).unwrap_err(),
            UserOf::by_id(text).unwrap_err(),
        ];
        for violation in broken.into_iter().chain(Tenant::parse(text).err()) {
            assert!(!format!("{violation:?}").contains("s3cr3t"), "{violation:?}");
        }
    }
}

#[test]
fn scopes_are_one_set() {
    let of = |all: &[&str]| Scopes::new(all).unwrap();
    let one = of(&["User.Read", "Mail.Read"]);
    assert_eq!(one.to_string(), "Mail.Read User.Read");
    assert_eq!(one, of(&["mail.read user.READ User.Read openid offline_access"]));
    assert_ne!(one, of(&["User.Read"]));
    assert!(of(&["https://graph.microsoft.com/.DEFAULT"]).require_default().is_ok());
    for bad in [&["User.Read"][..], &["https://a/.default", "https://b/.default"]] {
        assert_eq!(of(bad).require_default().unwrap_err().code(), Code::SignInScopeInvalid);
    }
    for bad in ["", " ", "openid profile", "a\"b", "ü", "a\\b"] {
        assert_eq!(Scopes::new([bad]).unwrap_err().code(), Code::SignInScopeInvalid, "{bad}");
    }
}

#[test]
fn a_secret_is_never_shown() {
    let who = Who::OnBehalfOf { blueprint: app(), identity: identity(), user_token: secret("top-secret") };
    let sign_in = SignIn::new(login(), tenant(), who).unwrap();
    assert!(!format!("{sign_in:?}").contains("top-"));
    assert_eq!(Secret::trimmed(" top\n".to_owned()).expose(), "top");
}
