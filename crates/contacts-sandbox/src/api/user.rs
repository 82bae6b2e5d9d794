use serde_json::json;

use crate::data::role::KeyRole;
use crate::http::response::Response;

/// `GET /user/me`.
pub(super) fn get(role: KeyRole) -> Response {
    let (id, name) = role.access_role();
    Response::json(&json!({
        "id": 1,
        "username": "sandbox",
        "account_id": 1,
        "first_name": "Sandbox",
        "last_name": "User",
        "email": "sandbox@example.com",
        "status": "active",
        "access_roles": [{ "id": id, "name": name }],
    }))
}
