//! SKUs and licenses (docs/graph.md#licenses-and-readiness).

use super::ask::{Ask, nothing};
use super::cloud::Endpoint;
use super::url::Url;
use crate::ObjectId;
use crate::call::Call;
use crate::http::Method;
use crate::model::{AssignedLicense, Drive, LicenseDetails, Page, SubscribedSku};
use serde::Serialize;

/// The SKUs of the tenant with their seats. Graph takes no filter here.
#[must_use]
pub fn list_subscribed_skus(endpoint: &Endpoint) -> Ask<Page<Vec<SubscribedSku>>> {
    const SELECT: &str =
        "skuId,skuPartNumber,capabilityStatus,appliesTo,consumedUnits,prepaidUnits,servicePlans";
    let url = Url::new(endpoint).word("subscribedSkus").select(SELECT).done();
    Ask::get(Call::ListSubscribedSkus, url)
}

/// Licenses to add and to remove, in one request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LicenseChange {
    /// SKUs to add, or to change the service plans of.
    pub add: Vec<AssignedLicense>,
    /// SKUs to remove.
    pub remove: Vec<ObjectId>,
}

/// Assigns and removes licenses. Both arrays are always sent: Graph takes neither as null.
#[must_use]
pub fn assign_license(endpoint: &Endpoint, user: ObjectId, change: &LicenseChange) -> Ask<()> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Body<'a> {
        add_licenses: &'a [AssignedLicense],
        remove_licenses: &'a [ObjectId],
    }
    let url = Url::new(endpoint).word("users").key(&user.to_string()).word("assignLicense").done();
    Ask::new(Call::AssignLicense, Method::Post, url, nothing)
        .with_body(&Body { add_licenses: &change.add, remove_licenses: &change.remove })
        .expecting_id(user)
}

/// The licenses of a user with the provisioning state of each service plan.
#[must_use]
pub fn list_license_details(endpoint: &Endpoint, user: ObjectId) -> Ask<Page<Vec<LicenseDetails>>> {
    let url = Url::new(endpoint)
        .word("users")
        .key(&user.to_string())
        .word("licenseDetails")
        .select("skuId,skuPartNumber,servicePlans")
        .done();
    Ask::get(Call::ListLicenseDetails, url)
}

/// The OneDrive of a user: 404 until it is provisioned (docs/graph.md#licenses-and-readiness).
#[must_use]
pub fn get_drive(endpoint: &Endpoint, user: ObjectId) -> Ask<Drive> {
    let url = Url::new(endpoint).word("users").key(&user.to_string()).word("drive");
    Ask::get(Call::GetDrive, url.select("id,webUrl").done())
}
