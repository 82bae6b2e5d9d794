//! How far a run is, on a line of standard error that is drawn anew; nothing where that is no
//! terminal.

use std::fmt::Write;
use std::time::{Duration, SystemTime};

use crate::io::Io;

pub(crate) struct Progress {
    doing: &'static str,
    all: usize,
    done: usize,
    failed: usize,
    begun: SystemTime,
    /// When the line was drawn last; at first when it was begun.
    drawn: SystemTime,
}

/// Drawing more often would cost more than it shows.
const PAUSE: Duration = Duration::from_millis(100);

impl Progress {
    pub(crate) fn new(doing: &'static str, all: usize, io: &Io<'_>) -> Self {
        let now = io.now();
        Self {
            doing,
            all,
            done: 0,
            failed: 0,
            begun: now,
            drawn: now,
        }
    }

    /// One more order came to its end.
    pub(crate) fn ended(&mut self, failed: bool, io: &mut Io<'_>) {
        self.done += 1;
        self.failed += usize::from(failed);
        self.draw(io);
    }

    /// Draws the line, if it was not drawn just now.
    pub(crate) fn draw(&mut self, io: &mut Io<'_>) {
        let Some(width) = io.status_width() else {
            return;
        };
        let now = io.now();
        // A clock that was set back is no reason to wait.
        let since = now.duration_since(self.drawn);
        if since.is_ok_and(|since| since < PAUSE) {
            return;
        }
        self.drawn = now;
        // The last column stays free: some terminals go to the next line when it is written.
        let line = self.line(now, width.saturating_sub(1));
        io.status(&line);
    }

    /// Takes the line away.
    #[expect(clippy::unused_self, reason = "it is the line of this progress")]
    pub(crate) fn clear(&self, io: &mut Io<'_>) {
        io.status("");
    }

    fn line(&self, now: SystemTime, width: usize) -> String {
        let (done, all) = (self.done, self.all.max(self.done));
        let mut text = format!("{} {done} of {all}", self.doing);
        if self.failed > 0 {
            let _ = write!(text, ", {} failed", self.failed);
        }
        let elapsed = now.duration_since(self.begun).unwrap_or_default();
        if done > 0 && !elapsed.is_zero() {
            #[expect(clippy::cast_precision_loss, reason = "an estimate")]
            let (done, left) = (done as f64, (all - done) as f64);
            let rate = done / elapsed.as_secs_f64();
            let _ = write!(text, ", {rate:.1}/s, {} left", span(left / rate));
        }
        // It is all ASCII.
        text.truncate(width);
        let bar = bar(done, all, width - text.len());
        bar + &text
    }
}

/// As wide as what is left beside the text, within limits; nothing where that is too little.
fn bar(done: usize, all: usize, room: usize) -> String {
    const LONGEST: usize = 40;
    const FRAME: usize = 3;
    let inner = room.saturating_sub(FRAME).min(LONGEST);
    if inner < 5 {
        return String::new();
    }
    let full = done.saturating_mul(inner) / all.max(1);
    format!("[{}{}] ", "=".repeat(full), " ".repeat(inner - full))
}

/// Seconds as people say them, rounded up.
fn span(seconds: f64) -> String {
    let longest = Duration::from_secs(99 * 3600);
    let span = Duration::try_from_secs_f64(seconds.ceil()).unwrap_or(longest);
    let seconds = span.min(longest).as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Io, Progress, SystemTime};

    fn line(done: usize, failed: usize, all: usize, seconds: u64, width: usize) -> String {
        let begun = SystemTime::UNIX_EPOCH;
        let progress = Progress {
            doing: "changing",
            all,
            done,
            failed,
            begun,
            drawn: begun,
        };
        progress.line(begun + Duration::from_secs(seconds), width)
    }

    #[test]
    fn the_line_tells_how_far_it_is_how_fast_and_how_long_it_takes() {
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
    fn a_clock_that_is_set_back_breaks_nothing() {
        let begun = SystemTime::UNIX_EPOCH + Duration::from_secs(100);
        let mut progress = Progress::new("changing", 10, &Io::for_tests());
        progress.begun = begun;
        progress.done = 3;
        let line = progress.line(SystemTime::UNIX_EPOCH, 79);
        assert!(line.ends_with("] changing 3 of 10"), "{line}");
    }
}
