use contacts_http::User;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// The Python record of a user.
pub(crate) fn record(py: Python<'_>, user: User) -> PyResult<Bound<'_, PyAny>> {
    let class = python_class!(py, "_types", "AccessRole")?;
    let roles = user.access_roles.iter();
    let roles = roles.map(|role| class.call1((role.id, role.name.as_deref())));
    let roles = PyTuple::new(py, roles.collect::<PyResult<Vec<_>>>()?)?;
    let class = python_class!(py, "_types", "User")?;
    class.call1((user.id, user.username, user.account_id, roles))
}
