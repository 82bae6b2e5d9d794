//! A sandbox's account and history as JSON lines: one for the head, one for each order and change.
//! So a large account needs no more memory than it has already.

use std::io::{self, BufRead, Write};

use serde_json::{Map, Value, json};

use crate::account::Account;
use crate::history::{ContactChange, History};
use crate::role::KeyRole;

const FORM: &str = "digicert-contacts sandbox snapshot";
const VERSION: u64 = 1;
const MAX_LINE: u64 = 4 * 1024 * 1024;

pub(crate) fn write(account: &Account, history: &History, out: &mut impl Write) -> io::Result<()> {
    let mut keys: Vec<_> = account.keys.iter().collect();
    keys.sort();
    let keys: Map<_, _> = keys
        .into_iter()
        .map(|(key, role)| (key.clone(), role.name().into()))
        .collect();
    let members = account.len() + account.elsewhere().count() + history.iter().count();
    let head = json!({
        "form": FORM,
        "version": VERSION,
        "lines": members + 1,
        "keys": keys,
        "leavers": account.leavers,
    });
    writeln!(out, "{head}")?;
    for order in account.orders() {
        writeln!(out, "{}", json!({ "order": order.whole() }))?;
    }
    for order in account.elsewhere() {
        writeln!(out, "{}", json!({ "elsewhere": order.whole() }))?;
    }
    for change in history.iter() {
        writeln!(out, "{}", json!({ "change": change.to_json() }))?;
    }
    out.flush()
}

pub(crate) fn read(input: &mut impl BufRead) -> io::Result<(Account, History)> {
    let mut account = Account::default();
    let mut history = History::default();
    let mut number = 0_u64;
    let mut lines = None;
    while let Some(line) = line(input)? {
        number += 1;
        let value: Value = serde_json::from_str(&line).unwrap_or_default();
        let taken = if number == 1 {
            // Older snapshots don't tell it.
            lines = value["lines"].as_u64();
            head(&mut account, &value)
        } else {
            member(&mut account, &mut history, value)
        };
        if taken.is_none() {
            let message = format!("line {number} does not belong to a sandbox's snapshot");
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
    }
    if number == 0 {
        let message = "the snapshot is empty";
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    if lines.is_some_and(|lines| lines != number) {
        let message = "the snapshot is not complete";
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    Ok((account, history))
}

fn line(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = String::new();
    io::Read::take(&mut *input, MAX_LINE).read_line(&mut line)?;
    Ok((!line.is_empty()).then_some(line))
}

fn head(account: &mut Account, value: &Value) -> Option<()> {
    if value["form"] != FORM || value["version"] != VERSION {
        return None;
    }
    for (key, role) in value["keys"].as_object()? {
        account.add_key(key, KeyRole::named(role.as_str()?)?);
    }
    for leaver in value["leavers"].as_array()? {
        account.leavers.push(leaver.as_str()?.to_owned());
    }
    Some(())
}

fn member(account: &mut Account, history: &mut History, value: Value) -> Option<()> {
    let Value::Object(members) = value else {
        return None;
    };
    let (name, value) = members.into_iter().next()?;
    let id = value["id"].as_u64();
    match name.as_str() {
        "order" => account.add_order(id?, value),
        "elsewhere" => account.add_order_elsewhere(id?, value),
        "change" => history.push(ContactChange::parse(&value)?),
        _ => return None,
    }
    Some(())
}
