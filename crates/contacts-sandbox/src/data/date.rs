//! Dates of orders and filters, in UTC.

use std::time::{SystemTime, UNIX_EPOCH};

const DAY: i64 = 24 * 60 * 60;

/// The seconds that a date or a time covers, counted from 1970.
#[derive(Clone, Copy)]
pub(crate) struct Period {
    first: i64,
    last: i64,
}

impl Period {
    /// Parses `yyyy-MM-dd`, or `yyyy-MM-dd HH:mm:ss` with any character between date and time. What
    /// follows, such as a time zone, is ignored.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let midnight = days(text.get(..10)?)? * DAY;
        if text.len() == 10 {
            let last = midnight + DAY - 1;
            return Some(Self {
                first: midnight,
                last,
            });
        }
        let time = midnight + seconds(text.get(11..19)?)?;
        Some(Self {
            first: time,
            last: time,
        })
    }

    pub(crate) fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = since.map_or(0, |time| i64::try_from(time.as_secs()).unwrap_or(i64::MAX));
        Self {
            first: now,
            last: now,
        }
    }

    pub(crate) const fn is_before(self, other: Self) -> bool {
        self.last < other.first
    }

    /// The days until another date; negative if it is in the past.
    pub(crate) const fn days_until(self, other: Self) -> i64 {
        other.first.div_euclid(DAY) - self.first.div_euclid(DAY)
    }
}

/// A date or time as `yyyy-MM-dd HH:mm:ss`; `None` if it is neither.
pub(crate) fn timestamp(text: &str) -> Option<String> {
    Period::parse(text)?;
    let time = text.get(11..19).unwrap_or("00:00:00");
    Some(format!("{} {time}", text.get(..10)?))
}

/// Numbers of a fixed width, with a separator between them.
fn numbers<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts.next().filter(|part| part.len() == width)?;
        let digits = part.bytes().all(|b| b.is_ascii_digit());
        *number = part.parse().ok().filter(|_| digits)?;
    }
    parts.next().is_none().then_some(numbers)
}

/// The days from 1970 to a date of the Gregorian calendar.
fn days(date: &str) -> Option<i64> {
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years that begin in March end with the leap day.
    let year = year - i64::from(month < 3);
    let month = (month + 9) % 12;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(365 * year + leap_days + day_of_year - 719_468)
}

fn seconds(time: &str) -> Option<i64> {
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let valid = hour < 24 && minute < 60 && second < 60;
    valid.then_some((hour * 60 + minute) * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_counted_from_1970() {
        for (date, expected) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2000-02-29", 11_016),
            ("2000-03-01", 11_017),
            ("2026-11-30", 20_787),
        ] {
            assert_eq!(days(date), Some(expected), "{date}");
        }
        for invalid in ["2026-13-01", "2026-00-01", "2026-01-32", "26-01-01", "x"] {
            assert_eq!(days(invalid), None, "{invalid}");
        }
    }

    #[test]
    fn a_date_covers_its_day() {
        let day = Period::parse("2026-02-11").unwrap();
        let noon = Period::parse("2026-02-11T12:00:00+00:00").unwrap();
        let next = Period::parse("2026-02-12 00:00:00").unwrap();
        assert!(!day.is_before(noon) && !noon.is_before(day));
        assert!(day.is_before(next) && noon.is_before(next));
        assert_eq!((day.days_until(next), next.days_until(noon)), (1, -1));
        assert!(Period::now().is_before(Period::parse("9999-01-01").unwrap()));
    }

    #[test]
    fn a_timestamp_has_date_and_time() {
        let of = |text| timestamp(text).unwrap();
        assert_eq!(of("2026-02-11T09:00:00+00:00"), "2026-02-11 09:00:00");
        assert_eq!(of("2026-02-11"), "2026-02-11 00:00:00");
        assert_eq!(timestamp("2026-02-11T9"), None);
    }
}
