//! From a scenario to the tenant it begins with, and the roster that is applied to it.

use crate::admin::OTHERS;
use crate::scenario::{Name, OddWait, Parent, Person, QuotaPlan, RowPlan, Scenario, Silence, Target, Work};
use agentuser_core::ObjectId;
use agentuser_core::hash::mix;
use agentuser_core::http::Method;
use agentuser_core::problem::Problem;
use agentuser_core::roster::{Roster, RosterSettings};
use agentuser_simulator::Fault;
use agentuser_simulator::{
    Directory, Faults, Lag, License, Life, Network, Planned, Quotas, Tenant, ids, tenant,
};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The number of the first human who holds a name of a row.
const HOLDERS: u32 = 100;

impl RowPlan {
    /// Its `identityParentId`.
    pub(crate) const fn parent_id(&self) -> ObjectId {
        match self.parent {
            Parent::Usable | Parent::Fresh | Parent::Disabled | Parent::DisabledByMicrosoft => {
                ids::identity(self.number)
            }
            Parent::Nothing => ids::nothing(self.number),
            Parent::AppId => ids::identity_app(self.number),
            Parent::Plain => ids::plain(self.number),
            Parent::BlueprintPrincipal => ids::blueprint_principal(self.number),
        }
    }

    /// The name that it has, or that was derived for it.
    pub(crate) fn upn(&self) -> String {
        match self.name {
            Name::Derived => format!("deputy{}@contoso.com", self.number),
            _ => format!("agent.{}@contoso.com", self.number),
        }
    }

    fn shown(&self) -> String {
        match self.name {
            Name::Derived => format!("Deputy{}", self.number),
            _ => format!("Agent {}", self.number),
        }
    }

    fn object(&self, rows: &[Self]) -> Map<String, Value> {
        let mut object = Map::new();
        let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
        put("identityParentId", self.parent_id().to_string().into());
        put("displayName", self.shown().into());
        if self.name != Name::Derived {
            put("userPrincipalName", self.upn().into());
        }
        if self.location {
            put("usageLocation", "DE".into());
        }
        for (name, value) in [("jobTitle", self.job), ("city", self.city)] {
            if let Some(value) = value {
                put(name, value.into());
            }
        }
        if let Some(enabled) = self.enabled {
            put("accountEnabled", enabled.into());
        }
        // By number and not by chance, so that the other draws of a seed stay as they are.
        if self.number % 3 == 1 {
            put(EXTENSION, format!("Group {}", self.number).into());
            put("employeeOrgData", json!({"costCenter": "4711"}));
        }
        if self.number % 5 == 1 {
            put("customSecurityAttributes.Engineering.Vendors", 4.into());
        }
        if let Some(manager) = self.manager {
            put("manager", manager.name(rows).into());
        }
        let sponsors = self.sponsors.iter().map(|sponsor| match sponsor {
            0 => format!("group:{}", ids::group(1)),
            human => format!("human{human}@contoso.com"),
        });
        put("sponsors", sponsors.collect::<Vec<_>>().into());
        put("licenses", json!(self.licenses));
        object
    }
}

/// The extension property that rows have.
const EXTENSION: &str = "extension_b7d8e648520f41d3b9c0fdeb91768a0a_jobGroup";

impl Person {
    fn name(self, rows: &[RowPlan]) -> String {
        match self {
            Self::Human(human) => format!("human{human}@contoso.com"),
            Self::Nobody => "nobody@contoso.com".to_owned(),
            Self::Row(place) => match rows.get(place) {
                Some(row) if row.name != Name::Derived => row.upn(),
                _ => "human2@contoso.com".to_owned(),
            },
        }
    }
}

/// The end of hostile names in the directory: anybody who registers an application chooses its name.
const SPOILED: &str = "\u{1b}]0;x\u{7}\r\nerror: \u{202e}\u{9b}31m";

impl Scenario {
    /// The roster with all of its rows.
    pub(crate) fn whole_roster(&self) -> Result<Roster, Problem> {
        let rows: Vec<_> = self.rows.iter().map(|row| row.object(&self.rows)).collect();
        let settings = RosterSettings { domain: Some("contoso.com".to_owned()), ..RosterSettings::default() };
        Roster::parse(json!(rows).to_string().as_bytes(), &settings)
    }

    /// The roster with the rows of this work. Row numbers are those of the whole roster.
    pub(crate) fn roster(whole: &Roster, work: &Work) -> Result<Roster, Problem> {
        let places = match work {
            Work::Roster(places) => places.clone(),
            Work::Provision { row, .. } => vec![*row],
            Work::Mutation { .. } => Vec::new(),
        };
        let numbers = |place: &usize| whole.rows().get(*place).map(agentuser_core::roster::Row::number);
        let numbers: BTreeSet<usize> = places.iter().filter_map(numbers).collect();
        whole.clone().only(&numbers)
    }

    /// The user that a mutation is about.
    pub(crate) fn target(&self, target: Target) -> ObjectId {
        match target {
            Target::Human(human) => ids::human(human),
            Target::Row(place) => {
                self.rows.get(place).map_or(ids::nothing(1), |row| ids::agent_user(row.number))
            }
        }
    }

    /// The parents whose agent users the work is about.
    pub(crate) fn parents(&self, work: &Work) -> Vec<ObjectId> {
        let of = |places: &[usize]| {
            places.iter().filter_map(|place| self.rows.get(*place)).map(RowPlan::parent_id).collect()
        };
        match work {
            Work::Roster(places) => of(places),
            Work::Provision { row, .. } => of(&[*row]),
            Work::Mutation { .. } => Vec::new(),
        }
    }

