//! The hooks of a client: functions that get the events of its calls.

use std::cell::RefCell;
use std::sync::Arc;

use contacts_core::OrderId;
use contacts_http::{Builder, CallEvent, CallEventKind};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::{call, error, finalization, main_thread};

const NAMES: [&str; 4] = ["request", "response", "retry", "wait"];

/// Cloned by threads that are not attached to the interpreter.
pub(crate) type Context = Arc<Py<PyAny>>;

/// The hooks of each of the `NAMES`.
type Hooks = [Vec<Py<PyAny>>; NAMES.len()];

thread_local! {
    /// The `contextvars` of the call, if it is made in another thread than that of the program.
    static CONTEXT: RefCell<Option<Context>> = const { RefCell::new(None) };
}

/// Adds the hooks of the argument `event_hooks` to a client, if there are any.
pub(crate) fn configure(
    builder: Builder,
    argument: Option<&Bound<'_, PyAny>>,
    base_url: String,
) -> PyResult<Builder> {
    let Some(argument) = argument else {
        return Ok(builder);
    };
    let Ok(dict) = argument.cast::<PyDict>() else {
        let found = argument.get_type().name()?;
        let message = format!("event_hooks must be a dict of lists of functions, not {found}");
        return Err(PyTypeError::new_err(message));
    };
    let mut hooks = Hooks::default();
    for (name, value) in dict {
        let name = name.cast::<PyString>().map(|name| name.to_string_lossy());
        let name = name.as_deref().unwrap_or_default();
        let Some(index) = NAMES.iter().position(|known| *known == name) else {
            let name = contacts_core::printable(name);
            let message = format!(
                "event_hooks: no event `{name}`; use `request`, `response`, `retry` or `wait`"
            );
            return Err(error::setting(argument.py(), &message));
        };
        hooks[index] = functions(name, &value)?;
    }
    Ok(builder.observer(move |event| call_hooks(&hooks, event, &base_url)))
}

/// A function, or an iterable of functions.
fn functions(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<Py<PyAny>>> {
    let wrong = |found: &Bound<'_, PyAny>| {
        let found = found.get_type().name()?;
        let message = format!("event_hooks: `{name}` must be a list of functions, not {found}");
        Err(PyTypeError::new_err(message))
    };
    let values = match value.try_iter() {
        _ if value.is_callable() => vec![value.clone()],
        Ok(values) => values.collect::<PyResult<_>>()?,
        Err(_) => return wrong(value),
    };
    for value in &values {
        if !value.is_callable() {
            return wrong(value);
        }
        if is_async(value) {
            let message = format!("event_hooks: `{name}` must be plain functions, not `async def`");
            return Err(PyTypeError::new_err(message));
        }
    }
    Ok(values.into_iter().map(Bound::unbind).collect())
}

/// Whether a call returns a coroutine, which nothing would await.
fn is_async(function: &Bound<'_, PyAny>) -> bool {
    /// `inspect.CO_COROUTINE`, without importing `inspect`.
    const COROUTINE: u32 = 0x80;
    let code = function.getattr("__code__");
    let flags = code.and_then(|code| code.getattr("co_flags")?.extract::<u32>());
    flags.is_ok_and(|flags| flags & COROUTINE != 0)
}

/// Calls the hooks of an event until one raises, which cancels the call.
fn call_hooks(hooks: &Hooks, event: &CallEvent<'_>, base_url: &str) {
    let index = match event.kind() {
        CallEventKind::Request => 0,
        CallEventKind::Response { .. } => 1,
        CallEventKind::Retry { .. } => 2,
        CallEventKind::Wait { .. } => 3,
        _ => return,
    };
    if hooks[index].is_empty() {
        return;
    }
    finalization::attach(main_thread::is_current(), |py| {
        let called = record(py, event, base_url).and_then(|record| {
            let hooks = hooks[index].iter();
            hooks
                .map(|hook| hook.bind(py))
                .try_for_each(|hook| run(hook, &record))
        });
        if let Err(error) = called {
            call::raise(py, error);
        }
    });
}

fn run(hook: &Bound<'_, PyAny>, record: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = hook.py();
    match CONTEXT.with_borrow(Clone::clone) {
        // Threads cannot run in the same context at once.
        Some(context) => {
            let copy = context.bind(py).call_method0("copy")?;
            copy.call_method1("run", (hook, record))?;
        }
        None => drop(hook.call1((record,))?),
    }
    Ok(())
}

fn record<'py>(
    py: Python<'py>,
    event: &CallEvent<'_>,
    base_url: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let (method, url, attempt) = (event.method(), event.url(), event.attempt());
    let order = event.order().map(OrderId::get);
    match event.kind() {
        CallEventKind::Response {
            status,
            elapsed,
            error,
            ..
        } => {
            let error = error.map(|error| error::request(py, error, base_url).into_value(py));
            let class = python_class!(py, "_hooks", "ResponseEvent")?;
            let elapsed = elapsed.as_secs_f64();
            class.call1((method, url, order, attempt, status, elapsed, error))
        }
        CallEventKind::Retry { error, wait, .. } => {
            let error = error::request(py, error, base_url).into_value(py);
            let class = python_class!(py, "_hooks", "RetryEvent")?;
            class.call1((method, url, order, attempt, wait.as_secs_f64(), error))
        }
        CallEventKind::Wait { time, reason, .. } => {
            let class = python_class!(py, "_hooks", "WaitEvent")?;
            let reason = reason.as_str();
            class.call1((method, url, order, attempt, time.as_secs_f64(), reason))
        }
        _ => python_class!(py, "_hooks", "RequestEvent")?.call1((method, url, order, attempt)),
    }
}

/// A copy of the `contextvars` of this thread, for its calls in other threads.
pub(crate) fn context() -> Option<Context> {
    let copy = |py: Python<'_>| {
        let context = py.import("contextvars")?.call_method0("copy_context")?;
        PyResult::Ok(Arc::new(context.unbind()))
    };
    finalization::attach(main_thread::is_current(), copy)?.ok()
}

/// Runs `work`, whose hooks run in copies of `context`.
pub(crate) fn with_context<T>(context: Option<&Context>, work: impl FnOnce() -> T) -> T {
    let previous = CONTEXT.replace(context.cloned());
    let result = work();
    CONTEXT.set(previous);
    result
}
