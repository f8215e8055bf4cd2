//! Reads the member `signIn`.

use super::object::Object;
use super::table::{PROOFS, SIGN_INS};
use super::{Confidential, ProofConfig, SignInConfig, Subject};
use crate::graph::{Cloud, Endpoint};
use crate::problem::Problem;
use crate::sign_in::{AgentIdentityId, Audience, ClientId, Login, Prompt, Scopes, Tenant, UserOf};
use crate::validate::{RuleCode, Violation};
use serde_json::Value;
use std::path::PathBuf;

const CLIENT_ID: &str = "clientId";

/// Where Graph is: with no cloud, at an endpoint of its own.
pub(in crate::json) struct Graph<'a> {
    pub(in crate::json) cloud: Option<Cloud>,
    pub(in crate::json) endpoint: &'a Endpoint,
}

/// Checks a proof beyond what it says of itself: what travels beside the JSON, and the certificate in it.
pub(in crate::json) type CheckProof<'a> = dyn Fn(&ProofConfig) -> Result<(), Problem> + 'a;

/// The facts that reading needs beside the JSON, and the fault that the check of the proof found.
struct Reading<'a> {
    graph: &'a Graph<'a>,
    check: &'a CheckProof<'a>,
    fault: Option<Problem>,
}

impl SignInConfig {
    /// Reads the member `signIn` of a configuration. A fault that the check finds is told with
    /// all other violations, and as it is where there are none.
    pub(in crate::json) fn read(
        value: Value,
        graph: &Graph<'_>,
        check: &CheckProof<'_>,
    ) -> Result<Self, Problem> {
        let mut broken = Vec::new();
        let mut reading = Reading { graph, check, fault: None };
        let read = Object::read(Some(value), SIGN_INS, "signIn.", &mut broken)
            .and_then(|mut object| whole(&mut object, &mut reading));
        match (read, reading.fault) {
            (Some(config), None) if broken.is_empty() => Ok(config),
            (_, Some(fault)) if broken.is_empty() => Err(fault),
            (_, fault) => {
                broken.extend(fault.map(|fault| {
                    let field = fault.field().unwrap_or("signIn.proof").to_owned();
                    Violation::new(RuleCode::NotUsable, field, fault.message(), fault.fix())
                }));
                Err(Problem::from_violations(broken))
            }
        }
    }
}

/// Reads the whole object; `None` where a member is broken, which the object has kept. Every member is read
/// all the same.
fn whole(object: &mut Object<'_>, reading: &mut Reading<'_>) -> Option<SignInConfig> {
    let graph = reading.graph;
    let kind = object.kind();
    Some(match kind {
        "browser" | "deviceCode" => {
            let tenant = object.get("tenantId", Tenant::of_person);
            let client_id = object.get(CLIENT_ID, |text| ClientId::parse(CLIENT_ID, text));
            let scopes = scopes(object);
            let login = login(object, graph);
            let prompt = if kind == "browser" { Prompt::Browser } else { Prompt::DeviceCode };
            SignInConfig::Person { login: login?, tenant: tenant?, client_id: client_id?, prompt, scopes }
        }
        "managedIdentity" => SignInConfig::ManagedIdentity { client_id: machine(object) },
        "azureCli" => SignInConfig::AzureCli { tenant: object.get("tenantId", Tenant::parse) },
        "azureDeveloperCli" => {
            SignInConfig::AzureDeveloperCli { tenant: object.get("tenantId", Tenant::parse) }
        }
        "workloadIdentity" => {
            // Where nobody names a cloud or an endpoint, the pod's own variables do.
            let is_named = graph.cloud != Some(Cloud::Global) || object.has("loginEndpoint");
            let login = if is_named { Some(login(object, graph)?) } else { None };
            SignInConfig::WorkloadIdentity { login }
        }
        _ => return confidential(object, reading).map(SignInConfig::Confidential),
    })
}

