//! The JSON documents of the commands, which `docs/cli.md` describes.

use contacts_bulk::Failure;
use contacts_bulk::audit::AuditReport;
use contacts_bulk::input::{Checked, Problem};
use contacts_bulk::rules::RuledOrders;
use contacts_bulk::search::SearchResult;
use contacts_core::{Order, OrderId};
use contacts_http::User;
use contacts_sandbox::Sandbox;
use serde::Serialize;
use serde_json::{Value, json};

use crate::command::export_run::Exported;
use crate::command::runs::ListedRun;
use crate::error::CommandError;

#[derive(Serialize)]
struct FileProblem<'a> {
    file: &'a str,
    #[serde(flatten)]
    problem: &'a Problem,
}

pub(crate) fn error(error: &CommandError) -> Value {
    let problems = error.problems.iter();
    let problems = problems.map(|(file, problem)| FileProblem { file, problem });
    json!({"error": {
        "exit_code": error.exit.code(),
        "message": error.message,
        "problems": problems.collect::<Vec<_>>(),
    }})
}

fn failed_records(failed: &[(OrderId, Failure)]) -> Vec<Value> {
    let failed = failed.iter();
    failed
        .map(|(order_id, failure)| json!({"order_id": order_id, "failure": failure}))
        .collect()
}

pub(crate) fn orders(
    read: &[(OrderId, Order)],
    failed: &[(OrderId, Failure)],
    skipped: &[OrderId],
) -> Value {
    let orders = read.iter().map(|(order_id, order)| {
        json!({
            "order_id": order_id,
            "common_name": order.common_name,
            "status": order.status,
            "product": order.product,
            "organization_contact": order.organization_contact,
            "technical_contact": order.technical_contact,
        })
    });
    json!({
        "orders": orders.collect::<Vec<_>>(),
        "failed": failed_records(failed),
        "skipped": skipped,
    })
}

/// The contacts, each with its order.
pub(crate) fn found(result: &SearchResult) -> Value {
    let contacts = result.orders().iter().flat_map(|found| {
        found.matching().map(|(contact_type, contact)| {
            json!({
                "order_id": found.order_id,
                "common_name": found.order.common_name,
                "status": found.order.status,
                "product": found.order.product,
                "contact_type": contact_type,
                "contact": contact,
            })
        })
    });
    json!({
        "contacts": contacts.collect::<Vec<_>>(),
        "search": search(result),
        "failed": failed_records(result.failed()),
    })
}

/// Where the orders of a plan come from, if not from a file.
#[derive(Clone, Copy, Default)]
pub(crate) enum Origin<'a> {
    #[default]
    File,
    Search(&'a SearchResult),
    Rules(&'a RuledOrders),
}

/// A document with the origin of its orders.
#[derive(Serialize)]
pub(crate) struct WithOrigin<'a, T: Serialize> {
    #[serde(flatten)]
    document: &'a T,
    #[serde(skip_serializing_if = "Option::is_none")]
    search: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<Value>,
}

pub(crate) fn with_origin<'a, T: Serialize>(
    document: &'a T,
    origin: Origin<'_>,
) -> WithOrigin<'a, T> {
    let (search, rules) = match origin {
        Origin::File => (None, None),
        Origin::Search(result) => (Some(search(result)), None),
        Origin::Rules(orders) => (None, Some(rules(orders))),
    };
    WithOrigin {
        document,
        search,
        rules,
    }
}

/// What rules make of the orders of an account.
fn rules(orders: &RuledOrders) -> Value {
    json!({
        "orders": orders.orders,
        "without_rule": orders.without_rule,
        "without_id": orders.without_id,
        "unused_rules": orders.unused_rules,
    })
}

pub(crate) fn audit(report: &AuditReport) -> Value {
    let contacts = report.contacts.iter().map(|found| {
        json!({
            "order_id": found.order_id,
            "common_name": found.order.common_name,
            "status": found.order.status,
            "product": found.order.product,
            "contact_type": found.contact_type,
            "contact": found.order.contact(found.contact_type),
            "findings": found.findings,
        })
    });
    json!({
        "orders": report.orders,
        "people": report.people,
        "contacts": contacts.collect::<Vec<_>>(),
    })
}

pub(crate) fn runs(runs: &[ListedRun], removed: &[ListedRun]) -> Value {
    json!({"runs": runs, "removed": removed})
}

/// What a search asked and read.
pub(crate) fn search(result: &SearchResult) -> Value {
    json!({
        "orders": result.listed(),
        "without_id": result.without_id(),
        "read": result.read(),
        "sampled": result.sampled(),
        "sources": result.sources(),
    })
}

pub(crate) fn checked(files: &[(String, Checked)]) -> Value {
    let files = files.iter().map(|(file, checked)| {
        json!({"file": file, "orders": checked.orders, "contacts": checked.contacts})
    });
    json!({"files": files.collect::<Vec<_>>()})
}

/// One line, because the reader cannot wait for the end of the output.
pub(crate) fn sandbox(sandbox: &Sandbox) -> String {
    let mut document = json!({"base_url": sandbox.base_url(), "api_key": sandbox.api_key()});
    if let Some(url) = sandbox.admin_url() {
        document["admin_url"] = url.into();
    }
    format!("{document}\n")
}

pub(crate) fn user(user: &User, base_url: &str) -> Value {
    json!({
        "base_url": base_url,
        "user_id": user.id,
        "username": user.username,
        "account_id": user.account_id,
        "access_roles": user.access_roles,
    })
}

pub(crate) fn exported(exported: &Exported) -> Value {
    json!({
        "file": exported.file,
        "orders": exported.summary.orders,
        "contacts": exported.summary.contacts,
        "incomplete": exported.summary.incomplete,
        "failed": failed_records(&exported.missing.failed),
        "without_id": exported.missing.without_id,
    })
}

pub(crate) fn reported(file: &str, orders: usize) -> Value {
    json!({"file": file, "orders": orders})
}

pub(crate) fn version() -> Value {
    json!({"version": env!("CARGO_PKG_VERSION")})
}
