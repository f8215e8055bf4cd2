//! The file with the profiles, in the user's configuration folder.

use super::Profiles;
use super::json::{self, Broken};
use crate::input::{self, Content};
use agentuser::{Code, Problem, plain_reason};
use etcetera::BaseStrategy as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The most bytes that the file may have.
const LIMIT: usize = 1 << 20;

/// The file of a user's profiles.
#[derive(Debug)]
pub(crate) struct ProfileFile {
    path: PathBuf,
}

impl ProfileFile {
    /// `agentuser/profiles.json` in the folder where the system has configuration: `XDG_CONFIG_HOME`, or else `~/.config`;
    /// on Windows `%APPDATA%`.
    ///
    /// # Errors
    /// When the user has no home folder.
    pub(crate) fn of_user() -> Result<Self, Problem> {
        let folders = etcetera::choose_base_strategy().map_err(|_| {
            Problem::new(Code::Invalid, "There is no folder for profiles.")
                .with_cause("This user has no home folder.")
                .with_fix("Set HOME, or XDG_CONFIG_HOME; or sign in without a profile.")
                .with_field("profile")
        })?;
        Ok(Self { path: folders.config_dir().join("agentuser").join("profiles.json") })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The profiles; none where there is no file.
    ///
    /// # Errors
    /// When it can't be read, or is not as it should be.
    pub(crate) fn read(&self) -> Result<Profiles, Problem> {
        let file = self.path.display();
        let bytes = match input::to_limit_of(&self.path, LIMIT) {
            Ok(Content::Whole(bytes)) => bytes,
            Ok(Content::TooLarge) => return Err(self.broken(&format!("has more than {LIMIT} bytes"))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Profiles::default()),
            Err(error) => {
                let message = format!("The profiles in {file} can't be read: {}.", plain_reason(&error));
                return Err(Problem::new(Code::Invalid, message)
                    .with_cause("It is a folder, or this user may not read it.")
                    .with_fix("Check the path and who may read the file.")
                    .with_field("profile"));
            }
        };
        let text = str::from_utf8(&bytes).map_err(|_| self.broken("is not UTF-8"))?;
        json::read(text).map_err(|Broken { place, why, unknown }| {
            let problem = self.broken(&format!("can't be used: {place} {why}"));
            if unknown {
                problem
                    .with_cause("A profile has no other members, so that no secret comes into the file.")
                    .with_fix("Take that member out; where it was a secret, replace the secret.")
            } else {
                problem
            }
        })
    }

    fn broken(&self, why: &str) -> Problem {
        Problem::new(Code::Invalid, format!("The file of profiles {} {why}.", self.path.display()))
            .with_cause("It was changed by hand, or by another program.")
            .with_fix("Correct that place, or remove the file and run `agentuser login` again.")
            .with_field("profile")
    }

    /// Reads the profiles, lets `change` change them and writes them, unless it fails.
    ///
    /// # Errors
    /// As for [`ProfileFile::read`], those of `change`, and when the file can't be written.
    pub(crate) fn change<T>(
        &self,
        change: impl FnOnce(&mut Profiles) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mut profiles = self.read()?;
        let result = change(&mut profiles)?;
        self.write(&json::write(&profiles)).map_err(|error| {
            let file = self.path.display();
            let message = format!("The profiles in {file} can't be written: {}.", plain_reason(&error));
            Problem::new(Code::OutputUnwritable, message)
                .with_cause("This user may not write there, or the disk is full.")
                .with_fix("Check who may write the folder of the file.")
        })?;
        Ok(result)
    }

    /// Replaces the file by a new one, so that a reader sees one of the two, whole. A file behind a link is replaced there.
    fn write(&self, text: &str) -> io::Result<()> {
        let target = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let folder = target.parent().unwrap_or(Path::new("."));
        create_folder(folder)?;
        let new = folder.join(format!("profiles.json.{}", std::process::id()));
        let written = create(&new).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, &target)
        });
        if written.is_err() {
            drop(fs::remove_file(&new));
        }
        written
    }
}

/// A folder that is the user's alone.
fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// A file that only the user may read and write.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true).create_new(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, Profile};
    use super::*;

    fn profile() -> Profile {
        Profile {
            kind: Kind::Browser,
            tenant_id: Some(agentuser::sign_in::Tenant::parse("contoso.com").unwrap()),
            client_id: None,
            cloud: None,
            graph_endpoint: None,
            login_endpoint: None,
        }
    }

    #[test]
    fn a_file_is_made_changed_and_never_half_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = ProfileFile { path: folder.path().join("agentuser/profiles.json") };
        assert_eq!(file.read().unwrap(), Profiles::default());
        let set = |name: &str| {
            file.change(|profiles| {
                profiles.set(name.parse().unwrap(), profile());
                Ok(())
            })
        };
        set("one").unwrap();
        set("two").unwrap();
        let read = file.read().unwrap();
        assert_eq!((read.all.len(), read.default), (2, Some("one".parse().unwrap())));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(file.path()), mode(&folder.path().join("agentuser"))), (0o600, 0o700));
        }
        // A change that fails leaves the file as it is, and no other file beside it.
        let removed = file.change(|profiles| profiles.remove(&"three".parse().unwrap()));
        assert_eq!(removed.unwrap_err().message(), "There is no profile three.");
        file.change(|profiles| profiles.remove(&"one".parse().unwrap())).unwrap();
        assert_eq!(file.read().unwrap().default, None);
        assert_eq!(fs::read_dir(folder.path().join("agentuser")).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_behind_a_link_stays_there() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("dotfiles.json");
        fs::write(&target, "{}").unwrap();
        let file = ProfileFile { path: folder.path().join("profiles.json") };
        std::os::unix::fs::symlink(&target, &file.path).unwrap();
        file.change(|profiles| {
            profiles.set("one".parse().unwrap(), profile());
            Ok(())
        })
        .unwrap();
        assert!(file.path.is_symlink());
        assert!(fs::read_to_string(target).unwrap().contains("contoso.com"));
    }
}
