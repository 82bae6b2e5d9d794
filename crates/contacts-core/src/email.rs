use std::fmt;

/// Why a text is not an e-mail address by the grammar of the HTML standard.
///
/// The grammar is the one for `<input type=email>`: `local@label.label`, where the local part
/// holds ASCII letters, digits and ``.!#$%&'*+/=?^_`{|}~-`` and each label is 1 to 63 letters,
/// digits and inner hyphens. No quoting, no comments, no `[127.0.0.1]`, nothing outside of ASCII.
///
/// ```
/// use contacts_core::{Contact, EmailFault, Rule};
///
/// let violations = Contact::draft("Jane", "Doe", "jane@example..com").build().unwrap_err();
/// assert_eq!(violations[0].rule(), &Rule::EmailFormat(EmailFault::EmptyLabel));
/// assert_eq!(EmailFault::EmptyLabel.to_string(), "the domain has an empty label");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EmailFault {
    /// There is no `@`.
    NoAt,
    /// Nothing stands before the `@`.
    EmptyLocalPart,
    /// A character before the `@` that the grammar does not allow.
    LocalCharacter,
    /// The domain, or one of its labels, is empty.
    EmptyLabel,
    /// A label is longer than 63 characters.
    LongLabel,
    /// A label begins or ends with a hyphen.
    LabelHyphen,
    /// A character after the `@` that the grammar does not allow, a second `@` for example.
    DomainCharacter,
}

impl fmt::Display for EmailFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoAt => "missing `@`",
            Self::EmptyLocalPart => "nothing before the `@`",
            Self::LocalCharacter => "a character before the `@` is not allowed",
            Self::EmptyLabel => "the domain has an empty label",
            Self::LongLabel => "a domain label is longer than 63 characters",
            Self::LabelHyphen => "a domain label starts or ends with a hyphen",
            Self::DomainCharacter => {
                "a character after the `@` is not allowed; \
                 write an international domain in its `xn--` form"
            }
        })
    }
}

const LABEL_MAX: usize = 63;

/// Checks `address` against the grammar; on success tells whether its domain has a dot.
pub(crate) fn check(address: &str) -> Result<bool, EmailFault> {
    let address = address.as_bytes();
    let (local, rest) = address.split_at(length_of(address, &LOCAL));
    match rest.first() {
        Some(b'@') if local.is_empty() => Err(EmailFault::EmptyLocalPart),
        Some(b'@') => check_domain(&rest[1..]),
        _ if !rest.contains(&b'@') => Err(EmailFault::NoAt),
        _ => Err(EmailFault::LocalCharacter),
    }
}

fn check_domain(mut domain: &[u8]) -> Result<bool, EmailFault> {
    let mut has_dot = false;
    loop {
        let (label, rest) = domain.split_at(length_of(domain, &LABEL));
        match rest.split_first() {
            None => return check_label(label).map(|()| has_dot),
            Some((b'.', rest)) => {
                check_label(label)?;
                has_dot = true;
                domain = rest;
            }
            Some(_) => return Err(EmailFault::DomainCharacter),
        }
    }
}

/// The rules about a label whose characters are allowed.
fn check_label(label: &[u8]) -> Result<(), EmailFault> {
    match (label.first(), label.last()) {
        (None, _) | (_, None) => Err(EmailFault::EmptyLabel),
        (Some(b'-'), _) | (_, Some(b'-')) => Err(EmailFault::LabelHyphen),
        _ if label.len() > LABEL_MAX => Err(EmailFault::LongLabel),
        _ => Ok(()),
    }
}

/// How many bytes at the beginning are allowed.
fn length_of(text: &[u8], allowed: &[bool; 256]) -> usize {
    let end = text.iter().position(|b| !allowed[usize::from(*b)]);
    end.unwrap_or(text.len())
}

/// The bytes that may stand before the `@`.
const LOCAL: [bool; 256] = letters_digits_and(b".!#$%&'*+/=?^_`{|}~-");

/// The bytes that may stand in a part of the domain.
const LABEL: [bool; 256] = letters_digits_and(b"-");

const fn letters_digits_and(marks: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut b = 0_u8;
    while b < u8::MAX {
        table[b as usize] = b.is_ascii_alphanumeric();
        b += 1;
    }
    let mut n = 0;
    while n < marks.len() {
        table[marks[n] as usize] = true;
        n += 1;
    }
    table
}
