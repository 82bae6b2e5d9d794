use std::borrow::Cow;

use crate::rule::LocatedCharacter;

/// The findings of one pass over a text, for every rule about characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scan {
    /// Length in Unicode scalar values.
    pub(crate) chars: u64,
    /// No visible characters.
    pub(crate) blank: bool,
    /// The first character that [`trimmed`] removes.
    pub(crate) surrounding: Option<char>,
    /// The first control character or line break inside.
    pub(crate) control: Option<LocatedCharacter>,
    /// The first text-direction character inside.
    pub(crate) bidi: Option<LocatedCharacter>,
    /// The first other invisible character inside, unless a script needs it.
    pub(crate) invisible: Option<LocatedCharacter>,
    /// The first invisible character inside that a script needs.
    pub(crate) joiner: Option<LocatedCharacter>,
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
            surrounding: None,
            control: None,
            bidi: None,
            invisible: None,
            joiner: None,
        }
    }

    /// Whether a finding about characters that cannot be seen explains any other.
    pub(crate) fn has_unseen(self) -> bool {
        self.blank || self.control.or(self.bidi).or(self.invisible).is_some()
    }

    #[cold]
    fn slow(text: &str) -> Self {
        let mut scan = Self::clean(text.chars().count() as u64);
        if text.chars().all(is_blank) {
            scan.blank = true;
            return scan;
        }
        let inner = trimmed(text);
        scan.surrounding = surrounding_character(text);
        let before = text.chars().take_while(|c| is_surrounding(*c)).count();
        for (index, code_point) in inner.chars().enumerate() {
            let finding = if is_control(code_point) {
                &mut scan.control
            } else if is_bidi_control(code_point) {
                &mut scan.bidi
            } else if is_part_of_writing(code_point) {
                &mut scan.joiner
            } else if is_invisible(code_point) {
                &mut scan.invisible
            } else {
                continue;
            };
            finding.get_or_insert(LocatedCharacter {
                code_point,
                position: u32::try_from(before + index + 1).unwrap_or(u32::MAX),
            });
        }
        scan
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
    matches!(c, '!'..='~' | '\u{A1}'..='\u{AC}' | '\u{AE}'..='\u{34E}' | '\u{350}'..='\u{61B}')
        || matches!(c, '\u{61D}'..='\u{115E}' | '\u{1161}'..='\u{167F}' | '\u{1681}'..='\u{17B3}')
        || matches!(c, '\u{17B6}'..='\u{180A}' | '\u{1810}'..='\u{1FFF}' | '\u{2070}'..='\u{27FF}')
        || matches!(c, '\u{2801}'..='\u{2FFF}' | '\u{3001}'..='\u{3163}' | '\u{3165}'..='\u{FDFF}')
        || matches!(c, '\u{FE10}'..='\u{FEFE}' | '\u{FF00}'..='\u{FF9F}' | '\u{FFA1}'..='\u{FFEF}')
        || matches!(c, '\u{FFFC}' | '\u{FFFE}'..='\u{1BC9F}' | '\u{1BCA4}'..='\u{1D172}' | '\u{1D17B}'..='\u{DFFFF}')
}

/// Whether nothing is visible in a text of only such characters.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_invisible(c)
}

/// The property `Default_Ignorable_Code_Point` of Unicode 16 (`DerivedCoreProperties.txt`), the braille
/// pattern without a dot, and the marks of an annotation.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}')
        || matches!(c, '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
        || matches!(c, '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{2800}')
        || matches!(c, '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// The invisible characters that change how their neighbours are written: joiners (Persian, the
/// scripts of India, emoji) and variation selectors.
const fn is_part_of_writing(c: char) -> bool {
    matches!(c, '\u{34F}' | '\u{180B}'..='\u{180F}' | '\u{200C}'..='\u{200D}')
        || matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Whether [`trimmed`] removes the character at an end: white space, and what is as invisible. Tags
/// stay: they end the flags of England, Scotland and Wales.
fn is_surrounding(c: char) -> bool {
    let is_tag = matches!(c, '\u{E0020}'..='\u{E007F}');
    c.is_whitespace() || is_invisible(c) && !is_part_of_writing(c) && !is_tag
}

/// Also the character that stands for lost text.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FFFD}')
}

const fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
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

/// `text` without what [`Rule::SurroundingWhiteSpace`](crate::Rule::SurroundingWhiteSpace) finds at
/// its ends: white space and invisible characters, such as U+200E from a web page.
///
/// ```
/// use contacts_core::trimmed;
///
/// assert_eq!(trimmed(" +1 555 0100\u{200E}"), "+1 555 0100");
/// ```
#[must_use]
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(is_surrounding)
}

/// The first character at an end of `text` that [`trimmed`] removes, if there is one.
///
/// ```
/// use contacts_core::surrounding_character;
///
/// assert_eq!(surrounding_character("+1 555\u{200E}"), Some('\u{200E}'));
/// assert_eq!(surrounding_character("+1 555"), None);
/// ```
#[must_use]
pub fn surrounding_character(text: &str) -> Option<char> {
    let ends = [text.chars().next(), text.chars().next_back()];
    ends.into_iter().flatten().find(|c| is_surrounding(*c))
}

/// A file or a response in UTF-8 without its byte order mark.
///
/// ```
/// use contacts_core::without_byte_order_mark;
///
/// assert_eq!(without_byte_order_mark("\u{FEFF}{}".as_bytes()), b"{}");
/// assert_eq!(without_byte_order_mark(b"{}"), b"{}");
/// ```
#[must_use]
pub fn without_byte_order_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::{is_blank, is_control, is_ordinary, is_printable_ascii};

    #[test]
    fn no_rule_concerns_an_ordinary_character_and_most_are_ordinary() {
        let all = || '\0'..=char::MAX;
        let concerns = |c: &char| is_blank(*c) || is_control(*c);
        assert_eq!(all().filter(|c| is_ordinary(*c)).find(concerns), None);
        // U+E0000 and above, which no text has, and few below.
        let special = ('\0'..='\u{DFFFF}').filter(|c| !is_ordinary(*c)).count();
        assert!(special < 300, "{special}");
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
