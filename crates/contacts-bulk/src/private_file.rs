use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Creates a file that holds personal data: with read and write permission for its owner alone
/// where the system has such, and never in place of a file or link that is there already.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] where something of this name is there, or why it can't be
/// created.
pub fn create_private(path: impl AsRef<Path>) -> io::Result<File> {
    private(OpenOptions::new().create_new(true).write(true)).open(path)
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}
