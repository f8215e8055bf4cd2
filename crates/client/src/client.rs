//! The client: a method per operation.

use crate::run::Run;
use crate::shared::Shared;
use crate::token::{AccessToken, TokenWaits};
use agentuser_core::ObjectId;
use agentuser_core::flow::{self, LicenseAssignment, Readiness, Report, RosterRequest, Sponsored, Summary};
use agentuser_core::graph::{Detail, ListQuery, RestoreOptions};
use agentuser_core::json;
use agentuser_core::model::{
    AgentUser, AgentUserPatch, DesiredUser, DirectLicense, DirectoryObject, ServicePrincipal, SkuRef,
    SponsorRef, SubscribedSku, UserRef,
};
use agentuser_core::operation::{Graph, Items, Recording};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::validate::TenantFacts;
use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;

/// Microsoft Graph, for agent users. Clones share connections, tokens and what throttling has taught.
#[derive(Debug, Clone)]
pub struct Client(Arc<Shared>);

/// A run without items.
pub(crate) type Single<T> = Run<Infallible, T>;

impl Client {
    pub(crate) fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    pub(crate) fn run<I, T, F, Fut>(&self, flow: F) -> Run<I, T>
    where
        I: Send + 'static,
        T: Send + 'static,
        F: FnOnce(Graph, Items<I>) -> Fut,
        Fut: Future<Output = Result<T, Problem>> + Send + 'static,
    {
        let operation = self.0.session().start(self.0.seed(), flow);
        Run::new(Arc::clone(&self.0), operation, Recording::default())
    }

    pub(crate) fn single<T, F, Fut>(&self, flow: F) -> Single<T>
    where
        T: Send + 'static,
        F: FnOnce(Graph) -> Fut,
        Fut: Future<Output = Result<T, Problem>> + Send + 'static,
    {
        self.run(|graph, _: Items<Infallible>| flow(graph))
    }

    /// A token for these scopes, such as `https://storage.azure.com/.default`, for a program that asks another service
    /// than Graph. Without any, it is the one for Graph. It comes from memory while it is good for some minutes more.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// let token = client.token(&["https://storage.azure.com/.default"]).await?;
    /// println!("{:?}", token.expires_in());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The problem of the sign-in.
    pub async fn token(&self, scopes: &[&str]) -> Result<AccessToken, Problem> {
        self.0.token(&scopes.join(" "), false, None).await
    }

    /// The same, but signed in anew: for a token that a service refused. The new one takes the place of the refused one.
    ///
    /// # Errors
    /// The problem of the sign-in.
    pub async fn new_token(&self, scopes: &[&str]) -> Result<AccessToken, Problem> {
        self.0.token(&scopes.join(" "), true, None).await
    }

    /// The token of a query, for hosts that ask people to sign in: `waits` tell that it waits, and may end that. The claims of a
    /// challenge are passed on to the sign-in, and no token in memory answers them.
    ///
    /// # Errors
    /// The problem of the sign-in, or that with which the wait was ended.
    pub async fn token_waiting(
        &self,
        query: &json::TokenQuery,
        waits: &TokenWaits,
    ) -> Result<AccessToken, Problem> {
        let (scopes, waiting) = (query.scopes.join(" "), waits.wait());
        tokio::select! {
            token = self.0.token(&scopes, query.refresh, query.claims.as_deref()) => token,
            problem = waiting.failed() => Err(problem),
        }
    }

    /// Forgets the token in use, so that the next request asks the provider for one. Requests that wait for a sign-in under
    /// way still get its token, and no others do. A program that signs a provider out calls this afterwards.
    pub fn forget_token(&self) {
        self.0.tokens().forget();
    }

    /// Any operation of the JSON tier, for bindings of other languages.
    pub fn start(&self, request: json::OperationRequest) -> Run<json::Item, json::Output> {
        let recording = request.recording().clone();
        let operation = json::start(self.0.session(), self.0.seed(), request);
        Run::new(Arc::clone(&self.0), operation, recording)
    }

