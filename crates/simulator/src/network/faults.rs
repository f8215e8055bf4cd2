//! The faults by name.

use super::scripted::ScriptedAnswer;
use crate::hash::Hash;
use agentuser_core::http::Method;
use std::time::Duration;

/// The form of a `Retry-After` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// No header.
    Absent,
    /// Seconds.
    Seconds(u32),
    /// An HTTP date this many seconds after the answer's own `Date`.
    Date(u32),
    /// This text, whatever it says.
    Text(&'static str),
}

/// One thing that goes wrong with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The directory did it; the answer is lost.
    LostAnswer,
    /// The connection is reset before the directory sees the request. The client can't tell this from the former.
    Reset,
    /// The connection is refused: the client knows that nothing was sent.
    Refused,
    /// The directory did it; the answer comes this much later.
    Delay(Duration),
    /// The request itself takes this long: the directory sees it only then, and its answer is dropped.
    LateArrival(Duration),
    /// No answer ever comes. The directory did it, or never saw it.
    Never {
        /// Whether the directory did it.
        executed: bool,
    },
    /// 429, before the directory sees it.
    Throttled(RetryAfter),
    /// 400 with Graph's own error, before the directory sees it.
    Rejected,
    /// A gateway's error without a Graph body.
    ServerError {
        /// 500, 502, 503 or 504.
        status: u16,
        /// Whether the directory did it nevertheless.
        executed: bool,
        /// A header that 503 may carry.
        retry_after: RetryAfter,
    },
    /// The directory did it; the second half of the body is missing.
    TruncatedBody,
    /// A proxy's page in place of the answer, with status 200.
    WrongContentType {
        /// Whether the directory did it.
        executed: bool,
    },
    /// The directory did it; the body is empty.
    EmptyBody,
    /// A proxy refuses with its own page.
    ForeignRefusal {
        /// Any status from 400.
        status: u16,
        /// Whether the directory did it nevertheless, and the proxy put its page in place of the answer.
        executed: bool,
    },
    /// The directory did it; the next link, if there is one, points to another host.
    ForeignNextLink,
    /// The directory did it; the next link, if there is one, points back to the first page.
    CircularNextLink,
    /// The directory did it; the list, if it is one, goes on without an end by empty pages.
    EndlessPages {
        /// Three pages in a circle, in place of a new one each time.
        circle: bool,
    },
    /// 400 with Graph's own error: the place in the list that the request names is forgotten.
    ExpiredPageToken,
    /// The directory did it; the body is JSON of another shape.
    GarbageJson,
    /// The directory did it; the answer names another object: another id, parent and type.
    AnotherObject,
    /// A status of success with an error for a body.
    ErrorInSuccess {
        /// Whether the directory did it.
        executed: bool,
    },
    /// The directory did it; the status is one that HTTP does not have.
    StrangeStatus,
}

impl Fault {
    /// The status with which the service itself refuses the request, where it does.
    pub(super) const fn status(self) -> Option<u16> {
        match self {
            Self::Throttled(_) => Some(429),
            Self::Rejected => Some(400),
            Self::ServerError { status: 503, .. } => Some(503),
            _ => None,
        }
    }

    /// The fault's name, as the counters have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LostAnswer => "LostAnswer",
            Self::Reset => "Reset",
            Self::Refused => "Refused",
            Self::Delay(_) => "Delay",
            Self::LateArrival(_) => "LateArrival",
            Self::Never { .. } => "Never",
            Self::Throttled(_) => "Throttled",
            Self::Rejected => "Rejected",
            Self::ServerError { .. } => "ServerError",
            Self::TruncatedBody => "TruncatedBody",
            Self::WrongContentType { .. } => "WrongContentType",
            Self::EmptyBody => "EmptyBody",
            Self::ForeignRefusal { .. } => "ForeignRefusal",
            Self::ForeignNextLink => "ForeignNextLink",
            Self::CircularNextLink => "CircularNextLink",
            Self::EndlessPages { .. } => "EndlessPages",
            Self::ExpiredPageToken => "ExpiredPageToken",
            Self::GarbageJson => "GarbageJson",
            Self::AnotherObject => "AnotherObject",
            Self::ErrorInSuccess { .. } => "ErrorInSuccess",
            Self::StrangeStatus => "StrangeStatus",
        }
    }
}

