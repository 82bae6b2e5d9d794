use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};

use crate::account::AccountIdentity;
use crate::export::{Export, ExportEvent, ExportFilter, ExportStopped, ExportSummary};
use crate::file::create_private;
use crate::order_api::OrderApi;

/// An [`Export`] whose partial file is beside its output, from which it resumes. Only its owner can
/// read the partial file, it is locked while the export runs, and it is never opened through a
/// symbolic link.
///
/// ```
/// use contacts_bulk::export::{ExportFile, ExportFilter};
/// use contacts_bulk::AccountIdentity;
///
/// let folder = tempfile::tempdir()?;
/// let output = folder.path().join("contacts.csv");
/// let account = AccountIdentity::new("https://www.digicert.com/services/v2", "A1B2C3");
/// let export = ExportFile::open(&output, ExportFilter::default(), &account)?;
/// assert!(ExportFile::partial_path(&output).exists());
///
/// // After `export.run(&client, |_| {})`:
/// let mut file = Vec::new();
/// assert_eq!(export.write(&mut file)?.orders, 0);
/// export.remove();
/// assert!(!ExportFile::partial_path(&output).exists());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct ExportFile {
    path: PathBuf,
    file: File,
    export: Export,
    /// Whether the output is a workbook.
    #[cfg(feature = "xlsx")]
    is_workbook: bool,
}

impl ExportFile {
    /// The path of the partial file of an output: `FILE.partial`.
    #[must_use]
    pub fn partial_path(output: &Path) -> PathBuf {
        let mut path = output.as_os_str().to_owned();
        path.push(".partial");
        path.into()
    }

    /// Starts the export to `output`, or resumes the one that its partial file belongs to.
    ///
    /// # Errors
    /// Returns an error if the partial file cannot be read or written, another process writes it, or
    /// it belongs to another account or to an export with another filter.
    pub fn open(
        output: &Path,
        filter: ExportFilter,
        account: &AccountIdentity,
    ) -> io::Result<Self> {
        let path = Self::partial_path(output);
        let (bytes, mut file) = open_locked(&path)?;
        // Without a complete line, the previous export had not started.
        let export = if bytes.contains(&b'\n') {
            let resumed = Export::resume(&bytes, account, &filter);
            let (export, length) = resumed.map_err(io::Error::other)?;
            file.set_len(length)?;
            export
        } else {
            file.set_len(0)?;
            Export::start(account, filter, &mut file)?
        };
        Ok(Self {
            path,
            file,
            export,
            #[cfg(feature = "xlsx")]
            is_workbook: output
                .extension()
                .is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx")),
        })
    }

    /// Runs the export, see [`Export::run`]. If it stops before any order was read, removes the
    /// partial file.
    ///
    /// # Errors
    /// Returns [`ExportStopped`] as [`Export::run`] does.
    pub fn run(
        &mut self,
        api: &impl OrderApi,
        progress: impl FnMut(ExportEvent<'_>),
    ) -> Result<(), ExportStopped> {
        let result = self.export.run(api, &mut self.file, progress);
        if result.is_err() && self.read() == 0 {
            let _ = fs::remove_file(&self.path);
        }
        result
    }

    /// The number of orders that were read, in this process and earlier ones.
    #[must_use]
    pub fn read(&self) -> usize {
        self.export.read()
    }

    /// Writes the contacts as an input file, see [`Export::write`]; as a workbook if the feature `xlsx` is
    /// on and the name of the output ends in `.xlsx`.
    ///
    /// # Errors
    /// Returns an error if `to` cannot be written, or the partial file cannot be read.
    pub fn write(&self, to: impl Write) -> io::Result<ExportSummary> {
        let partial = fs::read(&self.path)?;
        #[cfg(feature = "xlsx")]
        if self.is_workbook {
            return Export::write_workbook(&partial, to);
        }
        Export::write(&partial, to)
    }

    /// Removes the partial file, once the output is on disk.
    pub fn remove(self) {
        drop(self.file);
        let _ = fs::remove_file(&self.path);
    }
}

/// Opens or creates the file for this process alone, never through a symbolic link.
fn open_locked(path: &Path) -> io::Result<(Vec<u8>, File)> {
    let file = match create_private(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            if !fs::symlink_metadata(path)?.is_file() {
                return Err(io::Error::other("not a regular file"));
            }
            OpenOptions::new().append(true).open(path)?
        }
        created => created?,
    };
    FileExt::try_lock(&file).map_err(|error| match error {
        TryLockError::WouldBlock => io::Error::other("another export is writing this file"),
        TryLockError::Error(error) => error,
    })?;
    Ok((fs::read(path)?, file))
}
