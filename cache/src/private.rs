//! The check that nobody else can put native code where we load it.

use crate::Error;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Those whose code is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owners {
    /// This user: of what this user makes.
    User,
    /// This user and root: of what may have been installed for everybody.
    UserOrRoot,
}

/// Refuses a file or directory that anybody but its owner, one of `owners`, can write to.
///
/// Links are followed: what counts is the file that is read.
///
/// # Errors
///
/// When others can write to it, it belongs to somebody else, or it is not there.
pub fn require_private(path: &Path, owners: Owners) -> Result<(), Error> {
    let metadata = fs::metadata(path).map_err(Error::io("could not look at", path))?;
    // SAFETY: geteuid has no preconditions and cannot fail.
    let user = unsafe { libc::geteuid() };
    let or_root = owners == Owners::UserOrRoot;
    let is_trusted = metadata.uid() == user || (or_root && metadata.uid() == 0);
    if is_trusted && metadata.mode() & 0o022 == 0 {
        return Ok(());
    }
    Err(Error::NotPrivate {
        path: path.to_owned(),
        or_root,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn only_the_owner_may_be_able_to_write() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("code");
        let link = directory.path().join("link");
        fs::write(&file, "x").unwrap();
        symlink(&file, &link).unwrap();
        for (mode, is_private) in [
            (0o600, true),
            (0o644, true),
            (0o755, true),
            (0o620, false),
            (0o602, false),
            (0o666, false),
        ] {
            fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
            for path in [&file, &link] {
                let result = require_private(path, Owners::User);
                assert_eq!(result.is_ok(), is_private, "{mode:o} {result:?}");
            }
        }
        let error = require_private(&file, Owners::UserOrRoot).unwrap_err();
        let error = error.to_string();
        assert!(
            error.contains("chmod go-w") && error.contains("or to root"),
            "{error}"
        );
    }

    #[test]
    fn roots_files_are_trusted_where_that_is_said() {
        let file = Path::new("/proc/version");
        assert!(require_private(file, Owners::UserOrRoot).is_ok());
        // SAFETY: geteuid has no preconditions and cannot fail.
        let is_root = unsafe { libc::geteuid() } == 0;
        assert_eq!(require_private(file, Owners::User).is_ok(), is_root);
    }

    #[test]
    fn what_is_not_there_is_no_more_private_than_that() {
        let error = require_private(Path::new("/no/such/file"), Owners::User).unwrap_err();
        assert!(error.to_string().contains("/no/such/file"), "{error}");
    }
}
