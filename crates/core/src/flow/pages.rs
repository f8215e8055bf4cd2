//! The pages of a list, one after the other, however odd the list is.

use crate::graph::{self, Ask, Call};
use crate::hash::text_key;
use crate::model::{Entries, MOST_ENTRIES, Page};
use crate::operation::Graph;
use crate::problem::{Code, Problem};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

/// The most entries of a list that is gathered in memory: sponsors, SKUs, domains.
const MOST_GATHERED: usize = 10_000;

/// How often a list starts over after Graph forgot how far it was read.
const RESTARTS: u32 = 5;

/// The longest link that is followed, in bytes. HTTP libraries take links up to 64 KiB.
const LONGEST_LINK: usize = 32 << 10;

/// The next of a list.
pub(super) enum Turn<E> {
    /// A page.
    Page(E),
    /// Graph forgot how far the list was read (docs/graph.md#lists): it starts over, and entries come again.
    Again,
    /// The list has ended.
    End,
}

/// The pages of a list. Every loop over pages goes through it, so that each of them ends.
pub(super) struct Pages<'a, E> {
    graph: &'a Graph,
    call: Call,
    first: String,
    next: Result<Option<Ask<Page<E>>>, Problem>,
    /// Hashes of the links that were followed since the list began.
    followed: BTreeSet<u64>,
    read: usize,
    barren: usize,
    most_barren: usize,
    found: usize,
    most: usize,
    restarts: u32,
    /// The same list in the smallest pages that Graph documents, where it is to be asked for if the first page is refused.
    smaller: Option<String>,
}

impl<'a, E: Entries + Send> Pages<'a, E> {
    /// The pages from this one on.
    pub(super) fn new(graph: &'a Graph, first: Ask<Page<E>>) -> Self {
        Self {
            graph,
            call: first.call(),
            first: first.request().url.clone(),
            next: Ok(Some(first)),
            followed: BTreeSet::new(),
            read: 0,
            barren: 0,
            most_barren: graph.settings().max_empty_pages,
            found: 0,
            most: graph.settings().max_entries,
            restarts: 0,
            smaller: None,
        }
    }

    /// The same; where Graph refuses the first page, it is asked for once more in the smallest pages that its documentation
    /// names: some lists refuse a `$top` above their most (docs/graph.md#lists).
    pub(super) fn or_smaller(mut self) -> Self {
        self.smaller = graph::in_smaller_pages(&self.first);
        self
    }

    /// Whether the list goes on after the page that was read last.
    pub(super) const fn goes_on(&self) -> bool {
        matches!(self.next, Ok(Some(_)))
    }

    /// The next page, if its link stays where the token may go and leads on. A bad link does not make
    /// the page that names it bad, and is reported after that page.
    ///
    /// # Errors
    /// Refusals of Graph, [`Code::ForeignNextLink`], and [`Code::BadAnswer`] for a list that does not end.
    pub(super) async fn turn(&mut self) -> Result<Turn<E>, Problem> {
        if self.found > self.most {
            let most = self.most;
            let problem = self.bad(format!("has more than {most} entries"));
            return Err(problem
                .with_field("maxEntries")
                .with_fix("Raise maxEntries (--max-entries, -MaxEntries), the most entries of a list, if the list is right."));
        }
        let Some(ask) = std::mem::replace(&mut self.next, Ok(None))? else { return Ok(Turn::End) };
        if self.barren > self.most_barren {
            let barren = self.barren;
            let problem = self.bad(format!("has {barren} pages in a row that bring nothing new"));
            return Err(problem.with_field("maxEmptyPages").with_fix(
                "Raise maxEmptyPages (--max-empty-pages, -MaxEmptyPages), how many pages in a row may bring nothing new, if \
                 the list is right.",
            ));
        }
        let own = ask.request().url.clone();
        let page = match self.graph.read(ask).await {
            Ok(page) => page,
            Err(problem) if self.may_start_over(&problem, &own) => {
                self.start_over();
                return Ok(Turn::Again);
            }
            Err(problem) if problem.answered() == Some(400) && own == self.first => {
                let Some(smaller) = self.smaller.take() else { return Err(problem) };
                self.next = Ok(graph::next_page(self.graph.endpoint(), self.call, &smaller));
                self.first = smaller;
                return Ok(Turn::Again);
            }
            Err(problem) => return Err(problem),
        };
        if page.value.count() > MOST_ENTRIES {
            return Err(self.bad(format!("has a page of more than {MOST_ENTRIES} entries")));
        }
        self.read += 1;
        self.barren += 1;
        self.next = page.next_link.map(|link| self.follow(link, &own)).transpose();
        Ok(Turn::Page(page.value))
    }

    /// Notes that the last page brought so many entries that were not there before.
    pub(super) fn brought(&mut self, entries: usize) {
        self.found = self.found.saturating_add(entries);
        if entries > 0 {
            self.barren = 0;
        }
    }

    fn follow(&mut self, link: String, own: &str) -> Result<Ask<Page<E>>, Problem> {
        if link.len() > LONGEST_LINK {
            return Err(self.bad(format!("names a next page by an address of {} bytes", link.len())));
        }
        if !link.contains("://") {
            return Err(self.bad("names a next page by something that is not an address".to_owned()));
        }
        let Some(ask) = graph::next_page(self.graph.endpoint(), self.call, &link) else {
            let origin = self.graph.endpoint().origin();
            let call = self.call;
            let message =
                format!("The answer to {call} names a next page outside {origin}; it was not followed.");
            return Err(Problem::new(Code::ForeignNextLink, message));
        };
        if link == own || link == self.first || !self.followed.insert(text_key(&link)) {
            return Err(self.bad("names a page as the next that was read before".to_owned()));
        }
        Ok(ask)
    }

    fn may_start_over(&self, problem: &Problem, own: &str) -> bool {
        problem.code() == Code::PageTokenExpired && own != self.first && self.restarts < RESTARTS
    }

    fn start_over(&mut self) {
        self.restarts += 1;
        self.next = Ok(graph::next_page(self.graph.endpoint(), self.call, &self.first));
        self.followed.clear();
        // The pages that come again bring nothing new.
        self.most_barren = self.graph.settings().max_empty_pages.saturating_add(self.read);
        self.barren = 0;
        self.read = 0;
    }

    fn bad(&self, what: String) -> Problem {
        Problem::new(
            Code::BadAnswer,
            format!("The answer to {} {what}; it is not followed further.", self.call),
        )
    }
}

/// Every entry of a short list, once.
pub(super) async fn all<T: DeserializeOwned + PartialEq + Send>(
    graph: &Graph,
    first: Ask<Page<Vec<T>>>,
) -> Result<Vec<T>, Problem> {
    at_most(usize::MAX, graph, first).await
}

/// The first entries of a list, each once. Pages are read until there are so many.
pub(super) async fn at_most<T: DeserializeOwned + PartialEq + Send>(
    most: usize,
    graph: &Graph,
    first: Ask<Page<Vec<T>>>,
) -> Result<Vec<T>, Problem> {
    let mut pages = Pages::new(graph, first);
    pages.most = pages.most.min(MOST_GATHERED);
    let mut entries = Vec::new();
    while entries.len() < most {
        match pages.turn().await? {
            Turn::Page(page) => {
                let before = entries.len();
                for entry in page {
                    if !entries.contains(&entry) {
                        entries.push(entry);
                    }
                }
                pages.brought(entries.len().saturating_sub(before));
            }
            Turn::Again => entries.clear(),
            Turn::End => break,
        }
    }
    entries.truncate(most);
    Ok(entries)
}
