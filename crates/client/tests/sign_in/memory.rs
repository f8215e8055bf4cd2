//! Copies of a secret in the memory of this process.

use agentuser::ListQuery;
use agentuser::sign_in::{Application, Proof};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::net::TcpListener;

/// The secret but its end, from its end to its beginning: no other part of the memory has it the right way round. Its
/// letters and digits are the same in a form.
const BACKWARDS: &[u8] = b"eulaVterceSehTfOypoCoNsevaeLtI";

fn secret() -> String {
    let mut secret = String::with_capacity(BACKWARDS.len() + 1);
    secret.extend(BACKWARDS.iter().rev().map(|byte| char::from(*byte)));
    secret.push('~');
    secret
}

/// How often the secret is found in memory that can be written.
fn copies() -> usize {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = std::fs::File::open("/proc/self/mem").unwrap();
    let mut found = 0;
    for line in maps.lines().filter(|line| line.contains(" rw") && !line.contains("[v")) {
        let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let number = |text| u64::from_str_radix(text, 16).unwrap();
        let mut piece = vec![0; usize::try_from(number(to) - number(from)).unwrap()];
        if memory.seek(SeekFrom::Start(number(from))).is_ok() && memory.read_exact(&mut piece).is_ok() {
            found +=
                piece.windows(BACKWARDS.len()).filter(|window| window.iter().rev().eq(BACKWARDS)).count();
        }
        // The buffer would hold a copy, which the next piece would find.
        piece.fill(0);
    }
    found
}

/// A sign-in that refuses, and keeps nothing of what it read.
fn refusing() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut read = [0; 4096];
            let mut length = 0;
            while !read[..length].ends_with(b"%7E") {
                length += stream.read(&mut read[length..]).unwrap();
            }
            read.fill(0);
            let body = "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: Invalid client secret provided.\"}";
            let head = format!(
                "HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            drop(stream.write_all(format!("{head}{body}").as_bytes()));
        }
    });
    root
}

#[test]
fn no_copy_of_a_secret_is_left() {
    // A process of its own has no other test's secrets and threads.
    if !crate::environment::is_set::<&str>("memory::no_copy_of_a_secret_is_left", &[]) {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let root = refusing();
    runtime.block_on(async {
        let kept = secret();
        assert!(copies() > 0, "the search finds one that is there");
        let id = "0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f";
        let application = Application::new("contoso.com", id, Proof::secret(kept.into())).unwrap();
        let application = application.login_endpoint(&root).unwrap();
        let client = crate::tenants::builder(&root).token(application).build().unwrap();
        let problem = client.list(ListQuery::default()).await.unwrap_err();
        assert_eq!(problem.code(), agentuser::Code::SignInSecretWrong, "{problem:?}");
    });
    drop(runtime);
    assert_eq!(copies(), 0);
}
