//! The methods about plans, and about the end of a life.

use crate::client::{Client, Single};
use crate::run::Run;
use agentuser_core::flow::{
    self, ApplyRequest, ContainRequest, HandoverRequest, PlanRequest, Report, RetireOptions, RosterRequest,
    Summary, UndoRequest,
};
use agentuser_core::model::UserRef;
use agentuser_core::plan::Plan;

impl Client {
    /// Takes an agent user out of service: disabled, signed out, and deleted as far as was asked for. Licenses and groups stay
    /// with it, because the recycle bin keeps them, unless its seats are to be free. Run again, it goes on where it stopped.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// use agentuser::{RetireOptions, UserRef};
    ///
    /// let report = client.retire("ada@contoso.com".parse::<UserRef>()?, RetireOptions::default(), false).await?;
    /// println!("{:?} {:?}", report.changes, report.remarks);
    /// # Ok(())
    /// # }
    /// ```
    pub fn retire(&self, user: impl Into<UserRef>, options: RetireOptions, dry_run: bool) -> Single<Report> {
        let user = user.into();
        self.single(move |graph| async move { flow::retire(&graph, &user, options, dry_run).await })
    }

    /// Brings back the agent users and other objects of reports, as JSON: those of retiring, of containing and of plans. Yields the
    /// report of each.
    pub fn restore_reported(&self, reports: Vec<u8>, request: UndoRequest) -> Run<Report, Summary> {
        self.run(|graph, items| flow::restore_reported(graph, reports, request, items))
    }

    /// Stops a blueprint, an agent identity or an agent user at once, with everything below it: the principal first, then agent
    /// identities, then agent users, whose sessions are ended. Yields the report of each object.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// use agentuser::{ContainRequest, ContainTarget};
    ///
    /// let request = ContainRequest::new(ContainTarget::User("ada@contoso.com".parse()?));
    /// println!("{:?}", client.contain(request).await?.remarks);
    /// # Ok(())
    /// # }
    /// ```
    pub fn contain(&self, request: ContainRequest) -> Run<Report, Summary> {
        self.run(|graph, items| flow::contain(graph, request, items))
    }

    /// Ends the sign-in sessions of an agent user. Access tokens that are out may live on to their end.
    pub fn revoke_sessions(&self, user: impl Into<UserRef>, dry_run: bool) -> Single<Report> {
        let user = user.into();
        self.single(move |graph| async move { flow::revoke_sessions(&graph, &user, dry_run).await })
    }

    /// Plans a verb for many agent users, and changes nothing; yields the report of each, ends with the plan.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// use agentuser::{ApplyRequest, PlanRequest, VerbArguments};
    ///
    /// let users = vec!["ada@contoso.com".parse()?, "grace@contoso.com".parse()?];
    /// let plan = client.plan(PlanRequest { arguments: VerbArguments::Delete, users }).await?;
    /// for entry in plan.changes() {
    ///     println!("{}: {}", entry.user_principal_name, entry.change);
    /// }
    /// // Once somebody has looked at it:
    /// let approved = ApplyRequest::approved(plan.digest());
    /// println!("{} changed", client.apply_plan(plan.to_file().into(), approved).await?.changed);
    /// # Ok(())
    /// # }
    /// ```
    pub fn plan(&self, request: PlanRequest) -> Run<Report, Plan> {
        self.run(|graph, items| flow::plan(graph, request, items))
    }

    /// Plans a roster, CSV or JSON, and changes nothing; yields the report of each row, ends with the plan, which holds the
    /// roster.
    pub fn plan_roster(&self, file: Vec<u8>, request: RosterRequest) -> Run<Report, Plan> {
        self.run(|graph, items| flow::plan_roster(graph, file, request, items))
    }

    /// Plans to hand over what leavers are the manager or a sponsor of, and changes nothing; yields the report of each agent user
    /// and agent identity that has something to change, and of each leaver.
    pub fn plan_handover(&self, request: HandoverRequest) -> Run<Report, Plan> {
        self.run(|graph, items| flow::plan_handover(graph, request, items))
    }

    /// Plans to contain, and changes nothing; yields the report of each object.
    pub fn plan_contain(&self, request: ContainRequest) -> Run<Report, Plan> {
        self.run(|graph, items| flow::plan_contain(graph, request, items))
    }

    /// Makes the changes of a plan's file, and no other; yields the report of each agent user as it ends.
    pub fn apply_plan(&self, file: Vec<u8>, request: ApplyRequest) -> Run<Report, Summary> {
        self.run(|graph, items| flow::apply_plan(graph, file, request, items))
    }
}
