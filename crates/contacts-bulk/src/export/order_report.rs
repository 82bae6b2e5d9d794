//! DigiCert's order report: CSV with the technical contact of each order.

use std::io::{self, Read};

use contacts_core::{Field, OrderContact, OrderId};
use csv::{Reader, StringRecord};
use serde_json::{Map, Value};

/// The columns of the technical contact.
const COLUMNS: [(Field, &str); 5] = [
    (Field::FirstName, "tech_first_name"),
    (Field::LastName, "tech_last_name"),
    (Field::Email, "tech_email"),
    (Field::JobTitle, "tech_title"),
    (Field::Telephone, "tech_telephone"),
];

/// The rows of a report, up to the first that cannot be read. A last row without a line break may be
/// cut short inside a value, so it counts as one that cannot be read.
pub(crate) struct OrderReport<R> {
    csv: Reader<UntilEnd<R>>,
    order_id: usize,
    contact: [usize; 5],
    row: StringRecord,
}

impl<R: Read> OrderReport<R> {
    /// Returns `None` if a column is missing.
    pub(crate) fn read(report: R) -> Option<Self> {
        let mut csv = Reader::from_reader(UntilEnd(report, false));
        let header = csv.headers().ok()?;
        let find = |name: &str| header.iter().position(|column| column == name);
        let order_id = find("order_id")?;
        let mut contact = [0; 5];
        for (index, (_, name)) in contact.iter_mut().zip(COLUMNS) {
            *index = find(name)?;
        }
        Some(Self {
            csv,
            order_id,
            contact,
            row: StringRecord::new(),
        })
    }

    fn contact(&self) -> Option<OrderContact> {
        let fields = COLUMNS.iter().zip(self.contact);
        contact(fields.filter_map(|((field, _), index)| Some((*field, self.row.get(index)?))))
    }
}

/// The contact with the fields that are not empty, if there are any.
pub(crate) fn contact<'a>(fields: impl Iterator<Item = (Field, &'a str)>) -> Option<OrderContact> {
    let contact = contact_of(fields);
    let has_field = contact.fields().next().is_some();
    has_field.then_some(contact)
}

/// The contact with the fields that are not empty.
pub(crate) fn contact_of<'a>(fields: impl Iterator<Item = (Field, &'a str)>) -> OrderContact {
    let fields = fields.map(|(field, text)| (field.as_str().to_owned(), Value::from(text)));
    let fields: Map<_, _> = fields.collect();
    // Reading a contact of an object is lenient.
    serde_json::from_value(Value::Object(fields)).unwrap_or_default()
}

impl<R: Read> Iterator for OrderReport<R> {
    type Item = (OrderId, Option<OrderContact>);

    /// The next order with its technical contact, if it has one. A row without an order id is
    /// skipped.
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let is_row = self.csv.read_record(&mut self.row).unwrap_or(false);
            if !is_row || self.csv.get_ref().1 {
                return None;
            }
            let id = self.row.get(self.order_id).unwrap_or_default();
            if let Ok(order) = OrderId::parse(id) {
                return Some((order, self.contact()));
            }
        }
    }
}

/// A reader, and whether it has reached its end. A row that ends with a line break is complete before
/// that.
struct UntilEnd<R>(R, bool);

impl<R: Read> Read for UntilEnd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(buffer)?;
        self.1 |= count == 0 && !buffer.is_empty();
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::OrderReport;

    const HEADER: &str =
        "order_id,status,tech_first_name,tech_last_name,tech_email,tech_title,tech_telephone,csr";

    fn read(report: &str) -> Option<Vec<String>> {
        let rows = OrderReport::read(report.as_bytes())?;
        let rows = rows.map(|(order, contact)| {
            let email = contact.as_ref().and_then(|contact| contact.email());
            format!("{order} {email:?}")
        });
        Some(rows.collect())
    }

    #[test]
    fn rows_are_read_up_to_the_first_damaged_one() {
        let report = format!(
            "\u{FEFF}{HEADER}\n\
             \"7\",\"issued\",\"J\",\"D\",\"j@example.com\",\"\",\"\",\"a\nb\"\n\
             \"8\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\n\
             \"x\",\"issued\",\"J\",\"D\",\"x@example.com\",\"\",\"\",\"\"\n\
             \"9\",\"cut\n\"10\",\n"
        );
        assert_eq!(
            read(&report).unwrap(),
            ["7 Some(\"j@example.com\")", "8 None"]
        );
    }

    #[test]
    fn a_row_that_the_end_of_the_report_cut_is_not_used() {
        let rows = format!("{HEADER}\n\"7\",a,b,c,j@example.com,d,e,f\n\"8\",a,b,c,");
        let rows = rows + "k@example.com,d,e,long";
        for cut in rows.len() - 4..=rows.len() {
            assert_eq!(read(&rows[..cut]).unwrap(), ["7 Some(\"j@example.com\")"]);
        }
        assert_eq!(read(&format!("{rows}\n")).unwrap().len(), 2);
    }

    #[test]
    fn a_report_that_lacks_a_column_is_not_used() {
        assert!(read(&HEADER.replace("tech_email", "email")).is_none());
        assert!(read("").is_none());
    }
}
