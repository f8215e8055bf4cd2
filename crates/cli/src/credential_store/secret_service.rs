//! The Secret Service on the session bus: GNOME Keyring, KWallet, KeePassXC.

use super::failure::Failure;
use secret_service::{EncryptionType, Error, Item, SecretService};
use std::collections::HashMap;
use zeroize::Zeroizing;

pub(super) const FIX: &str =
    "Start a session with a D-Bus session bus and a Secret Service, such as GNOME Keyring or KWallet.";

/// The service that items are found by.
const SERVICE: &str = "agentuser";

pub(super) struct Store(SecretService<'static>);

impl Store {
    /// Secrets travel over the bus encrypted.
    pub(super) async fn open() -> Result<Self, Failure> {
        SecretService::connect(EncryptionType::Dh).await.map(Self).map_err(|error| why(&error))
    }

    pub(super) async fn get(&self, account: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
        let Some(item) = self.item(account).await? else { return Ok(None) };
        let secret = item.get_secret().await.map_err(|error| why(&error))?;
        Ok(Some(Zeroizing::new(secret)))
    }

    pub(super) async fn set(&self, account: &str, label: &str, token: &[u8]) -> Result<(), Failure> {
        let collection = match self.0.get_default_collection().await {
            // The first secret of a user: the service asks for the password that the collection is to have.
            Err(Error::NoResult) => self.0.create_collection("Login", "default").await,
            found => found,
        };
        let collection = collection.map_err(|error| why(&error))?;
        if collection.is_locked().await.map_err(|error| why(&error))? {
            collection.unlock().await.map_err(|error| why(&error))?;
        }
        let made = collection.create_item(label, attributes(account), token, true, "text/plain").await;
        made.map(drop).map_err(|error| why(&error))
    }

    pub(super) async fn forget(&self, account: &str) -> Result<bool, Failure> {
        let Some(item) = self.item(account).await? else { return Ok(false) };
        item.delete().await.map(|()| true).map_err(|error| why(&error))
    }

    /// The item of an account, unlocked.
    async fn item(&self, account: &str) -> Result<Option<Item<'_>>, Failure> {
        let found = self.0.search_items(attributes(account)).await.map_err(|error| why(&error))?;
        if let Some(item) = found.unlocked.into_iter().next() {
            return Ok(Some(item));
        }
        let Some(item) = found.locked.into_iter().next() else { return Ok(None) };
        item.unlock().await.map_err(|error| why(&error))?;
        Ok(Some(item))
    }
}

fn attributes(account: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", SERVICE), ("username", account)])
}

/// The service's words for people.
fn why(error: &Error) -> Failure {
    Failure(match error {
        Error::Unavailable => "no session bus has a Secret Service".to_owned(),
        Error::Locked => "it is locked".to_owned(),
        Error::NoResult => "it has nothing where its secrets should be".to_owned(),
        Error::Prompt => "it is locked, and nobody answered its question for the password".to_owned(),
        Error::PromptDisconnected => "it ended while it asked for the password".to_owned(),
        Error::Crypto(why) => format!("the secret can't be read: {why}"),
        Error::Zbus(error) => error.to_string(),
        Error::ZbusFdo(error) => error.to_string(),
        Error::Zvariant(error) => error.to_string(),
        _ => "it failed".to_owned(),
    })
}
