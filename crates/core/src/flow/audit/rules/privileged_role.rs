//! An agent user with a privileged directory role, active or eligible, by itself or by a group (docs/graph.md#directory-roles).

use super::super::facts::Facts;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::table::{by_id, places_of};
use super::super::snapshot::{HeldRole, User};
use crate::ObjectId;
use crate::flow::read::Unread;
use super::super::thresholds::Thresholds;
use super::super::missing::Missing;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "privileged-role",
    Severity::High,
    "An agent user has a privileged directory role, or may activate one.",
    &[Section::Roles, Section::EligibleRoles, Section::RoleDefinitions, Section::RoleGroups],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    let roles = roles(facts);
    verdicts.each_user(facts, |user| judge(facts, roles.as_ref().map_err(|unread| *unread)?, user));
}

/// The roles that anybody has or may activate.
struct Roles<'a> {
    all: Vec<(&'a HeldRole, &'static str)>,
    /// Those who have them, by their ids, each with the place of a role.
    of: Vec<(ObjectId, usize)>,
    /// The places of those of which nobody knows whose they are: of groups whose members were not read.
    unclear: Vec<usize>,
}

fn roles<'a>(facts: &Facts<'a>) -> Result<Roles<'a>, &'a Unread> {
    let snapshot = facts.snapshot;
    let (active, eligible) = (snapshot.roles.get()?, snapshot.eligible_roles.get()?);
    let all = active.iter().map(|one| (one, "active")).chain(eligible.iter().map(|one| (one, "eligible")));
    let all: Vec<_> = all.collect();
    let places = || all.iter().map(|(held, _)| *held).zip(0..);
    let of = by_id(all.iter().map(|(held, _)| held.principal_id));
    let unclear = places().filter(|(held, _)| require_clear(facts, held).is_err()).map(|(_, place)| place);
    let unclear = unclear.collect();
    Ok(Roles { all, of, unclear })
}

impl Roles<'_> {
    /// The places of the roles that an agent user has, by itself or by a group, and of the first that it may have.
    fn of_user(&self, facts: &Facts<'_>, user: &User) -> Vec<usize> {
        let own = |place: usize| self.all.get(place).is_some_and(|(held, _)| held.principal_id == user.id);
        let unclear = self.unclear.iter().copied().find(|place| !own(*place));
        let by_groups = facts.role_groups(user).flat_map(|group| places_of(&self.of, group.id));
        let mut places: Vec<usize> = places_of(&self.of, user.id).chain(by_groups).chain(unclear).collect();
        places.sort_unstable();
        places
    }
}

fn judge<'a>(facts: &Facts<'a>, roles: &Roles<'a>, user: &User) -> Verdict<'a> {
    let mut said = Vec::new();
    for (held, how) in roles.of_user(facts, user).into_iter().filter_map(|place| roles.all.get(place)) {
        let own = held.principal_id == user.id;
        if !own {
            require_clear(facts, held)?;
        }
        if !is_privileged(facts, held)? {
            continue;
        }
        let name = facts.role_name(held.role_definition_id);
        let by = if own { "" } else { ", by a group" };
        said.push(format!("{name} ({how}{by})"));
    }
    if said.is_empty() {
        return Ok(None);
    }
    let list = said.join(", ");
    Ok(Some(Found::new(format!("It has privileged directory roles: {list}.")).with("roles", list)))
}

/// Whether the members of the group that has the role were read, if a group has it.
fn require_clear<'a>(facts: &Facts<'a>, held: &HeldRole) -> Result<(), Missing<'a>> {
    let group = facts.snapshot.role_groups.get()?.get(held.principal_id);
    group.map_or(Ok(()), |group| group.members.get().map(drop).map_err(Missing::of))
}

/// Whether Microsoft calls the role privileged. Of a role that a tenant made, v1.0 does not tell.
fn is_privileged<'a>(facts: &Facts<'a>, held: &HeldRole) -> Result<bool, Missing<'a>> {
    if PRIVILEGED.contains(&held.role_definition_id.as_u128()) {
        return Ok(true);
    }
    match facts.snapshot.role_definitions.get()?.get(held.role_definition_id).and_then(|role| role.is_built_in) {
        Some(true) => Ok(false),
        Some(false) | None => Err(Missing::unshown("whether a role that the tenant made is privileged")),
    }
}

