//! Why a request got no answer: the cause that an admin can act on.

use agentuser_core::operation::{Loss, Sent};
use rustls::CertificateError;
use std::error::Error;
use std::io;

/// The loss that an error of the transport stands for.
pub(crate) fn lost(error: &reqwest::Error) -> (Sent, Loss) {
    let causes = Causes::of(error);
    if error.is_timeout() && !error.is_connect() {
        return (Sent::Maybe, Loss::TimedOut);
    }
    if !error.is_connect() && !error.is_builder() {
        return (Sent::Maybe, Loss::Broken(causes.reason()));
    }
    let why = match (causes.tls, causes.by_proxy) {
        _ if causes.out_of_files => Loss::OpenFiles(causes.reason()),
        (Some(rustls::Error::InvalidCertificate(error)), _) => {
            Loss::Certificate(certificate(error).to_owned())
        }
        (Some(rustls::Error::NoCertificatesPresented), _) => Loss::Certificate("is not shown.".to_owned()),
        (Some(rustls::Error::InvalidMessage(_)), false) => {
            Loss::Tls("the answer is not one of TLS; the port may be one of plain HTTP.".to_owned())
        }
        (Some(error), false) => Loss::Tls(error.to_string()),
        (_, true) => Loss::Proxy(causes.reason()),
        (None, false) => Loss::Unreachable(causes.reason()),
    };
    (Sent::No, why)
}

/// The innermost cause, without the URL.
pub(crate) fn reason(error: &reqwest::Error) -> String {
    Causes::of(error).reason()
}

/// Whether the process, or the machine, may open no more files.
#[must_use]
pub fn is_out_of_files(error: &io::Error) -> bool {
    // EMFILE and ENFILE, whose numbers are the same on all systems that have them.
    cfg!(unix) && matches!(error.raw_os_error(), Some(23 | 24))
}

/// The reason of an error of files or sockets, in the words of the system but without its number.
#[must_use]
pub fn plain_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::NotADirectory => "a part of its path is a file".to_owned(),
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        _ => {
            let text = error.to_string();
            let words = text.split_once(" (os error ").map_or(&*text, |(words, _)| words);
            words.trim_end_matches('.').to_owned()
        }
    }
}

/// The end of a sentence that begins with "The certificate of …".
fn certificate(error: &CertificateError) -> &'static str {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired.",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "is not valid yet.",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "is for another name."
        }
        CertificateError::UnknownIssuer => "is signed by an authority that this machine does not trust.",
        CertificateError::Revoked => "is revoked.",
        CertificateError::BadEncoding => "can't be read.",
        CertificateError::BadSignature => "has a wrong signature.",
        _ => "is not one that this machine trusts; it may be signed by itself.",
    }
}

/// The facts in an error's chain of causes by which its kind of loss is chosen.
struct Causes<'a> {
    innermost: Option<&'a (dyn Error + 'static)>,
    tls: Option<&'a rustls::Error>,
    out_of_files: bool,
    by_proxy: bool,
}

impl<'a> Causes<'a> {
    fn of(error: &'a reqwest::Error) -> Self {
        let mut causes = Self { innermost: None, tls: None, out_of_files: false, by_proxy: false };
        let mut next = error.source();
        while let Some(cause) = next {
            causes.take(cause);
            // An error of I/O passes over the error that it holds.
            let held = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
            next = held.map(|held| held as &(dyn Error + 'static)).or_else(|| cause.source());
        }
        causes
    }

    fn take(&mut self, cause: &'a (dyn Error + 'static)) {
        self.innermost = Some(cause);
        self.tls = cause.downcast_ref().or(self.tls);
        self.out_of_files |= cause.downcast_ref().is_some_and(is_out_of_files);
        // hyper-util has no public type for it.
        let text = cause.to_string();
        self.by_proxy |= text.starts_with("tunnel error") || text.starts_with("SOCKS error");
    }

    fn reason(&self) -> String {
        match self.innermost {
            Some(cause) => cause.downcast_ref().map_or_else(|| cause.to_string(), plain_reason),
            None => "the request could not be made".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_have_no_numbers_of_the_system() {
        for number in (1..=133).chain([10_048, 10_061]) {
            let reason = plain_reason(&io::Error::from_raw_os_error(number));
            assert!(!reason.is_empty() && !reason.contains("os error") && !reason.ends_with('.'), "{reason}");
        }
        let folder = plain_reason(&io::Error::from(io::ErrorKind::IsADirectory));
        assert_eq!(folder, "it is a folder");
        assert_eq!(plain_reason(&io::Error::other("the pipe broke.")), "the pipe broke");
    }
}
