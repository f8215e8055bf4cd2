//! Microsoft Graph: what the library asks of it.

pub mod call;

pub use call::Call;
