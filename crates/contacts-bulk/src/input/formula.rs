//! Keeps a spreadsheet from running a cell as a formula: an apostrophe in front (our own decision).

use std::borrow::Cow;

/// The first characters of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Escapes a cell for a CSV file.
///
/// A cell gets one more apostrophe if it is a formula or an escaped one, so that
/// [`unescape_formula`] restores every value.
///
/// ```
/// use contacts_bulk::input::escape_formula;
///
/// assert_eq!(escape_formula("+1 555 0100"), "'+1 555 0100");
/// assert_eq!(escape_formula("Jane"), "Jane");
/// ```
#[must_use]
pub fn escape_formula(cell: &str) -> Cow<'_, str> {
    if cell.trim_start_matches('\'').starts_with(FORMULA) {
        format!("'{cell}").into()
    } else {
        cell.into()
    }
}

/// Removes the apostrophe that [`escape_formula`] puts in front of a cell that a spreadsheet would run as a
/// formula. Further apostrophes belong to the value.
///
/// ```
/// use contacts_bulk::input::unescape_formula;
///
/// assert_eq!(unescape_formula("'+1 555 0100"), "+1 555 0100");
/// assert_eq!(unescape_formula("'t Hooft"), "'t Hooft");
/// ```
#[must_use]
pub fn unescape_formula(cell: &str) -> &str {
    let Some(rest) = cell.strip_prefix('\'') else {
        return cell;
    };
    if rest.trim_start_matches('\'').starts_with(FORMULA) {
        rest
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::{escape_formula, unescape_formula};

    #[test]
    fn a_formula_gets_an_apostrophe_and_loses_it_again() {
        for cell in ["=1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''+1"] {
            let escaped = escape_formula(cell);
            assert_eq!(escaped, format!("'{cell}"));
            assert_eq!(unescape_formula(&escaped), cell);
        }
        for cell in ["", "1", "a=b", "'", "'a", "O'Neil", " =1"] {
            assert_eq!(escape_formula(cell), cell);
            assert_eq!(unescape_formula(cell), cell);
        }
    }
}
