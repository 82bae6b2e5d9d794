//! Types and rules for the two contacts of a DigiCert certificate order.
//!
//! DigiCert changes the contacts of an existing order with one request,
//! `PUT /order/certificate/{order_id}/contact`. This crate validates an update before it is sent. It
//! does no I/O, reads no clock and writes no log.
//!
//! | type | what it is |
//! |---|---|
//! | [`Contact`] | a valid contact |
//! | [`ContactDraft`] | a contact before validation; [`build`](ContactDraft::build) reports *all* violations |
//! | [`ContactsUpdate`] | one or two contacts, at most one of each [`ContactType`]: the body of the request |
//! | [`UpdateDraft`] | an update before validation |
//! | [`OrderId`] | an order's id; digits only, because it becomes part of the request URL |
//! | [`Violation`] | a [`Path`] and the [`Rule`] that it breaks, never the value |
//! | [`Order`] | an order as DigiCert returns it, parsed leniently |
//! | [`Change`] | the effect of an update on an order, field by field |
//! | [`ApiErrors`] | the errors in a response, in any of their forms |
//! | [`Outcome`] | the effect that a failed request may have had |
//!
//! ```
//! use contacts_core::{Contact, ContactsUpdate};
//!
//! let successor = Contact::draft("Jane", "Doe", "jane.doe@example.com")
//!     .job_title("SRE")
//!     .build()?;
//! let update = ContactsUpdate::technical(successor);
//! assert_eq!(
//!     update.to_json(),
//!     br#"{"contacts":[{"first_name":"Jane","last_name":"Doe","email":"jane.doe@example.com","job_title":"SRE","contact_type":"technical_contact"}]}"#,
//! );
//! # Ok::<(), contacts_core::Violations>(())
//! ```
//!
//! The crate `contacts-http` sends the update, and `contacts-bulk` changes many orders.
//!
//! # Rules
//!
//! Lengths are counted in Unicode scalar values. DigiCert does not document the unit.
//!
//! | field | rule | code | source |
//! |---|---|---|---|
//! | `contact_type` | `organization_contact` or `technical_contact` | `required`, `unknown-contact-type` | DigiCert's page |
//! | `order_id` | 1 to 19 digits, no leading zero | `order-id-format` | ours: it becomes part of the request URL |
//! | `contacts` | at least one, at most one of each type | `no-contact`, `duplicate-contact-type` | DigiCert's page |
//! | `first_name`, `last_name` | required, at most 128 characters | `required`, `too-long` | DigiCert's page |
//! | `email` | required, at most 255 characters | `required`, `too-long` | DigiCert's page |
//! | `email` | the grammar of the HTML standard for `<input type=email>` | `email-format` | ours: DigiCert's grammar is unknown |
//! | `email` | a dot in the domain, unless [allowed](ContactDraft::allow_dotless_domain) | `email-dotless-domain` | ours: a dotless domain is usually a mistake |
//! | `job_title` | at most 64 characters | `too-long` | DigiCert's page |
//! | `telephone` | at most 32 characters, no grammar | `too-long` | DigiCert's page |
//! | `language_id` | 1 to 3 ASCII digits | `language-id-format` | ours: DigiCert's examples show only `"1"` |
//! | every text | at least one visible character | `blank` | ours: a blank value has no meaning |
//! | every text | no control characters, line breaks and U+FFFD (lost text) included | `control-character` | ours: they break headers, logs and tables |
//! | every text | no text-direction characters: embeddings, overrides, isolates, marks | `bidi-control` | ours, see below |
//! | every text | no other invisible characters, such as a zero-width space | `invisible-character` | ours, see below |
//! | every text | no leading or trailing white space or invisible character | `surrounding-white-space` | ours: nothing is trimmed silently |
//! | every object | only documented names, each at most once | `unknown-field`, `duplicate-field` | ours: the value of a misspelt name would be lost |
//! | every field | a string (`language_id` also an integer) | `wrong-type` | DigiCert's page |
//!
//! Invisible is what Unicode ignores by default, the braille pattern without a dot (U+2800), and the
//! marks of annotations. Two values that look the same must be the same: otherwise a search for an
//! address misses one of them, and nobody sees why. So the marks U+200E, U+200F and U+061C are not
//! allowed inside either: they come with text copied from web pages, and Hebrew and Arabic names need
//! none, because each letter has a direction of its own. Joiners (U+200C, U+200D) and variation
//! selectors are allowed inside names and titles: Persian, the scripts of India, Mongolian and emoji are
//! written with them.
//!
//! These rules guard what a user enters. What DigiCert already holds may break ours, and can still be
//! put back: [`ContactDraft::only_documented_rules`].
#![forbid(unsafe_code)]

mod api_error;
mod change;
mod contact;
mod contact_type;
mod draft;
mod email;
mod field;
mod name;
mod order;
mod order_contact;
mod order_id;
mod outcome;
mod read;
mod read_error;
mod rule;
mod text;
mod update;
mod update_draft;
mod validate;
mod violation;

pub use api_error::{ApiError, ApiErrors};
pub use change::{Blocked, Change, FieldChange, FieldState};
pub use contact::Contact;
pub use contact_type::ContactType;
pub use draft::ContactDraft;
pub use email::EmailError;
pub use field::Field;
pub use order::{DvStatus, Order, Product};
pub use order_contact::OrderContact;
pub use order_id::OrderId;
pub use outcome::Outcome;
pub use read::value::JsonValue;
pub use read_error::ReadError;
pub use rule::{JsonType, LocatedCharacter, Rule};
pub use text::{printable, surrounding_character, trimmed, without_byte_order_mark};
pub use update::ContactsUpdate;
pub use update_draft::{OrderUpdateDraft, UpdateDraft};
pub use violation::{Path, Violation, Violations};
