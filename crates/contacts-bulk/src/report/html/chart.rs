//! A chart of a run's progress, as SVG with a legend.

use std::fmt::Write;
use std::time::Duration;

use crate::report::html::row::LABELS;

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 96.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 40.0;
/// More points cannot be distinguished.
const MAX_POINTS: usize = 450;
/// A chart of fewer orders says less than the table.
const MIN_POINTS: usize = 20;
const MAX_COUNT_STEPS: f64 = 5.0;
/// Fewer, since their labels are wide.
const MAX_TIME_STEPS: f64 = 4.0;
/// Steps of the time axis that read well, in seconds.
const TIME_STEPS: [f64; 26] = [
    0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0,
    900.0, 1800.0, 3600.0, 7200.0, 10_800.0, 21_600.0, 43_200.0, 86_400.0, 172_800.0, 604_800.0,
];

/// A finished order: the time since the start, and the name of its result.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub(crate) elapsed: Duration,
    pub(crate) result: &'static str,
}

/// The number of orders with each result over time, with a legend, unless there are too few for a chart.
pub(crate) fn progress(points: &[Point]) -> Option<String> {
    let longest = points.iter().map(|point| point.elapsed).max()?;
    if points.len() < MIN_POINTS || longest.is_zero() {
        return None;
    }
    let series = LABELS.iter().filter_map(|(result, label)| {
        let count = points.iter().filter(|point| point.result == *result);
        let count = count.count();
        (count > 0).then_some((*result, *label, count))
    });
    let series: Vec<_> = series.collect();
    let most = series.iter().map(|(.., count)| *count).max()?;
    let step = count_step(to_f64(most));
    let frame = Frame {
        seconds: longest.as_secs_f64(),
        orders: (to_f64(most) / step).ceil() * step,
    };
    let totals = series
        .iter()
        .map(|(_, label, count)| format!("{count} {label}"));
    let totals: Vec<_> = totals.collect();
    let mut chart = "<ul class=\"legend\">\n".to_owned();
    for ((result, ..), total) in series.iter().zip(&totals) {
        let _ = writeln!(chart, "<li class=\"{result}\">{total}</li>");
    }
    let _ = writeln!(
        chart,
        "</ul>\n<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{} orders finished within \
         {}: {}\">",
        points.len(),
        span(longest),
        totals.join(", "),
    );
    frame.write_axes(step, &mut chart);
    for (result, ..) in series {
        let line = frame.line(points, result);
        let _ = writeln!(chart, "<path class=\"{result}\" d=\"{line}\"/>");
    }
    Some(chart + "</svg>\n")
}

struct Frame {
    seconds: f64,
    orders: f64,
}

impl Frame {
    fn x(&self, seconds: f64) -> f64 {
        LEFT + seconds / self.seconds * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, orders: f64) -> f64 {
        HEIGHT - BOTTOM - orders / self.orders * (HEIGHT - BOTTOM - TOP)
    }

    fn write_axes(&self, step: f64, svg: &mut String) {
        for orders in ticks(self.orders, step) {
            let y = self.y(orders);
            let _ = writeln!(
                svg,
                "<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
                 <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{orders:.0}</text>",
                WIDTH - RIGHT,
                LEFT - 10.0,
                y + 5.0,
            );
        }
        for seconds in ticks(self.seconds, time_step(self.seconds)) {
            let _ = writeln!(
                svg,
                "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                self.x(seconds).min(WIDTH - 48.0),
                HEIGHT - 10.0,
                span(Duration::from_secs_f64(seconds)),
            );
        }
    }

    /// A path through the number of orders with this result.
    fn line(&self, points: &[Point], result: &str) -> String {
        let mut path = format!("M{LEFT} {:.1}", self.y(0.0));
        let step = points.len().div_ceil(MAX_POINTS).max(1);
        let mut count = 0;
        for (index, point) in points.iter().enumerate() {
            count += usize::from(point.result == result);
            if index % step == 0 || index + 1 == points.len() {
                let (x, y) = (self.x(point.elapsed.as_secs_f64()), self.y(to_f64(count)));
                let _ = write!(path, "L{x:.1} {y:.1}");
            }
        }
        path
    }
}

/// The smallest of 1, 2, 5, 10, 20, ... that divides the axis into few steps.
fn count_step(largest: f64) -> f64 {
    let mut step = 1.0;
    for factor in [2.0, 2.5, 2.0].into_iter().cycle() {
        if largest / step <= MAX_COUNT_STEPS {
            break;
        }
        step *= factor;
    }
    step
}

fn time_step(largest: f64) -> f64 {
    let mut steps = TIME_STEPS.into_iter();
    let step = steps.find(|step| largest / step <= MAX_TIME_STEPS);
    step.unwrap_or(largest / MAX_TIME_STEPS)
}

/// The multiples of the step up to the largest value.
fn ticks(largest: f64, step: f64) -> impl Iterator<Item = f64> {
    let ticks = (0_u32..).map(move |n| f64::from(n) * step);
    ticks.take_while(move |tick| *tick <= largest + step / 1e6)
}

#[expect(clippy::cast_precision_loss, reason = "no run has 2^52 orders")]
const fn to_f64(count: usize) -> f64 {
    count as f64
}

