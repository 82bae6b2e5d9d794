//! A progress line at the end of standard error, if it is a terminal.

use std::fmt::Write;
use std::time::{Duration, SystemTime};

use humantime::FormattedDuration;

use crate::io::Io;

pub(crate) struct Progress {
    action: &'static str,
    total: usize,
    done: usize,
    failed: usize,
    started: SystemTime,
    last_drawn: SystemTime,
}

/// The minimum time between two drawings.
const INTERVAL: Duration = Duration::from_millis(100);

impl Progress {
    pub(crate) fn new(action: &'static str, total: usize, io: &Io<'_>) -> Self {
        let now = io.now();
        Self {
            action,
            total,
            done: 0,
            failed: 0,
            started: now,
            last_drawn: now,
        }
    }

    /// Counts one more finished order.
    pub(crate) fn advance(&mut self, failed: bool, io: &mut Io<'_>) {
        self.done += 1;
        self.failed += usize::from(failed);
        self.draw(io);
    }

    /// Draws the line, unless it was drawn just before.
    pub(crate) fn draw(&mut self, io: &mut Io<'_>) {
        let Some(width) = io.columns() else {
            return;
        };
        let now = io.now();
        // If the clock was set back, draw.
        let since = now.duration_since(self.last_drawn);
        if since.is_ok_and(|since| since < INTERVAL) {
            return;
        }
        self.last_drawn = now;
        // Some terminals start a new line after the last column.
        let line = self.line(now, width.saturating_sub(1));
        io.status(&line);
    }

    fn line(&self, now: SystemTime, width: usize) -> String {
        let (done, total) = (self.done, self.total.max(self.done));
        let mut text = format!("{} {done} of {total}", self.action);
        if self.failed > 0 {
            let _ = write!(text, ", {} failed", self.failed);
        }
        let elapsed = now.duration_since(self.started).unwrap_or_default();
        if done > 0 && !elapsed.is_zero() {
            #[expect(clippy::cast_precision_loss, reason = "an estimate")]
            let (done, remaining) = (done as f64, (total - done) as f64);
            let rate = done / elapsed.as_secs_f64();
            let _ = write!(
                text,
                ", {rate:.1}/s, {} remaining",
                duration(remaining / rate)
            );
        }
        // The text is ASCII.
        text.truncate(width);
        let bar = bar(done, total, width - text.len());
        bar + &text
    }
}

/// A bar of at most `width` columns; empty if there is too little room.
fn bar(done: usize, total: usize, width: usize) -> String {
    const MAX: usize = 40;
    const FRAME: usize = 3;
    let inner = width.saturating_sub(FRAME).min(MAX);
    if inner < 5 {
        return String::new();
    }
    let full = done.saturating_mul(inner) / total.max(1);
    format!("[{}{}] ", "=".repeat(full), " ".repeat(inner - full))
}

/// Seconds as text, rounded up.
fn duration(seconds: f64) -> FormattedDuration {
    let max = Duration::from_secs(99 * 3600);
    let span = Duration::try_from_secs_f64(seconds.ceil()).unwrap_or(max);
    humantime::format_duration(span.min(max))
}

#[cfg(test)]
mod tests {
    use super::{Duration, Io, Progress, SystemTime};

    fn line(done: usize, failed: usize, total: usize, seconds: u64, width: usize) -> String {
        let started = SystemTime::UNIX_EPOCH;
        let progress = Progress {
            action: "changing",
            total,
            done,
            failed,
            started,
            last_drawn: started,
        };
        progress.line(started + Duration::from_secs(seconds), width)
    }

    #[test]
    fn the_line_shows_progress_rate_and_remaining_time() {
        let lines = [
            line(0, 0, 50_000, 0, 79),
            line(100, 0, 50_000, 5, 79),
            line(12_345, 3, 50_000, 2245, 119),
            line(12_345, 3, 50_000, 2245, 79),
            line(12_345, 3, 50_000, 2245, 40),
            line(49_999, 0, 50_000, 9000, 79),
            line(1, 1, 1, 3, 79),
        ];
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn progress_survives_a_clock_set_back() {
        let started = SystemTime::UNIX_EPOCH + Duration::from_secs(100);
        let mut progress = Progress::new("changing", 10, &Io::for_tests());
        progress.started = started;
        progress.done = 3;
        let line = progress.line(SystemTime::UNIX_EPOCH, 79);
        assert!(line.ends_with("] changing 3 of 10"), "{line}");
    }
}
