//! Sign-ins that are kept under a profile which is removed, or which another one replaces: nothing would find them any more.

use crate::credential_store::CredentialStore;
use crate::output::Output;
use crate::profile::{Profile, ProfileName};
use agentuser::{Endpoint, Problem};

/// Forgets the sign-in of a profile, unless `next` has the same; whether there was one. Without a store it stays where it was
/// kept, which a warning tells.
///
/// # Errors
/// When the store is locked, or fails.
pub(crate) async fn forget(
    output: &Output,
    name: &ProfileName,
    profile: &Profile,
    next: Option<&Profile>,
) -> Result<bool, Problem> {
    // With a profile that can't say where it signs in, nobody has signed in.
    let key = |profile: &Profile| profile.key(name).ok().flatten();
    let Some(key) = key(profile).filter(|old| next.and_then(key).as_ref() != Some(old)) else {
        return Ok(false);
    };
    match CredentialStore::open().await {
        Ok(store) => store.forget(&key).await,
        Err(problem) => {
            warn(output, name, profile, &problem);
            Ok(false)
        }
    }
}

/// Warns that the sign-in of a profile may still be kept, and says how it is found again.
pub(crate) fn warn(output: &Output, name: &ProfileName, profile: &Profile, why: &Problem) {
    let (cause, set) = (why.cause(), set_command(name, profile));
    let text = format!(
        "The sign-in of the profile {name} as it was may still be in the system's credential store. {cause} To forget it, run \
         `{set}` and `agentuser logout --profile {name}` where the store can be used."
    );
    output.remarks().warn("signInNotForgotten", &text);
}

/// The command that makes the profile.
fn set_command(name: &ProfileName, profile: &Profile) -> String {
    let Profile { kind, tenant_id, client_id, cloud, graph_endpoint, login_endpoint } = profile;
    let origin = |endpoint: &Endpoint| endpoint.origin().to_owned();
    let members = [
        ("tenant", tenant_id.as_ref().map(ToString::to_string)),
        ("client-id", client_id.map(|id| id.to_string())),
        ("cloud", cloud.map(|cloud| cloud.name().to_owned())),
        ("graph-endpoint", graph_endpoint.as_ref().map(origin)),
        ("login-endpoint", login_endpoint.as_ref().map(origin)),
    ];
    let members = members.into_iter().filter_map(|(flag, value)| Some(format!(" --{flag} {}", value?)));
    format!("agentuser profile set {name} --kind {}{}", kind.as_str(), members.collect::<String>())
}
