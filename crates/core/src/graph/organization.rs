//! The tenant's verified domains (docs/graph.md#names).

use super::ask::Ask;
use super::cloud::Root;
use super::url::Url;
use crate::call::Call;
use crate::model::{Organization, Page};

/// The tenant with its verified domains: a list of one.
#[must_use]
pub fn list_verified_domains(root: &Root) -> Ask<Page<Vec<Organization>>> {
    let url = Url::new(root).word("organization").query("$select", "id,verifiedDomains").done();
    Ask::get(Call::ListVerifiedDomains, url)
}
