use serde_json::{Value, json};

/// An answer before it is written to a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Option<String>,
}

impl Answer {
    pub(crate) const fn no_content() -> Self {
        Self {
            status: 204,
            body: None,
        }
    }

    pub(crate) fn ok(body: &Value) -> Self {
        Self {
            status: 200,
            body: Some(body.to_string()),
        }
    }

    /// The documented form of an error.
    pub(crate) fn error(status: u16, code: &str, message: &str) -> Self {
        let body = json!({ "errors": [{ "code": code, "message": message }] });
        Self {
            status,
            body: Some(body.to_string()),
        }
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

    /// Documented code; the sentence is ours.
    pub(crate) fn no_order() -> Self {
        Self::error(
            404,
            "not_found|order",
            "The order does not exist in this account.",
        )
    }

    /// Documented code; the sentence is ours.
    pub(crate) fn no_route() -> Self {
        Self::error(404, "not_found|route", "The URL does not exist.")
    }

    /// Invented: DigiCert's answer to a wrong method is unknown.
    pub(crate) fn wrong_method(allowed: &str) -> Self {
        let message = format!("Only {allowed} is served here.");
        Self::error(405, "sandbox_method_not_allowed", &message)
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
    /// unknown.
    pub(crate) fn invented(code: &str, message: &str) -> Self {
        Self::error(400, &format!("sandbox_{code}"), message)
    }
}
