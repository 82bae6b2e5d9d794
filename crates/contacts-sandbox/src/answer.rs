use serde_json::{Value, json};

/// An answer before it is written to a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<String>,
}

impl Answer {
    pub(crate) const fn empty(status: u16) -> Self {
        Self {
            status,
            content_type: String::new(),
            headers: Vec::new(),
            body: None,
        }
    }

    pub(crate) const fn no_content() -> Self {
        Self::empty(204)
    }

    pub(crate) fn of(status: u16, content_type: &str, body: impl Into<String>) -> Self {
        Self {
            content_type: content_type.to_owned(),
            body: Some(body.into()),
            ..Self::empty(status)
        }
    }

    pub(crate) fn ok(body: &Value) -> Self {
        Self::json(body.to_string())
    }

    pub(crate) fn json(body: impl Into<String>) -> Self {
        Self::of(200, "application/json", body)
    }

    pub(crate) fn csv(body: String) -> Self {
        Self::of(200, "text/csv; charset=utf-8", body)
    }

    pub(crate) fn with(mut self, header: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((header, value.into()));
        self
    }

    /// The documented form of an error.
    pub(crate) fn error(status: u16, code: &str, message: &str) -> Self {
        let body = json!({ "errors": [{ "code": code, "message": message }] });
        Self::of(status, "application/json", body.to_string())
    }

    /// Recorded from DigiCert.
    pub(crate) fn invalid_key() -> Self {
        let message = "Access denied due to access_denied_invalid_key.";
        Self::error(403, "access_denied|access_denied_invalid_key", message)
    }

    /// Documented code; the sentence is ours.
    pub(crate) fn missing_permission() -> Self {
        let message = "The API key's role does not permit this request.";
        Self::error(403, "access_denied|missing_permission", message)
    }

    /// Documented.
    pub(crate) fn too_many_requests() -> Self {
        let message = "Service unavailable, please limit request volume";
        Self::error(429, "request_limit_exceeded", message)
    }

    /// Documented code; the sentence is ours.
    pub(crate) fn no_order() -> Self {
        Self::error(
            404,
            "not_found|order",
            "The order does not exist in this account.",
        )
    }

    /// Inferred from the other `not_found` codes.
    pub(crate) fn no_certificate() -> Self {
        let message = "The certificate does not exist in this account.";
        Self::error(404, "not_found|certificate", message)
    }

    /// Documented code; the sentence is ours.
    pub(crate) fn no_route() -> Self {
        Self::error(404, "not_found|route", "The URL does not exist.")
    }

    /// Invented: DigiCert's answer to a wrong method is unknown.
    pub(crate) fn wrong_method(allowed: &str) -> Self {
        let message = format!("Only {allowed} is served here.");
        Self::error(405, "sandbox_method_not_allowed", &message).with("allow", allowed)
    }

    /// Documented.
    pub(crate) fn malformed_body() -> Self {
        let message =
            "The request body is malformed. Make sure the request body uses valid JSON or XML.";
        Self::error(400, "bad_request_format", message)
    }

    /// Documented for the organization-level endpoint, inferred for this one.
    pub(crate) fn duplicate_type() -> Self {
        let message = "A duplicate contact type was submitted. Make sure your request includes \
                       no more than one of each contact type and try again.";
        Self::error(400, "contact_type_duplicate", message)
    }

    /// Invented: that such a request is refused follows from DigiCert's page, the answer is
    /// unknown. The code begins with `sandbox_`.
    pub(crate) fn invented(code: &str, message: &str) -> Self {
        Self::error(400, code, message)
    }
}
