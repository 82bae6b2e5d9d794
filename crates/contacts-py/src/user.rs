use contacts_http::AccessRole;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

#[doc = doc!("User")]
#[pyclass(frozen, eq, module = "digicert_contacts")]
#[derive(Clone, PartialEq)]
pub(crate) struct User {
    id: Option<u64>,
    username: Option<String>,
    account_id: Option<u64>,
    access_roles: Vec<(Option<u64>, Option<String>)>,
}

impl From<contacts_http::User> for User {
    fn from(user: contacts_http::User) -> Self {
        let role = |role: AccessRole| (role.id, role.name);
        Self {
            id: user.id,
            username: user.username,
            account_id: user.account.and_then(|account| account.id),
            access_roles: user.access_roles.into_iter().map(role).collect(),
        }
    }
}

type Arguments = (
    Option<u64>,
    Option<String>,
    Option<u64>,
    Vec<(Option<u64>, Option<String>)>,
);

#[pymethods]
impl User {
    #[new]
    #[pyo3(signature = (id=None, username=None, account_id=None, access_roles=None))]
    fn new(
        id: Option<u64>,
        username: Option<String>,
        account_id: Option<u64>,
        access_roles: Option<Vec<(Option<u64>, Option<String>)>>,
    ) -> Self {
        Self {
            id,
            username,
            account_id,
            access_roles: access_roles.unwrap_or_default(),
        }
    }

    #[classattr]
    const fn __match_args__() -> (&'static str, &'static str) {
        ("id", "username")
    }

    #[doc = doc!("User.id")]
    #[getter]
    const fn id(&self) -> Option<u64> {
        self.id
    }

    #[doc = doc!("User.username")]
    #[getter]
    fn username(&self) -> Option<&str> {
        self.username.as_deref()
    }

    #[doc = doc!("User.account_id")]
    #[getter]
    const fn account_id(&self) -> Option<u64> {
        self.account_id
    }

    #[doc = doc!("User.access_roles")]
    #[getter]
    fn access_roles<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let class = python_class!(py, "_types", "AccessRole")?;
        let roles = self.access_roles.iter();
        let roles: Vec<_> = roles
            .map(|(id, name)| class.call1((id, name.as_deref())))
            .collect::<PyResult<_>>()?;
        PyTuple::new(py, roles)
    }

    /// Without the name of the user.
    fn __repr__(&self) -> String {
        let roles = self.access_roles.iter();
        let names = roles.filter_map(|(id, name)| match (name, id) {
            (Some(name), _) => Some(contacts_core::printable(name)),
            (None, Some(id)) => Some(id.to_string().into()),
            (None, None) => None,
        });
        let names: Vec<_> = names.collect();
        format!("<User with the roles [{}]>", names.join(", "))
    }

    fn __hash__(&self) -> u64 {
        self.id.unwrap_or_default()
    }

    fn __getnewargs__(&self) -> Arguments {
        (
            self.id,
            self.username.clone(),
            self.account_id,
            self.access_roles.clone(),
        )
    }
}
