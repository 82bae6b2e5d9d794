//! The errors that several requests share. `docs/sandbox.md` says which of them DigiCert documents.

use crate::http::response::Response;

/// Recorded from DigiCert.
pub(crate) fn invalid_key() -> Response {
    let message = "Access denied due to access_denied_invalid_key.";
    Response::error(403, "access_denied|access_denied_invalid_key", message)
}

/// The code is documented, the message is ours.
pub(crate) fn missing_permission() -> Response {
    let message = "The API key's role does not permit this request.";
    Response::error(403, "access_denied|missing_permission", message)
}

/// Documented.
pub(crate) fn too_many_requests() -> Response {
    let message = "Service unavailable, please limit request volume";
    Response::error(429, "request_limit_exceeded", message)
}

/// The code is documented, the message is ours.
pub(crate) fn order_not_found() -> Response {
    let message = "The order does not exist in this account.";
    Response::error(404, "not_found|order", message)
}

/// Inferred from the other `not_found` codes.
pub(super) fn certificate_not_found() -> Response {
    let message = "The certificate does not exist in this account.";
    Response::error(404, "not_found|certificate", message)
}

/// The code is documented, the message is ours.
pub(crate) fn route_not_found() -> Response {
    Response::error(404, "not_found|route", "The URL does not exist.")
}

/// Invented.
pub(crate) fn method_not_allowed(allowed: &str) -> Response {
    let message = format!("Only {allowed} is allowed here.");
    Response::error(405, "sandbox_method_not_allowed", &message).with_header("allow", allowed)
}

/// Documented.
pub(super) fn malformed_body() -> Response {
    let message =
        "The request body is malformed. Make sure the request body uses valid JSON or XML.";
    Response::error(400, "bad_request_format", message)
}

/// Documented for the organization-level endpoint, inferred for this one.
pub(super) fn duplicate_type() -> Response {
    let message = "A duplicate contact type was submitted. Make sure your request includes \
                   no more than one of each contact type and try again.";
    Response::error(400, "contact_type_duplicate", message)
}

/// For codes that begin with `sandbox_`: DigiCert documents that it rejects the request, but not
/// the response.
pub(crate) fn bad_request(code: &str, message: &str) -> Response {
    Response::error(400, code, message)
}
