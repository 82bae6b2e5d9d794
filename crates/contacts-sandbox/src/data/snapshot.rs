//! The account and changes of a sandbox as JSON lines: a header, then one line for each order and
//! change. Line by line, a large account needs no second copy in memory.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::account::Account;
use super::order::{CONTACT_TYPES, Order};
use super::record::ContactChange;
use super::ring_buffer::RingBuffer;
use super::role::KeyRole;

const FORM: &str = "digicert-contacts sandbox snapshot";
const VERSION: u64 = 1;
const MAX_LINE: u64 = 4 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
struct Header {
    form: String,
    version: u64,
    /// Older snapshots don't have it.
    lines: Option<u64>,
    keys: BTreeMap<String, KeyRole>,
    leavers: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Line {
    Order(Value),
    /// An order of another account.
    #[serde(rename = "elsewhere")]
    ForeignOrder(Value),
    Change(ContactChange),
}

/// The content of a snapshot.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) account: Account,
    pub(crate) changes: RingBuffer<ContactChange>,
}

pub(crate) fn write(
    account: &Account,
    changes: &RingBuffer<ContactChange>,
    output: &mut impl Write,
) -> io::Result<()> {
    let lines = 1 + account.len() + account.foreign_orders().count() + changes.iter().len();
    let header = Header {
        form: FORM.to_owned(),
        version: VERSION,
        lines: Some(lines as u64),
        keys: account.keys.clone(),
        leavers: account.leavers.clone(),
    };
    let mut write = |line: Result<String, serde_json::Error>| writeln!(output, "{}", line?);
    write(serde_json::to_string(&header))?;
    let orders = account.orders().map(Order::to_value).map(Line::Order);
    let foreign = account.foreign_orders().map(Order::to_value);
    let changes = changes.iter().cloned().map(Line::Change);
    for line in orders.chain(foreign.map(Line::ForeignOrder)).chain(changes) {
        write(serde_json::to_string(&line))?;
    }
    output.flush()
}

impl Snapshot {
    pub(crate) fn read(input: &mut impl BufRead) -> io::Result<Self> {
        let Some(first) = read_line(input)? else {
            return invalid("the snapshot is empty");
        };
        let header: Header = parse(&first, 1)?;
        if header.form != FORM || header.version != VERSION {
            return invalid(not_part(1));
        }
        let mut snapshot = Self {
            account: Account::default(),
            changes: RingBuffer::new(),
        };
        snapshot.account.keys = header.keys;
        snapshot.account.leavers = header.leavers;
        let mut number = 1;
        while let Some(line) = read_line(input)? {
            number += 1;
            if snapshot.add(parse(&line, number)?).is_none() {
                return invalid(not_part(number));
            }
        }
        if header.lines.is_some_and(|lines| lines != number) {
            return invalid("the snapshot is incomplete");
        }
        Ok(snapshot)
    }

    /// Adds a line; `None` if it is invalid.
    fn add(&mut self, line: Line) -> Option<()> {
        match line {
            Line::Order(order) => self.account.add_order(order["id"].as_u64()?, order),
            Line::ForeignOrder(order) => {
                let id = order["id"].as_u64()?;
                self.account.add_foreign_order(id, order);
            }
            Line::Change(change) => {
                CONTACT_TYPES.iter().find(|t| **t == change.contact_type)?;
                self.changes.restore(change.number, change);
            }
        }
        Some(())
    }
}

fn read_line(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = String::new();
    io::Read::take(&mut *input, MAX_LINE).read_line(&mut line)?;
    Ok((!line.is_empty()).then_some(line))
}

fn parse<'a, T: Deserialize<'a>>(line: &'a str, number: u64) -> io::Result<T> {
    serde_json::from_str(line).or_else(|_| invalid(not_part(number)))
}

fn not_part(number: u64) -> String {
    format!("line {number} is not part of a sandbox snapshot")
}

fn invalid<T>(message: impl Into<String>) -> io::Result<T> {
    Err(io::Error::new(io::ErrorKind::InvalidData, message.into()))
}
