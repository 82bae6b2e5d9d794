//! DigiCert's order report: CSV with the technical contact of each order.

use std::io::Read;

use contacts_core::{Field, OrderContact, OrderId};
use csv::{Reader, StringRecord};
use serde_json::{Map, Value};

/// The columns in which the report has the fields of the technical contact.
const COLUMNS: [(Field, &str); 5] = [
    (Field::FirstName, "tech_first_name"),
    (Field::LastName, "tech_last_name"),
    (Field::Email, "tech_email"),
    (Field::JobTitle, "tech_title"),
    (Field::Telephone, "tech_telephone"),
];

/// The rows of a report, up to the first that can't be read.
pub(crate) struct OrderReport<R> {
    csv: Reader<R>,
    order_id: usize,
    status: usize,
    contact: [usize; 5],
    row: StringRecord,
}

impl<R: Read> OrderReport<R> {
    /// `None` where a column is missing.
    pub(crate) fn read(report: R) -> Option<Self> {
        let mut csv = Reader::from_reader(report);
        let header = csv.headers().ok()?;
        let place = |name: &str| {
            let is_it = |column: &str| column.trim_start_matches('\u{FEFF}') == name;
            header.iter().position(is_it)
        };
        let (order_id, status) = (place("order_id")?, place("status")?);
        let mut contact = [0; 5];
        for (at, (_, name)) in COLUMNS.iter().enumerate() {
            contact[at] = place(name)?;
        }
        Some(Self {
            csv,
            order_id,
            status,
            contact,
            row: StringRecord::new(),
        })
    }

    /// The next order with its status and its technical contact, if it has one. A row without an
    /// order id is passed over.
    pub(crate) fn next(&mut self) -> Option<(OrderId, Option<String>, Option<OrderContact>)> {
        loop {
            if !self.csv.read_record(&mut self.row).unwrap_or(false) {
                return None;
            }
            let cell = |at: usize| self.row.get(at).unwrap_or_default();
            let Ok(order) = OrderId::parse(cell(self.order_id)) else {
                continue;
            };
            let status = Some(cell(self.status).to_owned()).filter(|text| !text.is_empty());
            return Some((order, status, self.contact()));
        }
    }

    fn contact(&self) -> Option<OrderContact> {
        let fields = COLUMNS.iter().zip(self.contact);
        let fields = fields.filter_map(|((field, _), at)| {
            let text = self.row.get(at).filter(|text| !text.is_empty())?;
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

    fn told(report: &str) -> Option<Vec<String>> {
        let mut rows = OrderReport::read(report.as_bytes())?;
        let mut told = Vec::new();
        while let Some((order, status, contact)) = rows.next() {
            let email = contact.as_ref().and_then(|contact| contact.email());
            told.push(format!("{order} {status:?} {email:?}"));
        }
        Some(told)
    }

    #[test]
    fn rows_are_read_up_to_the_first_that_can_not_be() {
        let report = format!(
            "\u{FEFF}{HEADER}\n\
             \"7\",\"issued\",\"J\",\"D\",\"j@example.com\",\"\",\"\",\"a\nb\"\n\
             \"8\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\n\
             \"x\",\"issued\",\"J\",\"D\",\"x@example.com\",\"\",\"\",\"\"\n\
             \"9\",\"cut\n\"10\",\n"
        );
        assert_eq!(
            told(&report).unwrap(),
            ["7 Some(\"issued\") Some(\"j@example.com\")", "8 None None"]
        );
    }

    #[test]
    fn a_report_without_a_column_is_none() {
        assert!(told(&HEADER.replace("tech_email", "email")).is_none());
        assert!(told("").is_none());
    }
}
