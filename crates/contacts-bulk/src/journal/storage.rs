use std::io;

/// Where the lines of a journal go: a [`JournalFile`](crate::JournalFile), or anything else that
/// doesn't lose what it has acknowledged.
pub trait JournalStorage {
    /// Adds bytes at the end.
    ///
    /// # Errors
    /// Where they can't be taken, as on a full disk. A part of them may have been.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Returns once everything that was written is where a loss of power does not reach it.
    ///
    /// # Errors
    /// Where that can't be had.
    fn sync(&mut self) -> io::Result<()>;
}

impl<S: JournalStorage + ?Sized> JournalStorage for &mut S {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        (**self).write(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        (**self).sync()
    }
}

impl<S: JournalStorage + ?Sized> JournalStorage for Box<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        (**self).write(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        (**self).sync()
    }
}

/// No journal: for runs that nobody wants to go on with.
impl JournalStorage for io::Sink {
    fn write(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A journal in memory, for tests and for runs that are worth none.
impl JournalStorage for Vec<u8> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.extend_from_slice(bytes);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }
}
