//! Why a file of the kind PFX can't be read.

use agentuser::core::sign_in::der::NotDer;

/// Why a file can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is not of this kind, or it is cut off.
    Damaged,
    /// It is BER of indefinite length. The reader knows DER alone.
    Ber,
    /// The password is not that of the file.
    Password,
    /// It uses a cipher, or another way, that this program does not know.
    Algorithm,
    /// It has no private key.
    NoKey,
}

impl From<NotDer> for Fault {
    fn from(_: NotDer) -> Self {
        Self::Damaged
    }
}
