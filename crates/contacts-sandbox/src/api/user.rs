use serde_json::json;

use crate::data::role::KeyRole;
use crate::http::response::Response;

pub(super) const ACCOUNT_ID: u64 = 1;

/// `GET /user/me`.
pub(super) fn get(role: KeyRole) -> Response {
    let (id, name) = role.access_role();
    Response::json(&json!({
        "id": 1,
        "username": "sandbox",
        "account_id": ACCOUNT_ID,
        "first_name": "Sandbox",
        "last_name": "User",
        "email": "sandbox@example.com",
        "job_title": "Certificate Manager",
        "telephone": "+1 555 0199",
        "status": "active",
        "container": { "id": 1, "name": "Sandbox" },
        "access_roles": [{ "id": id, "name": name }],
    }))
}
