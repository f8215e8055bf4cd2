//! Refusals of tokens while a sign-in is under way.

use agentuser::{AccessToken, Client, Endpoint, ListQuery, Problem, TokenRequest, from_fn};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// `{"access_token":{"nbf":{"essential":true,"value":"1"}}}`
const CLAIMS: &str = "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwidmFsdWUiOiIxIn19fQ==";

/// Holds the first answer until it is opened.
type Gate = Arc<(Mutex<bool>, Condvar)>;

/// A Graph that takes the token `good`, and answers any other with a claims challenge. Its first answer waits for the gate.
fn graph(gate: Gate) -> (String, mpsc::UnboundedReceiver<()>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    let (arrived, arrivals) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (gate, arrived) = (gate.clone(), arrived.clone());
            std::thread::spawn(move || answer(stream.unwrap(), &gate, &arrived));
        }
    });
    (root, arrivals)
}

fn answer(mut stream: TcpStream, gate: &Gate, arrived: &mpsc::UnboundedSender<()>) {
    let head: Vec<_> = BufReader::new(stream.try_clone().unwrap())
        .lines()
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .collect();
    let good = head.iter().any(|line| line.eq_ignore_ascii_case("authorization: Bearer good"));
    arrived.send(()).ok();
    drop(gate.1.wait_while(gate.0.lock().unwrap(), |open| !*open).unwrap());
    let (status, headers, body) = if good {
        ("200 OK", String::new(), "{\"value\":[]}")
    } else {
        let challenge = format!(
            "WWW-Authenticate: Bearer realm=\"\", error=\"insufficient_claims\", claims=\"{CLAIMS}\"\r\n"
        );
        let body = "{\"error\":{\"code\":\"InvalidAuthenticationToken\",\"message\":\"Continuous access \
                    evaluation resulted in challenge.\"}}";
        ("401 Unauthorized", challenge, body)
    };
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: application/json\r\n");
    drop(stream.write_all(format!("{head}Content-Length: {length}\r\n{headers}\r\n{body}").as_bytes()));
}

/// A question for a token, and where its answer goes.
type Asked = (TokenRequest, oneshot::Sender<AccessToken>);

fn client(root: &str) -> (Client, mpsc::UnboundedReceiver<Asked>) {
    let (asked, questions) = mpsc::unbounded_channel();
    let provider = from_fn(move |request| {
        let asked = asked.clone();
        async move {
            let (sender, answer) = oneshot::channel();
            asked.send((request, sender)).unwrap();
            answer.await.map_err(|_| Problem::new(agentuser::Code::TokenMissing, "Nobody answered."))
        }
    });
    let endpoint = Endpoint::new(root).unwrap();
    (Client::builder().graph_endpoint(endpoint).token(provider).build().unwrap(), questions)
}

fn token(text: &str, lives: Option<u64>) -> AccessToken {
    AccessToken::new(text.to_owned(), lives.map(Duration::from_secs))
}

#[tokio::test]
async fn a_challenge_does_not_join_a_sign_in_that_was_not_told_of_it() {
    let gate = Gate::default();
    let (root, mut arrivals) = graph(gate.clone());
    let (client, mut questions) = client(&root);
    let (one, two) = (client.list(ListQuery::default()), client.list(ListQuery::default()));
    let waits = one.token_waits();
    let one = tokio::spawn(async move { one.await });
    let (_, first) = questions.recv().await.unwrap();
    // The next request asks for another one.
    first.send(token("cached", Some(0))).unwrap();
    arrivals.recv().await.unwrap();
    let two = tokio::spawn(async move { two.await });
    let (plain, second) = questions.recv().await.unwrap();
    assert_eq!((plain.refused, plain.claims), (false, None));
    // While that sign-in is under way, Graph refuses the first token, with claims.
    *gate.0.lock().unwrap() = true;
    gate.1.notify_all();
    waits.watch().wait_for(|waiting| *waiting > 0).await.unwrap();
    // A cache knows of no refusal.
    second.send(token("cached", None)).unwrap();
    let (told, third) = questions.recv().await.unwrap();
    assert!(told.refused && told.claims.as_deref().is_some_and(|claims| claims.contains("nbf")), "{told:?}");
    third.send(token("good", None)).unwrap();
    assert_eq!(one.await.unwrap().unwrap(), 0);
    assert_eq!(two.await.unwrap().unwrap(), 0);
    assert!(questions.try_recv().is_err(), "asked once with the claims");
}
