//! What asks the command to stop: Ctrl-C, and on Unix SIGTERM and SIGHUP as well.

/// Calls `act`, on a thread of its own, each time somebody asks.
#[cfg(unix)]
pub(crate) fn handle(act: impl Fn() + Send + 'static) -> std::io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    let heeded = [SIGINT, SIGTERM, SIGHUP].into_iter();
    let heeded = heeded.filter(|signal| !is_ignored(*signal));
    let mut signals = signal_hook::iterator::Signals::new(heeded)?;
    std::thread::Builder::new().spawn(move || signals.forever().for_each(|_| act()))?;
    Ok(())
}

/// Whether who started this process wants the signal ignored, as `nohup` does with SIGHUP (a run of
/// hours then goes on behind a terminal that is closed) and a script with SIGINT in the background. Told by Linux alone; elsewhere it is taken
/// for not ignored.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // Signals are counted from 1.
    ignored.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

/// Calls `act`, on a thread of its own, each time somebody asks.
#[cfg(not(unix))]
pub(crate) fn handle(act: impl Fn() + Send + 'static) -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(act)
}
