use std::fmt;

use serde::{Serialize, Serializer};

use crate::field::Field;

/// A valid contact: it follows every rule of the [crate page](crate), except for those that its
/// draft skipped.
///
/// The [`ContactsUpdate`] that contains it determines its type. It serializes to the fields that are
/// set; for a missing field, the API keeps the order's value. `Debug` shows which fields are set,
/// never their values.
///
/// ```
/// use contacts_core::Contact;
///
/// let jane = Contact::draft("Jane", "Doe", "jane.doe@example.com").telephone("1234567890").build()?;
/// assert_eq!(jane.email(), "jane.doe@example.com");
/// assert_eq!(jane.telephone(), Some("1234567890"));
/// assert_eq!(jane.job_title(), None);
/// assert_eq!(format!("{jane:?}"), "Contact { set: [FirstName, LastName, Email, Telephone] }");
/// # Ok::<(), contacts_core::Violations>(())
/// ```
///
/// [`ContactsUpdate`]: crate::ContactsUpdate
// One allocation for all six texts, because programs hold a contact for each of 50,000 orders. The
// limits allow (128 + 128 + 255 + 64 + 32) * 4 + 3 bytes in all, so a u16 fits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Contact {
    text: Box<str>,
    ends: [u16; 6],
    set: [bool; 6],
}

impl Contact {
    /// The first name.
    #[must_use]
    pub fn first_name(&self) -> &str {
        self.get(Field::FirstName).unwrap_or_default()
    }

    /// The last name.
    #[must_use]
    pub fn last_name(&self) -> &str {
        self.get(Field::LastName).unwrap_or_default()
    }

    /// The e-mail address.
    #[must_use]
    pub fn email(&self) -> &str {
        self.get(Field::Email).unwrap_or_default()
    }

    /// The job title, or `None` to keep the order's.
    #[must_use]
    pub fn job_title(&self) -> Option<&str> {
        self.get(Field::JobTitle)
    }

    /// The telephone number, or `None` to keep the order's.
    #[must_use]
    pub fn telephone(&self) -> Option<&str> {
        self.get(Field::Telephone)
    }

    /// The language id, or `None` to keep the order's.
    #[must_use]
    pub fn language_id(&self) -> Option<&str> {
        self.get(Field::LanguageId)
    }

    /// The value of a text field; `None` if it is not set, and for [`Field::ContactType`].
    ///
    /// ```
    /// use contacts_core::{Contact, Field};
    ///
    /// let jane = Contact::draft("Jane", "Doe", "j@example.com").build()?;
    /// assert_eq!(jane.get(Field::Email), Some("j@example.com"));
    /// assert_eq!(jane.get(Field::JobTitle), None);
    /// # Ok::<(), contacts_core::Violations>(())
    /// ```
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&str> {
        let index = field.text_index()?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        let value = usize::from(start)..usize::from(self.ends[index]);
        self.set[index].then(|| &self.text[value])
    }

    /// The fields that are set and their values, in the order of the request body.
    ///
    /// ```
    /// use contacts_core::{Contact, Field};
    ///
    /// let jane = Contact::draft("Jane", "Doe", "j@example.com").build()?;
    /// assert_eq!(jane.fields().next(), Some((Field::FirstName, "Jane")));
    /// assert_eq!(jane.fields().count(), 3);
    /// # Ok::<(), contacts_core::Violations>(())
    /// ```
    pub fn fields(&self) -> impl Iterator<Item = (Field, &str)> {
        Field::TEXT
            .into_iter()
            .filter_map(|field| Some((field, self.get(field)?)))
    }

    /// Requires valid values, in the order of [`Field::TEXT`].
    pub(crate) fn pack(values: [Option<&str>; 6]) -> Self {
        let texts = values.map(Option::unwrap_or_default);
        let mut end = 0;
        Self {
            text: texts.concat().into_boxed_str(),
            ends: texts.map(|text| {
                end += text.len();
                u16::try_from(end).expect("the values are within their limits")
            }),
            set: values.map(|value| value.is_some()),
        }
    }
}

impl Serialize for Contact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.fields())
    }
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set: Vec<_> = self.fields().map(|(field, _)| field).collect();
        f.debug_struct("Contact").field("set", &set).finish()
    }
}
