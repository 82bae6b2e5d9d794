//! The JSON documents of the commands, which `docs/cli.md` describes.

use contacts_bulk::Failure;
use contacts_bulk::input::{Checked, Problem};
use contacts_core::{Order, OrderContact, OrderId, Product};
use contacts_http::User;
use contacts_sandbox::Sandbox;
use serde::Serialize;
use serde_json::json;

use crate::command::export_run::Exported;
use crate::error::CommandError;

#[derive(Serialize)]
struct ErrorDocument<'a> {
    error: ErrorBody<'a>,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    exit_code: u8,
    message: &'a str,
    problems: Vec<FileProblem<'a>>,
}

#[derive(Serialize)]
struct FileProblem<'a> {
    file: &'a str,
    #[serde(flatten)]
    problem: &'a Problem,
}

pub(crate) fn error(error: &CommandError) -> impl Serialize {
    let problems = error.problems.iter();
    let problems = problems.map(|(file, problem)| FileProblem { file, problem });
    ErrorDocument {
        error: ErrorBody {
            exit_code: error.exit.code(),
            message: &error.message,
            problems: problems.collect(),
        },
    }
}

#[derive(Serialize)]
pub(crate) struct OrdersDocument<'a> {
    orders: Vec<OrderRecord<'a>>,
    failed: Vec<FailedRecord<'a>>,
    skipped: &'a [OrderId],
}

#[derive(Serialize)]
struct OrderRecord<'a> {
    order_id: OrderId,
    common_name: Option<&'a str>,
    status: Option<&'a str>,
    product: Option<&'a Product>,
    organization_contact: Option<&'a OrderContact>,
    technical_contact: Option<&'a OrderContact>,
}

#[derive(Serialize)]
struct FailedRecord<'a> {
    order_id: OrderId,
    failure: &'a Failure,
}

fn failed_records(failed: &[(OrderId, Failure)]) -> Vec<FailedRecord<'_>> {
    failed
        .iter()
        .map(|(order_id, failure)| FailedRecord {
            order_id: *order_id,
            failure,
        })
        .collect()
}

pub(crate) fn orders<'a>(
    read: &'a [(OrderId, Order)],
    failed: &'a [(OrderId, Failure)],
    skipped: &'a [OrderId],
) -> OrdersDocument<'a> {
    let orders = read.iter().map(|(order_id, order)| OrderRecord {
        order_id: *order_id,
        common_name: order.common_name.as_deref(),
        status: order.status.as_deref(),
        product: order.product.as_ref(),
        organization_contact: order.organization_contact.as_ref(),
        technical_contact: order.technical_contact.as_ref(),
    });
    OrdersDocument {
        orders: orders.collect(),
        failed: failed_records(failed),
        skipped,
    }
}

#[derive(Serialize)]
struct CheckedFile<'a> {
    file: &'a str,
    orders: usize,
    contacts: usize,
}

pub(crate) fn checked(files: &[(String, Checked)]) -> impl Serialize {
    let files = files.iter().map(|(file, checked)| CheckedFile {
        file,
        orders: checked.orders,
        contacts: checked.contacts,
    });
    json!({"files": files.collect::<Vec<_>>()})
}

#[derive(Serialize)]
struct SandboxDocument<'a> {
    base_url: String,
    api_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    admin_url: Option<String>,
}

/// One line, because the reader cannot wait for the end of the output.
pub(crate) fn sandbox(sandbox: &Sandbox) -> String {
    let document = SandboxDocument {
        base_url: sandbox.base_url(),
        api_key: sandbox.api_key(),
        admin_url: sandbox.admin_url(),
    };
    serde_json::to_string(&document).unwrap_or_default() + "\n"
}

#[derive(Serialize)]
pub(crate) struct UserDocument<'a> {
    base_url: &'a str,
    user_id: Option<u64>,
    username: Option<&'a str>,
    account_id: Option<u64>,
    access_roles: Vec<RoleRecord<'a>>,
}

#[derive(Serialize)]
struct RoleRecord<'a> {
    id: Option<u64>,
    name: Option<&'a str>,
}

pub(crate) fn user<'a>(user: &'a User, base_url: &'a str) -> UserDocument<'a> {
    let roles = user.access_roles.iter().map(|role| RoleRecord {
        id: role.id,
        name: role.name.as_deref(),
    });
    UserDocument {
        base_url,
        user_id: user.id,
        username: user.username.as_deref(),
        account_id: user.account.as_ref().and_then(|account| account.id),
        access_roles: roles.collect(),
    }
}

#[derive(Serialize)]
struct ExportDocument<'a> {
    file: Option<&'a str>,
    orders: usize,
    contacts: usize,
    incomplete: usize,
    failed: Vec<FailedRecord<'a>>,
}

pub(crate) fn exported(exported: &Exported) -> impl Serialize {
    ExportDocument {
        file: exported.file.as_deref(),
        orders: exported.summary.orders,
        contacts: exported.summary.contacts,
        incomplete: exported.summary.incomplete,
        failed: failed_records(&exported.failed),
    }
}

pub(crate) fn reported(file: &str, orders: usize) -> impl Serialize {
    json!({"file": file, "orders": orders})
}
