//! Service plans of SKUs.

use crate::directory::{Plan, Provisioning};
use crate::ids;
use std::time::Duration;

/// A mailbox, Teams, OneDrive, and the foundation plan that is not a mailbox. The names are assumptions.
#[must_use]
pub fn full_plans(least: Duration, most: Duration) -> Vec<Plan> {
    vec![
        exchange_plan(Provisioning::Between(least, most)),
        teams_plan(least, most),
        foundation_plan(),
        drive_plan(Provisioning::Between(least, most)),
    ]
}

/// `EXCHANGE_S_ENTERPRISE`: a mailbox.
#[must_use]
pub fn exchange_plan(provisioning: Provisioning) -> Plan {
    Plan {
        id: ids::plan(1),
        name: "EXCHANGE_S_ENTERPRISE".to_owned(),
        service: "exchange".to_owned(),
        for_users: true,
        mailbox: true,
        drive: false,
        provisioning,
    }
}

/// `TEAMS1`.
#[must_use]
pub fn teams_plan(least: Duration, most: Duration) -> Plan {
    Plan {
        id: ids::plan(2),
        name: "TEAMS1".to_owned(),
        service: "TeamspaceAPI".to_owned(),
        for_users: true,
        mailbox: false,
        drive: false,
        provisioning: Provisioning::Between(least, most),
    }
}

/// `EXCHANGE_S_FOUNDATION`: its service is `exchange`, it is there at once, and it is not a mailbox.
#[must_use]
pub fn foundation_plan() -> Plan {
    Plan {
        id: ids::plan(3),
        name: "EXCHANGE_S_FOUNDATION".to_owned(),
        service: "exchange".to_owned(),
        for_users: true,
        mailbox: false,
        drive: false,
        provisioning: Provisioning::Between(Duration::ZERO, Duration::ZERO),
    }
}

/// `SHAREPOINTENTERPRISE`: a OneDrive.
#[must_use]
pub fn drive_plan(provisioning: Provisioning) -> Plan {
    Plan {
        id: ids::plan(4),
        name: "SHAREPOINTENTERPRISE".to_owned(),
        service: "SharePoint".to_owned(),
        for_users: true,
        mailbox: false,
        drive: true,
        provisioning,
    }
}
