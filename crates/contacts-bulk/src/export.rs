//! Taking down the contacts of an account's orders, in a way that can be gone on with.

pub(crate) mod error;
pub(crate) mod notes;
mod order_report;
pub(crate) mod wanted;

use std::collections::HashSet;
use std::io::{self, Write};

use contacts_core::{Contact, Order, OrderContact, OrderId};

use crate::account::AccountIdentity;
use crate::export::error::ExportError;
use crate::export::notes::{ExportSummary, Head, Note, VERSION, split, write_line, write_rows};
use crate::export::order_report::OrderReport;
use crate::export::wanted::ExportFilter;
use crate::failure::Failure;
use crate::orders::OrderApi;
use crate::own_file::EXPORT_NOTES;
use crate::trouble::Trouble;

/// An export under way. Each order that was read is a line of its notes, which are all that is
/// needed to go on later.
///
/// ```
/// use contacts_bulk::{AccountIdentity, Export, OrderApi, Failure, ExportFilter};
/// use contacts_core::{ContactsUpdate, Order, OrderId};
///
/// struct Fake;
///
/// impl OrderApi for Fake {
///     fn update(&self, _: OrderId, _: &ContactsUpdate) -> Result<(), Failure> {
///         panic!("an export changes nothing")
///     }
///     fn list(&self, _: Option<&str>) -> Box<dyn Iterator<Item = Result<Order, Failure>> + '_> {
///         Box::new([7, 8].into_iter().map(|id| Ok(Order::from_json(format!(r#"{{"id": {id}}}"#).as_bytes()).unwrap())))
///     }
///     fn read(&self, _: OrderId) -> Result<Order, Failure> {
///         let json = br#"{"technical_contact": {"first_name": "A", "last_name": "B", "email": "a@example.com"}}"#;
///         Ok(Order::from_json(json).unwrap())
///     }
/// }
///
/// let mut notes = Vec::new();
/// let account = AccountIdentity::new("https://www.digicert.com/services/v2", "A1B2C3");
/// let mut export = Export::begin(&account, ExportFilter::default(), &mut notes)?;
/// export.run(&Fake, &mut notes, |_| {}).unwrap();
///
/// let mut file = Vec::new();
/// let written = Export::write(&notes, &mut file)?;
/// assert_eq!((written.orders, written.contacts), (2, 2));
/// assert!(String::from_utf8(file).unwrap().ends_with("\n8,technical_contact,A,B,a@example.com,,,\n"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Export {
    wanted: ExportFilter,
    done: HashSet<OrderId>,
}

/// What an export is doing.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum ExportEvent<'a> {
    /// The account's orders are listed; so many are to be read, and so many of them have been.
    Listed {
        /// All orders of the list.
        orders: usize,
        /// Those that an earlier run read.
        read_before: usize,
    },
    /// An order was read.
    Read(OrderId),
    /// An order could not be read; its contacts will be missing.
    ReadFailed(OrderId, &'a Failure),
}

/// Why an export ended before its time. What was read is in the notes.
#[derive(Debug)]
#[non_exhaustive]
pub enum ExportStopped {
    /// A failure that other orders would meet as well.
    Failure(Failure),
    /// The notes could not be written.
    Notes(io::Error),
}

impl Export {
    /// Begins an export of an account's contacts, and its notes.
    ///
    /// # Errors
    /// Where the notes can't be written.
    pub fn begin(
        account: &AccountIdentity,
        wanted: ExportFilter,
        mut notes: impl Write,
    ) -> io::Result<Self> {
        let head = Head {
            format: EXPORT_NOTES.into(),
            version: VERSION,
            base_url: account.base_url().into(),
            key: account.fingerprint(EXPORT_NOTES).into(),
            wanted,
        };
        write_line(&mut notes, &head)?;
        Ok(Self {
            wanted: head.wanted,
            done: HashSet::new(),
        })
    }

    /// Goes on with an export by its notes. A last line that was cut off is passed over: new lines
    /// belong behind the number of bytes that comes back with the export.
    ///
    /// # Errors
    /// [`ExportError`] where they are no notes, or those of another export.
    pub fn resume(
        notes: &[u8],
        account: &AccountIdentity,
        wanted: &ExportFilter,
    ) -> Result<(Self, u64), ExportError> {
        let (head, lines) = split(notes)?;
        if head.base_url != account.base_url() || head.wanted != *wanted {
            return Err(ExportError::Other);
        }
        if head.key != account.fingerprint(EXPORT_NOTES) {
            return Err(ExportError::Key);
        }
        let mut done = HashSet::new();
        for line in lines {
            done.insert(line?.1);
        }
        let whole = notes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let export = Self {
            wanted: head.wanted,
            done,
        };
        Ok((export, whole as u64))
    }

