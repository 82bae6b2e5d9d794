//! The marks of a spreadsheet on a value. Excel and others turn a cell that looks like a number or a
//! date into one, and write it in the form of the display, so the value itself is lost.

mod date;

use std::borrow::Cow;

use contacts_core::{Field, trimmed};

use crate::input::header::Column;
use crate::input::problem::ProblemKind;

/// What a spreadsheet did to a value, if it did something.
pub(super) fn damage(column: Column, text: &str) -> Option<ProblemKind> {
    let text = trimmed(text);
    match text.chars().next()? {
        '#' if column == Column::OrderId && is_numbered(&text[1..]) => {
            Some(ProblemKind::NumberSign)
        }
        '#' if is_error_value(&text[1..]) => Some(ProblemKind::SpreadsheetError),
        '=' | '\'' | '’' | '‘' | '´' | '`' if unmarked(column, text) != text => {
            Some(ProblemKind::TextMark)
        }
        '=' if is_code(column) || text.starts_with("=\"") => Some(ProblemKind::SpreadsheetError),
        '0'..='9' | '+' | '-' | '$' | '€' | '£' => damaged_number(column, text),
        c if c.is_alphabetic() || c == '<' => damaged_word(column, text),
        _ => None,
    }
}

/// `text` without white space at its ends and without the marks that carry no value: the apostrophe or
/// the formula that makes a number a text, and the `#` of an order id.
pub(super) fn cleaned(column: Column, text: &str) -> Cow<'_, str> {
    let text = match unmarked(column, trimmed(text)) {
        Cow::Borrowed(text) => Cow::Borrowed(trimmed(text)),
        Cow::Owned(text) => Cow::Owned(trimmed(&text).to_owned()),
    };
    match text.strip_prefix('#') {
        Some(id) if column == Column::OrderId && is_numbered(id) => trimmed(id).to_owned().into(),
        _ => text,
    }
}

/// Whether the values of a column are codes or numbers, not names.
fn is_code(column: Column) -> bool {
    let is_name = |field| {
        !matches!(
            field,
            Field::ContactType | Field::Telephone | Field::LanguageId
        )
    };
    !matches!(column, Column::Field(field) if is_name(field))
}

/// `text` without the mark of a text: `'030 1234` or `="030 1234"`.
fn unmarked(column: Column, text: &str) -> Cow<'_, str> {
    if let Some(inner) = text.strip_prefix("=\"").and_then(|t| t.strip_suffix('"')) {
        let is_one_text = !inner.replace("\"\"", "").contains('"');
        return if is_one_text {
            inner.replace("\"\"", "\"").into()
        } else {
            text.into()
        };
    }
    let rest = text.trim_start_matches('\'');
    let is_mark = match column {
        column if is_code(column) => {
            return text.trim_start_matches(['\'', '’', '‘', '´', '`']).into();
        }
        Column::Field(Field::Email) => !rest.is_empty(),
        // A name can start with an apostrophe: `'t Hooft`, `'90s Expert`.
        _ => {
            rest.starts_with(|c: char| c.is_ascii_digit() || c == '+')
                && !rest.contains(char::is_alphabetic)
        }
    };
    if is_mark { rest.into() } else { text.into() }
}

/// `#N/A`, `#NAME?`, `#REF!`, in German `#NV`, `#BEZUG!`, `#ÜBERLAUF!`, in Spanish `#¡REF!`; only `#` if
/// the column was too narrow.
fn is_error_value(name: &str) -> bool {
    let is_capitals = |name: &str| {
        let mut letters = name.chars().filter(|c| !matches!(c, '/' | '_' | '0'..='9'));
        letters.clone().next().is_some() && letters.all(char::is_uppercase)
    };
    let name = name.trim_start_matches(['¡', '¿']);
    let is_short =
        |part: &str| matches!(part.chars().count(), 1 | 2) && part.chars().all(char::is_alphabetic);
    match name.strip_suffix(['!', '?']) {
        Some(name) => is_capitals(name),
        // `#N/A` in most languages.
        None if name
            .split_once('/')
            .is_some_and(|(a, b)| is_short(a) && is_short(b)) =>
        {
            true
        }
        None => {
            matches!(name, "NV" | "YOK" | "GETTING_DATA" | "DATEN_ABRUFEN")
                || !name.is_empty() && name.bytes().all(|b| b == b'#')
        }
    }
}

