//! The client: a method per operation.

use crate::builder::Builder;
use crate::run::{Run, now};
use crate::token::{Signed, Tokens};
use crate::transport::Transport;
use agentuser_core::flow::{self, DesiredUser, Readiness, Report, RosterOptions, Summary};
use agentuser_core::graph::{Detail, ListQuery};
use agentuser_core::json;
use agentuser_core::model::{
    AgentUser, AgentUserPatch, DirectoryObject, ServicePrincipal, SkuRef, SponsorRef, SubscribedSku, UserRef,
};
use agentuser_core::operation::{Answer, Graph, Items, Outgoing, Session};
use agentuser_core::problem::Problem;
use agentuser_core::roster::Roster;
use agentuser_core::validate::TenantFacts;
use agentuser_core::{Now, ObjectId};
use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Microsoft Graph, for agent users. Cloning shares connections, tokens and what throttling has taught.
#[derive(Debug, Clone)]
pub struct Client(Arc<Shared>);

#[derive(Debug)]
pub(crate) struct Shared {
    session: Session,
    transport: Transport,
    tokens: Arc<Tokens>,
    started: Instant,
    runs: AtomicU64,
}

impl Shared {
    pub(crate) fn now(&self) -> Now {
        now(self.started)
    }

    pub(crate) fn started(&self) -> Instant {
        self.started
    }

    pub(crate) fn tokens(&self) -> &Arc<Tokens> {
        &self.tokens
    }

    /// One request with its token, to its answer.
    pub(crate) async fn exchange(&self, outgoing: Outgoing, (token, authorization): Signed) -> Answer {
        match self.transport.send(outgoing.request, Some(authorization)).await {
            Ok(response) => Answer::Response { response, token },
            Err((sent, why)) => Answer::Lost { sent, why },
        }
    }
}

/// A run without items.
type Single<T> = Run<Infallible, T>;

impl Client {
    /// A builder.
    pub fn builder() -> Builder {
        Builder::new()
    }

    pub(crate) fn new(session: Session, transport: Transport, tokens: Tokens) -> Self {
        let (started, runs) = (Instant::now(), AtomicU64::new(0));
        let tokens = Arc::new(tokens);
        Self(Arc::new(Shared { session, transport, tokens, started, runs }))
    }

    fn run<I, T, F, Fut>(&self, flow: F) -> Run<I, T>
    where
        I: Send + 'static,
        T: Send + 'static,
        F: FnOnce(Graph, Items<I>) -> Fut,
        Fut: Future<Output = Result<T, Problem>> + Send + 'static,
    {
        Run::new(Arc::clone(&self.0), self.0.session.start(self.seed(), flow))
    }

    fn seed(&self) -> u64 {
        // Jitter must differ between processes and runs; nothing depends on what it is.
        let run = self.0.runs.fetch_add(1, Ordering::Relaxed);
        self.0.now().unix_ms.unsigned_abs()
            ^ u64::from(std::process::id()).rotate_left(32)
            ^ run.rotate_left(48)
    }

    fn single<T, F, Fut>(&self, flow: F) -> Single<T>
    where
        T: Send + 'static,
        F: FnOnce(Graph) -> Fut,
        Fut: Future<Output = Result<T, Problem>> + Send + 'static,
    {
        self.run(|graph, _: Items<Infallible>| flow(graph))
    }

    /// Any operation of the JSON tier, for those who bring other languages to this client.
    pub fn start(&self, start: json::Start) -> Run<json::Item, json::Output> {
        Run::new(Arc::clone(&self.0), json::start(&self.0.session, self.seed(), start))
    }

    /// Verifies that an agent identity can be the parent of an agent user.
    pub fn verify_parent(&self, id: ObjectId) -> Single<ServicePrincipal> {
        self.single(move |graph| async move { flow::verify_parent(&graph, id).await })
    }

    /// Lists agent users, a page at a time; ends with their number.
    pub fn list(&self, query: ListQuery) -> Run<Vec<AgentUser>, usize> {
        self.run(|graph, items| flow::list(graph, query, items))
    }

    /// One agent user, by id or user principal name.
    pub fn get(&self, user: impl Into<UserRef>) -> Single<AgentUser> {
        let user = user.into();
        self.single(move |graph| async move { flow::get(&graph, &user, Detail::Usual).await })
    }

    /// The agent user of a parent, if it has one.
    pub fn find_by_parent(&self, parent: ObjectId) -> Single<Option<AgentUser>> {
        self.single(move |graph| async move { flow::find_by_parent(&graph, parent, Detail::Usual).await })
    }

    /// Brings one agent user about, exactly once, with its manager, sponsors and licenses, and waits until it is ready.
    pub fn provision(&self, wanted: DesiredUser, readiness: Readiness, dry_run: bool) -> Single<Report> {
        self.single(move |graph| flow::provision(graph, wanted, readiness, dry_run))
    }

    /// Brings every row of a roster about; yields a report per row as it ends.
    pub fn roster(&self, roster: Roster, options: RosterOptions) -> Run<Report, Summary> {
        self.run(|graph, items| flow::roster(graph, roster, options, items))
    }

    /// What can be known of the tenant before anything is checked: its verified domains.
    pub fn known(&self) -> Single<TenantFacts> {
        self.single(|graph| async move { flow::known(&graph).await })
    }

    /// Changes members; only what differs is sent.
    pub fn update(&self, user: impl Into<UserRef>, patch: AgentUserPatch, dry_run: bool) -> Single<Report> {
        let user = user.into();
        self.single(move |graph| async move { flow::update(&graph, &user, &patch, dry_run).await })
    }

    /// Moves an agent user to the recycle bin.
    pub fn delete(&self, user: impl Into<UserRef>, dry_run: bool) -> Single<Report> {
        let user = user.into();
        self.single(move |graph| async move { flow::delete(&graph, &user, dry_run).await })
    }

    /// Lists deleted agent users, a page at a time; ends with their number.
    pub fn list_deleted(&self) -> Run<Vec<AgentUser>, usize> {
        self.run(flow::list_deleted)
    }

    /// Brings an agent user back from the recycle bin.
    pub fn restore(&self, id: ObjectId, dry_run: bool) -> Single<Report> {
        self.single(move |graph| async move { flow::restore(&graph, id, dry_run).await })
    }

    /// Deletes an agent user in the recycle bin for ever.
    pub fn purge(&self, id: ObjectId, dry_run: bool) -> Single<Report> {
        self.single(move |graph| async move { flow::purge(&graph, id, dry_run).await })
    }

    /// The manager of an agent user.
    pub fn manager(&self, user: impl Into<UserRef>) -> Single<Option<DirectoryObject>> {
        let user = user.into();
        self.single(move |graph| async move { flow::manager(&graph, &user).await })
    }

    /// Sets the manager of an agent user.
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

    /// Adds a sponsor to an agent user.
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

    /// Adds and removes licenses.
    pub fn change_licenses(
        &self,
        user: impl Into<UserRef>,
        add: Vec<SkuRef>,
        remove: Vec<SkuRef>,
        dry_run: bool,
    ) -> Single<Report> {
        let user = user.into();
        self.single(
            move |graph| async move { flow::change_licenses(&graph, &user, &add, &remove, dry_run).await },
        )
    }

    /// Waits until the mailbox and Teams, as asked, are provisioned.
    pub fn wait_ready(&self, user: impl Into<UserRef>, readiness: Readiness) -> Single<Report> {
        let user = user.into();
        self.single(move |graph| async move { flow::wait_ready(&graph, &user, readiness).await })
    }
}
