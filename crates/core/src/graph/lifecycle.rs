//! Lifecycle policies of agent identities, and attestation (docs/graph.md#lifecycle-policies).

use super::ask::{Ask, nothing};
use super::cloud::Endpoint;
use super::url::{Url, literal};
use crate::ObjectId;
use crate::call::Call;
use crate::http::Method;
use crate::model::{LifecyclePolicy, Page, PolicySubject};

fn policies(endpoint: &Endpoint) -> Url {
    Url::new(endpoint).word("identityGovernance").word("lifecycleWorkflows").word("lifecyclePolicies")
}

/// The lifecycle policies of the tenant. Without `$select`, because the rules are shown by default, and the page calls them a
/// relationship.
#[must_use]
pub fn list_lifecycle_policies(endpoint: &Endpoint) -> Ask<Page<Vec<LifecyclePolicy>>> {
    Ask::get(Call::ListLifecyclePolicies, policies(endpoint).done())
}

/// The result of a policy's last run for an agent identity: a list of none or one.
#[must_use]
pub fn find_lifecycle_subject(
    endpoint: &Endpoint,
    policy: &str,
    identity: ObjectId,
) -> Ask<Page<Vec<PolicySubject>>> {
    let url = policies(endpoint).key(policy).word("report").word("subjects");
    let filter = format!("id eq {}", literal(&identity.to_string()));
    Ask::get(Call::FindLifecycleSubject, url.query("$filter", &filter).done())
}

/// Every agent identity that a policy is about, as its last run found it.
#[must_use]
pub fn list_lifecycle_subjects(endpoint: &Endpoint, policy: &str) -> Ask<Page<Vec<PolicySubject>>> {
    let url = policies(endpoint).key(policy).word("report").word("subjects");
    Ask::get(Call::ListLifecycleSubjects, url.query("$top", "999").done())
}

/// Attests an agent identity. Answers 204.
#[must_use]
pub fn attest_identity(endpoint: &Endpoint, identity: ObjectId) -> Ask<()> {
    let url = Url::new(endpoint)
        .word("servicePrincipals")
        .key(&identity.to_string())
        .word("microsoft.graph.agentIdentity")
        .word("attest")
        .done();
    Ask::new(Call::AttestIdentity, Method::Post, url, nothing)
}
