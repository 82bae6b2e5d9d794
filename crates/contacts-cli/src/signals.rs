//! Interrupts: Ctrl-C, and on Unix also SIGTERM and SIGHUP.

/// Calls `handler` on its own thread at each interrupt.
#[cfg(unix)]
pub(crate) fn handle(handler: impl Fn() + Send + 'static) -> std::io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    let ignored = ignored();
    // Bit 0 stands for signal 1.
    let signals = [SIGINT, SIGTERM, SIGHUP].into_iter();
    let signals = signals.filter(|signal| ignored >> (signal - 1) & 1 == 0);
    let mut signals = signal_hook::iterator::Signals::new(signals)?;
    std::thread::Builder::new().spawn(move || signals.forever().for_each(|_| handler()))?;
    Ok(())
}

/// The signals that the parent process set to be ignored, one bit each: `nohup` ignores SIGHUP, and
/// a shell ignores SIGINT for background jobs of a script. Linux only; empty elsewhere.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.unwrap_or_default()
}

/// Calls `handler` on its own thread at each interrupt.
#[cfg(not(unix))]
pub(crate) fn handle(handler: impl Fn() + Send + 'static) -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(handler)
}
