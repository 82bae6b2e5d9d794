//! The files of a test.

/// A temporary folder.
pub(crate) struct Files(tempfile::TempDir);

impl Files {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// Creates a file.
    pub(crate) fn with(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Reads a file.
    pub(crate) fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The number of files.
    pub(crate) fn count(&self) -> usize {
        std::fs::read_dir(&self.0).unwrap().count()
    }

    /// Replaces the name of the folder, which differs between runs.
    pub(crate) fn hide(&self, text: &(impl ToString + ?Sized)) -> String {
        text.to_string()
            .replace(self.0.path().to_str().unwrap(), "[folder]")
    }
}
