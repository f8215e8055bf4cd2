//! The licenses of the tenant itself, which some calls need.

/// The editions of Microsoft Entra ID that a tenant has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Licensing {
    /// P1: sign-ins are shown.
    pub p1: bool,
    /// P2: eligible roles and risk are shown.
    pub p2: bool,
}

impl Licensing {
    /// Both.
    pub const PREMIUM: Self = Self { p1: true, p2: true };
    /// Neither.
    pub const FREE: Self = Self { p1: false, p2: false };
}