/// A fault at an exact place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    method: Method,
    path: String,
    nth: u32,
    /// The number of requests in a row, from the nth on.
    times: u32,
    what: What,
    seen: u32,
}

/// A fault of a request, or an answer that a test has set for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Fault(Fault),
    Answer(ScriptedAnswer),
}

impl What {
    /// Its name, as the counters have it.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.name(),
            Self::Answer(_) => "Scripted",
        }
    }
}

impl Planned {
    /// Plans `fault` for the `nth` request (from 1) with this method whose path and query contain `path`.
    #[must_use]
    pub fn new(method: Method, path: &str, nth: u32, fault: Fault) -> Self {
        Self::of(method, path, nth, What::Fault(fault))
    }

    /// Plans an answer for the `nth` request (from 1) with this method whose path and query contain `path`.
    #[must_use]
    pub fn answer(method: Method, path: &str, nth: u32, answer: ScriptedAnswer) -> Self {
        Self::of(method, path, nth, What::Answer(answer))
    }

    /// The same for so many such requests in a row.
    #[must_use]
    pub const fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    fn of(method: Method, path: &str, nth: u32, what: What) -> Self {
        Self { method, path: path.to_owned(), nth, times: 1, what, seen: 0 }
    }
}

/// Which faults happen when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    planned: Vec<Planned>,
    seed: u64,
    /// The requests of 1,000 that go wrong.
    per_mille: u16,
    most_in_a_row: u32,
    foreign_next_links: bool,
    contradictions: bool,
    unreadable: bool,
    brisk: bool,
    sign_ins: bool,
}

