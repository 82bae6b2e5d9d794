use std::borrow::Cow;

/// The findings of one pass over a text, for every rule about characters.
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent findings, one for each rule"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scan {
    /// Length in Unicode scalar values.
    pub(crate) chars: u64,
    /// No visible characters.
    pub(crate) blank: bool,
    /// Leading or trailing white space.
    pub(crate) surrounding_space: bool,
    /// A control character or line break inside.
    pub(crate) control: bool,
    /// A bidirectional control character.
    pub(crate) bidi: bool,
}

impl Scan {
    pub(crate) fn of(text: &str) -> Self {
        if text.is_empty() || text.starts_with(' ') || text.ends_with(' ') {
            Self::slow(text)
        } else if is_printable_ascii(text.as_bytes()) {
            Self::clean(text.len() as u64)
        } else if text.chars().all(is_ordinary) {
            Self::clean(text.chars().count() as u64)
        } else {
            Self::slow(text)
        }
    }

    /// No finding but the length.
    pub(crate) fn clean(chars: u64) -> Self {
        Self {
            chars,
            blank: false,
            surrounding_space: false,
            control: false,
            bidi: false,
        }
    }

    #[cold]
    fn slow(text: &str) -> Self {
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
            surrounding_space: !blank && inner.len() < text.len(),
            control: !blank && control,
            bidi: !blank && bidi,
        }
    }
}

/// Whether all bytes are printable ASCII. Tests eight bytes at a time.
fn is_printable_ascii(text: &[u8]) -> bool {
    let (words, rest) = text.as_chunks::<8>();
    // A high bit is set if the byte is not ASCII, below a space, or DEL. A carry out of a byte needs
    // such a byte, so the result is exact.
    let high_bits = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        let below_space = word.wrapping_sub(0x2020_2020_2020_2020);
        let delete = word.wrapping_add(0x0101_0101_0101_0101);
        word | below_space | delete
    };
    let high_bits = words.iter().fold(0, |bits, word| bits | high_bits(word));
    high_bits & 0x8080_8080_8080_8080 == 0 && rest.iter().all(|b| matches!(b, b' '..=b'~'))
}

/// Whether no rule can concern the character. Skips the Unicode tables for almost all characters.
const fn is_ordinary(c: char) -> bool {
    matches!(c, '!'..='~' | '\u{A1}'..='\u{61B}' | '\u{61D}'..='\u{167F}' | '\u{1681}'..='\u{1FFF}')
        || matches!(c, '\u{2070}'..='\u{2FFF}' | '\u{3001}'..='\u{FEFE}' | '\u{FF00}'..)
}

/// Unicode white space, and three invisible characters that spreadsheets leave behind.
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

/// Makes text from a server or a file safe to print: replaces each control character (C0 and C1),
/// line separator and bidirectional control character with `\u{FFFD}`, the replacement character.
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

/// `text` without the white space of [`crate::Rule::SurroundingWhiteSpace`].
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(is_space)
}

#[cfg(test)]
mod tests {
    use super::{is_invisible, is_ordinary, is_printable_ascii};

    #[test]
    fn no_rule_concerns_an_ordinary_character_and_most_are_ordinary() {
        let all = || '\0'..=char::MAX;
        assert!(all().filter(|c| is_ordinary(*c)).all(|c| !is_invisible(c)));
        let special = all().filter(|c| !is_ordinary(*c)).count();
        assert!(special < 200, "{special}");
    }

    #[test]
    fn testing_eight_bytes_at_a_time_equals_testing_each_byte() {
        for length in 0..20 {
            assert!(is_printable_ascii(&b"~ az09!x".repeat(3)[..length]));
            for index in 0..length {
                for byte in 0..=u8::MAX {
                    let mut text = b" ".repeat(length);
                    text[index] = byte;
                    assert_eq!(
                        is_printable_ascii(&text),
                        (0x20..0x7F).contains(&byte),
                        "{text:?}"
                    );
                }
            }
        }
    }
}
