//! The default folder for journals.

use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::CommandError;
use crate::session::{self, Session};

/// The folder for a new journal; the current one if the user has none for such files.
pub(crate) fn create(session: &Session<'_, '_>) -> Result<PathBuf, CommandError> {
    let Some(folder) = session.io.state_folder() else {
        return Ok(PathBuf::new());
    };
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let created = builder.recursive(true).create(&folder);
    created.map_err(|error| {
        let folder = session::name(&folder);
        CommandError::failed(format!(
            "cannot create the folder `{folder}` for journals: {error}; name a journal with \
             --journal, or set `DIGICERT_STATE_DIR`; nothing was sent"
        ))
    })?;
    Ok(folder)
}

/// The journals in the folder, the last run at the end.
pub(crate) fn journals(session: &Session<'_, '_>) -> Result<Vec<PathBuf>, CommandError> {
    let folder = session.io.state_folder().ok_or_else(|| {
        CommandError::usage("no folder for journals: set `DIGICERT_STATE_DIR`, or name a journal")
    })?;
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|error| CommandError::bad_file(&folder, error))?,
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    // A command that was killed before its run started leaves an empty one.
    let is_started = |path: &PathBuf| fs::metadata(path).is_ok_and(|file| file.len() > 0);
    let journals = paths.filter(|path| is_journal(path)).filter(is_started);
    let mut journals: Vec<_> = journals.collect();
    // The names have the time, and a number after it for a further run of the same second.
    journals.sort_by(|a, b| a.file_stem().cmp(&b.file_stem()));
    Ok(journals)
}

fn is_journal(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let is_ours = name.is_some_and(|name| name.starts_with("digicert-contacts-"));
    is_ours
        && path
            .extension()
            .is_some_and(|extension| extension == "jsonl")
}
