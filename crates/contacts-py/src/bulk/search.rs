use std::sync::Arc;
use std::time::{Duration, SystemTime};

use contacts_bulk::PlanFile;
use contacts_bulk::search::{ReadReason, Search, SearchEvent, SearchResult, SearchTerm, SourceUse};
use contacts_http::RateLimit;
use log::info;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use super::plan::BulkPlan;
use super::progress::Progress;
use super::record::{self, BulkOrders};
use crate::client::Client;
use crate::contact::Contact;
use crate::{argument, error, value};

#[doc = doc!("BulkSearch")]
#[pyclass(frozen, module = "digicert_contacts._core")]
pub(crate) struct BulkSearch {
    result: Arc<SearchResult>,
    client: Py<Client>,
}

#[pymethods]
impl BulkSearch {
    #[doc = doc!("BulkSearch.contacts")]
    #[getter]
    fn contacts(&self) -> BulkOrders {
        BulkOrders::found(Arc::clone(&self.result))
    }

    #[doc = doc!("BulkSearch.sources")]
    #[getter]
    fn sources<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let sources = self.result.sources().iter().map(|used| source(py, used));
        PyTuple::new(py, sources.collect::<PyResult<Vec<_>>>()?)
    }

    #[doc = doc!("BulkSearch.failed")]
    #[getter]
    fn failed<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        record::failed_orders(py, self.result.failed())
    }

    #[doc = doc!("BulkSearch.orders")]
    #[getter]
    fn orders(&self) -> usize {
        self.result.orders().len()
    }

    #[doc = doc!("BulkSearch.listed")]
    #[getter]
    fn listed(&self) -> usize {
        self.result.listed()
    }

    #[doc = doc!("BulkSearch.read")]
    #[getter]
    fn read(&self) -> usize {
        self.result.read()
    }

    #[doc = doc!("BulkSearch.sampled")]
    #[getter]
    fn sampled(&self) -> usize {
        self.result.sampled()
    }

    #[doc = doc!("BulkSearch.without_id")]
    #[getter]
    fn without_id(&self) -> usize {
        self.result.without_id()
    }

    #[doc = doc!("BulkSearch.plan")]
    #[expect(clippy::needless_pass_by_value, reason = "pyo3 passes owned values")]
    fn plan(&self, py: Python<'_>, successors: Vec<Bound<'_, Contact>>) -> BulkPlan {
        let result = &self.result;
        let plan = result.plan_replacement(|term| {
            let successor = successors.get(term).unwrap_or(&successors[0]);
            &successor.get().0
        });
        let client = self.client.bind(py);
        let created = result.read_since().unwrap_or_else(SystemTime::now);
        let plan = PlanFile::new(plan, client.get().account().base_url(), created);
        BulkPlan::new(plan, client)
    }
}

fn source<'py>(py: Python<'py>, used: &SourceUse) -> PyResult<Bound<'py, PyAny>> {
    let members = value::to_python(py, used)?.cast_into::<PyDict>()?;
    let failure = used.failure.as_ref().map(|f| record::failure(py, f));
    members.set_item("failure", failure.transpose()?)?;
    python_class!(py, "_records", "SourceUse")?.call((), Some(&members))
}

#[doc = doc!("bulk_search")]
#[pyfunction]
#[pyo3(signature = (client, terms, callback, *, addresses_only, contact_type, status, read_all))]
#[expect(clippy::needless_pass_by_value, reason = "pyo3 passes owned values")]
pub(crate) fn bulk_search(
    client: &Bound<'_, Client>,
    terms: Vec<Bound<'_, PyString>>,
    callback: Option<Py<PyAny>>,
    addresses_only: bool,
    contact_type: Option<&str>,
    status: Option<String>,
    read_all: bool,
) -> PyResult<BulkSearch> {
    let terms = self::terms(&terms, addresses_only)?;
    let mut search = Search::new(terms.iter().cloned());
    if let Some(contact_type) = contact_type {
        search = search.contact_type(argument::contact_type(contact_type)?);
    }
    if let Some(status) = status {
        search = search.status(status);
    }
    if read_all {
        search = search.read_all();
    }
    let limits = client.get().rate_limits();
    let run = |api: &_, progress: &mut Progress| {
        if terms.is_empty() {
            return Ok(SearchResult::default());
        }
        search.run(api, SystemTime::now, |event| {
            on_event(&event, progress, limits);
        })
    };
    Progress::read(client, callback, run, |result| {
        let result = result.map_err(|stopped| error::search_stopped(client.py(), &stopped))?;
        Ok(BulkSearch {
            result: Arc::new(result),
            client: client.clone().unbind(),
        })
    })
}

fn terms(texts: &[Bound<'_, PyString>], addresses_only: bool) -> PyResult<Vec<SearchTerm>> {
    let mut terms: Vec<SearchTerm> = Vec::new();
    for text in texts {
        let text = argument::text("term", text)?;
        let term = if addresses_only {
            SearchTerm::email(text)
        } else {
            SearchTerm::parse(text)
        };
        let number = terms.len() + 1;
        let invalid = |error| PyValueError::new_err(format!("term {number}: {error}"));
        let term = term.map_err(invalid)?;
        if addresses_only && terms.iter().any(|other| other.has_same_meaning(&term)) {
            let message = format!("term {number}: the same address as an earlier one; remove one");
            return Err(PyValueError::new_err(message));
        }
        terms.push(term);
    }
    Ok(terms)
}

fn on_event(event: &SearchEvent<'_>, progress: &mut Progress, limits: &[RateLimit]) {
    match event {
        SearchEvent::Reading { orders, reason } => {
            progress.expect(*orders);
            announce(*orders, *reason, RateLimit::shortest_time(limits, *orders));
        }
        SearchEvent::Read(order) => progress.finished(*order, "read", false),
        SearchEvent::ReadFailed(order, _) => progress.finished(*order, "read-failed", true),
        _ => {}
    }
    progress.check_interrupt();
}

/// Logs what is read and how long it takes at the rate limit.
fn announce(orders: usize, reason: ReadReason, time: Duration) {
    let reason = match reason {
        ReadReason::NotCovered => ", which no report covers",
        ReadReason::Contradicted(_) => ", since a report differs from an order that was read",
        _ => "",
    };
    let seconds = time.as_secs();
    info!(target: "contacts_py", "search: reading {orders} orders{reason}; at least {seconds} s at the rate limit");
}
