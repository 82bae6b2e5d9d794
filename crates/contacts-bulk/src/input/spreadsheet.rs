//! The marks of a spreadsheet on a value. Excel and others turn a cell that looks like a number
//! or a date into one, and write it in the form of the display, so the value itself is lost.

use contacts_core::{Field, trimmed};

use crate::input::header::Column;
use crate::input::problem::ProblemKind;

/// What a spreadsheet did to a value, if it did something.
pub(super) fn damage(column: Column, text: &str) -> Option<ProblemKind> {
    let text = trimmed(text);
    match text.bytes().next()? {
        b'#' if column == Column::OrderId && is_digits(&text[1..]) => Some(ProblemKind::NumberSign),
        b'#' if is_error_value(&text[1..]) => Some(ProblemKind::SpreadsheetError),
        b'E' if is_error_number(text) => Some(ProblemKind::SpreadsheetError),
        b'\'' | b'=' if unmarked(column, text) != text => Some(ProblemKind::TextMark),
        b'0'..=b'9' | b'+' | b'-' => damaged_number(column, text),
        b'A'..=b'Z' if is_named_date(text) => Some(ProblemKind::SpreadsheetDate),
        _ => None,
    }
}

/// `text` without white space at its ends and without the marks that carry no value: the apostrophe or
/// the formula that makes a number a text, and the `#` of an order id.
pub(super) fn cleaned(column: Column, text: &str) -> &str {
    let text = unmarked(column, trimmed(text));
    match text.strip_prefix('#') {
        Some(id) if column == Column::OrderId && is_digits(id) => id,
        _ => text,
    }
}

/// `text` without the mark of a text: `'030 1234` or `="030 1234"`.
fn unmarked(column: Column, text: &str) -> &str {
    if let Some(inner) = text.strip_prefix("=\"").and_then(|t| t.strip_suffix('"')) {
        return inner;
    }
    let rest = text.trim_start_matches('\'');
    // A name can start with an apostrophe: `'t Hooft`.
    let is_mark = rest.starts_with(|c: char| c.is_ascii_digit() || c == '+');
    let is_quoted_address = column == Column::Field(Field::Email) && !rest.is_empty();
    if is_mark || is_quoted_address {
        rest
    } else {
        text
    }
}

/// `#N/A`, `#NAME?`, `#REF!`, in German `#NV`, `#BEZUG!`, `#ÜBERLAUF!`; only `#` if the column was too
/// narrow.
fn is_error_value(name: &str) -> bool {
    let is_capitals = |name: &str| {
        let mut letters = name.chars().filter(|c| !matches!(c, '/' | '_' | '0'..='9'));
        letters.clone().next().is_some() && letters.all(char::is_uppercase)
    };
    match name {
        "N/A" | "N/D" | "NV" | "GETTING_DATA" => true,
        name => match name.strip_suffix(['!', '?']) {
            Some(name) => is_capitals(name),
            None => name.len() > 1 && name.bytes().all(|b| b == b'#'),
        },
    }
}

/// `Err:502`, as `LibreOffice` writes it.
fn is_error_number(text: &str) -> bool {
    text.strip_prefix("Err:").is_some_and(is_digits)
}

fn damaged_number(column: Column, text: &str) -> Option<ProblemKind> {
    let number = text.trim_start_matches(['+', '-']);
    // Almost every value ends here.
    if is_digits(number) || number.contains(['(', ')', '@']) {
        None
    } else if is_exponent_form(number) || is_with_zero_fraction(number) {
        Some(ProblemKind::SpreadsheetNumber)
    } else if is_grouped(column, number) {
        Some(ProblemKind::SpreadsheetGrouping)
    } else {
        (is_date(number) || is_named_date(number)).then_some(ProblemKind::SpreadsheetDate)
    }
}

/// `4.41E+11`, in some countries `4,41E+11`.
fn is_exponent_form(number: &str) -> bool {
    let Some((number, exponent)) = number.split_once(['E', 'e']) else {
        return false;
    };
    let is_number = match number.split_once(['.', ',']) {
        Some((integer, fraction)) => is_digits(integer) && is_digits(fraction),
        None => is_digits(number),
    };
    is_number && is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
}

/// `49301234567.0`
fn is_with_zero_fraction(number: &str) -> bool {
    let parts = number.split_once(['.', ',']);
    let is_zeros = |text: &str| !text.is_empty() && text.bytes().all(|b| b == b'0');
    parts.is_some_and(|(integer, fraction)| is_digits(integer) && is_zeros(fraction))
}

/// `100,000,001`. A telephone number can have points and spaces, so they count only in an order id.
fn is_grouped(column: Column, number: &str) -> bool {
    let is_separator = |c: char| match c {
        ',' | '\'' | '’' => true,
        '.' | ' ' | '_' | '\u{A0}' | '\u{2009}' | '\u{202F}' => column == Column::OrderId,
        _ => false,
    };
    let decimals = [".00", ",00", ".0", ",0"];
    let integer = decimals
        .iter()
        .find_map(|decimals| number.strip_suffix(decimals));
    let mut groups = integer.unwrap_or(number).split(is_separator);
    let first = groups.next().unwrap_or_default();
    let mut groups = groups.peekable();
    let has_groups = groups.peek().is_some();
    has_groups
        && is_digits(first)
        && first.len() <= 3
        && groups.all(|g| is_digits(g) && g.len() == 3)
}

/// `01.02.2026`, `2/1/26`, `2026-02-01`, with or without a time.
fn is_date(text: &str) -> bool {
    let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let separator = date.chars().find(|c| !c.is_ascii_digit());
    let Some(separator @ ('.' | '/' | '-')) = separator else {
        return false;
    };
    let parts: Vec<_> = date.split(separator).collect();
    let [first, second, third] = parts[..] else {
        return false;
    };
    let within = |text: &str, largest: u32| {
        let is_short = is_digits(text) && text.len() <= 2;
        is_short && text.parse().is_ok_and(|n: u32| (1..=largest).contains(&n))
    };
    let is_day_and_month =
        |a: &str, b: &str| within(a, 31) && within(b, 12) || within(a, 12) && within(b, 31);
    let is_year = |text: &str| is_digits(text) && text.len() == 4;
    let is_time =
        time.is_empty() || time.contains(':') && time.starts_with(|c: char| c.is_ascii_digit());
    // `12.05.26` could be a telephone number.
    let is_short_year = separator == '/' && is_digits(third) && third.len() == 2;
    is_time
        && (is_day_and_month(first, second) && (is_year(third) || is_short_year)
            || is_year(first) && is_day_and_month(second, third))
}

/// `1-Feb`, `Feb-26`, `1. Mrz 2026`: the form of the display, in English and German.
fn is_named_date(text: &str) -> bool {
    const MONTHS: [&str; 18] = [
        "jan", "feb", "mar", "mär", "mrz", "apr", "may", "mai", "jun", "jul", "aug", "sep", "sept",
        "oct", "okt", "nov", "dec", "dez",
    ];
    const LONGEST: usize = "01. Sept. 2026".len();
    if text.len() > LONGEST {
        return false;
    }
    let parts = text.split(['-', '.', '/', ' ']);
    let (numbers, names): (Vec<_>, Vec<_>) = parts
        .filter(|part| !part.is_empty())
        .partition(|part| is_digits(part));
    let is_month = |name: &&str| MONTHS.contains(&name.to_lowercase().as_str());
    let is_number = |number: &&str| matches!(number.len(), 1 | 2 | 4);
    matches!(&names[..], [name] if is_month(name))
        && matches!(numbers.len(), 1 | 2)
        && numbers.iter().all(is_number)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}
