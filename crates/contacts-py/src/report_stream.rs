use std::borrow::Cow;
use std::io::Read;
use std::sync::{Mutex, PoisonError};

use contacts_http::OrderReport;
use pyo3::prelude::*;

use crate::{call, error};

const MAX_READ: u32 = 64 * 1024;

#[doc = doc!("ReportStream")]
#[pyclass(frozen, module = "digicert_contacts._core")]
pub(crate) struct ReportStream {
    report: Mutex<OrderReport>,
    base_url: String,
}

impl ReportStream {
    pub(crate) fn new(report: OrderReport, base_url: &str) -> Self {
        Self {
            report: Mutex::new(report),
            base_url: base_url.to_owned(),
        }
    }
}

#[pymethods]
impl ReportStream {
    #[doc = doc!("ReportStream.read")]
    fn read(&self, py: Python<'_>, size: u32) -> PyResult<Cow<'_, [u8]>> {
        let read = || {
            let mut report = self.report.lock().unwrap_or_else(PoisonError::into_inner);
            let mut buffer = vec![0; size.min(MAX_READ) as usize];
            let count = report.read(&mut buffer)?;
            buffer.truncate(count);
            std::io::Result::Ok(buffer)
        };
        call::detached(py, read, |read| {
            read.map(Cow::Owned)
                .map_err(|e| error::report(py, &e, &self.base_url))
        })
    }
}