impl Faults {
    /// Nothing goes wrong.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            planned: Vec::new(),
            seed: 0,
            per_mille: 0,
            most_in_a_row: 3,
            foreign_next_links: false,
            contradictions: false,
            unreadable: true,
            brisk: false,
            sign_ins: false,
        }
    }

    /// Faults for `per_mille` of 1,000 requests, each drawn from the seed, at most three in a row for equal
    /// requests. A foreign next link is not drawn unless asked for: it is an attack, not an accident.
    #[must_use]
    pub fn seeded(seed: u64, per_mille: u16) -> Self {
        Self { seed, per_mille, ..Self::none() }
    }

    /// Just these.
    #[must_use]
    pub fn plan(planned: impl IntoIterator<Item = Planned>) -> Self {
        Self { planned: planned.into_iter().collect(), ..Self::none() }
    }

    /// These, too. They count requests from here on.
    #[must_use]
    pub fn with(mut self, planned: impl IntoIterator<Item = Planned>) -> Self {
        self.add(planned);
        self
    }

    pub(super) const fn set_rate(&mut self, per_mille: u16) {
        self.per_mille = per_mille;
    }

    pub(super) const fn set_brisk(&mut self, brisk: bool) {
        self.brisk = brisk;
    }

    pub(super) fn add(&mut self, planned: impl IntoIterator<Item = Planned>) {
        self.planned.extend(planned);
    }

    /// Sets how many equal requests in a row may go wrong.
    #[must_use]
    pub const fn most_in_a_row(mut self, most: u32) -> Self {
        self.most_in_a_row = most;
        self
    }

    /// Draws next links to other hosts, in circles and without an end, too.
    #[must_use]
    pub const fn with_foreign_next_links(mut self) -> Self {
        self.foreign_next_links = true;
        self
    }

    /// Draws answers that contradict the request or themselves, too.
    #[must_use]
    pub const fn with_contradictions(mut self) -> Self {
        self.contradictions = true;
        self
    }

    /// Draws no answers that can't be read (truncated, empty, HTML, garbage): only losses, delays and statuses.
    #[must_use]
    pub const fn without_unreadable(mut self) -> Self {
        self.unreadable = false;
        self
    }

    /// Draws only what is over within seconds: lost answers, and 429 with a short wait. For rehearsals in real time.
    #[must_use]
    pub const fn brisk(mut self) -> Self {
        self.brisk = true;
        self
    }

    /// Draws faults of requests to Entra, too. Planned ones happen to them in any case.
    #[must_use]
    pub const fn with_sign_ins(mut self) -> Self {
        self.sign_ins = true;
        self
    }

    /// Whether faults of requests to Entra are drawn.
    pub(super) const fn draws_sign_ins(&self) -> bool {
        self.sign_ins
    }

    /// The fault of a request: `key` is its hash, `attempt` counts equal ones from 1, `in_a_row` are the faults that
    /// equal ones had just before.
    pub(super) fn choose(
        &mut self,
        method: Method,
        path: &str,
        key: u64,
        (attempt, in_a_row): (u32, u32),
        is_drawn: bool,
    ) -> Option<What> {
        let mut chosen = None;
        for planned in &mut self.planned {
            if planned.method == method && path.contains(&planned.path) {
                planned.seen += 1;
                if (planned.nth..planned.nth.saturating_add(planned.times)).contains(&planned.seen) {
                    chosen = chosen.or_else(|| Some(planned.what.clone()));
                }
            }
        }
        if chosen.is_some() || in_a_row >= self.most_in_a_row || !is_drawn {
            return chosen;
        }
        let drawn = Hash::new(self.seed).text("fault").word(key).word(u64::from(attempt));
        let happens = drawn.below(1000) < u64::from(self.per_mille);
        happens.then(|| {
            let drawn = drawn.word(1);
            What::Fault(self.contradiction(drawn).unwrap_or_else(|| self.draw_for(path, drawn)))
        })
    }

    /// One fault in four, where they are wanted.
    fn contradiction(&self, drawn: Hash) -> Option<Fault> {
        let drawn = drawn.text("contradiction");
        (self.contradictions && drawn.below(4) == 0).then(|| match drawn.word(1).below(3) {
            0 => Fault::AnotherObject,
            1 => Fault::ErrorInSuccess { executed: drawn.word(2).below(2) == 1 },
            _ => Fault::StrangeStatus,
        })
    }

    /// Draws the fault of a request. Faults that only batches and further pages can have are drawn first.
    fn draw_for(&self, path: &str, drawn: Hash) -> Fault {
        let special = self.unreadable && !self.brisk && drawn.word(6).below(3) == 0;
        if special && path.ends_with("/$batch") {
            let statuses = [400, 403, 404, 405, 406, 407, 410, 413, 415, 418, 451, 501, 505, 511, 999];
            let place = usize::try_from(drawn.word(7).below(statuses.len() as u64)).unwrap_or(0);
            let status = statuses.get(place).copied().unwrap_or(403);
            return Fault::ForeignRefusal { status, executed: drawn.word(2).below(2) == 1 };
        }
        if special && path.contains("$skiptoken=") {
            return Fault::ExpiredPageToken;
        }
        self.draw(drawn)
    }

    fn draw(&self, drawn: Hash) -> Fault {
        if self.brisk {
            let seconds = u32::try_from(drawn.word(3).below(2)).unwrap_or(0) + 1;
            return match drawn.below(2) {
                0 => Fault::LostAnswer,
                _ => Fault::Throttled(RetryAfter::Seconds(seconds)),
            };
        }
        let executed = drawn.word(2).below(2) == 1;
        let seconds = u32::try_from(drawn.word(3).below(30)).unwrap_or(0) + 1;
        let retry_after = match drawn.word(4).below(3) {
            0 => RetryAfter::Absent,
            1 => RetryAfter::Seconds(seconds),
            _ => RetryAfter::Date(seconds),
        };
        let readable = 12;
        let kinds = readable + if self.unreadable { 4 } else { 0 } + u64::from(self.foreign_next_links);
        let case = drawn.below(kinds);
        // Without the unreadable ones, the case after the readable ones is the foreign link.
        let case = if case >= readable && !self.unreadable { 16 } else { case };
        match case {
            0..3 => Fault::LostAnswer,
            3 | 4 => Fault::Reset,
            5 => Fault::Refused,
            6 => Fault::Delay(Duration::from_secs(600)),
            7 => Fault::Never { executed },
            8 | 9 => Fault::Throttled(retry_after),
            10 | 11 => {
                let status = match drawn.word(5).below(4) {
                    0 => 500,
                    1 => 502,
                    2 => 503,
                    _ => 504,
                };
                let retry_after = if status == 503 { retry_after } else { RetryAfter::Absent };
                Fault::ServerError { status, executed, retry_after }
            }
            12 => Fault::TruncatedBody,
            13 => Fault::WrongContentType { executed },
            14 => Fault::EmptyBody,
            15 => Fault::GarbageJson,
            _ if drawn.word(8).below(2) == 0 => match drawn.word(9).below(3) {
                0 => Fault::CircularNextLink,
                circle => Fault::EndlessPages { circle: circle == 1 },
            },
            _ => Fault::ForeignNextLink,
        }
    }
}
