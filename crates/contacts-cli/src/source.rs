//! Files and standard input, read so that a stop is noticed even while nothing comes.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;

use contacts_core::printable;

use crate::abort::Abort;
use crate::exit::Exit;
use crate::io::Io;
use crate::stop::Stop;

/// What a file is called in messages.
pub(crate) fn name(file: &Path) -> String {
    if file == Path::new("-") {
        return "<stdin>".to_owned();
    }
    printable(&file.display().to_string()).into_owned()
}

/// All bytes of a file, or of standard input for `-`.
pub(crate) fn read(
    file: &Path,
    io: &mut Io<'_>,
    stop: &Stop,
) -> Result<io::Result<Vec<u8>>, Abort> {
    let open: Box<dyn FnOnce() -> io::Result<Box<dyn Read>> + Send> = if file == Path::new("-") {
        let stdin = io.take_stdin();
        let stdin = stdin.ok_or_else(|| Abort::usage("standard input is wanted for two things"))?;
        Box::new(|| Ok(stdin))
    } else {
        let file = file.to_owned();
        // Opening a named pipe waits as well.
        Box::new(|| Ok(Box::new(File::open(file)?)))
    };
    let read = move || {
        let mut bytes = Vec::new();
        open()?.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    until_stopped(read, stop)
        .ok_or_else(|| Abort::new(Exit::Interrupted, "stopped, nothing was sent"))
}

/// The result of something that can't be interrupted, unless a stop is requested first; then it is
/// left behind on its thread.
pub(crate) fn until_stopped<T: Send + 'static>(
    act: impl FnOnce() -> T + Send + 'static,
    stop: &Stop,
) -> Option<T> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        // Nobody listens any more after a stop.
        let _ = sender.send(act());
    });
    loop {
        match receiver.recv_timeout(Stop::POLL) {
            Ok(result) => return Some(result),
            Err(RecvTimeoutError::Timeout) if !stop.requested() => {}
            Err(_) => return None,
        }
    }
}
