//! The tenant's verified domains (docs/graph.md#names).

use super::ask::{Ask, apart, json};
use super::cloud::Endpoint;
use super::url::Url;
use crate::call::Call;
use crate::http::{Method, Response};
use crate::model::{Organization, Page};

/// The tenant with its verified domains: a list of one.
#[must_use]
pub fn list_verified_domains(endpoint: &Endpoint) -> Ask<Page<Vec<Organization>>> {
    let url = Url::new(endpoint).word("organization").select("id,verifiedDomains").done();
    Ask::new(Call::ListVerifiedDomains, Method::Get, url, |response, _| {
        apart(with_domains(response), response)
    })
}

/// The tenant, unless it has no verified domain: each has at least its own under onmicrosoft.com, so that is not Graph's
/// answer (docs/graph.md#names).
fn with_domains(response: &Response) -> Option<Page<Vec<Organization>>> {
    let page: Page<Vec<Organization>> = json(response)?;
    let known =
        page.value.iter().flat_map(Organization::verified_domains).any(|domain| domain.name().is_some());
    (known || page.next_link.is_some()).then_some(page)
}