    /// The tenant behind its network.
    pub(crate) fn network(&self) -> Network {
        let mut faults = Faults::seeded(mix(&[self.seed, 3]), self.faults);
        if self.contradictions {
            faults = faults.with_contradictions();
        }
        if self.hostile_lists {
            faults = faults.with_foreign_next_links();
        }
        if let Some(OddWait { write, which, asks, unavailable }) = self.odd_wait {
            let method = if write { Method::Post } else { Method::Get };
            let fault = match unavailable {
                Some(executed) => Fault::ServerError { status: 503, executed, retry_after: asks },
                None => Fault::Throttled(asks),
            };
            faults = faults.with([Planned::new(method, "/users", which, fault)]);
        }
        if let Some(Silence { from: (read, write), requests, executed }) = self.silence {
            let writes = [Method::Post, Method::Patch, Method::Put, Method::Delete];
            let silent =
                |method, from| Planned::new(method, "", from, Fault::Never { executed }).times(requests);
            faults = faults.with([silent(Method::Get, read)]);
            faults = faults.with(writes.map(|method| silent(method, write)));
        }
        Network::new(self.directory(), faults)
    }

    fn directory(&self) -> Directory {
        let lag = Lag::seeded(mix(&[self.seed, 2]), self.lag).replicas(self.replicas);
        let plans = tenant::full_plans(Duration::from_secs(600), Duration::from_secs(900));
        let mut built = Tenant::new()
            .domain("contoso.com")
            .blueprint(1)
            .group(1)
            .sku(tenant::FULL_SKU, "AGENT_365", self.seats, plans)
            .sku(tenant::SMALL_SKU, "AGENT_MESSAGING", self.seats, vec![tenant::foundation_plan()])
            .token("admin", agentuser_simulator::Token::everything())
            .typed_extension(EXTENSION, "String", false)
            .security_attribute("Engineering", "Vendors", "Integer", false)
            .seed(self.seed)
            .switches(self.switches.clone())
            .lag(lag);
        if let Some(QuotaPlan { writes, units, .. }) = self.quotas {
            built = built.quotas(Quotas { writes, units: Some(units) });
        }
        for human in 1..=5 {
            built = built.human(human);
        }
        // Human 5 is in the recycle bin.
        built = built.change_user(ids::human(5), |user| user.life = Life::Deleted(user.created));
        for row in &self.rows {
            built = self.begin_row(built, row);
        }
        built.build()
    }

    fn begin_row(&self, mut built: Tenant, row: &RowPlan) -> Tenant {
        let number = row.number;
        built = match row.parent {
            Parent::Nothing => built,
            Parent::Plain => built.plain_principal(number),
            Parent::BlueprintPrincipal if number > 1 => built.blueprint(number),
            Parent::BlueprintPrincipal => built,
            Parent::Fresh => built.identity_from(number, 1, Duration::ZERO),
            Parent::Usable | Parent::AppId | Parent::Disabled | Parent::DisabledByMicrosoft => {
                built.identity(number, 1).change_identity(number, |parent| {
                    parent.display_name = format!("Identity {number}{SPOILED}");
                    parent.account_enabled = row.parent != Parent::Disabled;
                    parent.disabled_by_microsoft = row.parent == Parent::DisabledByMicrosoft;
                })
            }
        };
        built = built.identity(OTHERS + number, 1);
        let upn = row.upn();
        let holder = ids::human(HOLDERS + number);
        built = match row.name {
            Name::Named | Name::Derived => built,
            Name::HeldByAgent => built.agent_user(OTHERS + number, &upn),
            Name::HeldByHuman => built.human(HOLDERS + number).change_user(holder, |user| {
                user.user_principal_name = upn.clone();
                user.display_name.push_str(SPOILED);
            }),
            Name::HeldByDeleted => built.human(HOLDERS + number).change_user(holder, |user| {
                user.user_principal_name = upn.clone();
                user.life = Life::Deleted(user.created);
            }),
        };
        let Some(before) = &row.before else { return built };
        // A name that another live user holds can't be this user's, too.
        let other = before.other_name || matches!(row.name, Name::HeldByAgent | Name::HeldByHuman);
        let name = if other { format!("older.{number}@contoso.com") } else { upn };
        built.agent_user(number, &name).change_user(ids::agent_user(number), |user| {
            user.display_name = row.shown();
            user.account_enabled = before.enabled;
            user.usage_location = before.location.map(str::to_owned);
            for (name, value) in [("jobTitle", before.job), ("city", before.city)] {
                if let Some(value) = value {
                    user.extras.insert(name.to_owned(), value.into());
                }
            }
            if number % 2 == 1 {
                let org_data = json!({"division": "Agents", "costCenter": "1"});
                user.extras.insert("employeeOrgData".to_owned(), org_data);
            }
            user.manager = before.manager.map(ids::human);
            let sponsor = |number: &u32| if *number == 0 { ids::group(1) } else { ids::human(*number) };
            user.sponsors = before.sponsors.iter().map(sponsor).collect();
            let license = |name: &&str| {
                let number = if *name == "AGENT_365" { tenant::FULL_SKU } else { tenant::SMALL_SKU };
                let license =
                    License { disabled_plans: BTreeSet::new(), assigned: user.created, error: None };
                (ids::sku(number), license)
            };
            user.licenses = before.licenses.iter().map(license).collect::<BTreeMap<_, _>>();
            if before.deleted {
                user.life = Life::Deleted(user.created);
            }
        })
    }
}
