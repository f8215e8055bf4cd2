//! The tenant and the network that options describe.

use super::TOKEN;
use super::simulator::SimulatorOptions;
use super::tenants::TenantKind;
use super::tokens::TokenOptions;
use super::{extending, licensing, lifecycle, person};
use crate::entra::{Claims, principal_of, token_of};
use crate::filled::try_filled;
use crate::ids;
use crate::{Directory, Faults, Lag, Network, Quotas, Switches, Tenant, Token};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// How long the tenant's own tokens claim to live: longer than any server.
const TOKENS_LIVE: Duration = Duration::from_secs(24 * 60 * 60);
/// The agent users of [`TenantKind::Planted`].
const PLANTED_USERS: u32 = 2_000;

impl SimulatorOptions {
    /// The tokens of the tenant by their names.
    ///
    /// # Errors
    /// Nothing can be drawn.
    pub(crate) fn names<E>(
        &self,
        unix_ms: i64,
        mut draw: impl FnMut() -> Result<u64, E>,
    ) -> Result<BTreeMap<String, String>, E> {
        let directory = Tenant::contoso(0).seed(self.seed).build();
        let app = ids::plain_app(1);
        let named = |(name, token): (&String, &Arc<Token>)| {
            let secret = match &self.token {
                Some(token) if name == TOKEN => token.clone(),
                Some(_) => name.clone(),
                None => token_of(&Claims {
                    tenant: directory.tenant_id(),
                    app: token.of_blueprint().unwrap_or(app),
                    object: principal_of(&directory, token.of_blueprint().unwrap_or(app)),
                    token,
                    unix_ms,
                    expires_in: TOKENS_LIVE,
                    drawn: u128::from(draw()?) << 64 | u128::from(draw()?),
                }),
            };
            Ok((name.clone(), secret))
        };
        try_filled(directory.tokens.iter().map(named))
    }

    /// The tenant and its network, for options that break no rule.
    pub(crate) fn network(&self, root: &str, unix_ms: i64, tokens: &BTreeMap<String, String>) -> Network {
        let faults = Faults::seeded(self.seed, self.faults.per_mille);
        let faults = if self.faults.brisk { faults.brisk() } else { faults };
        let faults = if self.faults.sign_ins { faults.with_sign_ins() } else { faults };
        let network = Network::new(
            self.directory(root, unix_ms, tokens),
            faults.with(self.faults.script.iter().cloned()),
        );
        match self.latency_ms.map(|both| both.map(Duration::from_millis)) {
            Some([least, most]) => network.latency(least, most),
            None => network,
        }
    }

    pub(super) fn populated(&self, mut tenant: Tenant) -> Tenant {
        let others = self.agent_users.saturating_sub(1);
        for n in self.identities + 1..=self.identities.saturating_add(others) {
            tenant = tenant.populate(n, n, (n - 1) % 3 + 1);
        }
        tenant
    }

    pub(super) fn extended(&self, tenant: Tenant) -> Result<Tenant, String> {
        extending::add(tenant, &self.extensions, &self.attribute_sets)
    }

    pub(super) fn has_licensing(&self) -> bool {
        !(self.skus.is_empty() && self.groups.is_empty() && self.licenses.is_empty())
    }

    pub(super) fn licensed(&self, tenant: Tenant) -> Result<Tenant, String> {
        licensing::add(tenant, &self.skus, &self.groups, &self.licenses)
    }

    /// The tenant with `tokens`.
    pub(super) fn with_tokens(&self, mut tenant: Tenant) -> Result<Tenant, String> {
        for (n, TokenOptions { token, expires_in_seconds, user }) in self.tokens.iter().enumerate() {
            let mut everything = Token::everything();
            if let Some(name) = user {
                let user = person(tenant.directory(), name);
                everything = everything.of_person(user.map_err(|why| format!("tokens[{n}].user: {why}"))?);
            }
            if let Some(seconds) = expires_in_seconds {
                everything = everything.expires_at(Duration::from_secs(*seconds));
            }
            tenant = tenant.token(token, everything);
        }
        Ok(tenant)
    }

    /// The tenant with its own agent users, before anything else is added.
    fn inhabited(&self, root: &str, unix_ms: i64) -> Tenant {
        let is_contoso = self.tenant == TenantKind::Contoso;
        let without = self.agent_users == 0 || !is_contoso;
        let contoso = if without { Tenant::contoso_without_agent_users } else { Tenant::contoso };
        // The numbers of identities that are planted begin with 1, as those of `identities` do.
        let identities = if self.tenant == TenantKind::Planted { 0 } else { self.identities };
        let tenant = contoso(identities)
            .root(root)
            .seed(self.seed)
            .created_at(unix_ms)
            .licensing(self.edition.licensing());
        match self.tenant {
            TenantKind::Contoso => tenant,
            TenantKind::Troubled => tenant.troubled(),
            TenantKind::Planted => tenant.planted_with(PLANTED_USERS),
        }
    }

    fn directory(&self, root: &str, unix_ms: i64, tokens: &BTreeMap<String, String>) -> Directory {
        let tenant = self.inhabited(root, unix_ms);
        // Options are checked before.
        let tenant = self.extended(tenant.clone()).unwrap_or(tenant);
        let mut tenant = if self.tenant == TenantKind::Planted { tenant } else { self.populated(tenant) };
        if let Some(seats) = self.seats {
            tenant = tenant.seats(seats);
        }
        if self.has_licensing() {
            // Options are checked before.
            tenant = self.licensed(tenant.clone()).unwrap_or(tenant);
        }
        // Options are checked before.
        tenant = self.sign_in.add(tenant.clone()).unwrap_or(tenant);
        tenant = lifecycle::add(tenant, &self.lifecycle_policies);
        tenant = tenant.lag(Lag::seeded(self.seed, Duration::from_millis(self.lag_ms)));
        if let Some(reading) = self.reading {
            tenant = tenant.switches(Switches::from_seed(reading));
        }
        if self.quotas {
            tenant = tenant.quotas(Quotas::PUBLISHED);
        }
        if let Some(permissions) = &self.permissions {
            let permissions = permissions.iter().map(String::as_str);
            tenant = tenant.token(TOKEN, Token::application(permissions));
        }
        let mut tenant = tenant.rename_tokens(tokens);
        // Options are checked before.
        tenant = self.with_tokens(tenant.clone()).unwrap_or(tenant);
        tenant.build()
    }
}
