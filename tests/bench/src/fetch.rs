//! The least that an audit takes: its answers downloaded by reqwest, as many at a time, decoded by serde_json into closed
//! structs, dropped. `fetch ENDPOINT`

use serde::Deserialize;
use std::sync::{Arc, Mutex, PoisonError};

/// How many requests are under way at a time, as by default.
const AT_A_TIME: usize = 32;

#[derive(Deserialize)]
struct Asked {
    path: String,
    body: Option<String>,
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    value: Vec<Entry>,
}

/// The members that an audit asks for, of all kinds of objects.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
#[allow(dead_code)]
struct Entry {
    id: Option<String>,
    app_id: Option<String>,
    user_principal_name: Option<String>,
    display_name: Option<String>,
    identity_parent_id: Option<String>,
    account_enabled: Option<bool>,
    created_date_time: Option<String>,
    deleted_date_time: Option<String>,
    usage_location: Option<String>,
    mail: Option<String>,
    assigned_licenses: Vec<License>,
    license_assignment_states: Vec<License>,
    manager: Option<Related>,
    sponsors: Vec<Related>,
    employee_leave_date_time: Option<String>,
    sign_in_activity: Option<SignIns>,
    service_principal_type: Option<String>,
    agent_identity_blueprint_id: Option<String>,
    disabled_by_microsoft_status: Option<String>,
    created_by_app_id: Option<String>,
    tags: Vec<String>,
    client_id: Option<String>,
    principal_id: Option<String>,
    resource_id: Option<String>,
    app_role_id: Option<String>,
    scope: Option<String>,
    role_definition_id: Option<String>,
    directory_scope_id: Option<String>,
    relationship: Option<String>,
    compliance: Option<State>,
    enforcement: Option<State>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct License {
    sku_id: Option<String>,
    state: Option<String>,
    error: Option<String>,
    #[serde(default)]
    disabled_plans: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct Related {
    id: Option<String>,
    display_name: Option<String>,
    user_principal_name: Option<String>,
    account_enabled: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct SignIns {
    last_sign_in_date_time: Option<String>,
    last_non_interactive_sign_in_date_time: Option<String>,
    last_successful_sign_in_date_time: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct State {
    status: Option<String>,
    next_action: Option<String>,
    next_action_date_time: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let endpoint = std::env::args().nth(1).ok_or("give a Graph endpoint")?;
    drop(rustls::crypto::ring::default_provider().install_default());
    let http = reqwest::Client::builder().no_proxy().build()?;
    let asked = http.get(format!("{endpoint}/requests")).send().await?.bytes().await?;
    let asked: Vec<Asked> = serde_json::from_slice(&asked)?;
    let asked = Arc::new(Mutex::new(asked));
    let workers = (0..AT_A_TIME).map(|_| {
        let (asked, http, endpoint) = (Arc::clone(&asked), http.clone(), endpoint.clone());
        tokio::spawn(async move {
            let mut count = 0;
            let next = || asked.lock().unwrap_or_else(PoisonError::into_inner).pop();
            while let Some(Asked { path, body }) = next() {
                let url = format!("{endpoint}{path}");
                let request = match body {
                    Some(body) => http.post(url).body(body),
                    None => http.get(url),
                };
                // Some are answered with 404, as an audit's are.
                let body = request.send().await?.bytes().await?;
                if let Ok(page) = serde_json::from_slice::<Page>(&body) {
                    count += page.value.len();
                }
            }
            Ok::<_, reqwest::Error>(count)
        })
    });
    let mut count = 0;
    for worker in workers.collect::<Vec<_>>() {
        count += worker.await??;
    }
    println!("{count}");
    Ok(())
}
