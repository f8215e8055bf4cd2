//! The methods of audits.

use crate::client::{Client, Single};
use agentuser_core::flow::{self, AuditRequest, Audited};

impl Client {
    /// Audits the agent users of the tenant, in one pass of reads, and changes nothing. A snapshot is audited offline by
    /// [`audit_snapshot`](agentuser_core::flow::audit_snapshot).
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// let audited = client.audit(agentuser::AuditRequest::default()).await?;
    /// for finding in &audited.report.findings {
    ///     println!("{} {}: {}", finding.severity, finding.rule, finding.message);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn audit(&self, request: AuditRequest) -> Single<Audited> {
        self.single(|graph| async move { flow::audit(&graph, request).await })
    }
}
