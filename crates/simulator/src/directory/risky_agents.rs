//! Agents at risk (docs/graph.md#risk), which beta alone has.

use super::errors::{Answer, Refusal};
use super::permissions::GET_RISKY_AGENTS;
use super::query::Set;
use super::route::{Endpoint, Route};
use super::sets::Objects;
use super::{Call, Directory, PrincipalKind, id_in_path};
use crate::behaviours::Label::Documented;
use crate::clock;
use crate::spelling::Version;
use agentuser_core::ObjectId;
use agentuser_core::http::Method::Get;
use serde_json::{Map, Value, json};

/// The endpoints of risky agents.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(
        Get,
        "/identityProtection/riskyAgents",
        Documented("api/resources/riskyagent?view=graph-rest-beta"),
        |d, c, _| {
            d.require_risk(c)?;
            let all = d.risky_objects();
            d.answer_set(c, Set::risky_agents, "identityProtection/riskyAgents", &[], all)
        },
    ),
    Endpoint::new(
        Get,
        "/identityProtection/riskyAgents/{id}",
        Documented("api/riskyagent-get?view=graph-rest-beta"),
        |d, c, r| d.get_risky_agent(c, r),
    ),
];

/// An agent user, agent identity or principal of a blueprint at risk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskyAgent {
    /// The agent.
    pub id: ObjectId,
    /// `low`, `medium` or `high`.
    pub level: &'static str,
    /// `atRisk`, `confirmedCompromised`, `remediated`, `dismissed` or `confirmedSafe`.
    pub state: &'static str,
    /// When that was found, in milliseconds since 1970.
    pub updated: i64,
}

impl Directory {
    /// v1.0 does not have the segment; the license is that of Identity Protection.
    fn require_risk(&self, call: &Call<'_>) -> Result<(), Refusal> {
        if call.version == Version::V1 {
            return Err(Refusal::new(400, "BadRequest", "Resource not found for the segment 'riskyAgents'."));
        }
        self.require(call, GET_RISKY_AGENTS)?;
        if self.licensing.p2 {
            return Ok(());
        }
        Err(Refusal::new(403, "Forbidden", "Your tenant is not licensed for this feature."))
    }

    fn risky_objects(&self) -> Objects {
        self.risky.values().filter_map(|one| Some((one.id, self.render_risky(one)?))).collect()
    }

    fn get_risky_agent(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        self.require_risk(call)?;
        let found = self.risky.get(&id_in_path(route.key())?).and_then(|one| self.render_risky(one));
        let object = found.ok_or_else(|| Refusal::not_found(route.key()))?;
        self.answer_object(call, "identityProtection/riskyAgents", &[], object)
    }

    fn render_risky(&self, one: &RiskyAgent) -> Option<Map<String, Value>> {
        let user = self.find_user(one.id);
        let principal = self.find_principal(one.id);
        let (kind, name, is_enabled, life, blueprint) = match (user, principal) {
            (Some(user), _) => {
                let blueprint = user.parent.and_then(|parent| self.blueprint_of(parent));
                ("agentUser", &user.display_name, user.account_enabled, user.life, blueprint)
            }
            (_, Some(one)) => {
                let kind = match one.kind {
                    PrincipalKind::AgentIdentity(_) => "agentIdentity",
                    PrincipalKind::BlueprintPrincipal => "agentIdentityBlueprintPrincipal",
                    PrincipalKind::Plain => return None,
                };
                (kind, &one.display_name, one.account_enabled, one.life, one.blueprint())
            }
            _ => return None,
        };
        let type_name = match kind {
            "agentUser" => "riskyAgentUser",
            "agentIdentity" => "riskyAgentIdentity",
            _ => "riskyAgentIdentityBlueprintPrincipal",
        };
        json!({
            "@odata.type": format!("#microsoft.graph.{type_name}"),
            "id": one.id.to_string(),
            "agentDisplayName": name,
            "identityType": kind,
            "blueprintId": blueprint.map(|id| id.to_string()),
            "isEnabled": is_enabled,
            "isDeleted": !life.is_live(),
            "isProcessing": false,
            "riskLevel": one.level,
            "riskState": one.state,
            "riskDetail": "none",
            "riskLastModifiedDateTime": clock::iso(one.updated),
        })
        .as_object()
        .cloned()
    }
}
