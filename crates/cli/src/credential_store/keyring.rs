//! The Keychain of macOS, and Windows' Credential Manager.

use super::failure::Failure;
use keyring_core::api::CredentialStoreApi as _;
use keyring_core::{Entry, Error};
use std::sync::Arc;
use zeroize::Zeroizing;

#[cfg(target_os = "macos")]
use apple_native_keyring_store::keychain::Store as System;
#[cfg(windows)]
use windows_native_keyring_store::Store as System;

#[cfg(target_os = "macos")]
pub(super) const FIX: &str = "Sign in to this machine so that its login keychain is unlocked.";
#[cfg(windows)]
pub(super) const FIX: &str = "Sign in to this machine with an account that has a credential manager.";

/// The service that entries are listed under.
const SERVICE: &str = "agentuser";

pub(super) struct Store(Arc<System>);

impl Store {
    pub(super) async fn open() -> Result<Self, Failure> {
        System::new().map(Self).map_err(|error| why(&error))
    }

    pub(super) async fn get(&self, account: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
        match self.entry(account)?.get_secret() {
            Ok(token) => Ok(Some(Zeroizing::new(token))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(why(&error)),
        }
    }

    pub(super) async fn set(&self, account: &str, _label: &str, token: &[u8]) -> Result<(), Failure> {
        self.entry(account)?.set_secret(token).map_err(|error| why(&error))
    }

    pub(super) async fn forget(&self, account: &str) -> Result<bool, Failure> {
        match self.entry(account)?.delete_credential() {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(why(&error)),
        }
    }

    fn entry(&self, account: &str) -> Result<Entry, Failure> {
        self.0.build(SERVICE, account, None).map_err(|error| why(&error))
    }
}

/// The system's words. Those variants that carry a secret are told without it.
fn why(error: &Error) -> Failure {
    Failure(match error {
        Error::PlatformFailure(why) | Error::NoStorageAccess(why) => why.to_string(),
        Error::TooLong(what, most) => format!("its {what} takes {most} characters at most"),
        Error::Ambiguous(_) => "it has several entries of this name".to_owned(),
        _ => "it is not as it should be".to_owned(),
    })
}
