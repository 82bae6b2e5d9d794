//! Exports the contacts of every order in an account. An interrupted export can be resumed.

mod file;
mod filter;
pub(crate) mod order_report;
pub(crate) mod partial;

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use contacts_core::{Contact, Order, OrderContact, OrderId};

use crate::account::{AccountIdentity, AccountMismatch};
use crate::export::order_report::OrderReport;
use crate::export::partial::{ExportHead, ExportedOrder, write_line, write_rows};
use crate::failure::Failure;
use crate::file::{FileError, FileErrorKind, FileFormat};
use crate::input::ContactWriter;
use crate::order_api::{ListFilter, OrderApi};
use crate::run::stop_policy::StopPolicy;

pub use crate::export::file::ExportFile;
pub use crate::export::filter::ExportFilter;
pub use crate::export::partial::ExportSummary;

/// An export of contacts. It writes each order that it read to a partial file, from which it can be
/// resumed.
///
/// ```
/// use contacts_bulk::export::{Export, ExportFilter};
/// use contacts_bulk::{AccountIdentity, Failure, ListFilter, OrderApi};
/// use contacts_core::{ContactsUpdate, Order, OrderId};
///
/// struct Fake;
///
/// impl OrderApi for Fake {
///     fn update(&self, _: OrderId, _: &ContactsUpdate) -> Result<(), Failure> {
///         panic!("an export changes nothing")
///     }
///     fn list(&self, _: &ListFilter) -> Box<dyn Iterator<Item = Result<Order, Failure>> + '_> {
///         Box::new([7, 8].into_iter().map(|id| Ok(Order::from_json(format!(r#"{{"id": {id}}}"#).as_bytes()).unwrap())))
///     }
///     fn read(&self, _: OrderId) -> Result<Order, Failure> {
///         let json = br#"{"technical_contact": {"first_name": "A", "last_name": "B", "email": "a@example.com"}}"#;
///         Ok(Order::from_json(json).unwrap())
///     }
/// }
///
/// let mut partial = Vec::new();
/// let account = AccountIdentity::new("https://www.digicert.com/services/v2", "A1B2C3");
/// let mut export = Export::start(&account, ExportFilter::default(), &mut partial)?;
/// export.run(&Fake, &mut partial, |_| {}).unwrap();
///
/// let mut file = Vec::new();
/// let summary = Export::write(&partial, &mut file)?;
/// assert_eq!((summary.orders, summary.contacts), (2, 2));
/// assert!(String::from_utf8(file).unwrap().ends_with("\n8,technical_contact,A,B,a@example.com,,,,,,\n"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Export {
    filter: ExportFilter,
    exported: HashSet<OrderId>,
}

/// The progress of an export.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum ExportEvent<'a> {
    /// The account's orders are listed.
    Listed {
        /// The number of orders.
        orders: usize,
        /// The number of orders that were exported before, or are in the order report.
        exported: usize,
    },
    /// This number of listed orders has no readable id. Their contacts are missing.
    WithoutId(usize),
    /// An order was read.
    Read(OrderId),
    /// An order could not be read. Its contacts are missing.
    ReadFailed(OrderId, &'a Failure),
}

/// Why an export stopped early. The partial file holds what was read.
#[derive(Debug)]
#[non_exhaustive]
pub enum ExportStopped {
    /// A failure that other orders would meet as well.
    Failure(Failure),
    /// The partial file cannot be written.
    Io(io::Error),
}

