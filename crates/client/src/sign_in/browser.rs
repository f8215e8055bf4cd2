//! A person's sign-in in a browser of this machine, which comes back to a port of it (docs/sign-in.md#browser).

use super::host::{SignInHost, SignInPrompt, show};
use super::random;
use crate::loss::plain_reason;
use agentuser_core::problem::{Code, Problem};
use agentuser_core::sign_in::acquisition::DemandAnswer;
use agentuser_core::sign_in::{Authorization, ClientId, Leg, Login, Scopes, Tenant};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use zeroize::Zeroizing;

/// A person who has not come back after so long has gone away.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// A connection that asks nothing for so long is closed: browsers open some in advance.
const SILENCE: Duration = Duration::from_secs(60);

/// The longest head of a request that is read. A code has some thousand characters.
const LONGEST_HEAD: usize = 64 << 10;

/// Connections at the same time.
const CONNECTIONS: usize = 16;

const SIGNED_IN: &str = "You are signed in. You can close this page.";
const NOT_SIGNED_IN: &str =
    "You are not signed in. The program that asked you says why. You can close this page.";

/// The sign-in that a person is asked for.
pub(super) struct Question {
    pub(super) login: Login,
    pub(super) tenant: Tenant,
    pub(super) client_id: ClientId,
    pub(super) scopes: Scopes,
    pub(super) claims: Option<String>,
}

/// Sends the person to the sign-in, and waits for the browser to come back with the code.
pub(super) async fn ask(question: Question, host: Option<&dyn SignInHost>) -> Result<DemandAnswer, Problem> {
    let no_port = |error: std::io::Error| {
        let why = plain_reason(&error);
        Problem::new(
            Code::NoBrowser,
            format!("No port of this machine can be had for the browser to come back to: {why}."),
        )
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(no_port)?;
    let port = listener.local_addr().map_err(no_port)?.port();
    // A browser may take localhost for the other address, where nobody else shall listen.
    let other = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok();
    let redirect_uri = format!("http://localhost:{port}");
    let Question { login, tenant, client_id, scopes, claims } = question;
    let begun = Authorization::new(client_id, scopes, redirect_uri, &random::bytes()?);
    let url = begun.url(&login, &tenant, claims.as_deref());
    let shown = async {
        match show(host, SignInPrompt::Browser { url }).await {
            Ok(()) => std::future::pending().await,
            Err(problem) => problem,
        }
    };
    let leg = tokio::select! {
        problem = shown => return Err(problem),
        leg = come_back(&listener, other.as_ref(), &begun) => leg?,
        () = tokio::time::sleep(PATIENCE) => {
            let minutes = PATIENCE.as_secs() / 60;
            return Err(Problem::new(Code::SignInInterrupted, format!("No person signed in within {minutes} minutes.")));
        }
    };
    match leg {
        Leg::Code { code, verifier, redirect_uri, .. } => {
            Ok(DemandAnswer::Code { code, verifier, redirect_uri })
        }
        _ => {
            Err(Problem::new(Code::Internal, "The browser came back with something that was not asked for."))
        }
    }
}

/// How a browser came back.
type Return = Result<Leg, Problem>;

/// Answers requests to the port until one of them belongs to this sign-in. The port is then closed.
async fn come_back(listener: &TcpListener, other: Option<&TcpListener>, begun: &Authorization) -> Return {
    let mut connections = JoinSet::new();
    loop {
        let accepted = async {
            match other {
                Some(other) => tokio::select! {
                    accepted = listener.accept() => accepted,
                    accepted = other.accept() => accepted,
                },
                None => listener.accept().await,
            }
        };
        tokio::select! {
            accepted = accepted, if connections.len() < CONNECTIONS => {
                if let Ok((stream, _)) = accepted {
                    let begun = begun.clone();
                    connections.spawn(async move {
                        tokio::time::timeout(SILENCE, answer(stream, &begun)).await.ok().flatten()
                    });
                }
            }
            Some(ended) = connections.join_next() => {
                if let Ok(Some(came_back)) = ended {
                    return came_back;
                }
            }
        }
    }
}

/// Answers one request; gives how the browser came back, where it did.
async fn answer(mut stream: TcpStream, begun: &Authorization) -> Option<Return> {
    let head = read_head(&mut stream).await?;
    let line = std::str::from_utf8(&head).ok()?.lines().next()?;
    let target = line.strip_prefix("GET ").and_then(|rest| rest.split(' ').next());
    let query = target.and_then(|target| target.strip_prefix("/?"));
    let came_back = query.and_then(|query| begun.leg(query).transpose());
    let (status, text) = match &came_back {
        Some(Ok(_)) => ("200 OK", SIGNED_IN),
        Some(Err(_)) => ("200 OK", NOT_SIGNED_IN),
        None => ("404 Not Found", "There is nothing here."),
    };
    let page = format!("<!doctype html><meta charset=\"utf-8\"><title>Sign-in</title><p>{text}</p>\n");
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'\r\n\r\n",
        page.len()
    );
    // The page is a courtesy: the code counts all the same where it can't be written.
    drop(stream.write_all(format!("{head}{page}").as_bytes()).await);
    drop(stream.shutdown().await);
    came_back
}

/// The head of a request. It is overwritten when dropped, for the code is in it.
async fn read_head(stream: &mut TcpStream) -> Option<Zeroizing<Vec<u8>>> {
    let mut head = Zeroizing::new(Vec::with_capacity(LONGEST_HEAD));
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let room = LONGEST_HEAD.checked_sub(head.len()).filter(|room| *room > 0)?;
        if stream.take(room as u64).read_buf(&mut *head).await.ok()? == 0 {
            return None;
        }
    }
    Some(head)
}
