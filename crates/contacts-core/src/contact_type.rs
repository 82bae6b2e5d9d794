use crate::field::Field;
use crate::name::{Named, named_enum};
use crate::rule::Rule;
use crate::violation::{Leaf, Parent, Violation};

named_enum! {
    /// One of the two contacts of an order.
    ///
    /// The variants are in the order of DigiCert's example request.
    ///
    /// ```
    /// use contacts_core::ContactType;
    ///
    /// assert_eq!(ContactType::Technical.as_str(), "technical_contact");
    /// assert_eq!(ContactType::parse("organization_contact")?, ContactType::Organization);
    /// assert!(ContactType::parse("billing_contact").is_err());
    /// # Ok::<(), contacts_core::Violation>(())
    /// ```
    pub enum ContactType {
        /// `organization_contact`: represents the organization that the certificate names.
        Organization = "organization_contact",
        /// `technical_contact`: maintains the certificate.
        Technical = "technical_contact",
    }
}

impl ContactType {
    /// Parses the API's name of a contact type. The comparison is case-sensitive, as in the API.
    ///
    /// # Errors
    /// Returns a [`Violation`] of [`Rule::UnknownContactType`] for any other text.
    pub fn parse(name: &str) -> Result<Self, Violation> {
        let leaf = Leaf::Field(Field::ContactType);
        let violation = || Violation::new(Parent::Root, leaf, Rule::UnknownContactType);
        Self::from_name(name).ok_or_else(violation)
    }
}