fn confidential(object: &mut Object<'_>, reading: &mut Reading<'_>) -> Option<Confidential> {
    let tenant = object.get("tenantId", Tenant::parse);
    let client_id = object.get(CLIENT_ID, |text| ClientId::parse(CLIENT_ID, text));
    let subject = subject(object);
    let login = login(object, reading.graph);
    let proof = proof(object);
    reading.fault = proof.as_ref().and_then(|proof| (reading.check)(proof).err());
    Some(Confidential {
        login: login?,
        tenant: tenant?,
        client_id: client_id?,
        subject: subject?,
        proof: proof?,
    })
}

fn subject(object: &mut Object<'_>) -> Option<Subject> {
    const FIELD: &str = "agentIdentityId";
    if object.kind() == "application" {
        return Some(Subject::Application);
    }
    let identity = object.get(FIELD, |text| AgentIdentityId::parse(FIELD, text));
    match object.kind() {
        "agentIdentity" => identity.map(Subject::AgentIdentity),
        "onBehalfOf" => identity.map(Subject::OnBehalfOf),
        _ => {
            let user = user(object);
            Some(Subject::AgentUser(identity?, user?))
        }
    }
}

fn user(object: &mut Object<'_>) -> Option<UserOf> {
    let is_there = object.has("userId") || object.has("userPrincipalName");
    match (object.text("userId"), object.text("userPrincipalName")) {
        (Some(id), None) => UserOf::by_id(&id).map_err(|broken| object.add(broken)).ok(),
        (None, Some(name)) => {
            let read = UserOf::by_name(&name);
            read.map_err(|broken| broken.into_iter().for_each(|violation| object.add(violation))).ok()
        }
        // A member that is there but not a text is already among the broken ones.
        (None, None) if is_there => None,
        (None, None) => {
            let message = "There is neither userId nor userPrincipalName.";
            let fix = "Give the agent user's object id as userId, or its name as userPrincipalName.";
            object.add(Violation::new(RuleCode::Required, "userId", message, fix));
            None
        }
        (Some(_), Some(_)) => {
            let message = "There is a userPrincipalName, too, and Entra takes one of them.";
            object.add(Violation::new(RuleCode::Repeated, "userId", message, "Keep one of them."));
            None
        }
    }
}

fn scopes(object: &mut Object<'_>) -> Option<Scopes> {
    let text = object.text("scopes")?;
    Scopes::new([text]).map_err(|problem| object.add_all(&problem, "scopes")).ok()
}

fn login(object: &mut Object<'_>, graph: &Graph<'_>) -> Option<Login> {
    let named = object.text("loginEndpoint");
    let audience = object.text("exchangeAudience").map(|text| Audience::parse(&text));
    let endpoint = graph.cloud.is_none().then_some(graph.endpoint);
    let login = Login::chosen(graph.cloud, endpoint, named.as_deref());
    let login = login.map_err(|problem| object.add_all(&problem, "loginEndpoint")).ok();
    match audience {
        None => login,
        Some(Ok(audience)) => login.map(|login| login.with_audience(audience)),
        Some(Err(problem)) => {
            object.add_all(&problem, "exchangeAudience");
            None
        }
    }
}

fn machine(object: &mut Object<'_>) -> Option<ClientId> {
    object.get(CLIENT_ID, |text| ClientId::parse(CLIENT_ID, text))
}

fn proof(object: &mut Object<'_>) -> Option<ProofConfig> {
    let value = object.take("proof")?;
    let mut object = Object::read(Some(value), PROOFS, "signIn.proof.", object.broken())?;
    Some(match object.kind() {
        "clientSecret" => ProofConfig::ClientSecret,
        "certificate" => ProofConfig::Certificate { send_x5c: object.flag("sendX5c") },
        "signature" => {
            let (send_x5c, certificate) = (object.flag("sendX5c"), object.text("certificate"));
            ProofConfig::Signature { certificate: certificate?, send_x5c }
        }
        "federatedTokenFile" => {
            ProofConfig::FederatedTokenFile { path: object.text("path").map(PathBuf::from) }
        }
        "managedIdentity" => ProofConfig::ManagedIdentity { client_id: machine(&mut object) },
        "azurePipelines" => {
            ProofConfig::AzurePipelines { service_connection_id: object.text("serviceConnectionId")? }
        }
        "gitHubActions" => ProofConfig::GitHubActions,
        _ => ProofConfig::Assertion,
    })
}