/// A duration in its two largest units.
fn span(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0) if duration.is_zero() => "0".to_owned(),
        (0, 0, 0) => format!("{} ms", duration.as_millis()),
        (0, 0, s) if s < 10 && duration.subsec_millis() > 0 => {
            format!("{:.1} s", duration.as_secs_f64())
        }
        (0, 0, s) => format!("{s} s"),
        (0, m, 0) => format!("{m} min"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, 0, _) => format!("{h} h"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{MAX_POINTS, Point, count_step, progress, span, ticks, time_step};

    fn points(count: u64, failed: impl Fn(u64) -> bool) -> Vec<Point> {
        let point = |n| Point {
            elapsed: Duration::from_millis(n * 180),
            result: if failed(n) { "failed" } else { "changed" },
        };
        (1..=count).map(point).collect()
    }

    #[test]
    fn a_chart_has_a_line_for_each_result_and_even_ticks() {
        let chart = progress(&points(20, |n| n == 2)).unwrap();
        insta::assert_snapshot!(chart, @r#"
        <ul class="legend">
        <li class="failed">1 failed</li>
        <li class="changed">19 changed</li>
        </ul>
        <svg viewBox="0 0 900 240" role="img" aria-label="20 orders finished within 3.6 s: 1 failed, 19 changed">
        <line x1="96" x2="876" y1="200.0" y2="200.0"/><text x="86" y="205.0" text-anchor="end">0</text>
        <line x1="96" x2="876" y1="155.0" y2="155.0"/><text x="86" y="160.0" text-anchor="end">5</text>
        <line x1="96" x2="876" y1="110.0" y2="110.0"/><text x="86" y="115.0" text-anchor="end">10</text>
        <line x1="96" x2="876" y1="65.0" y2="65.0"/><text x="86" y="70.0" text-anchor="end">15</text>
        <line x1="96" x2="876" y1="20.0" y2="20.0"/><text x="86" y="25.0" text-anchor="end">20</text>
        <text x="96.0" y="230" text-anchor="middle">0</text>
        <text x="312.7" y="230" text-anchor="middle">1 s</text>
        <text x="529.3" y="230" text-anchor="middle">2 s</text>
        <text x="746.0" y="230" text-anchor="middle">3 s</text>
        <path class="failed" d="M96 200.0L135.0 200.0L174.0 191.0L213.0 191.0L252.0 191.0L291.0 191.0L330.0 191.0L369.0 191.0L408.0 191.0L447.0 191.0L486.0 191.0L525.0 191.0L564.0 191.0L603.0 191.0L642.0 191.0L681.0 191.0L720.0 191.0L759.0 191.0L798.0 191.0L837.0 191.0L876.0 191.0"/>
        <path class="changed" d="M96 200.0L135.0 191.0L174.0 191.0L213.0 182.0L252.0 173.0L291.0 164.0L330.0 155.0L369.0 146.0L408.0 137.0L447.0 128.0L486.0 119.0L525.0 110.0L564.0 101.0L603.0 92.0L642.0 83.0L681.0 74.0L720.0 65.0L759.0 56.0L798.0 47.0L837.0 38.0L876.0 29.0"/>
        </svg>
        "#);
    }

    #[test]
    fn a_long_run_has_a_limited_number_of_points() {
        let chart = progress(&points(50_000, |_| false)).unwrap();
        assert!(chart.matches('L').count() <= MAX_POINTS + 1);
        assert!(
            chart.contains("L876.0 20.0\"/>"),
            "the line ends at the total"
        );
    }

    #[test]
    fn a_small_run_has_no_chart() {
        assert!(progress(&[]).is_none());
        assert!(progress(&points(19, |_| false)).is_none());
        let at_once = [Point {
            elapsed: Duration::ZERO,
            result: "changed",
        }; 30];
        assert!(progress(&at_once).is_none(), "no time to show");
    }

    #[test]
    fn ticks_are_round_and_few() {
        let counts = [1.0, 5.0, 6.0, 359.0, 50_000.0].map(count_step);
        insta::assert_snapshot!(format!("{counts:?}"), @"[1.0, 1.0, 2.0, 100.0, 10000.0]");
        let spans = [0.3, 5.4, 71.6, 9_000.0, 400_000.0].map(|longest| {
            let ticks = ticks(longest, time_step(longest));
            let ticks = ticks.map(|tick| span(Duration::from_secs_f64(tick)));
            ticks.collect::<Vec<_>>().join(", ")
        });
        insta::assert_snapshot!(spans.join("\n"), @"
        0, 100 ms, 200 ms, 300 ms
        0, 2 s, 4 s
        0, 30 s, 1 min
        0, 1 h, 2 h
        0, 48 h, 96 h
        ");
    }

    #[test]
    fn durations_have_two_units() {
        let spans = [
            400, 1500, 2000, 12_000, 60_000, 61_000, 3_600_000, 3_700_000,
        ]
        .map(|ms| span(Duration::from_millis(ms)));
        insta::assert_snapshot!(spans.join(", "), @"400 ms, 1.5 s, 2 s, 12 s, 1 min, 1 min 1 s, 1 h, 1 h 1 min");
    }
}
