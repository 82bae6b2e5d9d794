use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use contacts_bulk::file::create_private;

/// Writes a new file that only its owner can read, to disk. Removes it if that fails.
pub(super) fn write_new<T>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
) -> io::Result<T> {
    let file = create_private(path)?;
    let mut to = BufWriter::new(&file);
    let written = write(&mut to).and_then(|result| to.flush().map(|()| result));
    drop(to);
    let synced = written.and_then(|result| file.sync_all().map(|()| result));
    synced.inspect_err(|_| {
        let _ = fs::remove_file(path);
    })
}
