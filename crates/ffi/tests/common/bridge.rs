//! A program in C that a test drives by its standard input and output (tests/c/bridge.h).

use super::compile;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub struct Bridge {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Bridge {
    /// Compiles a program of tests/c and starts it.
    pub fn start(program: &str, sources: &[&str]) -> Self {
        let program = compile(program, sources);
        let mut child = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, input, output }
    }

    /// Sends a command with its bytes; the words of the answer.
    pub fn ask(&mut self, command: &str, bytes: [&[u8]; 2]) -> Vec<String> {
        let [first, second] = bytes;
        let input = self.input.as_mut().unwrap();
        input.write_all(format!("{command} {} {}\n", first.len(), second.len()).as_bytes()).unwrap();
        input.write_all(&[first, second].concat()).unwrap();
        input.flush().unwrap();
        self.line()
    }

    /// The words of the next line.
    pub fn line(&mut self) -> Vec<String> {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "the program in C ended");
        line.split_whitespace().map(str::to_owned).collect()
    }

    /// The next JSON, of that length.
    pub fn json(&mut self, length: &str) -> Value {
        let mut bytes = vec![0; length.parse::<usize>().unwrap() + 1];
        self.output.read_exact(&mut bytes).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    /// Ends the program, which fails if a handle is left.
    pub fn end(mut self) {
        drop(self.input.take());
        assert!(self.child.wait().unwrap().success());
    }
}
