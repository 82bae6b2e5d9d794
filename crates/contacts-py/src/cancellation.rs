use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::call::{self, CancelFlag};

#[doc = doc!("Cancellation")]
#[pyclass(frozen, module = "digicert_contacts._core")]
#[derive(Default)]
pub(crate) struct Cancellation(Arc<CancelFlag>);

#[pymethods]
impl Cancellation {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    #[doc = doc!("Cancellation.cancel")]
    fn cancel(&self) {
        self.0.set();
    }

    #[doc = doc!("Cancellation.run")]
    #[pyo3(signature = (function, *args, **kwargs))]
    fn run<'py>(
        &self,
        function: &Bound<'py, PyAny>,
        args: &Bound<'py, PyTuple>,
        kwargs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        call::with_cancellation(&self.0, || function.call(args, kwargs))
    }
}
