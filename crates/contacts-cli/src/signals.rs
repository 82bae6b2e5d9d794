//! What asks the command to stop: Ctrl-C, and on Unix SIGTERM and SIGHUP as well.

/// Calls `act`, on a thread of its own, each time somebody asks.
#[cfg(unix)]
pub(crate) fn handle(act: impl Fn() + Send + 'static) -> std::io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    let ignored = ignored();
    let heeded = [SIGINT, SIGTERM, SIGHUP].into_iter();
    // Signals are counted from 1.
    let heeded = heeded.filter(|signal| ignored >> (signal - 1) & 1 == 0);
    let mut signals = signal_hook::iterator::Signals::new(heeded)?;
    std::thread::Builder::new().spawn(move || signals.forever().for_each(|_| act()))?;
    Ok(())
}

/// A bit for each signal that who started this process wants ignored, as `nohup` does with SIGHUP (a
/// run of hours then goes on behind a terminal that is closed) and a script with SIGINT in the
/// background. Told by Linux alone; elsewhere none is taken for ignored.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.unwrap_or_default()
}

/// Calls `act`, on a thread of its own, each time somebody asks.
#[cfg(not(unix))]
pub(crate) fn handle(act: impl Fn() + Send + 'static) -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(act)
}
