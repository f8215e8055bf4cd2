//! Many connections at once.

use crate::common::*;
use agentuser_simulator::Faults;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

#[tokio::test]
async fn connections_that_are_left_alone_keep_nobody_out() {
    let server = serve(Faults::none());
    let address = server.root().replace("http://", "");
    let mut begun: Vec<TcpStream> = Vec::new();
    for n in 0..300 {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        // Half a request, and nothing at all.
        if n % 2 == 0 {
            stream.write_all(b"GET /v1.0/users HTTP/1.1\r\nHo").await.unwrap();
        }
        begun.push(stream);
    }
    let answer = ask(server.root(), "GET /simulator/stats", "").await;
    assert_eq!(status(&answer), 200);
    assert_eq!(begun.len(), 300);
}
