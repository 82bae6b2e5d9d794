use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::contact_type::ContactType;
use crate::field::Field;
use crate::rule::Rule;

/// The position of a violation in an input, such as `contacts[1].email`.
///
/// ```
/// use contacts_core::{Contact, Field};
///
/// let violations = Contact::draft("Jane", "Doe", "nowhere").build().unwrap_err();
/// let path = violations[0].path();
/// assert_eq!(path.to_string(), "email");
/// assert_eq!(path.field(), Some(Field::Email));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    parent: Parent,
    leaf: Leaf,
}

/// The object in which a violation was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Parent {
    /// The top-level object, or a contact that was validated on its own.
    Root,
    /// `contacts[n]`
    Index(usize),
    /// `organization_contact` or `technical_contact` at the top level.
    Member(ContactType),
}

/// The member of the object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Leaf {
    /// No member: the object itself.
    None,
    Contacts,
    OrderId,
    Field(Field),
    Unknown(Box<str>),
}

impl Leaf {
    /// A name from the input. It is shown only if it looks like a name: it could be a value in the
    /// wrong place.
    pub(crate) fn unknown(name: &str) -> Self {
        const MAX_LENGTH: usize = 40;
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
        let is_name = matches!(name.len(), 1..=MAX_LENGTH) && name.bytes().all(allowed);
        Self::Unknown(if is_name { name } else { "(name not shown)" }.into())
    }

    /// Sorts fields in the order of DigiCert's table, and unknown members last.
    const fn rank(&self) -> usize {
        match self {
            Self::None | Self::Contacts | Self::OrderId => 0,
            Self::Field(field) => *field as usize,
            Self::Unknown(_) => usize::MAX,
        }
    }
}

impl Path {
    pub(crate) const fn new(parent: Parent, leaf: Leaf) -> Self {
        Self { parent, leaf }
    }

    /// The index in `contacts`, or of the call of [`UpdateDraft::push`], from 0.
    ///
    /// [`UpdateDraft::push`]: crate::UpdateDraft::push
    #[must_use]
    pub const fn contact_index(&self) -> Option<usize> {
        match self.parent {
            Parent::Index(index) => Some(index),
            Parent::Root | Parent::Member(_) => None,
        }
    }

    /// The field, if the path ends with a documented one.
    #[must_use]
    pub const fn field(&self) -> Option<Field> {
        match self.leaf {
            Leaf::Field(field) => Some(field),
            _ => None,
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parent {
            Parent::Root => {}
            Parent::Index(index) => write!(f, "contacts[{index}]")?,
            Parent::Member(contact_type) => f.write_str(contact_type.as_str())?,
        }
        if self.parent != Parent::Root && self.leaf != Leaf::None {
            f.write_str(".")?;
        }
        f.write_str(match &self.leaf {
            Leaf::None => "",
            Leaf::Contacts => "contacts",
            Leaf::OrderId => "order_id",
            Leaf::Field(field) => field.as_str(),
            Leaf::Unknown(name) => name,
        })
    }
}

/// A rule that an input breaks, and the position.
///
/// It never contains the value, so it is safe to print, log and store. It serializes as
/// `{"path", "code", "message"}`.
///
/// ```
/// use contacts_core::Contact;
///
/// let violations = Contact::draft("Jane", "", "jane@example.com").build().unwrap_err();
/// assert_eq!(violations[0].rule().code(), "blank");
/// assert_eq!(
///     violations[0].to_string(),
///     "last_name: must not be blank",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    path: Path,
    rule: Rule,
}

impl Violation {
    pub(crate) const fn new(parent: Parent, leaf: Leaf, rule: Rule) -> Self {
        Self {
            path: Path::new(parent, leaf),
            rule,
        }
    }

    /// The position in the input.
    #[must_use]
    pub const fn path(&self) -> &Path {
        &self.path
    }

    /// The rule that is broken.
    #[must_use]
    pub const fn rule(&self) -> &Rule {
        &self.rule
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.to_string().as_str() {
            "" => self.rule.fmt(f),
            path => write!(f, "{path}: {}", self.rule),
        }
    }
}

impl std::error::Error for Violation {}

impl Serialize for Violation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut violation = serializer.serialize_struct("Violation", 3)?;
        violation.serialize_field("path", &self.path.to_string())?;
        violation.serialize_field("code", self.rule.code())?;
        violation.serialize_field("message", &self.rule.to_string())?;
        violation.end()
    }
}

/// Every [`Violation`] of an input, at least one, in field order.
///
/// It dereferences to a slice.
///
/// ```
/// use contacts_core::Contact;
///
/// let violations = Contact::draft("", "Doe", "nowhere").build().unwrap_err();
/// assert_eq!(violations.len(), 2);
/// assert_eq!(violations[1].path().to_string(), "email");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Violations(Vec<Violation>);

impl Violations {
    pub(crate) fn one(violation: Violation) -> Self {
        Self(vec![violation])
    }

    /// Returns the sorted list as an error unless it is empty.
    pub(crate) fn check(mut list: Vec<Violation>) -> Result<(), Self> {
        list.sort_by_key(|violation| (violation.path.parent, violation.path.leaf.rank()));
        if list.is_empty() {
            Ok(())
        } else {
            Err(Self(list))
        }
    }
}

impl std::ops::Deref for Violations {
    type Target = [Violation];

    fn deref(&self) -> &[Violation] {
        &self.0
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Violations {}
