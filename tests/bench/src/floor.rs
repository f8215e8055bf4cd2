//! The least that listing takes: the pages downloaded by reqwest, decoded by serde_json into closed structs, dropped.
//! `floor ENDPOINT`

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    value: Vec<User>,
    #[serde(rename = "@odata.nextLink")]
    next_link: Option<String>,
}

/// The members that the library asks lists for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct User {
    id: String,
    user_principal_name: Option<String>,
    display_name: Option<String>,
    mail_nickname: Option<String>,
    identity_parent_id: Option<String>,
    account_enabled: Option<bool>,
    usage_location: Option<String>,
    user_type: Option<String>,
    mail: Option<String>,
    created_date_time: Option<String>,
    job_title: Option<String>,
    department: Option<String>,
    assigned_licenses: Vec<License>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct License {
    sku_id: Option<String>,
    disabled_plans: Vec<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let endpoint = std::env::args().nth(1).ok_or("give a Graph endpoint")?;
    drop(rustls::crypto::ring::default_provider().install_default());
    let http = reqwest::Client::builder().no_proxy().build()?;
    let mut next = Some(format!(
        "{endpoint}/v1.0/users/microsoft.graph.agentUser?$select=id,userPrincipalName,displayName,mailNickname,\
         identityParentId,accountEnabled,usageLocation,userType,mail,createdDateTime,jobTitle,department,\
         assignedLicenses&$top=999"
    ));
    let mut count = 0;
    while let Some(url) = next {
        let body = http.get(url).send().await?.error_for_status()?.bytes().await?;
        let page: Page = serde_json::from_slice(&body)?;
        count += page.value.len();
        next = page.next_link;
    }
    println!("{count}");
    Ok(())
}
