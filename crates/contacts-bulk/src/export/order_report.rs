//! DigiCert's order report: CSV with the technical contact of each order.

use std::io::Read;

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

/// The rows of a report, up to the first that cannot be read.
pub(crate) struct OrderReport<R> {
    csv: Reader<R>,
    order_id: usize,
    contact: [usize; 5],
    row: StringRecord,
}

impl<R: Read> OrderReport<R> {
    /// Returns `None` if a column is missing.
    pub(crate) fn read(report: R) -> Option<Self> {
        let mut csv = Reader::from_reader(report);
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

    /// The next order with its technical contact, if it has one. A row without an order id is
    /// skipped.
    pub(crate) fn next(&mut self) -> Option<(OrderId, Option<OrderContact>)> {
        loop {
            if !self.csv.read_record(&mut self.row).unwrap_or(false) {
                return None;
            }
            let id = self.row.get(self.order_id).unwrap_or_default();
            if let Ok(order) = OrderId::parse(id) {
                return Some((order, self.contact()));
            }
        }
    }

    fn contact(&self) -> Option<OrderContact> {
        let fields = COLUMNS.iter().zip(self.contact);
        let fields = fields.filter_map(|((field, _), index)| {
            let text = self.row.get(index).filter(|text| !text.is_empty())?;
            Some((field.as_str().to_owned(), Value::from(text)))
        });
        let fields: Map<_, _> = fields.collect();
        if fields.is_empty() {
            return None;
        }
        serde_json::from_value(Value::Object(fields)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::OrderReport;

    const HEADER: &str =
        "order_id,status,tech_first_name,tech_last_name,tech_email,tech_title,tech_telephone,csr";

    fn read(report: &str) -> Option<Vec<String>> {
        let mut rows = OrderReport::read(report.as_bytes())?;
        let mut read = Vec::new();
        while let Some((order, contact)) = rows.next() {
            let email = contact.as_ref().and_then(|contact| contact.email());
            read.push(format!("{order} {email:?}"));
        }
        Some(read)
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
    fn a_report_that_lacks_a_column_is_not_used() {
        assert!(read(&HEADER.replace("tech_email", "email")).is_none());
        assert!(read("").is_none());
    }
}
