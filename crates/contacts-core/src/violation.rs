use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::contact_type::ContactType;
use crate::field::Field;
use crate::rule::Rule;

/// Where in an input a violation was found, such as `contacts[1].email`.
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
    name: Name,
}

/// The object that holds the offending member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parent {
    /// The outermost object, or a contact that was checked on its own.
    Root,
    /// `contacts[n]`
    Index(usize),
    /// `technical_contact` or `organization_contact` of the two-sided form.
    Side(ContactType),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Name {
    /// The object itself.
    Whole,
    Contacts,
    OrderId,
    Field(Field),
    Other(Box<str>),
}

impl Path {
    pub(crate) const fn whole(parent: Parent) -> Self {
        Self {
            parent,
            name: Name::Whole,
        }
    }

    pub(crate) const fn contacts() -> Self {
        Self {
            parent: Parent::Root,
            name: Name::Contacts,
        }
    }

    pub(crate) const fn order_id() -> Self {
        Self {
            parent: Parent::Root,
            name: Name::OrderId,
        }
    }

    pub(crate) const fn of_field(parent: Parent, field: Field) -> Self {
        Self {
            parent,
            name: Name::Field(field),
        }
    }

    /// A name that came from outside: shown only if it looks like a name, since a stray value in
    /// the place of a name would otherwise be printed.
    pub(crate) fn other(parent: Parent, name: &str) -> Self {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
        let shown = if !name.is_empty() && name.len() <= 40 && name.bytes().all(plain) {
            name
        } else {
            "(name not shown)"
        };
        Self {
            parent,
            name: Name::Other(shown.into()),
        }
    }

    /// The position in `contacts`, or in the order of [`UpdateDraft::push`], counted from 0.
    ///
    /// [`UpdateDraft::push`]: crate::UpdateDraft::push
    #[must_use]
    pub const fn contact_index(&self) -> Option<usize> {
        match self.parent {
            Parent::Index(index) => Some(index),
            Parent::Root | Parent::Side(_) => None,
        }
    }

    /// The known field that the path ends with.
    #[must_use]
    pub const fn field(&self) -> Option<Field> {
        match self.name {
            Name::Field(field) => Some(field),
            _ => None,
        }
    }

    /// Sorts by place: the contact first, then its fields in the order of DigiCert's table.
    pub(crate) fn rank(&self) -> (usize, usize) {
        let parent = match self.parent {
            Parent::Root => 0,
            Parent::Index(index) => index + 1,
            Parent::Side(kind) => kind as usize + 1,
        };
        let name = match &self.name {
            Name::Whole | Name::Contacts | Name::OrderId => 0,
            Name::Field(field) => *field as usize,
            Name::Other(_) => usize::MAX,
        };
        (parent, name)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parent {
            Parent::Root => {}
            Parent::Index(index) => write!(f, "contacts[{index}]")?,
            Parent::Side(kind) => f.write_str(kind.as_str())?,
        }
        if !matches!(self.parent, Parent::Root) && !matches!(self.name, Name::Whole) {
            f.write_str(".")?;
        }
        f.write_str(match &self.name {
            Name::Whole => "",
            Name::Contacts => "contacts",
            Name::OrderId => "order_id",
            Name::Field(field) => field.as_str(),
            Name::Other(name) => name,
        })
    }
}

/// One thing that is wrong with an input: where, and which rule it breaks.
///
/// It never holds the offending value, so that it can be printed, logged and stored. Serialises as
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
    pub(crate) const fn new(path: Path, rule: Rule) -> Self {
        Self { path, rule }
    }

    /// Where it was found.
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
        if self.path != Path::whole(Parent::Root) {
            write!(f, "{}: ", self.path)?;
        }
        self.rule.fmt(f)
    }
}

impl std::error::Error for Violation {}

impl Serialize for Violation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Violation", 3)?;
        out.serialize_field("path", &self.path.to_string())?;
        out.serialize_field("code", self.rule.code())?;
        out.serialize_field("message", &self.rule.to_string())?;
        out.end()
    }
}

/// Everything that is wrong with an input: at least one [`Violation`], in field order.
///
/// It can be indexed and iterated like a slice.
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

    /// `None` where nothing is wrong.
    pub(crate) fn from_list(mut list: Vec<Violation>) -> Option<Self> {
        list.sort_by_key(|violation| violation.path.rank());
        (!list.is_empty()).then_some(Self(list))
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
        for (n, violation) in self.0.iter().enumerate() {
            let line = if n == 0 { "" } else { "\n" };
            write!(f, "{line}{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}
