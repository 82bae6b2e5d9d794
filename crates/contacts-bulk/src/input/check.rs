use crate::input::ReadOptions;
use crate::input::collector::{Checked, Collector};
use crate::input::format::{self, Format};
use crate::input::problems::Problems;

/// Validates files one after another, without keeping their contacts.
///
/// A second contact of the same type for one order is a problem of the later file, which names the
/// earlier one. A check takes 32 bytes, plus the spare capacity of a hash map, for each order.
///
/// ```
/// use contacts_bulk::input::{Check, Format, ReadOptions};
///
/// let header = "order_id,contact_type,first_name,last_name,email\n";
/// let row = "7,technical_contact,Jane,Doe,jane@example.com\n";
/// let file = [header, row].concat();
/// let options = ReadOptions::default();
///
/// let mut check = Check::default();
/// let checked = check.file("a.csv", file.as_bytes(), Format::Csv, &options).unwrap();
/// assert_eq!((checked.orders, checked.contacts), (1, 1));
///
/// let problems = check.file("b.csv", file.as_bytes(), Format::Csv, &options).unwrap_err();
/// assert_eq!(
///     problems[0].to_string(),
///     "line 2, contact_type: a second `technical_contact` for this order, the first is in a.csv:2; \
///      remove one of them",
/// );
/// ```
#[derive(Debug, Default)]
pub struct Check(Collector);

impl Check {
    /// Validates the next file by the rules of [`Input::from_bytes`](crate::Input::from_bytes).
    /// `name` identifies it in the problems of later files.
    ///
    /// # Errors
    /// Returns everything that is wrong in the file.
    pub fn file(
        &mut self,
        name: &str,
        bytes: &[u8],
        format: Format,
        options: &ReadOptions,
    ) -> Result<Checked, Problems> {
        self.0.start_file(name, options);
        format::read(bytes, format, &mut self.0);
        self.0.finish_file()
    }
}
