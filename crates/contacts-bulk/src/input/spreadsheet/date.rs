//! Dates and times in the form of a spreadsheet's display, in English and German.

use super::is_digits;

/// `01.02.2026`, `2/1/26`, `2026-02-01`, with or without a time, or a time alone. A telephone number can
/// look like a date with a short year.
pub(super) fn is_numeric(text: &str, is_telephone: bool) -> bool {
    if is_time(text) {
        return true;
    }
    let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let separator = date.chars().find(|c| !c.is_ascii_digit());
    let Some(separator @ ('.' | '/' | '-')) = separator else {
        return false;
    };
    let parts: Vec<_> = date.split(separator).collect();
    let [first, second, third] = parts[..] else {
        return false;
    };
    let is_short_year = !is_telephone && separator != '-' && is_digits(third) && third.len() == 2;
    (time.is_empty() || is_time(time))
        && (is_day_and_month(first, second) && (is_year(third) || is_short_year)
            || is_year(first) && is_day_and_month(second, third))
}

/// `9:30`, `00:30:12`, `12:34 PM`.
fn is_time(text: &str) -> bool {
    let text = text.trim_end_matches([' ', 'A', 'P', 'M', 'Z']);
    let mut parts = text.split(':');
    let hours = parts.next().unwrap_or_default();
    let parts: Vec<_> = parts.collect();
    let is_part = |part: &&str| is_digits(part.split('.').next().unwrap_or_default());
    is_digits(hours)
        && hours.len() <= 2
        && matches!(parts.len(), 1 | 2)
        && parts.iter().all(is_part)
}

fn is_day_and_month(a: &str, b: &str) -> bool {
    let within = |text: &str, largest: u32| {
        is_digits(text) && text.len() <= 2 && text.parse().is_ok_and(|n: u32| n <= largest)
    };
    within(a, 31) && within(b, 12) || within(a, 12) && within(b, 31)
}

fn is_year(text: &str) -> bool {
    is_digits(text)
        && text
            .parse()
            .is_ok_and(|year: u32| (1900..2100).contains(&year))
}

/// `1-Feb`, `Feb-26`, `1. Mrz 2026`, `Sunday, February 1, 2026`.
pub(super) fn is_named(text: &str) -> bool {
    const LONGEST: usize = "Donnerstag, 01. September 2026".len();
    const WEEKDAYS: [&str; 2] = ["day", "tag"];
    if text.len() > LONGEST {
        return false;
    }
    let date = match text.split_once(", ") {
        Some((day, date)) if day.len() == 2 || WEEKDAYS.iter().any(|end| day.ends_with(end)) => {
            date
        }
        _ => text,
    };
    let parts = date.split(['-', '.', '/', ' ', ',']);
    let (numbers, names): (Vec<_>, Vec<_>) = parts
        .filter(|part| !part.is_empty())
        .partition(|part| is_digits(part));
    let is_number =
        |number: &&str| is_year(number) || is_day_and_month(number, "1") || number.len() == 2;
    matches!(&names[..], [name] if is_month(name))
        && matches!(numbers.len(), 1 | 2)
        && numbers.iter().all(is_number)
}

fn is_month(name: &str) -> bool {
    const MONTHS: [&str; 21] = [
        "january",
        "januar",
        "february",
        "februar",
        "march",
        "märz",
        "mrz",
        "april",
        "may",
        "mai",
        "june",
        "juni",
        "july",
        "juli",
        "august",
        "september",
        "october",
        "oktober",
        "november",
        "december",
        "dezember",
    ];
    const SHORTEST: usize = 3;
    let name = name.to_lowercase();
    name.chars().count() >= SHORTEST && MONTHS.iter().any(|month| month.starts_with(&name))
}
