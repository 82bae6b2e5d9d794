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

    /// Replaces the name of the folder and the digests of plans, which differ between runs.
    pub(crate) fn hide(&self, text: &(impl ToString + ?Sized)) -> String {
        let text = text.to_string();
        let text = text.replace(self.0.path().to_str().unwrap(), "[folder]");
        let mut parts = text.split("sha256:");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| text + "sha256:[digest]" + &part[64..])
    }
}
