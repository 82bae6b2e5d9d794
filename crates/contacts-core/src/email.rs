/// The reason why a text is not a valid e-mail address.
///
/// The grammar is that of `<input type=email>` in the HTML standard: `local@label.label`. The local
/// part consists of ASCII letters, digits and ``.!#$%&'*+/=?^_`{|}~-``. Each label consists of 1 to 63
/// ASCII letters, digits and inner hyphens. Quoted local parts, comments and address literals such
/// as `[127.0.0.1]` are invalid.
///
/// ```
/// use contacts_core::{Contact, EmailError, Rule};
///
/// let violations = Contact::draft("Jane", "Doe", "jane@example..com").build().unwrap_err();
/// assert_eq!(violations[0].rule(), &Rule::EmailFormat(EmailError::EmptyLabel));
/// assert_eq!(EmailError::EmptyLabel.to_string(), "the domain has an empty label");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EmailError {
    /// The `@` is missing.
    #[error("missing `@`")]
    NoAt,
    /// The local part is empty.
    #[error("nothing before the `@`")]
    EmptyLocalPart,
    /// The local part contains a character that the grammar does not allow.
    #[error("a character before the `@` is not allowed")]
    LocalCharacter,
    /// The domain, or one of its labels, is empty.
    #[error("the domain has an empty label")]
    EmptyLabel,
    /// A label is longer than 63 characters.
    #[error("a domain label is longer than 63 characters")]
    LongLabel,
    /// A label starts or ends with a hyphen.
    #[error("a domain label starts or ends with a hyphen")]
    LabelHyphen,
    /// The domain contains a character that the grammar does not allow, such as a second `@`.
    #[error("a character after the `@` is not allowed")]
    DomainCharacter,
    /// The domain contains a letter that is not ASCII.
    #[error(
        "a letter after the `@` is not ASCII; write an international domain in its `xn--` form"
    )]
    InternationalDomain,
    /// A comma or a semicolon separates several addresses.
    #[error("several addresses; a contact has one")]
    SeveralAddresses,
}

const LABEL_MAX: usize = 63;

/// Checks `address` against the grammar. Returns whether its domain has a dot.
pub(crate) fn check(address: &str) -> Result<bool, EmailError> {
    check_bytes(address.as_bytes()).map_err(|error| match error {
        EmailError::DomainCharacter | EmailError::LocalCharacter
            if address
                .split([',', ';'])
                .filter(|part| part.contains('@'))
                .count()
                > 1 =>
        {
            EmailError::SeveralAddresses
        }
        EmailError::DomainCharacter
            if address
                .chars()
                .any(|c| c.is_alphanumeric() && !c.is_ascii()) =>
        {
            EmailError::InternationalDomain
        }
        error => error,
    })
}

fn check_bytes(address: &[u8]) -> Result<bool, EmailError> {
    let (local, rest) = address.split_at(prefix_length(address, &LOCAL));
    match rest.first() {
        Some(b'@') if local.is_empty() => Err(EmailError::EmptyLocalPart),
        Some(b'@') => check_domain(&rest[1..]),
        _ if !rest.contains(&b'@') => Err(EmailError::NoAt),
        _ => Err(EmailError::LocalCharacter),
    }
}

fn check_domain(mut domain: &[u8]) -> Result<bool, EmailError> {
    let mut has_dot = false;
    loop {
        let (label, rest) = domain.split_at(prefix_length(domain, &LABEL));
        match rest.split_first() {
            None => return check_label(label).map(|()| has_dot),
            Some((b'.', rest)) => {
                check_label(label)?;
                has_dot = true;
                domain = rest;
            }
            Some(_) => return Err(EmailError::DomainCharacter),
        }
    }
}

fn check_label(label: &[u8]) -> Result<(), EmailError> {
    match (label.first(), label.last()) {
        (None, _) | (_, None) => Err(EmailError::EmptyLabel),
        (Some(b'-'), _) | (_, Some(b'-')) => Err(EmailError::LabelHyphen),
        _ if label.len() > LABEL_MAX => Err(EmailError::LongLabel),
        _ => Ok(()),
    }
}

/// The length of the longest prefix of allowed bytes.
fn prefix_length(text: &[u8], allowed: &[bool; 256]) -> usize {
    let end = text.iter().position(|b| !allowed[usize::from(*b)]);
    end.unwrap_or(text.len())
}

/// The bytes that a label of the domain may contain.
const LABEL: [bool; 256] =
    table(b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

/// The bytes that the local part may contain.
const LOCAL: [bool; 256] =
    table(b"!#$%&'*+-./0123456789=?ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}~");

const fn table(allowed: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut index = 0;
    while index < allowed.len() {
        table[allowed[index] as usize] = true;
        index += 1;
    }
    table
}