    /// Lists the orders and reads each that was not read yet. It stops where the rest can't be
    /// expected to fare better, as [`Plan::new`](crate::Plan::new) does.
    ///
    /// The orders that an earlier run read are not read again, so what it took down may be older
    /// than the rest.
    ///
    /// # Errors
    /// [`ExportStopped`] where it ended early.
    pub fn run(
        &mut self,
        api: &impl OrderApi,
        mut notes: impl Write,
        mut progress: impl FnMut(ExportEvent<'_>),
    ) -> Result<(), ExportStopped> {
        if self.wanted.technical_only {
            self.take_report(api, &mut notes)?;
        }
        let listed = api.list(self.wanted.status.as_deref());
        let ids: Result<Vec<_>, _> = listed.map(|order| order.map(|order| order.id)).collect();
        let ids: Vec<_> = ids
            .map_err(ExportStopped::Failure)?
            .into_iter()
            .flatten()
            .collect();
        let read_before = ids.iter().filter(|id| self.done.contains(id)).count();
        progress(ExportEvent::Listed {
            orders: ids.len(),
            read_before,
        });
        let mut trouble = Trouble::new(ids.len() - read_before, 1);
        for id in ids {
            if self.done.contains(&id) {
                continue;
            }
            let read = api.read(id);
            let ends = trouble.ends_with(read.as_ref().err());
            match read {
                Err(failure) if ends => return Err(ExportStopped::Failure(failure)),
                Err(failure) => progress(ExportEvent::ReadFailed(id, &failure)),
                Ok(order) => {
                    self.take_down(id, order, &mut notes)
                        .map_err(ExportStopped::Notes)?;
                    progress(ExportEvent::Read(id));
                }
            }
        }
        Ok(())
    }

    /// Takes down what the order report tells. Whatever is wrong with it, the orders that it leaves
    /// out are read afterwards.
    fn take_report(
        &mut self,
        api: &impl OrderApi,
        mut notes: impl Write,
    ) -> Result<(), ExportStopped> {
        let report = match api.report() {
            Ok(Some(report)) => report,
            Err(failure) if Trouble::new(usize::MAX, 1).ends_with(Some(&failure)) => {
                return Err(ExportStopped::Failure(failure));
            }
            Ok(None) | Err(_) => return Ok(()),
        };
        let Some(mut rows) = OrderReport::read(report) else {
            return Ok(());
        };
        while let Some((id, status, contact)) = rows.next() {
            let wanted = &self.wanted.status;
            let other = wanted.is_some() && *wanted != status;
            if other || self.done.contains(&id) {
                continue;
            }
            let mut order = Order::default();
            order.technical_contact = contact;
            let taken = self.take_down(id, order, &mut notes);
            taken.map_err(ExportStopped::Notes)?;
        }
        Ok(())
    }

    /// How many orders were read, in this run and before.
    #[must_use]
    pub fn read(&self) -> usize {
        self.done.len()
    }

    fn take_down(&mut self, id: OrderId, order: Order, notes: impl Write) -> io::Result<()> {
        let wanted = |contact: Option<OrderContact>| contact.filter(|c| self.wanted.includes(c));
        let note = Note {
            order_id: id.to_string().into(),
            organization_contact: wanted(order.organization_contact)
                .filter(|_| !self.wanted.technical_only),
            technical_contact: wanted(order.technical_contact),
        };
        write_line(notes, &note)?;
        self.done.insert(id);
        Ok(())
    }

    /// Writes what notes hold as an input file. A contact may break rules there that DigiCert did
    /// not apply when it was stored; [`Check`](crate::input::Check) reports that.
    ///
    /// # Errors
    /// Where `to` can't be written, or the notes are none.
    pub fn write(notes: &[u8], to: impl Write) -> io::Result<ExportSummary> {
        write_rows(notes, to, None)
    }

    /// Writes an input file that puts `successor` in the place of each contact that notes hold.
    ///
    /// An optional field that the successor has not is left empty, and so the order keeps that of
    /// the person before.
    ///
    /// # Errors
    /// Where `to` can't be written, or the notes are none.
    pub fn write_with(
        notes: &[u8],
        successor: &Contact,
        to: impl Write,
    ) -> io::Result<ExportSummary> {
        write_rows(notes, to, Some(successor))
    }
}
