//! A chart of a run's progress, as SVG.

use std::fmt::Write;
use std::time::Duration;

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 28.0;
const BOTTOM: f64 = 32.0;
/// More points cannot be distinguished.
const MAX_POINTS: usize = 450;

/// A finished order: the time since the start, and whether it failed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub(crate) elapsed: Duration,
    pub(crate) failed: bool,
}

/// The number of finished orders, and of failed ones, over time.
pub(crate) fn progress(points: &[Point]) -> String {
    let longest = points
        .iter()
        .map(|point| point.elapsed)
        .max()
        .unwrap_or_default();
    let longest = longest.max(Duration::from_secs(1));
    let frame = Frame {
        seconds: longest.as_secs_f64(),
        orders: to_f64(points.len().max(1)),
    };
    let failed = points.iter().filter(|point| point.failed).count();
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{} orders finished, \
         {failed} of them failed, within {}\">\n",
        points.len(),
        span(longest),
    );
    let (bottom, right) = (HEIGHT - BOTTOM, WIDTH - RIGHT);
    // With fewer orders than parts, labels would repeat.
    let parts = u32::try_from(points.len()).unwrap_or(u32::MAX).clamp(1, 4);
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
            match part {
                0 => "start",
                _ if part == parts => "end",
                _ => "middle",
            },
            span(longest.mul_f64(share)),
        );
    }
    let _ = writeln!(
        svg,
        "<path class=\"finished\" d=\"{}\"/>",
        frame.line(points, |_| true)
    );
    if failed > 0 {
        let line = frame.line(points, |point| point.failed);
        let _ = writeln!(svg, "<path class=\"failures\" d=\"{line}\"/>");
    }
    let _ = writeln!(
        svg,
        "<text class=\"key-finished\" x=\"{LEFT}\" y=\"16\">finished</text>\
         <text class=\"key-failures\" x=\"{}\" y=\"16\">failed</text>\n</svg>",
        LEFT + 220.0
    );
    svg
}

struct Frame {
    seconds: f64,
    orders: f64,
}

impl Frame {
    /// A path through the number of orders that are `counted`.
    fn line(&self, points: &[Point], counted: impl Fn(&Point) -> bool) -> String {
        let (bottom, right) = (HEIGHT - BOTTOM, WIDTH - RIGHT);
        let mut path = format!("M{LEFT} {bottom}");
        let step = points.len().div_ceil(MAX_POINTS).max(1);
        let mut count = 0;
        for (index, point) in points.iter().enumerate() {
            count += usize::from(counted(point));
            if index % step == 0 || index + 1 == points.len() {
                let x = LEFT + point.elapsed.as_secs_f64() / self.seconds * (right - LEFT);
                let y = bottom - to_f64(count) / self.orders * (bottom - TOP);
                let _ = write!(path, "L{x:.1} {y:.1}");
            }
        }
        path
    }
}

#[expect(clippy::cast_precision_loss, reason = "no run has 2^52 orders")]
const fn to_f64(count: usize) -> f64 {
    count as f64
}

/// A duration in its two largest units.
fn span(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0) if duration.is_zero() => "0 s".to_owned(),
        (0, 0, s) if s < 10 => format!("{:.1} s", duration.as_secs_f64()),
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{MAX_POINTS, Point, progress, span};

    #[test]
    fn a_chart_starts_at_zero_and_ends_at_the_total() {
        let points: Vec<_> = (1..=4)
            .map(|n| Point {
                elapsed: Duration::from_secs(n),
                failed: n == 2,
            })
            .collect();
        insta::assert_snapshot!(progress(&points), @r#"
        <svg viewBox="0 0 900 240" role="img" aria-label="4 orders finished, 1 of them failed, within 4.0 s">
        <line class="axis" x1="64" x2="884" y1="208.0" y2="208.0"/><text x="56.0" y="212.0" text-anchor="end">0</text><text x="64.0" y="230.0" text-anchor="start">0 s</text>
        <line class="axis" x1="64" x2="884" y1="163.0" y2="163.0"/><text x="56.0" y="167.0" text-anchor="end">1</text><text x="269.0" y="230.0" text-anchor="middle">1.0 s</text>
        <line class="axis" x1="64" x2="884" y1="118.0" y2="118.0"/><text x="56.0" y="122.0" text-anchor="end">2</text><text x="474.0" y="230.0" text-anchor="middle">2.0 s</text>
        <line class="axis" x1="64" x2="884" y1="73.0" y2="73.0"/><text x="56.0" y="77.0" text-anchor="end">3</text><text x="679.0" y="230.0" text-anchor="middle">3.0 s</text>
        <line class="axis" x1="64" x2="884" y1="28.0" y2="28.0"/><text x="56.0" y="32.0" text-anchor="end">4</text><text x="884.0" y="230.0" text-anchor="end">4.0 s</text>
        <path class="finished" d="M64 208L269.0 163.0L474.0 118.0L679.0 73.0L884.0 28.0"/>
        <path class="failures" d="M64 208L269.0 208.0L474.0 163.0L679.0 163.0L884.0 163.0"/>
        <text class="key-finished" x="64" y="16">finished</text><text class="key-failures" x="284" y="16">failed</text>
        </svg>
        "#);
    }

    #[test]
    fn a_long_run_has_a_limited_number_of_points() {
        let point = |n| Point {
            elapsed: Duration::from_millis(n),
            failed: false,
        };
        let points: Vec<_> = (0..50_000).map(point).collect();
        let svg = progress(&points);
        assert!(svg.matches('L').count() <= MAX_POINTS + 1);
        assert!(
            svg.contains("L884.0 28.0\"/>"),
            "the line ends at the total"
        );
    }

    #[test]
    fn a_run_without_a_finished_order_has_an_empty_chart() {
        assert!(progress(&[]).contains("<path class=\"finished\" d=\"M64 208\"/>"));
    }

    #[test]
    fn durations_have_two_units() {
        let spans = [400, 12_000, 61_000, 3_700_000].map(|ms| span(Duration::from_millis(ms)));
        assert_eq!(spans, ["0.4 s", "12 s", "1 min 1 s", "1 h 1 min"]);
    }
}