/// The built-in roles that Microsoft's page of 2026-01-20 labels privileged, and the two of AI that its page of 2026-04-29 adds.
/// Their ids are the same in every tenant
/// (<https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference>).
const PRIVILEGED: &[u128] = &[
    0xdb50_6228_d27e_4b7d_95e5_2959_56d6_615f, // Agent ID Administrator
    0xd256_2ede_74db_457e_a7b6_544e_236e_bb61, // AI Administrator
    0x1fe1_3547_53f6_408d_ac04_7f8e_ed16_7b38, // AI Reader
    0x9b89_5d92_2cd3_44c7_9d02_a6ac_2d5e_a5c3, // Application Administrator
    0xcf1c_38e5_3621_4004_a7cb_8796_24dc_ed7c, // Application Developer
    0xecb2_c6bf_0ab6_418e_bd87_7986_f8d6_3bbe, // Attribute Provisioning Administrator
    0x4222_18e4_db15_4ef9_bbe0_8afb_4154_6d79, // Attribute Provisioning Reader
    0xc4e3_9bd9_1100_46d3_8c65_fb16_0da0_071f, // Authentication Administrator
    0x25a5_16ed_2fa0_40ea_a2d0_1292_3a21_473a, // Authentication Extensibility Administrator
    0xaaf4_3236_0c0d_4d5f_883a_6955_382a_c081, // B2C IEF Keyset Administrator
    0x158c_047a_c907_4556_b7ef_4465_51a6_b5f7, // Cloud Application Administrator
    0x7698_a772_787b_4ac8_901f_60d6_b08a_ffd2, // Cloud Device Administrator
    0xb1be_1c3e_b65d_4f19_8427_f6fa_0d97_feb9, // Conditional Access Administrator
    0x9360_feb5_f418_4baa_8175_e2a0_0bac_4301, // Directory Writers
    0x8329_153b_31d0_4727_b945_745e_b3bc_5f31, // Domain Name Administrator
    0xbe2f_45a1_457d_42af_a067_6ec1_fa63_bc45, // External Identity Provider Administrator
    0x62e9_0394_69f5_4237_9190_0121_7714_5e10, // Global Administrator
    0xf2ef_992c_3afb_46b9_b7cf_a126_ee74_c451, // Global Reader
    0x7298_27e3_9c14_49f7_bb1b_9608_f156_bbb8, // Helpdesk Administrator
    0x8ac3_fc64_6eca_42ea_9e69_59f4_c7b6_0eb2, // Hybrid Identity Administrator
    0x3a2c_62db_5318_420d_8d74_23af_fee5_d9d5, // Intune Administrator
    0x59d4_6f88_662b_457b_bceb_5c38_09e5_908f, // Lifecycle Workflows Administrator
    0x4ba3_9ca4_527c_499a_b93d_d9b4_92c5_0246, // Partner Tier1 Support
    0xe00e_864a_17c5_4a4b_9c06_f5b9_5a8d_5bd8, // Partner Tier2 Support
    0x9667_07d0_3269_4727_9be2_8c3a_10f1_9b9d, // Password Administrator
    0x7be4_4c8a_adaf_4e2a_84d6_ab26_49e0_8a13, // Privileged Authentication Administrator
    0xe861_1ab8_c189_46e8_94e1_6021_3ab1_f814, // Privileged Role Administrator
    0x194a_e4cb_b126_40b2_bd5b_6091_b380_977d, // Security Administrator
    0x5f22_22b1_57c3_48ba_8ad5_d475_9f1f_de6f, // Security Operator
    0x5d6b_6bb7_de71_4623_b4af_9638_0a35_2509, // Security Reader
    0xfe93_0be7_5e62_47db_91af_98c3_a49a_38b1, // User Administrator
];