/// `Err:502`, as `LibreOffice` writes it, `TRUE`, an empty marker such as `NULL`, or a date.
fn damaged_word(column: Column, text: &str) -> Option<ProblemKind> {
    const MARKERS: [&str; 9] = [
        "TRUE", "FALSE", "WAHR", "FALSCH", "NULL", "nan", "NaN", "None", "<NA>",
    ];
    let number = text
        .strip_prefix("Err:")
        .or_else(|| text.strip_prefix("Fehler:"));
    if number.is_some_and(|number| is_digits(number.trim())) {
        return Some(ProblemKind::SpreadsheetError);
    }
    // `Null` is the name of people.
    let is_marker =
        (is_code(column) || column == Column::Field(Field::JobTitle)) && MARKERS.contains(&text);
    if is_marker {
        return Some(ProblemKind::SpreadsheetError);
    }
    date::is_named(text).then_some(ProblemKind::SpreadsheetDate)
}

fn damaged_number(column: Column, text: &str) -> Option<ProblemKind> {
    let number = text.trim_start_matches(['+', '-']);
    // Almost every value ends here.
    if is_digits(number) && !text.starts_with('-') || number.contains(['(', ')', '@']) {
        return None;
    }
    let plain = number.trim_matches(['$', '€', '£', '%', ' ', '\u{A0}']);
    let is_amount = plain.len() < number.len() && is_number(plain);
    // A calculated telephone number: `-1234548` of `=49-30-1234567`.
    let is_negative = text.starts_with('-') && is_digits(number) && is_code(column);
    if is_amount || is_negative || is_exponent_form(number) || is_decimal(number) {
        Some(ProblemKind::SpreadsheetNumber)
    } else if is_grouped(column, number) {
        Some(ProblemKind::SpreadsheetGrouping)
    } else {
        let is_date = date::is_numeric(number, column == Column::Field(Field::Telephone));
        (is_date || date::is_named(number)).then_some(ProblemKind::SpreadsheetDate)
    }
}

/// Digits with separators of any kind.
fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | ' ' | '\u{A0}'))
}

/// `4.41E+11`, in some countries `4,41E+11`, or `4.41×10^11`.
fn is_exponent_form(number: &str) -> bool {
    let split = number
        .split_once(['E', 'e'])
        .or_else(|| number.split_once("×10^"));
    let Some((number, exponent)) = split else {
        return false;
    };
    let is_number = match number.trim_end().split_once(['.', ',', '·']) {
        Some((integer, fraction)) => is_digits(integer) && is_digits(fraction),
        None => is_digits(number),
    };
    is_number && is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
}

/// `49301234567.0`, `0.0013`. A telephone number such as `030.1234` or `555.0100` is none.
fn is_decimal(number: &str) -> bool {
    let Some((integer, fraction)) = number.split_once(['.', ',']) else {
        return false;
    };
    let is_integer = is_digits(integer) && (integer == "0" || !integer.starts_with('0'));
    let is_zero = fraction.bytes().all(|b| b == b'0');
    is_integer && is_digits(fraction) && (integer == "0" || is_zero || fraction.len() <= 2)
}

/// `100,000,001`. A telephone number can have points and spaces, so they count there only before
/// decimals.
fn is_grouped(column: Column, number: &str) -> bool {
    let decimals = [".00", ",00", ".0", ",0"];
    let integer = decimals
        .iter()
        .find_map(|decimals| number.strip_suffix(decimals));
    let is_separator = |c: char| match c {
        ',' | '\'' | '’' => true,
        '.' | ' ' | '_' | '\u{A0}' | '\u{2009}' | '\u{202F}' => {
            column == Column::OrderId || integer.is_some()
        }
        _ => false,
    };
    let mut groups = integer.unwrap_or(number).split(is_separator);
    let first = groups.next().unwrap_or_default();
    let mut groups = groups.peekable();
    let has_groups = groups.peek().is_some();
    let is_first = is_digits(first) && first.len() <= 3 && !first.starts_with('0');
    has_groups && is_first && groups.all(|group| is_digits(group) && group.len() == 3)
}

/// The rest of an order id after `#`, whatever else is wrong with it.
fn is_numbered(text: &str) -> bool {
    is_number(trimmed(text))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}
