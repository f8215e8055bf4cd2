//! The system's credential store, which keeps the refresh tokens of people who signed in. Nothing else is in it, and they are
//! nowhere else.

mod failure;
#[cfg(all(feature = "keyring", any(target_os = "macos", windows)))]
#[path = "keyring.rs"]
mod system;
#[cfg(all(feature = "keyring", unix, not(target_os = "macos")))]
#[path = "secret_service.rs"]
mod system;
#[cfg(not(all(feature = "keyring", any(unix, windows))))]
#[path = "missing.rs"]
mod system;

use agentuser::sign_in::{ClientId, Login, Tenant};
use agentuser::{Code, Problem};
use failure::Failure;
use std::time::Duration;
use zeroize::Zeroizing;

/// How long the store may take to answer that it is there. A prompt of its own may take any time.
const OPENING: Duration = Duration::from_secs(15);

/// The sign-in that a refresh token is of: a token goes to no other endpoint, tenant or application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    profile: String,
    account: String,
}

impl Key {
    /// The sign-in of a profile.
    pub(crate) fn new(profile: &str, login: &Login, tenant_id: &Tenant, client_id: ClientId) -> Self {
        let account = format!("{profile} {}/{tenant_id}/{client_id}", login.origin());
        Self { profile: profile.to_owned(), account }
    }

    /// Its name for people, who may look into the store.
    fn label(&self) -> String {
        format!("agentuser, profile {}", self.profile)
    }
}

/// The store, once it has answered.
pub(crate) struct CredentialStore(system::Store);

impl CredentialStore {
    /// The system's store.
    ///
    /// # Errors
    /// When there is none, or it does not answer.
    pub(crate) async fn open() -> Result<Self, Problem> {
        match tokio::time::timeout(OPENING, system::Store::open()).await {
            Ok(Ok(store)) => Ok(Self(store)),
            Ok(Err(why)) => Err(missing(&why)),
            Err(_) => {
                Err(missing(&Failure(format!("it does not answer within {} seconds", OPENING.as_secs()))))
            }
        }
    }

    /// The refresh token of the key.
    ///
    /// # Errors
    /// When the store is locked, or fails.
    pub(crate) async fn get(&self, key: &Key) -> Result<Option<Zeroizing<String>>, Problem> {
        let bytes = self.0.get(&key.account).await.map_err(|why| failed("read", &why))?;
        // Bytes that are not UTF-8 were written by another program, and are not a refresh token.
        Ok(bytes.and_then(|bytes| str::from_utf8(&bytes).ok().map(|text| Zeroizing::new(text.to_owned()))))
    }

    /// Keeps a refresh token in the place of an earlier one of the key.
    ///
    /// # Errors
    /// When the store is locked, or fails.
    pub(crate) async fn set(&self, key: &Key, token: &str) -> Result<(), Problem> {
        let kept = self.0.set(&key.account, &key.label(), token.as_bytes()).await;
        kept.map_err(|why| failed("written", &why))
    }

    /// Forgets the refresh token of the key; whether there was one.
    ///
    /// # Errors
    /// When the store is locked, or fails.
    pub(crate) async fn forget(&self, key: &Key) -> Result<bool, Problem> {
        self.0.forget(&key.account).await.map_err(|why| failed("changed", &why))
    }
}

/// The sign-ins that need no store.
const WITHOUT: &str = "Sign-ins that need none: --browser or --device-code, for one command; --client-id with a certificate \
                       or a secret; --managed-identity; --azure-cli; AGENTUSER_TOKEN.";

fn missing(Failure(why): &Failure) -> Problem {
    let message = "There is no credential store of the system to keep the sign-in in.";
    Problem::new(Code::NoCredentialStore, message)
        .with_cause(format!("The store can't be used: {why}."))
        .with_fix(format!("{} {WITHOUT}", system::FIX))
}

fn failed(what: &str, Failure(why): &Failure) -> Problem {
    Problem::new(Code::NoCredentialStore, format!("The system's credential store can't be {what}."))
        .with_cause(format!("The store says: {why}."))
        .with_fix(format!("Unlock it and run it again. {WITHOUT}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_of_one_sign_in() {
        let key = |profile: &str, login: &str, tenant: &str, client: &str| {
            let login = Login::chosen(None, None, Some(login)).unwrap();
            let client = ClientId::parse("clientId", client).unwrap();
            Key::new(profile, &login, &Tenant::parse(tenant).unwrap(), client)
        };
        let (one, two) = ("00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002");
        let login = "https://login.microsoftonline.com";
        let own = key("contoso", login, "Contoso.com", one);
        assert_eq!(own.account, format!("contoso https://login.microsoftonline.com/contoso.com/{one}"));
        for other in [
            key("other", login, "contoso.com", one),
            key("contoso", "http://127.0.0.1:1", "contoso.com", one),
            key("contoso", login, "fabrikam.com", one),
            key("contoso", login, "contoso.com", two),
        ] {
            assert_ne!(own.account, other.account);
        }
    }
}