    /// Verifies that an agent identity can be the parent of an agent user.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let identity = client.verify_parent("a1d00000-0000-4000-8000-000000000001".parse()?).await?;
    /// println!("{identity:?}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn verify_parent(&self, id: ObjectId) -> Single<ServicePrincipal> {
        self.single(move |graph| async move { flow::verify_parent(&graph, id).await })
    }

    /// Lists agent users, a page at a time; ends with their number.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// use agentuser::{Filter, ListQuery};
    ///
    /// let query = ListQuery { filters: vec![Filter::AccountEnabled(true)], ..ListQuery::default() };
    /// let mut pages = client.list(query);
    /// while let Some(page) = pages.next().await {
    ///     for user in page {
    ///         println!("{:?}", user.user_principal_name());
    ///     }
    /// }
    /// println!("{} agent users", pages.await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self, query: ListQuery) -> Run<Vec<AgentUser>, usize> {
        self.run(|graph, items| flow::list::<Vec<AgentUser>, _>(graph, query, items))
    }

    /// One agent user, by id or user principal name.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// use agentuser::UserRef;
    ///
    /// let user = client.get("ada@contoso.com".parse::<UserRef>()?).await?;
    /// println!("{:?}", user.display_name());
    /// # Ok(())
    /// # }
    /// ```
    pub fn get(&self, user: impl Into<UserRef>) -> Single<AgentUser> {
        let user = user.into();
        self.single(move |graph| async move { flow::get(&graph, &user, &Detail::USUAL).await })
    }

    /// The same with more members, such as extension properties and custom security attributes.
    pub fn get_with(&self, user: impl Into<UserRef>, detail: Detail) -> Single<AgentUser> {
        let user = user.into();
        self.single(move |graph| async move { flow::get(&graph, &user, &detail).await })
    }

    /// The agent user of a parent, if it has one.
    pub fn find_by_parent(&self, parent: ObjectId) -> Single<Option<AgentUser>> {
        self.find_by_parent_with(parent, Detail::USUAL)
    }

    /// The same with more members, such as extension properties and custom security attributes.
    pub fn find_by_parent_with(&self, parent: ObjectId, detail: Detail) -> Single<Option<AgentUser>> {
        self.single(move |graph| async move { flow::find_by_parent(&graph, parent, &detail).await })
    }

    /// Creates an agent user, exactly once, with its manager, sponsors, groups and licenses, and reads it. Where it failed on the way,
    /// [`Client::provision`] has the report of what was done.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// use agentuser::{DesiredUser, Draft, Member, Readiness, SkuRef};
    ///
    /// let draft = Draft::new()
    ///     .parent("a1d00000-0000-4000-8000-000000000001")
    ///     .with_text(Member::DisplayName, "Sales Agent")
    ///     .with_text(Member::UserPrincipalName, "sales.agent@contoso.com")
    ///     .with_text(Member::UsageLocation, "DE");
    /// let wanted = DesiredUser::try_from(draft)?.with_licenses(vec![SkuRef::parse("AGENT_365").into()]);
    /// let user = client.create(wanted, Readiness::NONE).await?;
    /// println!("{:?}", user.user_principal_name());
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(&self, wanted: DesiredUser, readiness: Readiness) -> Single<AgentUser> {
        self.single(move |graph| async move {
            let (report, user) = flow::create_agent_user(graph, wanted, readiness).await?;
            match (report.problem, user) {
                (None, Some(user)) => Ok(user),
                (problem, _) => Err(problem.unwrap_or_else(|| {
                    Problem::new(Code::Internal, "A create ended without its agent user.")
                })),
            }
        })
    }

    /// Provisions one agent user, exactly once, with its manager, sponsors, groups and licenses, and waits until it is ready.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// use agentuser::{DesiredUser, Draft, Member, Readiness};
    ///
    /// let draft = Draft::new()
    ///     .parent("a1d00000-0000-4000-8000-000000000001")
    ///     .with_text(Member::DisplayName, "Sales Agent")
    ///     .with_text(Member::UserPrincipalName, "sales.agent@contoso.com");
    /// let dry_run = true;
    /// let plan = client.provision(DesiredUser::try_from(draft)?, Readiness::NONE, dry_run).await?;
    /// println!("{} would be {}", plan.user_principal_name, plan.outcome);
    /// # Ok(())
    /// # }
    /// ```
    pub fn provision(&self, wanted: DesiredUser, readiness: Readiness, dry_run: bool) -> Single<Report> {
        self.single(move |graph| flow::provision(graph, wanted, readiness, dry_run))
    }

    /// Reads a roster, CSV or JSON, and provisions every row of it; yields a report per row as it ends.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// let file = std::fs::read("roster.csv").unwrap_or_default();
    /// let mut rows = client.apply_roster(file, agentuser::RosterRequest::default());
    /// while let Some(report) = rows.next().await {
    ///     println!("{} {}", report.user_principal_name, report.outcome);
    /// }
    /// println!("{} rows failed", rows.await?.failed);
    /// # Ok(())
    /// # }
    /// ```
    pub fn apply_roster(&self, file: Vec<u8>, request: RosterRequest) -> Run<Report, Summary> {
        self.run(|graph, items| flow::apply_roster(graph, file, request, items))
    }

    /// The facts about the tenant that the rules need: its verified domains.
    pub fn tenant_facts(&self) -> Single<TenantFacts> {
        self.single(|graph| async move { flow::read_tenant_facts(&graph).await })
    }

    /// Changes members; only what differs is sent.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// use agentuser::{AgentUserPatch, Member, MemberValue, UserRef};
    ///
    /// let patch = AgentUserPatch::parse([(Member::JobTitle, MemberValue::Text("Sales".into()))])?;
    /// let report = client.update("ada@contoso.com".parse::<UserRef>()?, patch, false).await?;
    /// println!("{:?}", report.changes);
    /// # Ok(())
    /// # }
    /// ```
    pub fn update(&self, user: impl Into<UserRef>, patch: AgentUserPatch, dry_run: bool) -> Single<Report> {
        let user = user.into();
        self.single(move |graph| async move { flow::update(&graph, &user, &patch, dry_run).await })
    }

    /// Moves an agent user to the recycle bin.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// client.delete("ada@contoso.com".parse::<agentuser::UserRef>()?, false).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete(&self, user: impl Into<UserRef>, dry_run: bool) -> Single<Report> {
        let user = user.into();
        self.single(move |graph| async move { flow::delete(&graph, &user, dry_run).await })
    }

    /// Lists deleted agent users, a page at a time; ends with their number.
    pub fn list_deleted(&self) -> Run<Vec<AgentUser>, usize> {
        self.run(flow::list_deleted::<Vec<AgentUser>, _>)
    }

    /// Brings an agent user back from the recycle bin. It is named by its id, or by the user principal name that it had.
    pub fn restore(
        &self,
        user: impl Into<UserRef>,
        options: RestoreOptions,
        dry_run: bool,
    ) -> Single<Report> {
        let user = user.into();
        self.single(move |graph| async move { flow::restore(&graph, &user, &options, dry_run).await })
    }

    /// Deletes an agent user in the recycle bin for ever. It is named as for [`Client::restore`].
    pub fn purge(&self, user: impl Into<UserRef>, dry_run: bool) -> Single<Report> {
        let user = user.into();
        self.single(move |graph| async move { flow::purge(&graph, &user, dry_run).await })
    }

    /// The manager of an agent user.
    pub fn manager(&self, user: impl Into<UserRef>) -> Single<Option<DirectoryObject>> {
        let user = user.into();
        self.single(move |graph| async move { flow::manager(&graph, &user).await })
    }

    /// Sets the manager of an agent user.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// use agentuser::UserRef;
    ///
    /// let (user, manager) = ("ada@contoso.com".parse::<UserRef>()?, "grace@contoso.com".parse::<UserRef>()?);
    /// client.set_manager(user, manager, false).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_manager(
        &self,
        user: impl Into<UserRef>,
        manager: impl Into<UserRef>,
        dry_run: bool,
    ) -> Single<Report> {
        let (user, manager) = (user.into(), manager.into());
        self.single(move |graph| async move { flow::set_manager(&graph, &user, &manager, dry_run).await })
    }

    /// Removes the manager of an agent user.
    pub fn clear_manager(&self, user: impl Into<UserRef>, dry_run: bool) -> Single<Report> {
        let user = user.into();
        self.single(move |graph| async move { flow::clear_manager(&graph, &user, dry_run).await })
    }

    /// The sponsors of an agent user.
    pub fn sponsors(&self, user: impl Into<UserRef>) -> Single<Vec<DirectoryObject>> {
        let user = user.into();
        self.single(move |graph| async move { flow::list_sponsors(&graph, &user).await })
    }

    /// The agent users, agent identities and others that a person sponsors, directly and by groups, at most 10,000; without a
    /// person, those of the signed-in one. Fails with [`Code::CallerNotAllowed`](crate::Code::CallerNotAllowed) for an application
    /// that names no person.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// for agent in client.sponsored(None).await?.agent_users {
    ///     println!("{:?}", agent.user_principal_name());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn sponsored(&self, person: Option<UserRef>) -> Single<Sponsored> {
        self.single(move |graph| async move { flow::sponsored(&graph, person.as_ref()).await })
    }

    /// Adds a sponsor to an agent user.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// let sponsor = "group:5c00a000-0000-4000-8000-000000000001".parse()?;
    /// client.add_sponsor("ada@contoso.com".parse::<agentuser::UserRef>()?, sponsor, false).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_sponsor(
        &self,
        user: impl Into<UserRef>,
        sponsor: SponsorRef,
        dry_run: bool,
    ) -> Single<Report> {
        let user = user.into();
        self.single(move |graph| async move { flow::add_sponsor(&graph, &user, &sponsor, dry_run).await })
    }

    /// Removes a sponsor from an agent user.
    pub fn remove_sponsor(
        &self,
        user: impl Into<UserRef>,
        sponsor: SponsorRef,
        dry_run: bool,
    ) -> Single<Report> {
        let user = user.into();
        self.single(move |graph| async move { flow::remove_sponsor(&graph, &user, &sponsor, dry_run).await })
    }

    /// The SKUs of the tenant, with their seats.
    pub fn skus(&self) -> Single<Vec<SubscribedSku>> {
        self.single(|graph| async move { flow::list_skus(&graph).await })
    }

    /// The licenses of an agent user: each assignment with its state, its group, and the plans that are off.
    pub fn licenses(&self, user: impl Into<UserRef>) -> Single<Vec<LicenseAssignment>> {
        let user = user.into();
        self.single(move |graph| async move { flow::list_licenses(&graph, &user).await })
    }

    /// Adds and removes licenses. Service plans that are off stay off, unless a license says that they are to be on.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// use agentuser::{DirectLicense, SkuRef, UserRef};
    ///
    /// let add = vec![DirectLicense::from(SkuRef::parse("AGENT_365"))];
    /// client.change_licenses("ada@contoso.com".parse::<UserRef>()?, add, Vec::new(), false).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn change_licenses(
        &self,
        user: impl Into<UserRef>,
        add: Vec<DirectLicense>,
        remove: Vec<SkuRef>,
        dry_run: bool,
    ) -> Single<Report> {
        let user = user.into();
        self.single(
            move |graph| async move { flow::change_licenses(&graph, &user, &add, &remove, dry_run).await },
        )
    }

    /// Waits until the mailbox, Teams and OneDrive, as asked, are provisioned.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// use agentuser::{Readiness, UserRef};
    ///
    /// let run = client.wait_ready("ada@contoso.com".parse::<UserRef>()?, Readiness::MAILBOX_AND_TEAMS);
    /// let report = run.on_event(|event| eprintln!("{event:?}")).await?;
    /// println!("{}", report.stage);
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_ready(&self, user: impl Into<UserRef>, readiness: Readiness) -> Single<Report> {
        let user = user.into();
        self.single(move |graph| async move { flow::wait_ready(&graph, &user, readiness).await })
    }
}
