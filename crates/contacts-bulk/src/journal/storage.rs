use std::io;

/// The storage of a journal: a [`JournalFile`](crate::JournalFile), or anything else that keeps what
/// it has acknowledged.
pub trait JournalStorage {
    /// Appends bytes.
    ///
    /// # Errors
    /// Returns an error if they cannot be written, such as on a full disk. A part of them may have
    /// been.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Returns once everything written survives a power failure.
    ///
    /// # Errors
    /// Returns an error if that cannot be guaranteed.
    fn sync(&mut self) -> io::Result<()>;

    /// Removes everything after the first `length` bytes, such as a line that a killed process left
    /// incomplete.
    ///
    /// # Errors
    /// Returns an error if the journal cannot be changed.
    fn truncate(&mut self, length: u64) -> io::Result<()>;
}

impl<S: JournalStorage + ?Sized> JournalStorage for &mut S {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        (**self).write(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        (**self).sync()
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        (**self).truncate(length)
    }
}

impl<S: JournalStorage + ?Sized> JournalStorage for Box<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        (**self).write(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        (**self).sync()
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        (**self).truncate(length)
    }
}

/// No journal: the run cannot be resumed or undone.
impl JournalStorage for io::Sink {
    fn write(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn truncate(&mut self, _: u64) -> io::Result<()> {
        Ok(())
    }
}

/// A journal in memory, for tests.
impl JournalStorage for Vec<u8> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.extend_from_slice(bytes);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        Self::truncate(self, usize::try_from(length).unwrap_or(usize::MAX));
        Ok(())
    }
}
