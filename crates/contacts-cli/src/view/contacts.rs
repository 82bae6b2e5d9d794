//! Contacts with their orders, as a table, JSON Lines or CSV.

use std::borrow::Cow;
use std::io::{self, Write};

use contacts_bulk::input::escape_formula;
use contacts_core::{ContactType, Field, Order, OrderContact, OrderId, printable};
use serde_json::{Map, Value};

use crate::args::{Column, OutputFormat, TableOptions};
use crate::session::Session;
use crate::view::text::table;

/// A contact of an order.
pub(crate) struct ContactRow<'a> {
    pub(crate) order_id: OrderId,
    pub(crate) order: &'a Order,
    pub(crate) contact_type: ContactType,
    pub(crate) contact: &'a OrderContact,
    /// Why it is listed, in an audit.
    pub(crate) reason: Option<&'a str>,
}

/// Prints rows in a format other than the document of `--json`.
pub(crate) fn print(
    rows: &[ContactRow<'_>],
    format: OutputFormat,
    options: &TableOptions,
    session: &mut Session<'_, '_>,
) {
    let columns = match (&options.columns[..], format) {
        ([], OutputFormat::Table) => &Column::TABLE[..],
        ([], _) => &Column::FILE,
        (columns, _) => columns,
    };
    let mut columns = columns.to_vec();
    if rows.iter().any(|row| row.reason.is_some()) {
        columns.push(Column::Reason);
    }
    let columns = &columns[..];
    match format {
        OutputFormat::Table => session.io.out(&as_table(rows, columns)),
        OutputFormat::Csv => {
            // `Io::finish` reports output that cannot be written.
            let _ = write_csv(rows, columns, session.io.stdout());
        }
        _ => {
            for row in rows {
                session.io.out(&format!("{}\n", row.record(columns)));
            }
        }
    }
}

/// Empty without rows.
fn as_table(rows: &[ContactRow<'_>], columns: &[Column]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let heading = |column: &Column| column.name().replace('_', " ").to_uppercase().into();
    let mut lines: Vec<Vec<Cow<'_, str>>> = vec![columns.iter().map(heading).collect()];
    lines.extend(rows.iter().map(|row| {
        let cells = columns.iter().map(|column| row.value(*column));
        cells
            .map(|value| printable(&value.unwrap_or_default()).into_owned().into())
            .collect()
    }));
    table(&lines)
}

fn write_csv(rows: &[ContactRow<'_>], columns: &[Column], to: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(to);
    csv.write_record(columns.iter().map(|column| column.name()))?;
    for row in rows {
        for column in columns {
            let value = row.value(*column).unwrap_or_default();
            csv.write_field(escape_formula(&value).as_ref())?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()
}

impl<'a> ContactRow<'a> {
    /// `None` if the order does not have it, or it cannot be read.
    fn value(&self, column: Column) -> Option<Cow<'a, str>> {
        let field = |field| self.contact.get(field);
        let value = match column {
            Column::OrderId => return Some(self.order_id.to_string().into()),
            Column::ContactType => Some(self.contact_type.as_str()),
            Column::Name => return Some(self.name().into()),
            Column::FirstName => field(Field::FirstName),
            Column::LastName => field(Field::LastName),
            Column::Email => field(Field::Email),
            Column::JobTitle => field(Field::JobTitle),
            Column::Telephone => field(Field::Telephone),
            Column::LanguageId => field(Field::LanguageId),
            Column::Reason => self.reason,
            Column::CommonName => self.order.common_name.as_deref(),
            Column::Status => self.order.status.as_deref(),
            Column::Product => {
                let product = self.order.product.as_ref();
                product.and_then(|product| product.name.as_deref().or(product.name_id.as_deref()))
            }
        };
        value.map(Cow::Borrowed)
    }

    fn name(&self) -> String {
        let names = [self.contact.first_name(), self.contact.last_name()];
        names.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// A JSON object with a member for each column.
    fn record(&self, columns: &[Column]) -> Value {
        let members = columns.iter().map(|column| {
            let value = self.value(*column).map(Cow::into_owned);
            (column.name(), value.into())
        });
        Value::Object(members.collect::<Map<_, _>>())
    }
}
