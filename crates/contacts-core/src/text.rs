use std::borrow::Cow;

/// What one pass over a text finds; every rule about text reads it from here.
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent findings, each a rule"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scan {
    /// Length in Unicode scalar values.
    pub(crate) chars: u64,
    /// Nothing visible in it.
    pub(crate) blank: bool,
    /// White space at either end.
    pub(crate) edge_space: bool,
    /// A control character or line break between the ends.
    pub(crate) control: bool,
    /// A bidirectional control.
    pub(crate) bidi: bool,
}

impl Scan {
    pub(crate) fn of(text: &str) -> Self {
        if text.is_empty() || text.starts_with(' ') || text.ends_with(' ') {
            Self::of_any(text)
        } else if is_plain(text.as_bytes()) {
            Self::nothing(text.len())
        } else if text.chars().all(is_ordinary) {
            Self::nothing(text.chars().count())
        } else {
            Self::of_any(text)
        }
    }

    /// Nothing is found but the length.
    pub(crate) fn nothing(chars: usize) -> Self {
        Self {
            chars: chars as u64,
            blank: false,
            edge_space: false,
            control: false,
            bidi: false,
        }
    }

    #[cold]
    fn of_any(text: &str) -> Self {
        let inner = text.trim_matches(is_space);
        let (mut blank, mut control, mut bidi) = (true, false, false);
        for c in inner.chars() {
            if is_ordinary(c) {
                blank = false;
            } else {
                blank &= is_invisible(c);
                control |= is_control(c);
                bidi |= is_bidi_control(c);
            }
        }
        Self {
            chars: text.chars().count() as u64,
            blank,
            edge_space: !blank && inner.len() < text.len(),
            control: !blank && control,
            bidi: !blank && bidi,
        }
    }
}

/// Whether all bytes are printable ASCII, looked at eight at a time.
fn is_plain(text: &[u8]) -> bool {
    let (words, rest) = text.as_chunks::<8>();
    // A byte's high bit is set here if it is set in the byte, if the byte is below a space, or if
    // it is DEL. A carry out of a byte needs such a byte, so none is missed and none is made up.
    let not_plain = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        let below_space = word.wrapping_sub(0x2020_2020_2020_2020);
        let delete = word.wrapping_add(0x0101_0101_0101_0101);
        word | below_space | delete
    };
    let found = words.iter().fold(0, |found, word| found | not_plain(word));
    found & 0x8080_8080_8080_8080 == 0 && rest.iter().all(|b| matches!(b, b' '..=b'~'))
}

/// Whether it is certain that no rule is about this character; spares almost all of them the tables
/// of Unicode.
const fn is_ordinary(c: char) -> bool {
    matches!(c, '!'..='~' | '\u{A1}'..='\u{61B}' | '\u{61D}'..='\u{167F}' | '\u{1681}'..='\u{1FFF}')
        || matches!(c, '\u{2070}'..='\u{2FFF}' | '\u{3001}'..='\u{FEFE}' | '\u{FF00}'..)
}

/// Unicode white space and three characters that print as nothing and stray in from spreadsheets.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

fn is_invisible(c: char) -> bool {
    is_space(c) || is_control(c) || is_bidi_control(c) || matches!(c, '\u{200C}' | '\u{200D}')
}

fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// `text` without what could act on a terminal or mislead its reader: control characters (also
/// C1), line separators and bidirectional controls each become `\u{FFFD}`, the replacement
/// character.
///
/// For text that came from a server or a file and is about to be shown.
///
/// ```
/// use contacts_core::printable;
///
/// assert_eq!(printable("no \u{1b}[31mred"), "no \u{FFFD}[31mred");
/// assert_eq!(printable("Zoë"), "Zoë");
/// ```
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    let unsafe_char = |c: char| is_control(c) || is_bidi_control(c);
    if text.chars().any(unsafe_char) {
        text.replace(unsafe_char, "\u{FFFD}").into()
    } else {
        text.into()
    }
}

/// `text` without the white space that [`crate::Rule::SurroundingWhiteSpace`] is about.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(is_space)
}

#[cfg(test)]
mod tests {
    use super::{is_invisible, is_ordinary, is_plain};

    #[test]
    fn no_rule_is_about_an_ordinary_character_and_most_are() {
        let all = || '\0'..=char::MAX;
        assert!(all().filter(|c| is_ordinary(*c)).all(|c| !is_invisible(c)));
        let looked_up = all().filter(|c| !is_ordinary(*c)).count();
        assert!(looked_up < 200, "{looked_up}");
    }

    #[test]
    fn looking_at_eight_bytes_at_a_time_finds_what_looking_at_each_finds() {
        for length in 0..20 {
            assert!(is_plain(&b"~ az09!x".repeat(3)[..length]));
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut text = b" ".repeat(length);
                    text[at] = byte;
                    assert_eq!(is_plain(&text), (0x20..0x7F).contains(&byte), "{text:?}");
                }
            }
        }
    }
}
