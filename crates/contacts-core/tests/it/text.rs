//! Characters of a text that cannot be seen.

use crate::rule::{jane, result};

#[test]
fn harmful_characters_are_violations_of_their_own() {
    for (text, code) in [
        ("Ja\u{0}ne", "control-character"),
        ("Ja\nne", "control-character"),
        ("Ja\u{9b}ne", "control-character"),
        ("Ja\u{2028}ne", "control-character"),
        ("Ja\u{202E}ne", "bidi-control"),
        ("Ja\u{2066}ne", "bidi-control"),
        ("Ja\u{200E}ne", "bidi-control"),
        ("Ja\u{61C}ne", "bidi-control"),
        ("Ja\u{AD}ne", "invisible-character"),
        ("Ja\u{200B}ne", "invisible-character"),
        ("Ja\u{2060}ne", "invisible-character"),
        ("Ja\u{3164}ne", "invisible-character"),
        ("Ja\u{E0041}ne", "invisible-character"),
        ("Jane\u{E007F}", "invisible-character"),
        ("Ja\u{2800}ne", "invisible-character"),
        ("Ja\u{FFF9}ne", "invisible-character"),
        ("Jos\u{FFFD}", "control-character"),
        ("\u{200F}Jane", "surrounding-white-space"),
        ("Jane\u{2800}", "surrounding-white-space"),
        ("Jane ", "surrounding-white-space"),
        ("\u{A0}Jane", "surrounding-white-space"),
        ("Jane\n", "surrounding-white-space"),
        ("\u{FEFF}Jane", "surrounding-white-space"),
        ("", "blank"),
        (" \t", "blank"),
        ("\u{200B}", "blank"),
        ("\u{200C}", "blank"),
        ("\u{202E}", "blank"),
        ("\u{3164}", "blank"),
        ("\u{2800}\u{2800}", "blank"),
        ("\u{AD}", "blank"),
        ("\u{115F}\u{FFA0} \u{FE0F}\u{E0041}", "blank"),
        ("\u{7}\u{7}", "blank"),
    ] {
        let violations = jane().first_name(text).build().unwrap_err();
        let codes: Vec<_> = violations.iter().map(|v| v.rule().code()).collect();
        assert_eq!(codes, [code], "{text:?}");
    }
    for text in [
        "Zoë",
        "राम",
        "陳",
        "Ана",
        "O'Neil-Smith, Jr.",
        "नरेन्द्र\u{200D}",
        "علی\u{200C}رضا",
        "Ana \u{2764}\u{FE0F}",
        "ᠮᠣᠩᠭᠣᠯ\u{180E}ᠠ",
    ] {
        assert_eq!(result(jane().first_name(text)), "valid", "{text}");
    }
}

#[test]
fn a_character_that_cannot_be_seen_is_named_with_its_position() {
    for (text, message) in [
        (
            "+1 \u{200E}555",
            "U+200E, an invisible text-direction character, at character 4; remove it",
        ),
        (
            "  Zo\u{7}ë",
            "U+0007, a control character, at character 5; remove it",
        ),
        ("a\tb", "U+0009, a tab, at character 2; remove it"),
        (
            "a\u{2028}b",
            "U+2028, a line break, at character 2; remove it",
        ),
        (
            "a\u{200B}b",
            "U+200B, an invisible character, at character 2; remove it",
        ),
        (
            "a\u{200E}",
            "leading or trailing U+200E, which is invisible; remove it",
        ),
        (
            "\u{A0}a",
            "leading or trailing U+00A0, which is invisible; remove it",
        ),
        ("a ", "leading or trailing white space; remove it"),
        (
            "Jos\u{FFFD}",
            "U+FFFD, which stands for lost text, at character 4; remove it",
        ),
        (
            "030\u{200C}1",
            "U+200C, an invisible character, at character 4; remove it",
        ),
    ] {
        let violations = jane().telephone(text).build().unwrap_err();
        let last = violations.last().unwrap();
        assert_eq!(last.rule().to_string(), message, "{text:?}");
    }
}

#[test]
fn text_is_trimmed_of_what_cannot_be_seen_but_not_of_what_is_part_of_the_writing() {
    for (text, expected) in [
        ("\u{200E} +1 555 0100\u{200F}\u{61C}", "+1 555 0100"),
        ("\u{FEFF}Jane\u{3164}\u{2800}\r\n", "Jane"),
        ("\u{2764}\u{FE0F}", "\u{2764}\u{FE0F}"),
        ("a\u{200E}b", "a\u{200E}b"),
        ("\u{AD}", ""),
    ] {
        assert_eq!(contacts_core::trimmed(text), expected);
    }
}

#[test]
fn a_language_id_and_an_address_name_the_character_that_cannot_be_seen() {
    insta::assert_snapshot!(result(jane().language_id("1\u{200E}")), @"language_id: leading or trailing U+200E, which is invisible; remove it");
    insta::assert_snapshot!(result(jane().language_id("x ")), @"
    language_id: leading or trailing white space; remove it
    language_id: not a language id: expected 1 to 3 digits
    ");
    insta::assert_snapshot!(result(jane().email("jane@exa\u{200C}mple.com")), @"email: U+200C, an invisible character, at character 9; remove it");
    insta::assert_snapshot!(result(jane().email("jane@exämple.com")), @"email: not an e-mail address: a letter after the `@` is not ASCII; write an international domain in its `xn--` form");
    insta::assert_snapshot!(result(jane().email("a@example.com; b@example.com")), @"email: not an e-mail address: several addresses; a contact has one");
    insta::assert_snapshot!(result(jane().email("jane@example.com;")), @"email: not an e-mail address: a character after the `@` is not allowed");
}
