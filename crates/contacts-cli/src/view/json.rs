//! For programs: one document for each run, described in `docs/cli.md`.

use std::io::{BufWriter, Write};

use contacts_bulk::Failure;
use contacts_bulk::input::{Checked, Problem};
use contacts_core::{Order, OrderContact, OrderId, Product};
use contacts_http::User;
use contacts_sandbox::Sandbox;
use serde::Serialize;

use crate::abort::Abort;
use crate::io::Io;
use crate::view::ExportDone;

fn document(content: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(content).unwrap_or_default();
    text.push('\n');
    text
}

/// A document over many orders, written piece by piece: as one text it would be larger than all
/// that a run holds.
pub(crate) fn long_document(content: &impl Serialize, io: &mut Io<'_>) {
    let mut to = BufWriter::new(io.stdout());
    // An output that can't be written is told at the end.
    let _ = serde_json::to_writer_pretty(&mut to, content);
    let _ = to.write_all(b"\n").and_then(|()| to.flush());
}

#[derive(Serialize)]
struct ErrorView<'a> {
    error: ErrorBody<'a>,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    exit_code: u8,
    message: &'a str,
    problems: Vec<InFile<'a>>,
}

#[derive(Serialize)]
struct InFile<'a> {
    file: &'a str,
    #[serde(flatten)]
    problem: &'a Problem,
}

pub(crate) fn error(abort: &Abort) -> String {
    let problems = abort.problems.iter();
    let problems = problems.map(|(file, problem)| InFile { file, problem });
    document(&ErrorView {
        error: ErrorBody {
            exit_code: abort.exit.code(),
            message: &abort.message,
            problems: problems.collect(),
        },
    })
}

#[derive(Serialize)]
struct OrdersView<'a> {
    orders: Vec<OrderView<'a>>,
    failed: Vec<FailedView<'a>>,
    skipped: &'a [OrderId],
}

#[derive(Serialize)]
struct OrderView<'a> {
    order_id: OrderId,
    common_name: Option<&'a str>,
    status: Option<&'a str>,
    product: Option<&'a Product>,
    organization_contact: Option<&'a OrderContact>,
    technical_contact: Option<&'a OrderContact>,
}

#[derive(Serialize)]
struct FailedView<'a> {
    order_id: OrderId,
    failure: &'a Failure,
}

pub(crate) fn orders(
    read: &[(OrderId, Order)],
    failed: &[(OrderId, Failure)],
    skipped: &[OrderId],
) -> String {
    let orders = read.iter().map(|(id, order)| OrderView {
        order_id: *id,
        common_name: order.common_name.as_deref(),
        status: order.status.as_deref(),
        product: order.product.as_ref(),
        organization_contact: order.organization_contact.as_ref(),
        technical_contact: order.technical_contact.as_ref(),
    });
    let failed = failed.iter().map(|(id, failure)| FailedView {
        order_id: *id,
        failure,
    });
    document(&OrdersView {
        orders: orders.collect(),
        failed: failed.collect(),
        skipped,
    })
}

#[derive(Serialize)]
struct CheckedView<'a> {
    files: Vec<CheckedFile<'a>>,
}

#[derive(Serialize)]
struct CheckedFile<'a> {
    file: &'a str,
    orders: usize,
    contacts: usize,
}

pub(crate) fn checked(files: &[(String, Checked)]) -> String {
    let files = files.iter().map(|(file, checked)| CheckedFile {
        file,
        orders: checked.orders,
        contacts: checked.contacts,
    });
    document(&CheckedView {
        files: files.collect(),
    })
}

#[derive(Serialize)]
struct SandboxView<'a> {
    base_url: String,
    api_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    admin_url: Option<String>,
}

/// On one line, since the program that reads it can't wait for the end of the output.
pub(crate) fn sandbox(sandbox: &Sandbox) -> String {
    let view = SandboxView {
        base_url: sandbox.base_url(),
        api_key: sandbox.api_key(),
        admin_url: sandbox.admin_url(),
    };
    serde_json::to_string(&view).unwrap_or_default() + "\n"
}

#[derive(Serialize)]
struct UserView<'a> {
    base_url: &'a str,
    user_id: Option<u64>,
    username: Option<&'a str>,
    account_id: Option<u64>,
    access_roles: Vec<RoleView<'a>>,
}

#[derive(Serialize)]
struct RoleView<'a> {
    id: Option<u64>,
    name: Option<&'a str>,
}

pub(crate) fn user(user: &User, base_url: &str) -> String {
    let roles = user.access_roles.iter().map(|role| RoleView {
        id: role.id,
        name: role.name.as_deref(),
    });
    document(&UserView {
        base_url,
        user_id: user.id,
        username: user.username.as_deref(),
        account_id: user.account.as_ref().and_then(|account| account.id),
        access_roles: roles.collect(),
    })
}

#[derive(Serialize)]
struct ExportView<'a> {
    file: Option<&'a str>,
    orders: usize,
    contacts: usize,
    incomplete: usize,
    failed: Vec<FailedView<'a>>,
}

pub(crate) fn exported(done: &ExportDone) -> String {
    let failed = done.failed.iter().map(|(id, failure)| FailedView {
        order_id: *id,
        failure,
    });
    document(&ExportView {
        file: done.file.as_deref(),
        orders: done.exported.orders,
        contacts: done.exported.contacts,
        incomplete: done.exported.incomplete,
        failed: failed.collect(),
    })
}

#[derive(Serialize)]
struct ReportedView<'a> {
    file: &'a str,
    orders: usize,
}

pub(crate) fn reported(file: &str, orders: usize) -> String {
    document(&ReportedView { file, orders })
}
