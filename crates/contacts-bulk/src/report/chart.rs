//! A chart of a run's progress, as SVG.

use std::fmt::Write;
use std::time::Duration;

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 28.0;
const BOTTOM: f64 = 32.0;
/// More points than these can't be told apart.
const MOST_POINTS: usize = 450;

/// An order that came to its end: when, and whether it failed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End {
    pub(crate) passed: Duration,
    pub(crate) failed: bool,
}

/// How many orders had ended, and how many of them failed, over time.
pub(crate) fn progress(ends: &[End]) -> String {
    let longest = ends.iter().map(|end| end.passed).max().unwrap_or_default();
    let longest = longest.max(Duration::from_secs(1));
    let frame = Frame {
        seconds: longest.as_secs_f64(),
        orders: count(ends.len().max(1)),
    };
    let failures = ends.iter().filter(|end| end.failed).count();
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"orders ended: {}, of them \
         failed: {failures}, within {}\">\n",
        ends.len(),
        span(longest),
    );
    let (bottom, right) = (HEIGHT - BOTTOM, WIDTH - RIGHT);
    // Fewer orders than parts would have labels twice.
    let parts = u32::try_from(ends.len()).unwrap_or(u32::MAX).clamp(1, 4);
    for part in 0..=parts {
        let share = f64::from(part) / f64::from(parts);
        let (x, y) = (
            LEFT + share * (right - LEFT),
            bottom - share * (bottom - TOP),
        );
        let _ = writeln!(
            svg,
            "<line class=\"axis\" x1=\"{LEFT}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{:.0}</text>\
             <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"{}\">{}</text>",
            LEFT - 8.0,
            y + 4.0,
            share * frame.orders,
            HEIGHT - 10.0,
            if part == 0 {
                "start"
            } else if part == parts {
                "end"
            } else {
                "middle"
            },
            span(longest.mul_f64(share)),
        );
    }
    let _ = writeln!(
        svg,
        "<path class=\"done\" d=\"{}\"/>",
        frame.line(ends, |_| true)
    );
    if failures > 0 {
        let line = frame.line(ends, |end| end.failed);
        let _ = writeln!(svg, "<path class=\"fails\" d=\"{line}\"/>");
    }
    let _ = writeln!(
        svg,
        "<text class=\"key-done\" x=\"{LEFT}\" y=\"16\">orders ended</text>\
         <text class=\"key-fails\" x=\"{}\" y=\"16\">of them failed</text>\n</svg>",
        LEFT + 220.0
    );
    svg
}

struct Frame {
    seconds: f64,
    orders: f64,
}

impl Frame {
    /// A path through the counts of those that are `wanted`.
    fn line(&self, ends: &[End], wanted: impl Fn(&End) -> bool) -> String {
        let (bottom, right) = (HEIGHT - BOTTOM, WIDTH - RIGHT);
        let mut path = format!("M{LEFT} {bottom}");
        let step = ends.len().div_ceil(MOST_POINTS).max(1);
        let mut counted = 0;
        for (at, end) in ends.iter().enumerate() {
            counted += usize::from(wanted(end));
            if at % step == 0 || at + 1 == ends.len() {
                let x = LEFT + end.passed.as_secs_f64() / self.seconds * (right - LEFT);
                let y = bottom - count(counted) / self.orders * (bottom - TOP);
                let _ = write!(path, "L{x:.1} {y:.1}");
            }
        }
        path
    }
}

#[expect(clippy::cast_precision_loss, reason = "no run has 2^52 orders")]
const fn count(of: usize) -> f64 {
    of as f64
}

/// A length of time in the two largest units that it has.
fn span(of: Duration) -> String {
    let seconds = of.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0) if of.is_zero() => "0 s".to_owned(),
        (0, 0, s) if s < 10 => format!("{:.1} s", of.as_secs_f64()),
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{End, MOST_POINTS, progress, span};

    #[test]
    fn a_chart_begins_at_nothing_and_ends_at_all() {
        let ends: Vec<_> = (1..=4)
            .map(|n| End {
                passed: Duration::from_secs(n),
                failed: n == 2,
            })
            .collect();
        insta::assert_snapshot!(progress(&ends), @r#"
        <svg viewBox="0 0 900 240" role="img" aria-label="orders ended: 4, of them failed: 1, within 4.0 s">
        <line class="axis" x1="64" x2="884" y1="208.0" y2="208.0"/><text x="56.0" y="212.0" text-anchor="end">0</text><text x="64.0" y="230.0" text-anchor="start">0 s</text>
        <line class="axis" x1="64" x2="884" y1="163.0" y2="163.0"/><text x="56.0" y="167.0" text-anchor="end">1</text><text x="269.0" y="230.0" text-anchor="middle">1.0 s</text>
        <line class="axis" x1="64" x2="884" y1="118.0" y2="118.0"/><text x="56.0" y="122.0" text-anchor="end">2</text><text x="474.0" y="230.0" text-anchor="middle">2.0 s</text>
        <line class="axis" x1="64" x2="884" y1="73.0" y2="73.0"/><text x="56.0" y="77.0" text-anchor="end">3</text><text x="679.0" y="230.0" text-anchor="middle">3.0 s</text>
        <line class="axis" x1="64" x2="884" y1="28.0" y2="28.0"/><text x="56.0" y="32.0" text-anchor="end">4</text><text x="884.0" y="230.0" text-anchor="end">4.0 s</text>
        <path class="done" d="M64 208L269.0 163.0L474.0 118.0L679.0 73.0L884.0 28.0"/>
        <path class="fails" d="M64 208L269.0 208.0L474.0 163.0L679.0 163.0L884.0 163.0"/>
        <text class="key-done" x="64" y="16">orders ended</text><text class="key-fails" x="284" y="16">of them failed</text>
        </svg>
        "#);
    }

    #[test]
    fn a_long_run_has_no_more_points_than_can_be_seen() {
        let end = |n| End {
            passed: Duration::from_millis(n),
            failed: false,
        };
        let ends: Vec<_> = (0..50_000).map(end).collect();
        let svg = progress(&ends);
        assert!(svg.matches('L').count() <= MOST_POINTS + 1);
        assert!(svg.contains("L884.0 28.0\"/>"), "it ends in the corner");
    }

    #[test]
    fn a_run_without_an_end_has_an_empty_chart() {
        assert!(progress(&[]).contains("<path class=\"done\" d=\"M64 208\"/>"));
    }

    #[test]
    fn lengths_of_time_are_told_in_two_units() {
        let told = [400, 12_000, 61_000, 3_700_000].map(|ms| span(Duration::from_millis(ms)));
        assert_eq!(told, ["0.4 s", "12 s", "1 min 1 s", "1 h 1 min"]);
    }
}
