//! A desktop session of a test's own: a session bus with a real Secret Service, and folders of its own.

use super::agentuser;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The programs that a session is made of, from Debian's packages dbus and gnome-keyring.
const PROGRAMS: [&str; 3] = ["dbus-daemon", "dbus-send", "gnome-keyring-daemon"];

/// A bus without service files, so that nothing starts by itself.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=FOLDER</listen>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>"#;

/// A session. It ends when it is dropped.
pub(crate) struct Session {
    processes: Vec<Child>,
    address: String,
    pub(crate) folder: tempfile::TempDir,
}

impl Session {
    /// A session with an unlocked store; none where its programs are missing, which is a failure in CI.
    pub(crate) fn start() -> Option<Self> {
        let missing = PROGRAMS.iter().find(|program| {
            let found = Command::new("sh")
                .args(["-c", &format!("command -v {program}")])
                .stdout(Stdio::null())
                .status();
            !found.is_ok_and(|status| status.success())
        });
        if let Some(missing) = missing {
            let why = format!("{missing} is missing; apt-get install dbus gnome-keyring");
            assert!(std::env::var_os("CI").is_none(), "{why}");
            eprintln!("SKIPPED: {why}");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::DirBuilder::new().mode(0o700).create(folder.path().join("run")).unwrap();
        let run = folder.path().join("run");
        let config = folder.path().join("bus.conf");
        std::fs::write(&config, BUS.replace("FOLDER", run.to_str().unwrap())).unwrap();
        let mut bus = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let mut session = Self { processes: vec![bus], address: address.trim().to_owned(), folder };
        let mut store = Command::new("gnome-keyring-daemon");
        store.args(["--foreground", "--unlock", "--components=secrets"]);
        store.arg(format!("--control-directory={}", run.join("keyring").display()));
        store.envs(session.variables());
        let mut store =
            store.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        store.stdin.take().unwrap().write_all(b"a password").unwrap();
        session.processes.push(store);
        let begun = Instant::now();
        while !session.owns("org.freedesktop.secrets") {
            assert!(begun.elapsed() < Duration::from_secs(60), "the store does not start");
        }
        Some(session)
    }

    /// Locks the store; nobody is there to unlock it.
    pub(crate) fn lock(&self) {
        let collection = "array:objpath:/org/freedesktop/secrets/collection/login";
        self.of_store("Lock", &[collection]);
    }

    /// The environment variables of programs in the session.
    pub(crate) fn variables(&self) -> [(&'static str, String); 5] {
        let path = |name: &str| self.folder.path().join(name).to_str().unwrap().to_owned();
        [
            ("DBUS_SESSION_BUS_ADDRESS", self.address.clone()),
            ("XDG_RUNTIME_DIR", path("run")),
            ("XDG_CONFIG_HOME", path("config")),
            ("XDG_DATA_HOME", path("data")),
            ("HOME", path("home")),
        ]
    }

    /// The program in the session.
    pub(crate) fn agentuser(&self, arguments: &[&str]) -> assert_cmd::Command {
        let mut command = agentuser(arguments);
        command.envs(self.variables());
        command
    }

    /// The file with the profiles.
    pub(crate) fn profiles(&self) -> std::path::PathBuf {
        self.folder.path().join("config/agentuser/profiles.json")
    }

    /// All files of the session, one after the other, as bytes.
    pub(crate) fn files(&self) -> Vec<u8> {
        fn add(folder: &Path, all: &mut Vec<u8>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                let kind = entry.file_type().unwrap();
                if kind.is_dir() {
                    add(&entry.path(), all);
                } else if kind.is_file() {
                    all.extend(std::fs::read(entry.path()).unwrap());
                }
            }
        }
        let mut all = Vec::new();
        add(self.folder.path(), &mut all);
        all
    }

    /// How many secrets of the program the store has.
    pub(crate) fn secrets(&self) -> usize {
        let found = self.of_store("SearchItems", &["dict:string:string:service,agentuser"]);
        found.matches("object path").count()
    }

    fn owns(&self, name: &str) -> bool {
        let bus = "org.freedesktop.DBus";
        self.send(bus, "/", "org.freedesktop.DBus.NameHasOwner", &[&format!("string:{name}")])
            .contains("true")
    }

    fn of_store(&self, method: &str, arguments: &[&str]) -> String {
        let method = format!("org.freedesktop.Secret.Service.{method}");
        self.send("org.freedesktop.secrets", "/org/freedesktop/secrets", &method, arguments)
    }

    fn send(&self, to: &str, path: &str, method: &str, arguments: &[&str]) -> String {
        let mut command = Command::new("dbus-send");
        command.args(["--print-reply", &format!("--dest={to}"), path, method]).args(arguments);
        command.envs(self.variables());
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for process in self.processes.iter_mut().rev() {
            drop(process.kill());
            drop(process.wait());
        }
    }
}
