//! The store of a build without one, or of a system that has none.

use super::failure::Failure;
use zeroize::Zeroizing;

pub(super) const FIX: &str =
    "Use a build of this program with the feature keyring, on a system that has a credential store.";

pub(super) enum Store {}

impl Store {
    pub(super) async fn open() -> Result<Self, Failure> {
        Err(Failure("this build of the program has none".to_owned()))
    }

    pub(super) async fn get(&self, _account: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
        match *self {}
    }

    pub(super) async fn set(&self, _account: &str, _label: &str, _token: &[u8]) -> Result<(), Failure> {
        match *self {}
    }

    pub(super) async fn forget(&self, _account: &str) -> Result<bool, Failure> {
        match *self {}
    }
}
