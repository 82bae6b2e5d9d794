use std::collections::HashMap;

use contacts_core::{ContactType, Field, Order, OrderId, Product};

use crate::export::order_report;
use crate::input::collector::RowSink;
use crate::input::problem::{Problem, ProblemKind};
use crate::input::problems::{ProblemCollector, Problems};
use crate::input::row::{Cell, FlatRow, Position};
#[cfg(feature = "xlsx")]
use crate::input::xlsx;
use crate::input::{Format, ReadOptions, csv, format, validate};

/// The contacts of orders as an [`Export`](crate::export::Export) wrote them, for a
/// [plan](crate::Plan::from_snapshot) that takes no request.
///
/// ```
/// use contacts_bulk::input::Snapshot;
/// use contacts_bulk::{Input, Plan};
///
/// let export = "order_id,contact_type,first_name,last_name,email\n\
///               7,technical_contact,Robin,Leaver,robin@example.com\n";
/// let update = "order_id,contact_type,first_name,last_name,email\n\
///               7,technical_contact,Jane,Doe,jane@example.com\n\
///               8,technical_contact,Jane,Doe,jane@example.com\n";
/// let plan = Plan::from_snapshot(Input::from_csv(update)?, &Snapshot::from_bytes(export)?);
/// assert_eq!((plan.summary().changes, plan.summary().unread), (1, 1));
/// # Ok::<(), contacts_bulk::Problems>(())
/// ```
#[derive(Debug, Default)]
pub struct Snapshot {
    orders: HashMap<OrderId, (Order, [Option<Position>; 2])>,
    problems: ProblemCollector,
    options: ReadOptions,
    rows: u64,
}

impl Snapshot {
    /// Reads the file of an export, CSV or `.xlsx`. Its values are what DigiCert returned, so they need not be
    /// valid. A contact without a row is not known: the order may have none, or the export left it
    /// out.
    ///
    /// # Errors
    /// Returns everything that is wrong, such as ids that a spreadsheet has changed.
    pub fn from_bytes(bytes: impl AsRef<[u8]>) -> Result<Self, Problems> {
        let (bytes, mut snapshot) = (bytes.as_ref(), Self::default());
        match (Format::of("", bytes), format::text(bytes)) {
            #[cfg(feature = "xlsx")]
            (Format::Xlsx, _) => xlsx::read(bytes, &mut snapshot),
            (_, Ok(text)) => csv::read(text, &mut snapshot),
            (_, Err(kind)) => return Err(Problem::new(Position::Line(1), None, kind).into()),
        }
        match std::mem::take(&mut snapshot.problems).finish() {
            Some(problems) => Err(problems),
            None => Ok(snapshot),
        }
    }

    /// The order, if each contact of these types is known.
    pub(crate) fn order(
        &self,
        id: OrderId,
        mut types: impl Iterator<Item = ContactType>,
    ) -> Option<&Order> {
        let (order, _) = self.orders.get(&id)?;
        let is_known = types.all(|contact_type| order.contact(contact_type).is_some());
        is_known.then_some(order)
    }

    /// The orders, by id.
    pub fn orders(&self) -> impl Iterator<Item = Order> {
        let mut orders: Vec<_> = self.orders.values().map(|(order, _)| order).collect();
        orders.sort_by_key(|order| order.id.map(OrderId::get));
        orders.into_iter().cloned()
    }

    fn add(&mut self, row: &FlatRow<'_>, id: OrderId, contact_type: ContactType) {
        let (order, rows) = self.orders.entry(id).or_default();
        if let Some(first) = rows[contact_type as usize] {
            let kind = ProblemKind::DuplicateContact {
                contact_type,
                first_file: None,
                first,
            };
            let column = Field::ContactType.as_str();
            let problem = Problem::in_column(row.position, column, kind);
            return self.problems.push(problem);
        }
        rows[contact_type as usize] = Some(row.position);
        let [common_name, status, product] = row.details.each_ref().map(text);
        order.id = Some(id);
        order.common_name = common_name.map(ToOwned::to_owned);
        order.status = status.map(ToOwned::to_owned);
        order.product = product.map(|name| {
            let mut product = Product::default();
            product.name = Some(name.to_owned());
            product
        });
        let contact = match contact_type {
            ContactType::Organization => &mut order.organization_contact,
            ContactType::Technical => &mut order.technical_contact,
        };
        let fields = Field::TEXT.into_iter().zip(&row.fields);
        let fields = fields.filter_map(|(field, cell)| Some((field, text(cell)?)));
        *contact = Some(order_report::contact_of(fields));
    }
}

impl RowSink for Snapshot {
    fn options(&self) -> &ReadOptions {
        &self.options
    }

    fn rows(&self) -> u64 {
        self.rows
    }

    fn push_problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    fn push_unreadable(&mut self, problem: Problem) {
        self.rows += 1;
        self.problems.push(problem);
    }

    #[cfg(feature = "xlsx")]
    fn problems(&mut self) -> &mut ProblemCollector {
        &mut self.problems
    }

    fn push(&mut self, row: FlatRow<'_>) {
        self.rows += 1;
        let id = validate::order_id(&row.order_id, row.position, &mut self.problems);
        let contact_type = validate::contact_type(&row, &mut self.problems);
        if let (Some(id), Some(contact_type)) = (id, contact_type) {
            self.add(&row, id, contact_type);
        }
    }
}

fn text<'c>(cell: &'c Cell<'_>) -> Option<&'c str> {
    match cell {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}
