use std::fmt;

use contacts_core::{Order, OrderContact};

use crate::domain::is_domain;

/// What a contact must have to be found. Case does not matter.
///
/// ```
/// use contacts_bulk::search::SearchTerm;
///
/// let terms = ["robin@example.com", "@example.com", "www.example.com", "Robin Leaver"];
/// for term in terms {
///     assert_eq!(SearchTerm::parse(term)?.text(), term);
/// }
/// assert!(SearchTerm::parse("robin@").is_err());
/// # Ok::<(), contacts_bulk::search::SearchTermError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SearchTerm {
    text: String,
    /// In the form that is compared.
    folded: String,
    kind: TermKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TermKind {
    Email,
    /// The domain of an address.
    AddressDomain,
    /// The domain of an address or of a certificate.
    Domain,
    Name,
}

/// Why a text cannot be searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SearchTermError {
    /// The text is blank.
    #[error("expected an e-mail address, a name or a domain, found nothing")]
    Blank,
    /// The text has an `@` and is no e-mail address, or has none where an address is expected.
    #[error("not an e-mail address; expected one such as robin@example.com")]
    NotAnEmail,
}

impl SearchTerm {
    /// Parses a term:
    ///
    /// - An e-mail address finds contacts with this address.
    /// - A domain with an `@` in front, such as `@example.com`, finds contacts whose address is in
    ///   this domain or a subdomain.
    /// - A domain finds these as well, and all contacts of orders whose common name is in it.
    /// - Any other text is a name: it finds contacts in whose first and last name it occurs, in
    ///   either sequence.
    ///
    /// # Errors
    /// Returns an error if the text is blank, or has an `@` and is no e-mail address.
    pub fn parse(text: &str) -> Result<Self, SearchTermError> {
        let folded = fold(text);
        if folded.is_empty() {
            return Err(SearchTermError::Blank);
        }
        let term = |kind, folded| Self::new(text, kind, folded);
        if let Some(domain) = folded.strip_prefix('@').filter(|domain| is_domain(domain)) {
            return Ok(term(TermKind::AddressDomain, domain.to_owned()));
        }
        if folded.contains('@') {
            return Self::email(text);
        }
        let domain = folded.strip_prefix("*.").unwrap_or(&folded);
        let domain = domain.strip_prefix('.').unwrap_or(domain);
        let domain = domain.strip_suffix('.').unwrap_or(domain);
        if domain.contains('.') && is_domain(domain) {
            return Ok(term(TermKind::Domain, domain.to_owned()));
        }
        Ok(term(TermKind::Name, folded))
    }

    /// A term that finds contacts with an e-mail address.
    ///
    /// # Errors
    /// Returns an error if the text is no e-mail address.
    pub fn email(text: &str) -> Result<Self, SearchTermError> {
        let folded = fold(text);
        if !is_address(&folded) {
            return Err(SearchTermError::NotAnEmail);
        }
        Ok(Self::new(text, TermKind::Email, folded))
    }

    fn new(text: &str, kind: TermKind, folded: String) -> Self {
        Self {
            text: text.trim().to_owned(),
            folded,
            kind,
        }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether two terms find the same contacts.
    #[must_use]
    pub fn has_same_meaning(&self, other: &Self) -> bool {
        (self.kind, &self.folded) == (other.kind, &other.folded)
    }

    pub(super) fn is_email(&self) -> bool {
        self.kind == TermKind::Email
    }

    pub(super) fn needs_names(&self) -> bool {
        self.kind == TermKind::Name
    }

    /// Whether a contact of an order matches.
    pub(super) fn matches(&self, order: &Order, contact: &OrderContact) -> bool {
        let email = fold(contact.email().unwrap_or_default());
        let in_domain = || {
            let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
            is_within(domain, &self.folded)
        };
        match self.kind {
            TermKind::Email => email == self.folded,
            TermKind::AddressDomain => in_domain(),
            TermKind::Domain => in_domain() || self.matches_common_name(order),
            TermKind::Name => name_of(contact).contains(&self.folded),
        }
    }

    /// Whether the common name of an order matches.
    pub(super) fn matches_common_name(&self, order: &Order) -> bool {
        let name = fold(order.common_name.as_deref().unwrap_or_default());
        let name = name.strip_prefix("*.").unwrap_or(&name);
        self.kind == TermKind::Domain && is_within(name, &self.folded)
    }

    /// Whether a contact of which a source says this may match. A source may write an address in a
    /// form of its own, so more may match here than does.
    pub(super) fn may_match(&self, email: &str, name: Option<&str>) -> bool {
        match self.kind {
            TermKind::Name => name.is_none_or(|name| name.contains(&self.folded)),
            _ => email.contains(&self.folded),
        }
    }
}

/// The form of a text that is compared: without case, and with single spaces.
pub(crate) fn fold(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// The first and last name in both sequences.
pub(super) fn name_of(contact: &OrderContact) -> String {
    let (first, last) = (contact.first_name(), contact.last_name());
    let (first, last) = (first.unwrap_or_default(), last.unwrap_or_default());
    fold(&format!("{first} {last} {first}"))
}

/// Whether a folded text looks like an address.
pub(super) fn is_address(folded: &str) -> bool {
    let parts = folded.split_once('@');
    let is_odd = |c: char| c.is_whitespace() || c.is_control();
    let is_part = |part: &str| !part.is_empty() && !part.contains(is_odd);
    parts.is_some_and(|(local, domain)| is_part(local) && is_part(domain))
}

fn is_within(name: &str, domain: &str) -> bool {
    let rest = name.strip_suffix(domain);
    rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Shows no personal data.
impl fmt::Debug for SearchTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SearchTerm").field(&self.kind).finish()
    }
}
