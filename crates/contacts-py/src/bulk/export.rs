use std::path::{Path, PathBuf};

use contacts_bulk::Failure;
use contacts_bulk::export::{ExportEvent, ExportFile, ExportFilter, ExportStopped};
use contacts_core::OrderId;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use super::api::CancellableApi;
use super::progress::Progress;
use super::{output, record};
use crate::client::Client;
use crate::{call, error};

/// The listed orders whose contacts are missing.
#[derive(Default)]
struct Missing {
    failed: Vec<(OrderId, Failure)>,
    without_id: usize,
}

#[doc = doc!("bulk_export")]
#[pyfunction]
#[pyo3(signature = (client, path, callback, *, contact, status, technical_only))]
#[expect(clippy::needless_pass_by_value, reason = "pyo3 passes owned values")]
pub(crate) fn bulk_export<'py>(
    client: &Bound<'py, Client>,
    path: PathBuf,
    callback: Option<Py<PyAny>>,
    contact: Option<String>,
    status: Option<String>,
    technical_only: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let py = client.py();
    let mut filter = ExportFilter::default();
    if let Some(email) = contact {
        filter = filter.email(email);
    }
    if let Some(status) = status {
        filter = filter.status(status);
    }
    if technical_only {
        filter = filter.technical_only();
    }
    let partial = ExportFile::partial_path(&path);
    let account = client.get().account();
    let open = || ExportFile::open(&path, filter, account);
    let open = call::detached(py, open, |open| open.map_err(|e| error::file(&partial, &e)));
    let mut export = open?;
    let missing = read(client, &mut export, &partial, callback)?;
    let write = || output::write_new(&path, |to| export.write(to));
    let summary = call::detached(py, write, |written| {
        written.map_err(|e| error::file(&path, &e))
    })?;
    export.remove();
    python_class!(py, "_records", "ExportSummary")?.call1((
        summary.orders,
        summary.contacts,
        summary.incomplete,
        record::failed_orders(py, &missing.failed)?,
        missing.without_id,
    ))
}

fn read(
    client: &Bound<'_, Client>,
    export: &mut ExportFile,
    partial: &Path,
    callback: Option<Py<PyAny>>,
) -> PyResult<Missing> {
    let read = |api: &CancellableApi, progress: &mut Progress| {
        let mut missing = Missing::default();
        let result = export.run(api, |event| {
            match event {
                ExportEvent::Listed { orders, exported } => progress.expect(orders - exported),
                ExportEvent::WithoutId(orders) => missing.without_id = orders,
                ExportEvent::Read(order) => progress.finished(order, "read", false),
                ExportEvent::ReadFailed(order, failure) => {
                    missing.failed.push((order, failure.clone()));
                    progress.finished(order, "read-failed", true);
                }
                _ => {}
            }
            progress.check_interrupt();
        });
        (result, missing, export.read())
    };
    Progress::read(
        client,
        callback,
        read,
        |(result, missing, read)| match result {
            Ok(()) => Ok(missing),
            Err(ExportStopped::Io(e)) => Err(error::file(partial, &e)),
            Err(ExportStopped::Failure(failure)) => {
                Err(error::export_stopped(client.py(), &failure, read, partial))
            }
            Err(_) => Err(PyRuntimeError::new_err("the export stopped")),
        },
    )
}
