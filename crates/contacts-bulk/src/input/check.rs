use crate::input::format::Format;
use crate::input::gathering::Gathering;
use crate::input::problems::Problems;
use crate::input::source;

/// Checks files, one after another, without keeping the contacts that they hold.
///
/// An order that has a contact of one type in two files is a problem of the second, which names
/// the first. It takes 32 bytes and the slack of a hash map for each order.
///
/// ```
/// use contacts_bulk::{Check, Format};
///
/// let header = "order_id,contact_type,first_name,last_name,email\n";
/// let row = "7,technical_contact,Jane,Doe,jane@example.com\n";
/// let file = [header, row].concat();
///
/// let mut check = Check::default();
/// let checked = check.file("a.csv", file.as_bytes(), Format::Csv, false).unwrap();
/// assert_eq!((checked.orders, checked.contacts), (1, 1));
///
/// let problems = check.file("b.csv", file.as_bytes(), Format::Csv, false).unwrap_err();
/// assert_eq!(
///     problems[0].to_string(),
///     "line 2, contact_type: a second `technical_contact` for this order, whose first is in a.csv:2; \
///      an order has only one",
/// );
/// ```
#[derive(Debug)]
pub struct Check(Gathering);

/// What a file without a problem names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// How many orders.
    pub orders: usize,
    /// How many contacts.
    pub contacts: usize,
}

impl Default for Check {
    fn default() -> Self {
        Self(Gathering::new(false))
    }
}

impl Check {
    /// Checks the next file; `name` is what it is called in the problems of later ones. The rules
    /// are those of [`Input::read`](crate::Input::read).
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn file(
        &mut self,
        name: &str,
        bytes: &[u8],
        format: Format,
        trim: bool,
    ) -> Result<Checked, Problems> {
        self.0.begin(name);
        source::read(bytes, format, trim, &mut self.0);
        let counts = self.0.end()?;
        Ok(Checked {
            orders: counts.orders,
            contacts: counts.contacts,
        })
    }
}