/// The listed orders that have an id.
fn list(
    api: &impl OrderApi,
    filter: &ListFilter,
    mut progress: impl FnMut(ExportEvent<'_>),
) -> Result<Vec<(OrderId, Order)>, ExportStopped> {
    let (mut listed, mut without_id) = (Vec::new(), 0);
    for order in api.list(filter) {
        let order = order.map_err(ExportStopped::Failure)?;
        match order.id {
            Some(id) => listed.push((id, order)),
            None => without_id += 1,
        }
    }
    if without_id > 0 {
        progress(ExportEvent::WithoutId(without_id));
    }
    Ok(listed)
}

impl Export {
    /// Starts an export and its partial file.
    ///
    /// # Errors
    /// Returns an error if `partial` cannot be written.
    pub fn start(
        account: &AccountIdentity,
        filter: ExportFilter,
        partial: impl Write,
    ) -> io::Result<Self> {
        let format = FileFormat::PartialExport.name();
        let head = ExportHead {
            format: format.into(),
            version: FileFormat::VERSION,
            base_url: account.base_url().into(),
            key: account.fingerprint(format).into(),
            filter,
        };
        write_line(partial, &head)?;
        Ok(Self {
            filter: head.filter,
            exported: HashSet::new(),
        })
    }

    /// Resumes an export from its partial file. Returns the number of bytes in complete lines as
    /// well; new lines must be written after them.
    ///
    /// # Errors
    /// Returns an error if the bytes are not a partial file, or that of another export.
    pub fn resume(
        partial: &[u8],
        account: &AccountIdentity,
        filter: &ExportFilter,
    ) -> Result<(Self, u64), FileError> {
        let format = FileFormat::PartialExport;
        let (head, orders) = partial::parse(partial)?;
        let account_error = |mismatch| format.error(FileErrorKind::Account(mismatch));
        AccountMismatch::check_base_url(&head.base_url, account).map_err(account_error)?;
        if head.key != account.fingerprint(format.name()) {
            return Err(account_error(AccountMismatch::Key));
        }
        if head.filter != *filter {
            return Err(format.error(FileErrorKind::Filter));
        }
        let exported = orders.map(|order| order.map(|order| order.order_id));
        let export = Self {
            filter: head.filter,
            exported: exported.collect::<Result<_, _>>()?,
        };
        Ok((export, partial::complete_length(partial) as u64))
    }

    /// Lists the orders and reads those that are not exported yet. An order that an earlier process
    /// exported is not read again, so its contacts may be older.
    ///
    /// # Errors
    /// Returns [`ExportStopped`] if the partial file cannot be written, or for the reasons of
    /// [`Plan::fetch`](crate::Plan::fetch).
    pub fn run(
        &mut self,
        api: &impl OrderApi,
        mut partial: impl Write,
        mut progress: impl FnMut(ExportEvent<'_>),
    ) -> Result<(), ExportStopped> {
        let mut filter = ListFilter::default();
        filter.status.clone_from(&self.filter.status);
        let listed = list(api, &filter, &mut progress)?;
        if self.filter.technical_only {
            self.add_report(api, &listed, &mut partial)?;
        }
        let exported = listed.iter().filter(|(id, _)| self.exported.contains(id));
        let exported = exported.count();
        progress(ExportEvent::Listed {
            orders: listed.len(),
            exported,
        });
        let mut stop_policy = StopPolicy::new(listed.len() - exported, 1);
        for (id, _) in listed {
            if self.exported.contains(&id) {
                continue;
            }
            let order = api.read(id);
            let must_stop = stop_policy.must_stop(order.as_ref().err());
            match order {
                Err(failure) if must_stop => return Err(ExportStopped::Failure(failure)),
                Err(failure) => progress(ExportEvent::ReadFailed(id, &failure)),
                Ok(order) => {
                    self.add(id, order, &mut partial)?;
                    progress(ExportEvent::Read(id));
                }
            }
        }
        Ok(())
    }

    /// Exports the listed orders that are in the order report. Orders that it lacks are read
    /// afterwards, so a report that is missing, incomplete or malformed loses nothing.
    fn add_report(
        &mut self,
        api: &impl OrderApi,
        listed: &[(OrderId, Order)],
        mut partial: impl Write,
    ) -> Result<(), ExportStopped> {
        let report = match api.report() {
            Ok(Some(report)) => report,
            Err(failure) if StopPolicy::new(usize::MAX, 1).must_stop(Some(&failure)) => {
                return Err(ExportStopped::Failure(failure));
            }
            Ok(None) | Err(_) => return Ok(()),
        };
        let Some(rows) = OrderReport::read(report) else {
            return Ok(());
        };
        let listed: HashMap<_, _> = listed.iter().map(|(id, order)| (*id, order)).collect();
        for (id, contact) in rows {
            let Some(listed) = listed.get(&id).filter(|_| !self.exported.contains(&id)) else {
                continue;
            };
            let mut order = Order::clone(listed);
            order.technical_contact = contact;
            self.add(id, order, &mut partial)?;
        }
        Ok(())
    }

    /// The number of orders that were read, in this process and earlier ones.
    #[must_use]
    pub fn read(&self) -> usize {
        self.exported.len()
    }

    fn add(&mut self, id: OrderId, order: Order, partial: impl Write) -> Result<(), ExportStopped> {
        let filter = &self.filter;
        let included =
            |contact: Option<OrderContact>| contact.filter(|contact| filter.includes(contact));
        let mut line = ExportedOrder::new(id, order);
        line.organization_contact =
            included(line.organization_contact).filter(|_| !filter.technical_only);
        line.technical_contact = included(line.technical_contact);
        write_line(partial, &line).map_err(ExportStopped::Io)?;
        self.exported.insert(id);
        Ok(())
    }

    /// Writes the contacts of a partial file as an input file, each with the common name, the status and
    /// the product of its order, which readers ignore. DigiCert may hold contacts that violate
    /// a rule; [`Check`](crate::input::Check) reports them.
    ///
    /// # Errors
    /// Returns an error if `to` cannot be written, or the bytes are not a partial file.
    pub fn write(partial: &[u8], to: impl Write) -> io::Result<ExportSummary> {
        write_rows(partial, ContactWriter::with_order_details(to)?, None)
    }

    /// As [`write`](Self::write), as a workbook for Excel, in which every cell is a text.
    ///
    /// # Errors
    /// Returns an error for the reasons of `write`, or if there are more than 1,048,575 contacts.
    #[cfg(feature = "xlsx")]
    pub fn write_workbook(partial: &[u8], to: impl Write) -> io::Result<ExportSummary> {
        let rows = ContactWriter::workbook_with_order_details(to)?;
        write_rows(partial, rows, None)
    }

    /// Writes an input file that replaces each contact of a partial file with `successor`.
    ///
    /// An optional field that the successor lacks is left empty, so the order keeps the value of the
    /// predecessor.
    ///
    /// # Errors
    /// Returns an error if `to` cannot be written, or the bytes are not a partial file.
    pub fn write_with(
        partial: &[u8],
        successor: &Contact,
        to: impl Write,
    ) -> io::Result<ExportSummary> {
        write_rows(
            partial,
            ContactWriter::with_order_details(to)?,
            Some(successor),
        )
    }
}
