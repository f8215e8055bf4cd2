//! The process's own limits.

/// As many open files as a roster with the most requests in flight may need.
#[cfg(unix)]
const FILES: u64 = 4096;

/// Keeps tokens and secrets out of core dumps, and raises the limit of open files as far as the system allows. What the
/// system refuses stays as it is.
#[cfg(unix)]
pub(crate) fn prepare() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let none = Rlimit { current: Some(0), maximum: getrlimit(Resource::Core).maximum };
    let _ = setrlimit(Resource::Core, none);
    // A limit of 0 says nothing to a program that the kernel pipes dumps to.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    let files = getrlimit(Resource::Nofile);
    let wanted = files.maximum.map_or(FILES, |most| most.min(FILES));
    if files.current.is_some_and(|current| current < wanted) {
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), ..files });
    }
}

#[cfg(not(unix))]
pub(crate) fn prepare() {}

/// How many files the process may have open; none where that is not limited.
pub(crate) fn open_files() -> Option<u64> {
    #[cfg(unix)]
    return rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    #[cfg(not(unix))]
    None
}
